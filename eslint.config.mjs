import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-plugin-prettier/recommended';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// JupyterLab's own rules, every one an error: a warning is what nobody reads.
const jupyterRules = jupyter.configs.recommended.map(config => ({
  ...config,
  rules: Object.fromEntries(
    Object.entries(config.rules ?? {}).map(([name, level]) => [
      name,
      level === 'off' ? 'off' : 'error'
    ])
  )
}));

// What a document, a page or a browser window offers. The pure folders must
// also run in a worker and in Node; tsconfig.pure.json checks the same by types.
const pageGlobals = [
  'window',
  'self',
  'document',
  'navigator',
  'location',
  'history',
  'localStorage',
  'sessionStorage',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'getComputedStyle',
  'matchMedia',
  'alert',
  'fetch',
  'Element',
  'HTMLElement',
  'Node',
  'Event',
  'DOMParser',
  'process',
  'require',
  'Buffer'
];

export default defineConfig(
  {
    ignores: [
      '**/node_modules',
      'lib',
      'dist',
      'build',
      'jupyterlab_profiler',
      '.venv',
      '.venvs',
      '.cache',
      '.sandbox',
      '**/test-results',
      'wire'
    ]
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.recommended, prettier]
  },
  { plugins: { jupyter } },
  ...jupyterRules,
  {
    files: ['src/**/*.ts', 'ui-tests/**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.test.json', './ui-tests/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none' }],
      // JupyterLab pairs a class with a namespace of its name (options, Private).
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: false }
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      curly: ['error', 'all'],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': ['error', { allow: ['warn', 'error'] }]
    }
  },
  {
    // What stands in a file, and what tools are called, is in no language.
    files: ['src/formats/**/*.ts'],
    rules: { 'jupyter/no-untranslated-string': 'off' }
  },
  {
    files: ['src/profile/**/*.ts', 'src/wire/**/*.ts', 'src/formats/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/__tests__/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                '@jupyterlab/*',
                '@lumino/*',
                '@jupyter/*',
                'react*',
                'node:*'
              ],
              message:
                'src/profile, src/wire and src/formats are pure: no JupyterLab, Lumino or Node.'
            },
            {
              regex:
                '^(\\.\\./)+(views|notebook|documents|plugins|tokens|index|mime)(/|$)',
              message:
                'src/profile, src/wire and src/formats are below everything else: arrows go down only.'
            }
          ]
        }
      ],
      'no-restricted-globals': ['error', ...pageGlobals]
    }
  },
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' }
  },
  {
    files: ['tools/**/*.mjs', 'benchmarks/**/*.mjs'],
    rules: { curly: ['error', 'all'], eqeqeq: ['error', 'always'] }
  }
);
