// npm run sanitize: the tests of the compiled part with AddressSanitizer and
// UndefinedBehaviorSanitizer built into it. On Linux, with gcc.
//
// npm run sanitize                       tests/test_recorder*.py, with the Python of .venv
// npm run sanitize -- 3.12 -k threads    with another Python; options for pytest
// npm run sanitize -- tests/test_cell_endings.py
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { basename, join } from 'node:path';

import { compilerOf, needCompiler } from './compiler.mjs';
import { bin, cache, root, venv } from './paths.mjs';
import { otherPythons } from './python.mjs';
import { Stop, main, run, say, step } from './run.mjs';
import { freshSandbox } from './sandbox.mjs';
import { setUp, setUpKernel, venvMinor } from './setup.mjs';

/** The environment of the Python of this version, such as "3.12". */
async function environmentOf(minor) {
  if (minor === venvMinor()) {
    return venv;
  }
  const found = otherPythons(venvMinor()).find(other => other.minor === minor);
  if (!found?.python) {
    throw new Stop(
      `Python ${minor} was not found: install it, or leave it out.`
    );
  }
  return setUpKernel(found.python);
}

/** The run-time library of a sanitizer, which has to be loaded before Python. */
function library(compiler, name) {
  const [command] = compiler.split(' ');
  const { stdout } = spawnSync(command, [`-print-file-name=${name}.so`], {
    encoding: 'utf8'
  });
  const path = stdout?.trim() ?? '';
  // gcc prints the bare name of what it does not have.
  if (!path.includes('/') || !existsSync(path)) {
    throw new Stop(
      `The compiler "${command}" has no ${name}: npm run sanitize needs gcc with its sanitizers, on Linux.`
    );
  }
  return path;
}

/** A copy of the package whose compiled part watches itself; returns its folder. */
async function build(environment, minor) {
  const folder = join(cache, 'sanitize', minor);
  rmSync(folder, { recursive: true, force: true });
  const left = /^(labextension|__pycache__)$|\.(so|pyd)$/;
  cpSync(
    join(root, 'jupyterlab_profiler'),
    join(folder, 'jupyterlab_profiler'),
    {
      recursive: true,
      filter: path => !left.test(basename(path))
    }
  );
  const flags = '-fsanitize=address,undefined -fno-sanitize-recover=all';
  await step(
    `sanitize-${minor}`,
    `compiling with sanitizers for Python ${minor}`,
    bin('python', environment),
    ['hatch_build.py', folder],
    {
      env: {
        CFLAGS: `${flags} -O1 -g -fno-omit-frame-pointer`,
        LDFLAGS: flags
      },
      venvFolder: environment
    }
  );
  return folder;
}

/**
 * Programs that the tests start are watched as well: what AddressSanitizer finds comes as a
 * file a process. The other one, loaded after it, writes to the program's stderr.
 */
function watched(folder, libraries) {
  const reports = join(folder, 'reports');
  mkdirSync(reports);
  // It moves stacks about as a whole.
  const suppressions = join(folder, 'suppressions');
  writeFileSync(suppressions, 'interceptor_via_lib:_greenlet\n');
  const log = `log_path=${join(reports, 'report')}`;
  const env = {
    ...freshSandbox('sanitize').env,
    // The copy comes before the checkout: Python must not put that first.
    PYTHONPATH: folder,
    PYTHONSAFEPATH: '1',
    LD_PRELOAD: libraries.join(' '),
    // Each object of Python in memory of its own, so that one used too late is seen.
    PYTHONMALLOC: 'malloc',
    // Python itself keeps what it made until its end, which would be reported as leaks. Of what is
    // freed little is kept back: a test looks for memory that grows.
    ASAN_OPTIONS: [
      log,
      `suppressions=${suppressions}`,
      'detect_leaks=0',
      'allow_user_segv_handler=0',
      'quarantine_size_mb=4'
    ].join(':'),
    UBSAN_OPTIONS: 'print_stacktrace=1'
  };
  return { env, reports };
}

const isTheCopy = `
import pathlib, sys
from jupyterlab_profiler.collect import compiled
module = compiled.load()
assert module, compiled.missing()
assert pathlib.Path(sys.argv[1]) in pathlib.Path(module.__file__).parents, module.__file__
`;

function defaultTests() {
  return readdirSync(join(root, 'tests'))
    .filter(name => /^test_recorder.*\.py$/.test(name))
    .map(name => join('tests', name));
}

await main(async () => {
  const wishes = process.argv.slice(2);
  await setUp({ compiled: 'require' });
  const minor = /^3\.\d+$/.test(wishes[0] ?? '') ? wishes.shift() : venvMinor();
  const environment = await environmentOf(minor);
  const python = bin('python', environment);
  await needCompiler(python);
  const { compiler } = compilerOf(python);
  const libraries = ['libasan', 'libubsan'].map(name =>
    library(compiler, name)
  );
  const folder = await build(environment, minor);
  const { env, reports } = watched(folder, libraries);
  const options = { env, venvFolder: environment, timeoutMinutes: 60 };
  const tests = wishes.some(wish => wish.startsWith('tests'))
    ? []
    : defaultTests();
  const jobs = [
    ['-c', isTheCopy, folder],
    [
      '-m',
      'pytest',
      '-o',
      `cache_dir=${join(cache, 'sanitize-pytest')}`
    ].concat(tests, wishes)
  ];
  for (const job of jobs) {
    const { status } = await run(python, job, options);
    const found = readdirSync(reports);
    for (const name of found) {
      console.error(readFileSync(join(reports, name), 'utf8'));
    }
    if (status !== 0 || found.length > 0) {
      throw new Stop(
        found.length > 0
          ? `The sanitizers found a fault in ${found.length} process${found.length > 1 ? 'es' : ''}: it stands above.`
          : 'With the sanitizers on, the tests failed: what was found, if it is a fault in C, stands above as "runtime error".'
      );
    }
  }
  say(`no fault was found with Python ${minor}`);
});
