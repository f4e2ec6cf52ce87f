import { defineConfig } from 'vitest/config';

// The pure code runs in Node; a spec that needs a document starts with
// `// @vitest-environment jsdom`.
export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'tools/**/*.spec.mjs'],
    environment: 'node',
    // Specs are many and short: starting a process for each takes longer than most of them.
    pool: 'threads',
    maxWorkers: '100%',
    // How long a test takes says something about the machine, not about the product.
    setupFiles: ['tools/vitestSetup.mjs'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A test that is left alone by mistake (`it.only`) must not hide the rest.
    allowOnly: false
  }
});
