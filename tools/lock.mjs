// npm run lock: makes requirements-*.txt from requirements-*.in.
//
// Run it with the oldest supported Python (PYTHON=python3.11): what installs
// there has wheels for the newer ones too, the other way round it has not.
import './node-version.mjs';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bin, root } from './paths.mjs';
import { findPython } from './python.mjs';
import { main, step } from './run.mjs';

const header = name =>
  `# Made by \`npm run lock\` from ${name}: do not edit.\n# Every version is pinned; no address of a registry belongs here.\n`;

/** Lines that hold only on another system: a freeze here cannot know them. */
function elsewhere(text) {
  return text
    .split('\n')
    .filter(line => /^[^#]*==[^#]*; *(sys_platform|os_name)/.test(line));
}

async function lock(folder, name, base = []) {
  const python = bin('python', folder);
  const source = `requirements-${name}.in`;
  const sources = [...base.map(other => `requirements-${other}.in`), source];
  const files = sources.flatMap(file => ['-r', file]);
  await step('lock', `resolving ${source}`, python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    ...files
  ]);
  const frozen = await step('lock-freeze', `writing ${name}`, python, [
    '-m',
    'pip',
    'freeze'
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

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  try {
    const python = findPython();
    await step('lock-venv', `Python ${python.full}`, python.path, [
      '-m',
      'venv',
      folder
    ]);
    await lock(folder, 'kernel');
    // In the same environment, so that both files pin the same versions.
    await lock(folder, 'dev', ['kernel']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
