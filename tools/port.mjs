// Ports on this machine.
import { createServer } from 'node:net';

function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}

/** Can a server be started on this port? */
export async function isFree(port) {
  try {
    await listen(port);
    return true;
  } catch {
    return false;
  }
}

/** Some port that is free now. */
export function freePort() {
  return listen(0);
}

/** The port that JupyterLab's own options ask for, if they do. */
export function wantedPort(args) {
  for (const [index, arg] of args.entries()) {
    const match = /^--(?:ServerApp\.)?port(?:=(\d+))?$/.exec(arg);
    const digits = match && (match[1] ?? args[index + 1]);
    if (digits && /^\d+$/.test(digits) && Number(digits) > 0) {
      return Number(digits);
    }
  }
  return undefined;
}
