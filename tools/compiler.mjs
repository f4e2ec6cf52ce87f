// The C compiler for the compiled part of the package. `npm test` cannot do without:
// it would test less than the product. `npm start` can.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { isRoot, isWindows } from './paths.mjs';
import { Stop, environment, run, say } from './run.mjs';

// Prints, for one Python: how its compiled modules are named, its C compiler, and
// whether its headers are there.
const probe = `
import json, os, pathlib, shlex, shutil, sys, sysconfig
wish = os.environ.get("CC")
compiler = wish or sysconfig.get_config_var("CC") or "cc"
headers = pathlib.Path(sysconfig.get_path("include"), "Python.h")
print(json.dumps({
    "suffix": sysconfig.get_config_var("EXT_SUFFIX"),
    "wish": wish, "compiler": compiler, "compiles": shutil.which(shlex.split(compiler)[0]) is not None,
    "headers": str(headers), "hasHeaders": headers.exists(),
    "base": sys.base_prefix, "minor": "%d.%d" % sys.version_info[:2],
}))
`;

/** What this Python needs to compile modules, and what of it is there. */
export function compilerOf(python) {
  const { stdout } = spawnSync(python, ['-c', probe], {
    encoding: 'utf8',
    env: environment()
  });
  return JSON.parse(stdout);
}

/** What is missing to compile for this Python, in words, or an empty string. */
export function lack({ compiler, compiles, headers, hasHeaders }) {
  // Windows' compiler is found in the registry, not on PATH: the build itself will tell.
  if (!isWindows && !compiles) {
    return `the C compiler "${compiler}" was not found`;
  }
  return hasHeaders ? '' : `Python's own headers were not found (${headers})`;
}

/** What to install so that modules can be compiled for this Python. */
export function remedy(found, platform = process.platform) {
  if (found.wish && !found.compiles) {
    return 'set CC to a compiler that is there, or unset it';
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
export function packages({ wish, compiles, hasHeaders, base, minor }) {
  return [
    ...(compiles || wish ? [] : ['gcc', 'libc6-dev']),
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
  return compilerOf(python);
}

/** Make sure that modules can be compiled for this Python, or stop with what to do. */
export async function needCompiler(python) {
  let found = compilerOf(python);
  if (lack(found)) {
    found = await installed(python, found);
  }
  if (lack(found)) {
    throw new Stop(
      `The compiled part of the package cannot be made, as ${lack(found)}: ${remedy(found)} and run the same command again.`
    );
  }
}
