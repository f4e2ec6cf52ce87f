// How much later a notebook with fifty results is open than one with fifty texts, in JupyterLab
// in a real Chromium.
//
//     node benchmarks/opening.mjs [--rounds N] [--json]
//
// Each round loads JupyterLab anew and opens both notebooks twice, in turn: the first time the code
// of the views has to be fetched. A notebook is open when what is in sight has been drawn, and
// all of it when the page is at rest after that.
import '../tools/node-version.mjs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { labVersion, leavings, withLab } from '../tools/lab.mjs';
import { isMain, main, say } from '../tools/run.mjs';
import { ownPython, setUp, setUpBench } from '../tools/setup.mjs';
import { within } from './limit.mjs';
import { openingTable } from './openingTable.mjs';
import { installOpening } from './inPageOpening.mjs';
import { figuresOf } from './python.mjs';

const outputs = 50;

/** Seconds that a round may take. */
const limit = 240;

const books = ['texts', 'results'];

async function round(browser, url, number) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 }
  });
  const page = await context.newPage();
  try {
    await page.goto(`${url}/lab?reset`);
    await page.waitForFunction(() => window.jupyterapp?.restored, undefined, {
      timeout: 90_000
    });
    await page.evaluate(installOpening);
    const found = { lab: await labVersion(page) };
    const order = number % 2 ? [...books].reverse() : books;
    // What a notebook needs at all is loaded before anything counts.
    await page.evaluate(() => window.opening.open('empty.ipynb', 0));
    for (const heat of ['cold', 'warm']) {
      for (const book of order) {
        (found[book] ??= {})[heat] = await page.evaluate(
          ([name, count]) => window.opening.open(name, count),
          [`${book}.ipynb`, outputs]
        );
      }
    }
    return found;
  } catch (error) {
    const path = join(leavings, 'opening.png');
    await within(15, page.screenshot({ path })).catch(() => undefined);
    throw error;
  } finally {
    await within(15, context.close()).catch(() => undefined);
  }
}

/** All of it: `{ lab, browser, outputs, bytes, rounds: [{ texts, results }] }`. */
export function measureOpening(kernelFolder, rounds) {
  return withLab(kernelFolder, async ({ browser, url, rootFolder }) => {
    const written = await figuresOf('fifty', kernelFolder, [
      rootFolder,
      `--outputs=${outputs}`
    ]);
    const found = { outputs, written, browser: browser.version(), rounds: [] };
    for (let number = 0; number < rounds; number++) {
      say(
        `notebooks with ${outputs} outputs, round ${number + 1} of ${rounds}`
      );
      const { lab, ...times } = await within(
        limit,
        round(browser, url, number)
      );
      found.lab = lab;
      found.rounds.push(times);
    }
    return found;
  });
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '9' },
        json: { type: 'boolean', default: false }
      }
    });
    await setUp();
    const opening = await measureOpening(
      await setUpBench(ownPython()),
      Number(values.rounds)
    );
    console.log(
      values.json ? JSON.stringify(opening) : openingTable({ opening })
    );
  });
}
