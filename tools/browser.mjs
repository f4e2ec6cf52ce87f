// The browser for the tests: one that is there, else Playwright's own download,
// else Debian's package. Without one the browser tests fail, they are not skipped.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { cache, isRoot, isWindows, root } from './paths.mjs';
import { Stop, run, say } from './run.mjs';

const programFiles = [
  process.env.PROGRAMFILES,
  process.env['PROGRAMFILES(X86)'],
  process.env.LOCALAPPDATA
].filter(Boolean);

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...programFiles.map(folder =>
    join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')
  )
];

const downloads = {
  PLAYWRIGHT_BROWSERS_PATH: join(cache, 'browsers'),
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: undefined,
  // Three tries of ten seconds, where the network has no way there at all.
  PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000'
};

/** Ubuntu's chromium-browser, for one, can be a script that only says how to get it. */
function starts(path) {
  if (!existsSync(path)) {
    return false;
  }
  // On Windows --version opens a window instead of answering.
  return (
    isWindows || spawnSync(path, ['--version'], { timeout: 30000 }).status === 0
  );
}

function downloaded() {
  const { stdout } = spawnSync(
    process.execPath,
    [
      '-e',
      "process.stdout.write(require('@playwright/test').chromium.executablePath())"
    ],
    {
      cwd: join(root, 'ui-tests'),
      encoding: 'utf8',
      env: { ...process.env, ...downloads }
    }
  );
  return stdout || '';
}

/** The path of a Chromium that starts, after installing one if need be. */
export async function findBrowser() {
  const wish = process.env.CHROMIUM_PATH;
  if (wish) {
    if (starts(wish)) {
      return wish;
    }
    throw new Stop(
      `CHROMIUM_PATH=${wish} cannot be started: set it to the program of a Chromium or Chrome, or unset it.`
    );
  }
  const found = places.find(starts);
  if (found) {
    return found;
  }
  if (starts(downloaded())) {
    return downloaded();
  }
  say("no Chromium here: trying Playwright's download");
  await run(
    process.execPath,
    [join(root, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium'],
    { env: downloads, log: 'playwright-install', timeoutMinutes: 10 }
  );
  if (starts(downloaded())) {
    return downloaded();
  }
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    say("Playwright's download did not work: installing Debian's chromium");
    const options = {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      log: 'apt-get',
      timeoutMinutes: 10
    };
    await run('/usr/bin/apt-get', ['update'], options);
    await run(
      '/usr/bin/apt-get',
      [
        'install',
        '-y',
        '--no-install-recommends',
        'chromium',
        'fonts-dejavu-core'
      ],
      options
    );
    const installed = places.find(starts);
    if (installed) {
      return installed;
    }
  }
  throw new Stop(
    'No Chromium was found and none could be installed: install Chromium or Chrome (Debian, as root: apt-get install -y chromium), or set CHROMIUM_PATH to its path.'
  );
}
