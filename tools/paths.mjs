// Where things lie. Whatever these tools make stays inside the checkout.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const isWindows = process.platform === 'win32';
export const isRoot = process.getuid?.() === 0;

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const venv = join(root, '.venv');
export const otherVenvs = join(root, '.venvs');
export const cache = join(root, '.cache');
export const sandbox = join(root, '.sandbox');
export const labextension = join(root, 'jupyterlab_profiler', 'labextension');

/** The folder of programs of a virtual environment. */
export function binFolder(environment) {
  return join(environment, isWindows ? 'Scripts' : 'bin');
}

/** A program of a virtual environment. */
export function bin(name, environment = venv) {
  return join(binFolder(environment), isWindows ? `${name}.exe` : name);
}
