// How quick the views are in JupyterLab in a real Chromium: to show a profile, to sort its
// table, to scroll it.
//
//     node benchmarks/views.mjs [--rounds N] [--json]
//
// The profiles are made by payloads.py and put into an output of a notebook; the chunk with
// the views is loaded before. The first of each kind is told apart: the browser has not
// compiled the code then.
import '../tools/node-version.mjs';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

import { bin, root } from '../tools/paths.mjs';
import { environment, isMain, main, say } from '../tools/run.mjs';
import { ownPython, setUp, setUpBench } from '../tools/setup.mjs';
import { slowest, spread } from './figures.mjs';
import { installViews } from './inPageViews.mjs';
import {
  MIME,
  labVersion,
  openNotebook,
  withLab,
  writeNotebook
} from '../tools/lab.mjs';

const sizes = [
  { functions: 5_000, edges: 20_000 },
  { functions: 100_000, edges: 400_000 }
];

/** Steps in which a table is scrolled to its end. */
const scrollSteps = 60;

/** Have payloads.py write a payload; resolves with its bytes. */
export function writePayload(python, path, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      python,
      [
        join(root, 'benchmarks/payloads.py'),
        ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)
      ],
      { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] }
    );
    const file = createWriteStream(path);
    child.stdout.pipe(file);
    child.on('error', reject).on('exit', code => {
      if (code !== 0) {
        reject(new Error(`payloads.py ended with exit code ${code}`));
      }
    });
    file.on('error', reject).on('finish', () => resolve(file.bytesWritten));
  });
}

async function measureSize(page, name, rounds) {
  await page.evaluate(
    ([mime, address]) => window.views.load(mime, address),
    [MIME, `/files/${name}`]
  );
  const first = await page.evaluate(() => window.views.show());
  const bare = [];
  const show = [];
  const sort = {};
  const scroll = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await page.evaluate(() => window.views.bare()));
    show.push(await page.evaluate(() => window.views.show()));
    for (const { label, ...times } of await page.evaluate(() =>
      window.views.sort()
    )) {
      (sort[label] ??= []).push(times);
    }
    scroll.push(
      await page.evaluate(steps => window.views.scroll(steps), scrollSteps)
    );
  }
  return { bare, first, show, sort, scroll };
}

/** All of it: `{ lab, browser, sizes: [{ functions, edges, bytes, bare, first, show, sort, scroll }] }`. */
export function measureViews(kernelFolder, rounds) {
  return withLab(kernelFolder, async ({ browser, url, rootFolder }) => {
    const python = bin('python', kernelFolder);
    writeNotebook(rootFolder, 'views.ipynb', [{ source: 'pass' }]);
    const small = { functions: 20, edges: 40 };
    await writePayload(python, join(rootFolder, 'small.json'), small);
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 }
    });
    const page = await openNotebook(context, url, 'views.ipynb');
    await page.evaluate(installViews);
    await page.evaluate(
      mime => window.views.load(mime, '/files/small.json'),
      MIME
    );
    await page.evaluate(() => window.views.show());
    const found = [];
    for (const size of sizes) {
      say(`views of ${size.functions} functions`);
      const name = `${size.functions}.json`;
      const bytes = await writePayload(python, join(rootFolder, name), size);
      found.push({
        ...size,
        bytes,
        ...(await measureSize(page, name, rounds))
      });
    }
    const lab = await labVersion(page);
    await context.close();
    return { lab, browser: browser.version(), sizes: found };
  });
}

function show({ sizes: results }) {
  const ms = values => spread(values, { unit: ' ms', digits: 1 });
  for (const { functions, edges, first, ...times } of results) {
    const { label, clicks } = slowest(times.sort);
    const frames = times.scroll.flatMap(run => run.frames);
    const blank = times.scroll.reduce((sum, run) => sum + run.blank, 0);
    console.log(`${functions} functions, ${edges} edges`);
    console.log(`  a bare table of 40 rows: ${ms(times.bare)}`);
    console.log(`  show: first ${ms([first])}, then ${ms(times.show)}`);
    console.log(
      `  sort by ${label}, the slowest: work ${ms(clicks.map(click => click.work))}, to the next paint ${ms(clicks.map(click => click.paint))}`
    );
    console.log(
      `  scroll: ${ms(frames)} a frame, ${blank} of ${frames.length} without rows`
    );
  }
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
    const kernelFolder = await setUpBench(ownPython());
    const results = await measureViews(kernelFolder, Number(values.rounds));
    if (values.json) {
      console.log(JSON.stringify(results));
    } else {
      show(results);
    }
  });
}
