// Brings the checkout into the state that `npm start` and `npm test` need. Each
// part is skipped while nothing that it depends on has changed.
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
import { join } from 'node:path';

import { alone } from './alone.mjs';
import { compilerOf, lack, needCompiler, remedy } from './compiler.mjs';
import {
  bin,
  cache,
  isWindows,
  labextension,
  otherVenvs,
  root,
  venv
} from './paths.mjs';
import { findPython } from './python.mjs';
import { Stop, npmCommand, readJson, say, step } from './run.mjs';
import { once } from './stamps.mjs';

/** What the package in development mode is made from; its Python modules are read as they are. */
const packageInputs = [
  'csrc',
  'hatch_build.py',
  'pyproject.toml',
  'package.json',
  'install.json',
  'LICENSE'
];

/** What the front end is built from; specs are left out by stamps.mjs. */
const frontInputs = [
  'src',
  'style',
  'schema',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'rspack.config.cjs',
  'tools/report.mjs',
  'tools/styleLoader.cjs'
];

function stampOf(name, environment = venv) {
  return join(environment, 'stamps', name);
}

/** Does this environment's Python start, with pip, at the place where it was made? */
function works(environment) {
  const made = readJson(stampOf('made', environment));
  if (made?.folder !== environment) {
    return false;
  }
  const { status } = spawnSync(bin('python', environment), [
    '-c',
    'import pip, sys'
  ]);
  return status === 0;
}

/**
 * Make a virtual environment, or make it again if it was not finished or no longer runs.
 *
 * The folder `stamps` is made first: it tells an unfinished environment of ours,
 * which may be replaced, from one that somebody else made, which may not.
 */
async function makeVenv(environment, choose) {
  if (works(environment)) {
    return;
  }
  if (existsSync(environment) && readdirSync(environment).length > 0) {
    if (!existsSync(join(environment, 'stamps'))) {
      throw new Stop(
        `The folder ${environment} was not made by these tools: move it away or delete it, and run the same command again.`
      );
    }
    say(`${environment} is incomplete or moved: making it anew`);
    rmSync(environment, { recursive: true, force: true });
  }
  const python = choose();
  mkdirSync(join(environment, 'stamps'), { recursive: true });
  await step(
    'venv',
    `virtual environment with Python ${python.full} (${python.path})`,
    python.path,
    ['-m', 'venv', environment]
  );
  writeFileSync(
    stampOf('made', environment),
    JSON.stringify({
      folder: environment,
      python: python.full,
      minor: python.minor
    })
  );
}

/** The minor version of the Python in .venv, such as "3.13". */
export function venvMinor() {
  return readJson(stampOf('made')).minor;
}

async function installNode() {
  const job = {
    stamp: stampOf('npm'),
    inputs: ['package-lock.json', '.npmrc', 'ui-tests/package.json'],
    text: process.versions.node,
    // npm writes this file when it has finished.
    made: ['node_modules/.package-lock.json']
  };
  await once(job, () => {
    const [npm, ...args] = npmCommand();
    return step('npm', 'npm ci', npm, [...args, 'ci', '--loglevel=error'], {
      hint: 'takes a minute or two'
    });
  });
}

async function buildFrontEnd() {
  const job = {
    stamp: stampOf('front-end'),
    inputs: frontInputs,
    outputs: ['jupyterlab_profiler/labextension'],
    made: ['lib/index.js', 'jupyterlab_profiler/labextension/package.json']
  };
  await once(job, () => {
    const [npm, ...args] = npmCommand();
    return step('front-end', 'front end (npm run build:prod)', npm, [
      ...args,
      'run',
      '--silent',
      'build:prod'
    ]);
  });
}

const pip = ['-m', 'pip', 'install', '--quiet', '--no-input'];

async function installRequirements() {
  const requirements = {
    stamp: stampOf('requirements'),
    inputs: ['requirements-dev.txt']
  };
  await once(requirements, () =>
    step(
      'requirements',
      'pip install -r requirements-dev.txt',
      bin('python'),
      [...pip, '-r', 'requirements-dev.txt'],
      { hint: 'takes a minute' }
    )
  );
}

/**
 * Install the package in development mode. Its compiled part is named after the Python
 * that it is for: those of several Pythons lie side by side in the checkout.
 *
 * `compiled`: 'require' stops where it cannot be compiled, 'try' goes on without.
 */
async function installPackage(environment, compiled) {
  const python = bin('python', environment);
  const { minor } = readJson(stampOf('made', environment));
  const module = `jupyterlab_profiler/collect/_recorder${compilerOf(python).suffix}`;
  const editable = {
    stamp: stampOf('editable', environment),
    inputs: packageInputs,
    outputs: [module],
    made: ['jupyterlab_profiler/_version.py', module]
  };
  await once(editable, async () => {
    if (compiled === 'require') {
      await needCompiler(python);
    }
    // pip puts install.json there: through a link, it would come to lie in the checkout.
    rmSync(frontEndIn(environment), { recursive: true, force: true });
    rmSync(join(labextension, 'install.json'), { force: true });
    // The back end is among the requirements, and the front end is built
    // already: nothing is downloaded or built a second time.
    await step(
      `editable-${minor}`,
      `pip install -e . for Python ${minor}`,
      python,
      [...pip, '--no-build-isolation', '--no-deps', '-e', '.'],
      {
        env: {
          SKIP_JUPYTER_BUILDER: '1',
          ...(compiled === 'require'
            ? { JUPYTERLAB_PROFILER_EXT: 'require' }
            : {})
        },
        venvFolder: environment
      }
    );
  });
  if (
    !existsSync(join(root, module)) &&
    process.env.JUPYTERLAB_PROFILER_EXT !== 'off'
  ) {
    const found = compilerOf(python);
    const why = lack(found);
    say(
      why
        ? `going on without the compiled part of the package, as ${why}: ${remedy(found)} to have it`
        : `going on without the compiled part of the package: "${python} hatch_build.py ${join('.cache', 'recorder')}" shows why`
    );
  }
}

/** Where JupyterLab of an environment finds our front end. */
function frontEndIn(environment) {
  return join(
    environment,
    'share/jupyter/labextensions',
    readJson(join(root, 'package.json')).name
  );
}

/** Let JupyterLab take the extension from the checkout, so that a new build shows on reload. */
async function linkFrontEnd() {
  const target = frontEndIn(venv);
  const sameFile = name =>
    existsSync(join(target, name)) &&
    readFileSync(join(target, name)).equals(
      readFileSync(join(labextension, name))
    );
  if (sameFile('package.json')) {
    return;
  }
  if (isWindows) {
    // A link needs a right there that most users do not have.
    rmSync(target, { recursive: true, force: true });
    cpSync(labextension, target, { recursive: true });
    return;
  }
  await step(
    'develop',
    'link of the front end into .venv (jupyter-builder develop)',
    bin('jupyter-builder'),
    ['develop', '.', '--overwrite']
  );
}

/**
 * Everything for `npm start`, and for the tests in .venv. With `compiled: 'require'` it
 * stops where the compiled part of the package cannot be made.
 */
export function setUp({ compiled = 'try' } = {}) {
  return alone(async () => {
    await makeVenv(venv, findPython);
    await installNode();
    await installRequirements();
    await buildFrontEnd();
    await installPackage(venv, compiled);
    await linkFrontEnd();
    say('set up');
  });
}

/** An environment for the kernel tests beside another Python; returns its folder. */
export function setUpKernel(python) {
  return setUpBeside(
    python,
    join(otherVenvs, python.minor),
    'requirements-kernel.txt'
  );
}

/**
 * An environment for the benchmarks, with the profilers that the package is measured
 * against, which have no place among the tests' requirements; returns its folder.
 */
export function setUpBench(python) {
  return setUpBeside(
    python,
    join(otherVenvs, 'bench', python.minor),
    'requirements-bench.txt'
  );
}

/**
 * The viewers that the call tree is measured against, installed into .cache: they have no place
 * among what the product or its tests need. Returns their folder.
 */
export async function setUpPeers() {
  const folder = join(cache, 'peers');
  const source = 'benchmarks/peers';
  await alone(() =>
    once(
      {
        stamp: join(folder, 'stamp'),
        inputs: [source],
        text: process.versions.node,
        made: ['.cache/peers/node_modules/.package-lock.json']
      },
      () => {
        mkdirSync(folder, { recursive: true });
        for (const name of ['package.json', 'package-lock.json']) {
          cpSync(join(root, source, name), join(folder, name));
        }
        cpSync(join(root, '.npmrc'), join(folder, '.npmrc'));
        const [npm, ...args] = npmCommand();
        return step(
          'peers',
          'npm ci for viewers of others',
          npm,
          [...args, 'ci', '--loglevel=error'],
          { cwd: folder }
        );
      }
    )
  );
  return folder;
}

/** The Python of .venv, as another environment can be made from it. */
export function ownPython() {
  const { python, minor } = readJson(stampOf('made'));
  return { path: bin('python'), full: python, minor };
}

async function setUpBeside(python, environment, requirements) {
  await alone(async () => {
    await makeVenv(environment, () => python);
    const job = {
      stamp: stampOf('requirements', environment),
      inputs: [requirements]
    };
    await once(job, async () => {
      await step(
        `requirements-${python.minor}`,
        `pip install -r ${requirements} for Python ${python.full}`,
        bin('python', environment),
        [...pip, '-r', requirements],
        { venvFolder: environment }
      );
    });
    await installPackage(environment, 'require');
  });
  return environment;
}
