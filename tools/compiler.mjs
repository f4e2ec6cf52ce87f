// The C compiler for the compiled part of the package, and the one for C++ that tests build small
// modules with. `npm test` cannot do without: it would test less than the product. `npm start` can.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { isRoot, isWindows } from './paths.mjs';
import { Stop, environment, run, say } from './run.mjs';

// Prints, for one Python: how its compiled modules are named, its C compiler, the one for
// C++ that tests/compiling.py takes, and whether its headers are there.
const probe = `
import json, os, pathlib, shlex, shutil, sys, sysconfig
wish = os.environ.get("CC")
compiler = wish or sysconfig.get_config_var("CC") or "cc"
cppWish = os.environ.get("CXX")
cpp = cppWish or next(filter(shutil.which, ("g++", "c++")), "g++")
def is_there(command):
    return shutil.which(shlex.split(command)[0]) is not None
headers = pathlib.Path(sysconfig.get_path("include"), "Python.h")
print(json.dumps({
    "suffix": sysconfig.get_config_var("EXT_SUFFIX"),
    "wish": wish, "compiler": compiler, "compiles": is_there(compiler),
    "cppWish": cppWish, "cpp": cpp, "compilesCpp": is_there(cpp),
    "headers": str(headers), "hasHeaders": headers.exists(),
    "base": sys.base_prefix, "minor": "%d.%d" % sys.version_info[:2],
}))
`;

/**
 * What this Python needs to compile modules, and what of it is there.
 *
 * `needsCpp`: C++ as well, for the tests.
 */
export function compilerOf(python, { needsCpp = false } = {}) {
  const { stdout } = spawnSync(python, ['-c', probe], {
    encoding: 'utf8',
    env: environment()
  });
  return { ...JSON.parse(stdout), needsCpp };
}

/** What is missing to compile for this Python, in words, or an empty string. */
export function lack(found) {
  const { compiler, compiles, cpp, headers, hasHeaders } = found;
  // Windows' compiler is found in the registry, not on PATH: the build itself will tell.
  if (!isWindows && !compiles) {
    return `the C compiler "${compiler}" was not found`;
  }
  if (!isWindows && lacksCpp(found)) {
    return `the C++ compiler "${cpp}" was not found`;
  }
  return hasHeaders ? '' : `Python's own headers were not found (${headers})`;
}

function lacksCpp({ needsCpp, compilesCpp }) {
  return Boolean(needsCpp) && !compilesCpp;
}

/** What to install so that modules can be compiled for this Python. */
export function remedy(found, platform = process.platform) {
  if (found.wish && !found.compiles) {
    return 'set CC to a compiler that is there, or unset it';
  }
  if (found.cppWish && lacksCpp(found)) {
    return 'set CXX to a compiler that is there, or unset it';
  }
  if (platform === 'darwin') {
    return "install Apple's command line tools (xcode-select --install)";
  }
  if (platform === 'win32') {
    return 'install the Build Tools for Visual Studio with "Desktop development with C++"';
  }
  const names = packages(found);
  return names.length > 0
    ? `install it (Debian and Ubuntu: apt-get install ${names.join(' ')})`
    : 'set PYTHON to a Python that was installed with them';
}

/** Debian's packages of what is missing; Debian's Python has its headers apart. */
export function packages(found) {
  const { wish, compiles, cppWish, hasHeaders, base, minor } = found;
  return [
    ...(compiles || wish ? [] : ['gcc', 'libc6-dev']),
    ...(!lacksCpp(found) || cppWish ? [] : ['g++']),
    ...(hasHeaders || base !== '/usr' ? [] : [`python${minor}-dev`])
  ];
}

/** Install what is missing where that can be done without asking; what is then still missing. */
async function installed(python, found) {
  if (!isRoot || !existsSync('/usr/bin/apt-get') || !packages(found).length) {
    return found;
  }
  say(`${lack(found)}: installing ${packages(found).join(' ')}`);
  const options = {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    log: 'apt-get-compiler',
    timeoutMinutes: 10
  };
  await run('/usr/bin/apt-get', ['update'], options);
  await run(
    '/usr/bin/apt-get',
    ['install', '-y', '--no-install-recommends', ...packages(found)],
    options
  );
  return compilerOf(python, found);
}

/** Make sure that modules can be compiled for this Python, or stop with what to do. */
export async function needCompiler(python, needs = {}) {
  let found = compilerOf(python, needs);
  if (lack(found)) {
    found = await installed(python, found);
  }
  if (lack(found)) {
    const what = found.needsCpp
      ? 'What the tests run cannot be compiled'
      : 'The compiled part of the package cannot be made';
    throw new Stop(
      `${what}, as ${lack(found)}: ${remedy(found)} and run the same command again.`
    );
  }
}
