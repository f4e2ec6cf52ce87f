// Finds the Pythons of this machine. A name on PATH proves nothing (a pyenv shim
// of a version that is not active ends with 127): each is run before it counts.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { isWindows } from './paths.mjs';
import { Stop } from './run.mjs';

/** The minor versions that the product supports, newest first. */
export const supported = ['3.14', '3.13', '3.12', '3.11'];

// Prints what is known of an interpreter, and what it lacks, as JSON.
const probe = `
import json, sys
missing = []
for name in ("venv", "ensurepip"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
print(json.dumps({
    "path": sys.executable, "version": list(sys.version_info[:3]), "missing": missing,
    "plain": sys.implementation.name == "cpython" and sys.version_info.releaselevel == "final",
    "gil": bool(getattr(sys, "_is_gil_enabled", lambda: True)()),
}))
`;

function ask(command, args = []) {
  const { status, stdout } = spawnSync(command, [...args, '-c', probe], {
    encoding: 'utf8',
    timeout: 30000,
    env: { ...process.env, PYTHONHOME: '', PYTHONPATH: '' }
  });
  if (status !== 0) {
    return undefined;
  }
  try {
    const found = JSON.parse(stdout.trim().split('\n').pop());
    return {
      ...found,
      minor: found.version.slice(0, 2).join('.'),
      full: found.version.join('.')
    };
  } catch {
    return undefined;
  }
}

function foldersIn(folder) {
  return folder && existsSync(folder)
    ? readdirSync(folder)
        .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
        .map(name => join(folder, name))
    : [];
}

/** Every way an interpreter may be called here, best first: `[command, ...args]`. */
function* candidates() {
  if (isWindows) {
    for (const minor of supported) {
      yield ['py', `-${minor}`];
    }
  }
  for (const minor of supported) {
    yield [`python${minor}`];
  }
  yield ['python3'];
  yield ['python'];
  const home = homedir();
  const data = process.env.XDG_DATA_HOME || join(home, '.local', 'share');
  const installs = new Set([
    ...foldersIn(
      process.env.PYENV_ROOT && join(process.env.PYENV_ROOT, 'versions')
    ),
    ...foldersIn(join(home, '.pyenv', 'versions')),
    ...foldersIn(
      process.env.UV_PYTHON_INSTALL_DIR ||
        (isWindows
          ? process.env.APPDATA && join(process.env.APPDATA, 'uv', 'python')
          : join(data, 'uv', 'python'))
    )
  ]);
  for (const folder of installs) {
    // Names like 3.13.0 and cpython-3.13.0-linux-x86_64-gnu; what is surely too old is not run.
    const minor = /(?:^|-)(3\.\d+)/.exec(folder.split(/[\\/]/).pop())?.[1];
    if (!minor || supported.includes(minor)) {
      yield [
        isWindows ? join(folder, 'python.exe') : join(folder, 'bin', 'python3')
      ];
    }
  }
}

/** The Pythons that can make a virtual environment and are of a supported version, best first. */
export function* pythons() {
  for (const [command, ...args] of candidates()) {
    const found = ask(command, args);
    if (
      found &&
      found.plain &&
      found.gil &&
      found.missing.length === 0 &&
      supported.includes(found.minor)
    ) {
      yield found;
    }
  }
}

/** The Python for .venv: `$PYTHON`, else the first one that will do. */
export function findPython() {
  const wish = process.env.PYTHON;
  if (wish) {
    const found = ask(wish);
    if (!found) {
      throw new Stop(
        `PYTHON=${wish} cannot be run: set it to a Python of version 3.11 or newer, or unset it.`
      );
    }
    if (!supported.includes(found.minor)) {
      throw new Stop(
        `PYTHON=${wish} is Python ${found.full}: set it to a Python from ${supported.at(-1)} to ${supported[0]}, or unset it.`
      );
    }
    if (found.missing.length > 0) {
      throw new Stop(noVenv(found));
    }
    return found;
  }
  const [first] = pythons();
  if (first) {
    return first;
  }
  for (const [command, ...args] of candidates()) {
    const found = ask(command, args);
    if (found && supported.includes(found.minor)) {
      throw new Stop(noVenv(found));
    }
  }
  throw new Stop(
    `No Python from ${supported.at(-1)} to ${supported[0]} was found: install one (Debian and Ubuntu: apt-get install python3 python3-venv), or set PYTHON to its path.`
  );
}

function noVenv(found) {
  return `Python ${found.full} (${found.path}) has no ${found.missing.join(' and no ')} module: install it (Debian and Ubuntu: apt-get install python3-venv), or set PYTHON to another Python.`;
}

/** The newest Python of each supported minor version but `except`, which .venv has. */
export function otherPythons(except) {
  const best = new Map();
  for (const found of pythons()) {
    const known = best.get(found.minor);
    if (
      found.minor !== except &&
      (!known || found.version[2] > known.version[2])
    ) {
      best.set(found.minor, found);
    }
  }
  return supported
    .filter(minor => minor !== except)
    .map(minor => ({ minor, python: best.get(minor) }));
}
