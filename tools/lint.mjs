// npm run lint: every linter, each counted as one test. All run even if one fails.
import './node-version.mjs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { bin, root } from './paths.mjs';
import { supported } from './python.mjs';
import { Results } from './results.mjs';
import { isMain, main, run, say } from './run.mjs';
import { setUp } from './setup.mjs';

/** A program of node_modules, run by this Node. */
const node = (script, ...args) => [
  process.execPath,
  join(root, 'node_modules', script),
  ...args
];
const tsc = config => node('typescript/bin/tsc', '--noEmit', '-p', config);

/** Files of a folder and its folders with one of these endings. */
function filesIn(folder, ...endings) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter(name => endings.some(ending => name.endsWith(ending)))
    .map(name => join(folder, name))
    .sort();
}

const workflows = filesIn('.github/workflows', '.yml', '.yaml');

const linters = {
  'tsc (product)': tsc('tsconfig.json'),
  'tsc (pure folders, no DOM)': tsc('tsconfig.pure.json'),
  'tsc (specs)': tsc('tsconfig.test.json'),
  'tsc (ui-tests)': tsc('ui-tests/tsconfig.json'),
  eslint: node('eslint/bin/eslint.js', '.', '--max-warnings=0'),
  prettier: node(
    'prettier/bin/prettier.cjs',
    '--check',
    '--log-level=warn',
    '**/*.{json,css,yml,yaml}',
    '.github/**/*.{yml,yaml}'
  ),
  stylelint: node('stylelint/bin/stylelint.mjs', 'style/**/*.css'),
  'clang-format': [
    bin('clang-format'),
    '--dry-run',
    '-Werror',
    ...filesIn('csrc', '.c', '.h')
  ],
  'workflows (schema)': [
    bin('check-jsonschema'),
    '--builtin-schema=vendor.github-workflows',
    ...workflows
  ],
  'workflows (security)': [
    bin('zizmor'),
    '--offline',
    '--quiet',
    '--no-progress',
    '--persona=pedantic',
    ...workflows
  ],
  'ruff check': [bin('ruff'), 'check', '--quiet', '.'],
  'ruff format': [bin('ruff'), 'format', '--check', '.'],
  ...Object.fromEntries(
    [supported.at(-1), supported[0]].map(version => [
      `mypy --strict (${version})`,
      [bin('mypy'), '--no-color-output', `--python-version=${version}`]
    ])
  )
};

export async function lint() {
  const results = new Results();
  for (const [name, [command, ...args]] of Object.entries(linters)) {
    const { status, output } = await run(command, args, {
      log: `lint-${name.replace(/\W+/g, '-')}`,
      timeoutMinutes: 10,
      env: { MYPY_CACHE_DIR: '.cache/mypy', RUFF_CACHE_DIR: '.cache/ruff' }
    });
    say(`${name}: ${status === 0 ? 'passed' : 'FAILED'}`);
    if (status !== 0) {
      console.log(output);
    }
    results.add(name, status === 0 ? '' : `exit code ${status}`);
  }
  return results;
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUp();
    const { failed } = await lint();
    return failed.length > 0 ? 1 : 0;
  });
}
