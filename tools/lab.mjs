// A JupyterLab of .venv with a kernel that has all profilers, and a Chromium that looks at it.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { findBrowser } from './browser.mjs';
import { bin, binFolder, cache, isRoot, root } from './paths.mjs';
import { freePort } from './port.mjs';
import { Stop, environment } from './run.mjs';
import { freshSandbox } from './sandbox.mjs';

const { chromium } = createRequire(join(root, 'ui-tests/package.json'))(
  '@playwright/test'
);

/** MIME type of a profile. */
export const MIME = 'application/vnd.jupyterlab-profiler.profile.v1+json';

const patience = 90_000;

/** Files that a run leaves for whoever wants to look: screenshots, notebooks, figures. */
export const leavings = join(cache, 'bench');

function writeJson(folder, name, value) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), JSON.stringify(value));
}

/** The kernel `bench`: that of the environment with all profilers. */
function writeKernelSpec(dataFolder, kernelFolder) {
  writeJson(join(dataFolder, 'kernels', 'bench'), 'kernel.json', {
    argv: [
      bin('python', kernelFolder),
      ...['-m', 'ipykernel_launcher', '-f', '{connection_file}'],
      '--log-level=ERROR'
    ],
    display_name: 'bench',
    language: 'python',
    env: { PATH: [binFolder(kernelFolder), process.env.PATH].join(delimiter) }
  });
}

async function startServer(env, rootFolder, port) {
  const server = spawn(
    bin('jupyter'),
    [
      'lab',
      '--no-browser',
      ...(isRoot ? ['--allow-root'] : []),
      '--IdentityProvider.token=',
      '--ServerApp.disable_check_xsrf=True',
      '--ServerApp.port_retries=0',
      `--ServerApp.port=${port}`,
      `--ServerApp.root_dir=${rootFolder}`,
      '--LabApp.expose_app_in_browser=True'
    ],
    { cwd: root, env: environment(env), stdio: 'ignore' }
  );
  let ended = false;
  server.on('error', () => (ended = true)).on('exit', () => (ended = true));
  const url = `http://localhost:${port}`;
  for (const limit = Date.now() + patience; Date.now() < limit && !ended;) {
    try {
      if ((await fetch(`${url}/api/status`)).ok) {
        return { server, url };
      }
    } catch {
      // Not up yet.
    }
    await wait(100);
  }
  server.kill();
  throw new Stop(
    `JupyterLab of .venv ${ended ? 'ended at once' : `did not answer within ${patience / 1000} s`}: try npm start, which shows what it says.`
  );
}

/**
 * Start JupyterLab and a browser, do `work({ browser, url, rootFolder })`, and end both.
 *
 * `kernelFolder` is the environment of the kernel. Whatever the server and the kernels keep,
 * they keep in a sandbox.
 */
export async function withLab(kernelFolder, work) {
  const executablePath = await findBrowser();
  const { env, inside } = freshSandbox('bench');
  writeKernelSpec(env.JUPYTER_DATA_DIR, kernelFolder);
  // No question about news, no look for updates.
  writeJson(
    join(
      env.JUPYTER_CONFIG_DIR,
      'lab/user-settings/@jupyterlab/apputils-extension'
    ),
    'notification.jupyterlab-settings',
    { fetchNews: 'false', checkForUpdates: false }
  );
  mkdirSync(leavings, { recursive: true });
  const rootFolder = inside('root');
  const { server, url } = await startServer(env, rootFolder, await freePort());
  // An interrupt ends the process without a look at `finally`; the browser sees to itself.
  const end = () => server.kill();
  const leave = () => process.exit(130);
  process.once('exit', end).once('SIGINT', leave).once('SIGTERM', leave);
  let browser;
  try {
    browser = await chromium.launch({
      executablePath,
      handleSIGINT: false,
      handleSIGTERM: false,
      args: [
        // A container run as root has no sandbox to offer.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    });
    return await work({ browser, url, rootFolder });
  } finally {
    await browser?.close();
    end(); // and with it its kernels
    process.off('exit', end).off('SIGINT', leave).off('SIGTERM', leave);
  }
}

/** End the kernels of notebooks that are closed, so that they do not take part in what follows. */
export async function endKernels(url) {
  const sessions = await (await fetch(`${url}/api/sessions`)).json();
  for (const { id } of sessions) {
    await fetch(`${url}/api/sessions/${id}`, { method: 'DELETE' });
  }
}

/** Write a notebook for the kernel `bench`. Cells: `{ source, metadata }`. */
export function writeNotebook(rootFolder, name, cells) {
  writeJson(rootFolder, name, {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'bench', display_name: 'bench', language: 'python' }
    },
    cells: cells.map(({ source, metadata = {} }, index) => ({
      id: `cell-${index}`,
      cell_type: 'code',
      source,
      metadata,
      outputs: [],
      execution_count: null
    }))
  });
}

/** A page of its own with a notebook, ready to run; `context` has no cache of pages before. */
export async function openNotebook(context, url, name) {
  const page = await context.newPage();
  await page.goto(`${url}/lab/tree/${name}?reset`);
  await page.waitForFunction(
    () => {
      const panel = window.jupyterapp?.shell.currentWidget;
      return (
        panel?.context?.isReady &&
        panel.content?.widgets?.length > 0 &&
        panel.sessionContext?.session?.kernel?.status === 'idle'
      );
    },
    undefined,
    { timeout: patience }
  );
  return page;
}

/** Version of JupyterLab, as the page tells it. */
export function labVersion(page) {
  return page.evaluate(() => window.jupyterapp.version);
}
