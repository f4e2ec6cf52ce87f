// npm run lock: makes requirements-*.txt from requirements-*.in. `npm run lock -- bench`
// makes only that of the benchmarks, which has the versions of the kernel tests.
//
// Run it with the oldest supported Python (PYTHON=python3.11): what installs
// there has wheels for the newer ones too, the other way round it has not.
import './node-version.mjs';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bin, root } from './paths.mjs';
import { findPython } from './python.mjs';
import { Stop, main, step } from './run.mjs';

const header = name =>
  `# Made by \`npm run lock\` from ${name}: do not edit.\n# Every version is pinned; no address of a registry belongs here.\n`;

/** Lines that hold only on another system: a freeze here cannot know them. */
function elsewhere(text) {
  return text
    .split('\n')
    .filter(line => /^[^#]*==[^#]*; *(sys_platform|os_name)/.test(line));
}

async function lock(folder, name, base = [], constraints = []) {
  const python = bin('python', folder);
  const source = `requirements-${name}.in`;
  const sources = [...base.map(other => `requirements-${other}.in`), source];
  const files = [
    ...sources.flatMap(file => ['-r', file]),
    ...constraints.flatMap(file => ['-c', file])
  ];
  await step('lock', `resolving ${source}`, python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    ...files
  ]);
  // --all: setuptools is among them, which older Pythons' pip leaves out.
  const frozen = await step('lock-freeze', `writing ${name}`, python, [
    '-m',
    'pip',
    'freeze',
    '--all',
    '--exclude',
    'pip'
  ]);
  const pins = frozen.split('\n').filter(line => /^[\w.-]+==/.test(line));
  const marked = sources.flatMap(file =>
    elsewhere(readFileSync(join(root, file), 'utf8'))
  );
  const lines = [...pins, ...marked].sort((a, b) =>
    a.toLowerCase() < b.toLowerCase() ? -1 : 1
  );
  writeFileSync(
    join(root, `requirements-${name}.txt`),
    `${header(sources.join(' and '))}${lines.join('\n')}\n`
  );
}

/** Do `work` with a fresh environment that is thrown away. */
async function withVenv(work) {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  try {
    const python = findPython();
    await step('lock-venv', `Python ${python.full}`, python.path, [
      '-m',
      'venv',
      folder
    ]);
    // What older Pythons put into every environment is no requirement.
    await step('lock-empty', 'emptying it', bin('python', folder), [
      '-m',
      'pip',
      'uninstall',
      '--quiet',
      '--yes',
      'setuptools'
    ]);
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(async () => {
  const [only, ...more] = process.argv.slice(2);
  if (more.length > 0 || (only !== undefined && only !== 'bench')) {
    throw new Stop(
      'npm run lock makes all lock files, npm run lock -- bench one.'
    );
  }
  if (!only) {
    await withVenv(async folder => {
      await lock(folder, 'kernel');
      // In the same environment, so that both files pin the same versions.
      await lock(folder, 'dev', ['kernel']);
    });
  }
  await withVenv(folder =>
    lock(folder, 'bench', [], ['requirements-kernel.txt'])
  );
});
