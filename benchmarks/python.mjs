// Runs one of the benchmarks in Python, and takes its figures.
import { join } from 'node:path';

import { bin, root } from '../tools/paths.mjs';
import { Stop, run } from '../tools/run.mjs';
import { freshSandbox } from '../tools/sandbox.mjs';

/** What `benchmarks/NAME.py --json ARGS` prints, run by the Python of an environment. */
export async function figuresOf(name, environmentFolder, args = []) {
  const { env } = freshSandbox(`bench-${name}`);
  const { status, output } = await run(
    bin('python', environmentFolder),
    [join(root, 'benchmarks', `${name}.py`), '--json', ...args],
    {
      env,
      log: `bench-${name}`,
      venvFolder: environmentFolder,
      timeoutMinutes: 20
    }
  );
  // What it and its kernels say beside stands on other lines.
  const json = output
    .split('\n')
    .filter(line => line.startsWith('{'))
    .pop();
  if (status !== 0 || !json) {
    const tail = output.trimEnd().split('\n').slice(-15).join('\n');
    throw new Stop(
      `${tail}\n\nbenchmarks/${name}.py ended with exit code ${status}.`
    );
  }
  return JSON.parse(json);
}
