// The lock files: every version pinned, and no address of a registry in them, so
// that they work behind any mirror.
import './node-version.mjs';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './paths.mjs';
import { Results } from './results.mjs';
import { isMain, main, readJson, say } from './run.mjs';

/** What is wrong with a package-lock.json, or an empty string. */
export function npmLockProblem(lock) {
  for (const [name, entry] of Object.entries(lock.packages)) {
    // A workspace is "resolved" to its folder; nothing else may be resolved.
    if (entry.resolved !== undefined && !entry.link) {
      return `${name} holds the address ${entry.resolved}: keep omit-lockfile-registry-resolved=true in .npmrc and run npm install`;
    }
    if (name.includes('node_modules/') && !entry.link && !entry.version) {
      return `${name} has no version`;
    }
  }
  return '';
}

/** What is wrong with a requirements-*.txt, or an empty string. */
export function pythonLockProblem(text) {
  const pin =
    /^[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+(; *[a-z_]+ *[=!<>]+ *"[^"]+")?$/;
  const bad = text
    .split('\n')
    .find(line => line && !line.startsWith('#') && !pin.test(line));
  return bad ? `"${bad}" is no exact pin: run npm run lock` : '';
}

export function checkLocks() {
  const results = new Results();
  for (const name of [
    'package-lock.json',
    'benchmarks/peers/package-lock.json'
  ]) {
    results.add(name, npmLockProblem(readJson(join(root, name))));
  }
  for (const name of readdirSync(root).sort()) {
    if (/^requirements-.*\.txt$/.test(name)) {
      results.add(
        name,
        pythonLockProblem(readFileSync(join(root, name), 'utf8'))
      );
    }
  }
  return results;
}

if (isMain(import.meta.url)) {
  await main(() => {
    const { passed, failed } = checkLocks();
    say(`${passed} lock files are right`);
    failed.forEach(line => console.error(line));
    return failed.length > 0 ? 1 : 0;
  });
}
