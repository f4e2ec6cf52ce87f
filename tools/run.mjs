// Runs other programs, and says what failed in one sentence.
import { spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  createWriteStream,
  mkdirSync,
  readFileSync,
  realpathSync
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { binFolder, cache, isWindows, root, venv } from './paths.mjs';

/** A failure that the reader can do something about. Its message is one sentence. */
export class Stop extends Error {}

const began = Date.now();

/** Print a line with the time since the command was started. */
export function say(text) {
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`[${seconds.padStart(6)} s] ${text}`);
}

/** Run an entry point: a `Stop` becomes its sentence and exit code 1. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (!(error instanceof Stop)) {
      throw error;
    }
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The environment for a program of ours; `extra` values of undefined remove a variable. */
export function environment(extra = {}, venvFolder = venv) {
  const env = {
    ...process.env,
    // The tests bring their own browser, see browser.mjs.
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PYTHONUTF8: '1',
    // Whatever the caller's shell has activated is not meant for .venv.
    PYTHONHOME: undefined,
    PYTHONPATH: undefined,
    VIRTUAL_ENV: venvFolder,
    PATH: [binFolder(venvFolder), process.env.PATH].join(delimiter),
    // A log file is read as plain text.
    ...(process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }),
    ...extra
  };
  // npm gives up without a cache folder; pip goes on without.
  if (!isWritable(homedir()) && !env.npm_config_cache) {
    env.npm_config_cache = join(cache, 'npm');
  }
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) {
      delete env[name];
    }
  }
  return env;
}

/** How this npm is called again: as a script where possible, as Windows cannot spawn npm.cmd. */
export function npmCommand() {
  const script = process.env.npm_execpath ?? '';
  return basename(script) === 'npm-cli.js'
    ? [process.execPath, script]
    : [isWindows ? 'npm.cmd' : 'npm'];
}

const running = new Set();

/** Whoever ends this process also ends what it has started: an orphaned npm would go on writing. */
function endAll(signal) {
  for (const child of running) {
    child.kill(signal);
  }
  console.error('\nInterrupted: run the same command again to go on.');
  process.exit(130);
}

/** Note a program that runs, until it has ended. */
function track(child) {
  if (running.size === 0) {
    process.on('SIGINT', endAll).on('SIGTERM', endAll);
  }
  running.add(child);
  child.on('close', () => {
    running.delete(child);
    if (running.size === 0) {
      process.off('SIGINT', endAll).off('SIGTERM', endAll);
    }
  });
}

/**
 * Run a program to its end and return `{ status, output }`.
 *
 * By default its output goes to the terminal as it comes. With `log: 'NAME'` it
 * goes to .cache/logs/NAME.log instead. `status` is -1 if it could not be started.
 * After `timeoutMinutes` it is ended.
 */
export function run(command, args, options = {}) {
  const { cwd = root, env = {}, venvFolder, log, timeoutMinutes } = options;
  return new Promise(resolve => {
    let output = '';
    let file;
    if (log) {
      mkdirSync(join(cache, 'logs'), { recursive: true });
      file = createWriteStream(join(cache, 'logs', `${log}.log`));
    }
    const child = spawn(command, args, {
      cwd,
      env: environment(env, venvFolder),
      stdio: ['ignore', log ? 'pipe' : 'inherit', log ? 'pipe' : 'inherit'],
      shell: isWindows && command.endsWith('.cmd'),
      timeout: timeoutMinutes && timeoutMinutes * 60000,
      killSignal: 'SIGKILL'
    });
    track(child);
    const take = chunk => {
      output += chunk;
      file.write(chunk);
    };
    child.stdout?.setEncoding('utf8').on('data', take);
    child.stderr?.setEncoding('utf8').on('data', take);
    const done = status => {
      file?.end();
      resolve({ status, output });
    };
    child.on('error', error => {
      output += String(error.message);
      done(-1);
    });
    child.on('close', code => done(code ?? 1));
  });
}

// What npm, pip and apt print when there is no way out to their registries.
const noNetwork =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Temporary failure (in name resolution|resolving)|Name or service not known|Network is unreachable/;

/**
 * Run one step of the set-up quietly; if it fails, show the end of its output and stop.
 * `hint` is said when it begins, such as how long it takes.
 */
export async function step(name, title, command, args, options = {}) {
  say(options.hint ? `${title} (${options.hint})` : title);
  const { status, output } = await run(command, args, {
    ...options,
    log: name
  });
  if (status === 0) {
    return output;
  }
  const tail = output.trimEnd().split('\n').slice(-25).join('\n');
  console.error(`\n${tail}\n`);
  const log = relative(root, join(cache, 'logs', `${name}.log`));
  throw new Stop(
    noNetwork.test(output)
      ? `"${title}" failed because the package registry could not be reached: check the network (or the proxy settings) and run the same command again.`
      : `"${title}" failed (exit code ${status}): the reason stands above, all of it in ${log}.`
  );
}

/** Read a JSON file, or undefined where there is none that can be read. */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Was this module started as a program, not imported? */
export function isMain(url) {
  return (
    Boolean(process.argv[1]) &&
    url === pathToFileURL(realpathSync(process.argv[1])).href
  );
}
