// Runs JupyterLab from .venv and Galata's tests in a real Chromium.
// tools/steps.mjs chooses the browser and the port and calls this.
const base = require('@jupyterlab/galata/lib/playwright-config');

const port = process.env.PROFILER_TEST_PORT;
const executablePath = process.env.CHROMIUM_PATH;
if (!port || !executablePath) {
  throw new Error('Run the browser tests with: npm test -- browser');
}

const asRoot = process.getuid?.() === 0 ? ' --allow-root' : '';

module.exports = {
  ...base,
  testDir: 'tests',
  outputDir: '../.sandbox/browser/results',
  forbidOnly: true,
  timeout: 120000,
  workers: 1,
  retries: process.env.CI ? 1 : 0,
  reporter: [['list'], ['json']],
  use: {
    ...base.use,
    baseURL: `http://localhost:${port}`,
    video: 'off',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: [
        // A container run as root has no sandbox to offer.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  webServer: {
    command: `jupyter lab --config jupyter_server_test_config.py --ServerApp.port=${port} --ServerApp.port_retries=0${asRoot}`,
    url: `http://localhost:${port}/lab`,
    timeout: 120000,
    stderr: 'ignore',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10000 },
    // A server that happens to listen there has other settings.
    reuseExistingServer: false
  }
};
