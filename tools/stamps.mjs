// Skips work whose inputs have not changed, by the SHA-256 of what went in and
// of what came out: the second counts too, as a build by hand may have replaced it.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { root } from './paths.mjs';

const ignored =
  /^(node_modules|__pycache__|__tests__|\..*)$|\.(spec\.ts|py[co])$/;

/** The SHA-256 of files and folders (relative to the checkout) and of further text. */
export function hashOf(paths, text = '') {
  const hash = createHash('sha256').update(text);
  const add = path => {
    if (!existsSync(path)) {
      hash.update(`${relative(root, path)} is missing\n`);
    } else if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) {
        if (!ignored.test(name)) {
          add(join(path, name));
        }
      }
    } else {
      const content = readFileSync(path);
      hash
        .update(`${relative(root, path)} ${content.length}\n`)
        .update(content);
    }
  };
  for (const path of paths) {
    add(join(root, path));
  }
  return hash.digest('hex');
}

/**
 * Do `work` unless it was done before with the same inputs and its outputs are as it left them.
 *
 * `job`: `stamp` (file), `inputs` and `outputs` (paths in the checkout), `text`
 * (whatever else the work depends on), `made` (a file that the work makes last).
 */
export async function once(job, work) {
  const { stamp, inputs, outputs = [], text = '', made = [] } = job;
  const before = hashOf(inputs, text);
  const complete = made.every(path => existsSync(join(root, path)));
  const state = () => `${before}\n${hashOf(outputs)}\n`;
  if (
    complete &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === state()
  ) {
    return false;
  }
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state());
  return true;
}
