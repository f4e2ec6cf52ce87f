// Two commands that set up one checkout at the same time would break it for each
// other: the second one waits for the first.
import {
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { cache } from './paths.mjs';
import { say } from './run.mjs';

const lock = join(cache, 'set-up.lock');

/** The process that holds the lock, or undefined if it is free or its holder is gone. */
function holder() {
  let pid;
  try {
    pid = Number(readFileSync(lock, 'utf8'));
    if (!pid) {
      // Made a moment ago and not yet written, or left empty by a full disk.
      return Date.now() - statSync(lock).mtimeMs < 5000
        ? 'of unknown number'
        : undefined;
    }
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it runs, but belongs to somebody else.
    return error.code === 'EPERM' ? pid : undefined;
  }
}

/** Do `work` while no other process does the same in this checkout. */
export async function alone(work) {
  mkdirSync(cache, { recursive: true });
  for (let said = false; ; said = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw error;
      }
    }
    const other = holder();
    if (other === undefined) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!said) {
      say(`process ${other} is setting up this checkout: waiting for it`);
    }
    await wait(500);
  }
  const free = () => rmSync(lock, { force: true });
  // An interrupt ends the process without a look at `finally`.
  process.once('exit', free);
  try {
    return await work();
  } finally {
    free();
    process.off('exit', free);
  }
}
