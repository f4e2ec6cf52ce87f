// Memory of a browser's processes that draw pages, as Linux tells it.
import { readFileSync, readdirSync } from 'node:fs';

/** The number of bytes in a line of /proc/PID/status, as `VmHWM:   123 kB`; 0 if there is none. */
export function bytesIn(status, name) {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status);
  return found ? Number(found[1]) * 1024 : 0;
}

function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // It has ended, or this is no Linux.
  }
}

/** All processes that descend from one: ids. */
function descendants(ancestor) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    const parent =
      /^\d+$/.test(name) && /^PPid:\s+(\d+)$/m.exec(read(name, 'status'));
    if (parent) {
      parents.set(Number(name), Number(parent[1]));
    }
  }
  return [...parents.keys()].filter(pid => {
    let above = pid;
    while (above > 1 && above !== ancestor) {
      above = parents.get(above) ?? 0;
    }
    return above === ancestor;
  });
}

/**
 * Of that process below a browser's which holds a page and its workers, the largest one that there
 * is: bytes of memory `now` and at the `peak`. Null where the system does not tell.
 */
export function pageMemory(browserPid) {
  if (process.platform !== 'linux') {
    return null;
  }
  const found = descendants(browserPid)
    .filter(pid => read(pid, 'cmdline').includes('--type=renderer'))
    .map(pid => {
      const status = read(pid, 'status');
      return { now: bytesIn(status, 'VmRSS'), peak: bytesIn(status, 'VmHWM') };
    });
  return found.length > 0
    ? found.reduce((a, b) => (b.peak > a.peak ? b : a))
    : null;
}
