// A place of their own for the tests: they neither read nor write the user's home.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { cache, sandbox } from './paths.mjs';

/**
 * Make an empty folder for one step of the tests, and return it with an environment
 * in which Jupyter, IPython and the browser keep their files there.
 */
export function freshSandbox(name) {
  const folder = join(sandbox, name);
  rmSync(folder, { recursive: true, force: true });
  const inside = part => {
    const path = join(folder, part);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const home = inside('home');
  const env = {
    HOME: home,
    USERPROFILE: home,
    XDG_CACHE_HOME: undefined,
    XDG_CONFIG_HOME: undefined,
    XDG_DATA_HOME: undefined,
    IPYTHONDIR: inside('ipython'),
    JUPYTER_CONFIG_DIR: inside('config'),
    JUPYTER_DATA_DIR: inside('data'),
    JUPYTER_RUNTIME_DIR: inside('runtime'),
    JUPYTER_CONFIG_PATH: undefined,
    JUPYTER_PATH: undefined,
    // The kernel of the environment, not one of that name from the system.
    JUPYTER_PREFER_ENV_PATH: '1',
    HYPOTHESIS_STORAGE_DIRECTORY: join(cache, 'hypothesis'),
    PYTHONNOUSERSITE: '1',
    PYTHONSTARTUP: undefined
  };
  return { folder, env, inside };
}
