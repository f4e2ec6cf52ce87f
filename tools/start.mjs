// npm start: JupyterLab on the tour, in an environment of its own.
import './node-version.mjs';
import { spawn } from 'node:child_process';

import { bin, isRoot, root } from './paths.mjs';
import { wantedPort, isFree } from './port.mjs';
import { Stop, environment, main, say } from './run.mjs';
import { setUp } from './setup.mjs';

/** Run JupyterLab with this terminal, to its end; its exit code. */
function serve(args) {
  const child = spawn(bin('jupyter'), ['lab', ...args], {
    cwd: root,
    env: environment(),
    stdio: 'inherit'
  });
  // Ctrl+C reaches JupyterLab by itself where there is a terminal. This process
  // only has to outlive it, and pass on a signal that was sent to it alone.
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!stopping && !(signal === 'SIGINT' && process.stdin.isTTY)) {
        stopping = true;
        child.kill('SIGTERM');
      }
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', error =>
      reject(
        new Stop(
          `JupyterLab could not be started (${error.message}): delete the folder .venv and run npm start again.`
        )
      )
    );
    child.on('exit', (code, signal) => resolve(signal ? 0 : code));
  });
}

await main(async () => {
  const wishes = process.argv.slice(2);
  const port = wantedPort(wishes);
  if (port !== undefined && !(await isFree(port))) {
    throw new Stop(
      `Port ${port} is taken: end the program that uses it, or choose another (npm start -- --port=${port + 1}).`
    );
  }
  await setUp();
  say('JupyterLab on examples/tour.ipynb (Ctrl+C ends it)');
  return serve([
    ...(isRoot ? ['--allow-root'] : []),
    // Ctrl+C ends it at once, without a question.
    '-y',
    'examples/tour.ipynb',
    ...wishes
  ]);
});
