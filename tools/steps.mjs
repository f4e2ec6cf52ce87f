// The steps of `npm test`: what each one runs, and how its report is counted.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { findBrowser } from './browser.mjs';
import { checkBudget } from './budget.mjs';
import { lint } from './lint.mjs';
import { checkLocks } from './locks.mjs';
import { bin, cache, root, venv } from './paths.mjs';
import { freePort } from './port.mjs';
import { otherPythons } from './python.mjs';
import { fromJUnit, fromPlaywright, fromVitest } from './results.mjs';
import { run } from './run.mjs';
import { freshSandbox } from './sandbox.mjs';
import { setUpKernel, venvMinor } from './setup.mjs';

// Far above what a step takes: it only keeps one that hangs from hanging CI.
const timeoutMinutes = 50;

/** A place for a runner's report, without the report of the run before. */
function freshReport(name) {
  const folder = join(cache, 'reports');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  rmSync(path, { force: true });
  return path;
}

async function vitest(options) {
  const report = freshReport('vitest.json');
  const { status } = await run(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...options
    ],
    { timeoutMinutes }
  );
  return fromVitest(report, status);
}

async function pytest(name, environment, folders, env, options) {
  const report = freshReport(`${name}.xml`);
  const { status } = await run(
    bin('python', environment),
    [
      '-m',
      'pytest',
      '--quiet',
      `--junit-xml=${report}`,
      '-o',
      `cache_dir=${join(cache, name)}`,
      ...folders,
      ...options
    ],
    { env, venvFolder: environment, timeoutMinutes }
  );
  return fromJUnit(report, status);
}

const kernelTests = ['tests', '--ignore=tests/packaging'];

/** Building and installing as a user does: with the user's pip settings and cache. */
function packaging(options) {
  const { env, inside } = freshSandbox('packaging');
  return pytest(
    'packaging',
    venv,
    ['tests/packaging', `--basetemp=${inside('tmp')}`],
    {
      ...env,
      HOME: process.env.HOME,
      USERPROFILE: process.env.USERPROFILE,
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
      XDG_CONFIG_HOME: process.env.XDG_CONFIG_HOME
    },
    options
  );
}

async function browser(options) {
  const path = await findBrowser();
  const report = freshReport('playwright.json');
  const { env, inside } = freshSandbox('browser');
  const { status } = await run(
    process.execPath,
    [join(root, 'node_modules/@playwright/test/cli.js'), 'test', ...options],
    {
      cwd: join(root, 'ui-tests'),
      env: {
        ...env,
        CHROMIUM_PATH: path,
        JUPYTERLAB_GALATA_ROOT_DIR: inside('root'),
        PROFILER_TEST_PORT: String(await freePort()),
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        // Only a run on a test server tries a second time.
        CI: process.env.CI
      },
      timeoutMinutes
    }
  );
  return fromPlaywright(report, status);
}

/** Every step, in order, and the supported Pythons that this machine does not have. */
export function allSteps() {
  const own = venvMinor();
  const others = otherPythons(own);
  const steps = [
    { name: 'lint', title: 'every linter', run: lint },
    { name: 'locks', title: 'lock files', run: checkLocks },
    { name: 'budget', title: 'size of the front end', run: checkBudget },
    { name: 'vitest', title: 'TypeScript', run: vitest },
    {
      name: `pytest-${own}`,
      title: `Python ${own}, in .venv`,
      run: options => {
        const { env } = freshSandbox(`pytest-${own}`);
        return pytest(`pytest-${own}`, venv, kernelTests, env, options);
      }
    },
    ...others
      .filter(({ python }) => python)
      .map(({ minor, python }) => ({
        name: `pytest-${minor}`,
        title: `Python ${python.full}, in .venvs/${minor}`,
        run: async options => {
          const environment = await setUpKernel(python);
          const name = `pytest-${minor}`;
          const { env } = freshSandbox(name);
          return pytest(name, environment, kernelTests, env, options);
        }
      })),
    { name: 'packaging', title: 'sdist and wheel', run: packaging },
    { name: 'browser', title: 'JupyterLab in Chromium', run: browser }
  ];
  const notFound = others.filter(({ python }) => !python);
  return { steps, notFound: notFound.map(({ minor }) => minor) };
}
