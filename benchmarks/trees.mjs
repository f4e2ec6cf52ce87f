// How quick the call tree is: to draw, to zoom, to search and under the pointer, side by side
// with d3-flame-graph and speedscope, on the same made-up trees in the same Chromium.
//
//     node benchmarks/trees.mjs [--rounds N] [--sizes 1000,10000] [--json]
//
// The call tree is the one of JupyterLab, without JupyterLab around it. Each case runs in a page
// of its own. What does not end in time is named, and neither it nor a larger tree is tried again;
// a viewer that needs long has fewer rounds.
import '../tools/node-version.mjs';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { findBrowser } from '../tools/browser.mjs';
import { leavings } from '../tools/lab.mjs';
import { bin, root } from '../tools/paths.mjs';
import { isMain, main, readJson, say } from '../tools/run.mjs';
import { ownPython, setUp, setUpBench, setUpPeers } from '../tools/setup.mjs';
import { treesTables } from './treesTables.mjs';
import { TooLong, within } from './limit.mjs';
import { bundleViewers } from './viewers/bundle.mjs';
import { browserFlags, noGPU, softwareGL } from './viewers/flags.mjs';
import { serve } from './viewers/serve.mjs';
import { watchSpeedscope, writeSpeedscope } from './viewers/speedscope.mjs';
import { writePayload } from './views.mjs';

const { chromium } = createRequire(join(root, 'ui-tests/package.json'))(
  '@playwright/test'
);

const sizes = [1_000, 10_000, 100_000, 1_000_000];

/** Seconds that a round may take. */
const limit = 45;

/** Seconds for all rounds of a viewer and a size: then there are no more. */
const budgets = { ours: 120, others: 30 };

const inPage = (page, address, ...options) =>
  page.evaluate(all => window.measure(...all), [address, ...options]);

/** `round(page, url, name)` opens what is measured, and resolves with its figures. */
const viewers = [
  {
    name: 'ours',
    flags: noGPU,
    async round(page, url, name) {
      await open(page, url, 'ours');
      return inPage(page, `/data/${name}.json`);
    }
  },
  ...[0, 1].map(least => ({
    name: `d3_${least}`,
    flags: noGPU,
    async round(page, url, name) {
      await open(page, url, 'd3');
      return inPage(page, `/data/${name}.json`, least);
    }
  })),
  {
    name: 'speedscope',
    flags: softwareGL,
    async round(page, url, name) {
      await page.addInitScript(watchSpeedscope);
      const file = `${url}/data/${name}.speedscope.json`;
      await page.goto(
        `${url}/speedscope/index.html#profileURL=${encodeURIComponent(file)}`
      );
      return inPage(page);
    }
  }
];

async function open(page, url, name) {
  await page.goto(`${url}/pages/page.html`);
  await page.addScriptTag({ url: `/built/${name}.js` });
}

/** One round in a page of its own. */
async function oneRound(browser, viewer, url, name, picture) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 }
  });
  try {
    const page = await context.newPage();
    const said = [];
    page.on('pageerror', error => said.push(error.message));
    const crashed = new Promise((_, reject) =>
      page.on('crash', () => reject(new Error('its page crashed')))
    );
    crashed.catch(() => undefined);
    try {
      const found = await within(
        limit,
        Promise.race([viewer.round(page, url, name), crashed])
      );
      if (picture) {
        await within(15, page.screenshot({ path: picture })).catch(() =>
          say(`  no screenshot of ${viewer.name}`)
        );
      }
      return found;
    } catch (error) {
      throw said.length > 0 && !(error instanceof TooLong)
        ? new Error(`${error.message.split('\n')[0]} (${said[0]})`)
        : error;
    }
  } finally {
    // A page that is busy does not close.
    await within(5, context.close()).catch(() => undefined);
  }
}

/** All rounds of a viewer with a tree: `{ rounds: [figures], failed }`. */
async function measureCase(viewer, url, name, rounds) {
  // By itself, so that it can be ended by force.
  const server = await chromium.launchServer({
    executablePath: await findBrowser(),
    args: [...browserFlags, ...viewer.flags]
  });
  const found = { rounds: [] };
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    found.browser = browser.version();
    const budget = viewer.name === 'ours' ? budgets.ours : budgets.others;
    const began = Date.now();
    while (
      found.rounds.length < rounds &&
      (found.rounds.length === 0 || Date.now() - began < budget * 1000)
    ) {
      const picture =
        found.rounds.length === 0 &&
        join(leavings, `tree-${viewer.name}-${name}.png`);
      found.rounds.push(await oneRound(browser, viewer, url, name, picture));
    }
  } catch (error) {
    found.failed = error.message.split('\n')[0];
  } finally {
    await server.kill();
  }
  return found;
}

function versions(peers) {
  const { dependencies } = readJson(join(peers, 'package.json'));
  return Object.fromEntries(
    Object.entries(dependencies).filter(([name]) => !name.startsWith('d3-sel'))
  );
}

/** All of it: `{ browser, peers, sizes, bytes, cases: { VIEWER: { SIZE: { rounds, failed } } } }`. */
export async function measureTrees(
  kernelFolder,
  peers,
  rounds,
  wanted = sizes
) {
  const built = join(leavings, 'viewers');
  const data = join(leavings, 'trees');
  mkdirSync(data, { recursive: true });
  say('the pages with the viewers');
  await bundleViewers(built, peers);
  const { url, close } = await serve({
    pages: join(root, 'benchmarks/viewers'),
    built,
    data,
    speedscope: join(peers, 'node_modules/speedscope/dist/release')
  });
  const cases = Object.fromEntries(viewers.map(({ name }) => [name, {}]));
  const bytes = {};
  let browser;
  try {
    for (const size of wanted) {
      const name = `${size}`;
      const path = join(data, `${name}.json`);
      say(`a tree of ${size} nodes`);
      bytes[size] = await writePayload(bin('python', kernelFolder), path, {
        tree: size
      });
      await writeSpeedscope(path, join(data, `${name}.speedscope.json`));
      for (const viewer of viewers) {
        const before = Object.values(cases[viewer.name]);
        if (before.some(({ failed }) => failed)) {
          cases[viewer.name][size] = { rounds: [], failed: 'not tried' };
          continue;
        }
        const found = await measureCase(viewer, url, name, rounds);
        say(
          `  ${viewer.name}: ${found.rounds.length} rounds${found.failed ? `, then ${found.failed}` : ''}`
        );
        cases[viewer.name][size] = found;
        browser = found.browser ?? browser;
        if (viewer.name === 'ours' && found.rounds.length === 0) {
          throw new Error(
            `the call tree of ${size} nodes was not drawn: ${found.failed}`
          );
        }
      }
    }
  } finally {
    close();
    rmSync(data, { recursive: true, force: true });
  }
  return { browser, peers: versions(peers), sizes: wanted, bytes, cases };
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '9' },
        sizes: { type: 'string', default: sizes.join(',') },
        json: { type: 'boolean', default: false }
      }
    });
    await setUp();
    const trees = await measureTrees(
      await setUpBench(ownPython()),
      await setUpPeers(),
      Number(values.rounds),
      values.sizes.split(',').map(Number)
    );
    console.log(values.json ? JSON.stringify(trees) : treesTables({ trees }));
  });
}
