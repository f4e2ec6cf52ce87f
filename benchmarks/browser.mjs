// How long a user looks at nothing: from the kernel's idle status to the visible result,
// in JupyterLab in a real Chromium, side by side with other profilers; and how many bytes
// the notebook that JupyterLab saves holds of each.
//
//     node benchmarks/browser.mjs [--rounds N] [--json]
//
// Each round opens the notebook anew and runs every tool's cell twice: the first result
// after the page was loaded (cold), and one more (warm). A tool whose result does not
// appear is left out of later rounds, with what the page said and a screenshot.
import '../tools/node-version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { root } from '../tools/paths.mjs';
import { isMain, main, readJson, say } from '../tools/run.mjs';
import { ownPython, setUp, setUpBench } from '../tools/setup.mjs';
import { spread } from './figures.mjs';
import { install } from './inPage.mjs';
import {
  endKernels,
  labVersion,
  leavings,
  openNotebook,
  withLab,
  writeNotebook
} from '../tools/lab.mjs';
import { figuresOf } from './python.mjs';

const here = join(root, 'benchmarks');
const tools = readJson(join(here, 'tools.json')).filter(tool => tool.displays);

/** How long a result may take to appear after the kernel is idle, in ms. */
const patience = 6_000;

/** A tool that takes seconds when the code is done takes part in one of so many rounds. */
const seldom = 3;

/** The notebook of a run: two cells before, then one a tool. */
const firstCell = 2;

// A result that is out of sight is not drawn, so all cells are short: they stand in one view.
function cells(body, setUpCell = 'from workloads import *') {
  return [
    { source: setUpCell },
    { source: tools.map(tool => tool.load).join('\n') },
    ...tools.map(({ name, cell }) => ({
      source: cell.replace('{body}', body),
      metadata: { bench: name }
    }))
  ];
}

/** A page of its own; `seen` are the times at which a tool's result was seen, by name. */
async function open(browser, url, name) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 2000 }
  });
  const seen = new Map();
  const complaints = [];
  await context.exposeBinding('benchSeen', (_, tool, time) => {
    if (!seen.has(tool)) {
      seen.set(tool, time);
    }
  });
  await context.addInitScript(install);
  context.on('console', message => {
    if (message.type() === 'error') {
      complaints.push(message.text());
    }
  });
  context.on('weberror', error => complaints.push(error.error().message));
  const page = await openNotebook(context, url, name);
  for (let index = 0; index < firstCell; index++) {
    const { error } = await page.evaluate(i => window.bench.run(i, ''), index);
    if (error) {
      throw new Error(`the set-up of the notebook failed: ${error}`);
    }
  }
  return { context, page, seen, complaints };
}

/** Run a tool's cell: `{ toIdle, toVisible }` in ms (from the request, from idle), or `{ failed }`. */
async function look({ page, seen, complaints }, index) {
  const tool = tools[index].name;
  seen.delete(tool);
  complaints.length = 0;
  const times = await page.evaluate(
    ([i, name]) => window.bench.run(i, name),
    [firstCell + index, tool]
  );
  const limit = Date.now() + patience;
  while (!seen.has(tool) && !times.error && Date.now() < limit) {
    await wait(10);
  }
  await page.evaluate(() => window.bench.stopLooking());
  if (!seen.has(tool)) {
    const picture = join(leavings, `${tool}.png`);
    await page.screenshot({ path: picture });
    const said = times.error ? [times.error] : [...new Set(complaints)];
    return {
      failed: `nothing to be seen ${patience / 1000} s after the kernel was idle`,
      // Addresses hold a port that is another one each time.
      said: said.map(text => text.replace(/localhost:\d+/g, 'localhost')),
      picture: relative(root, picture)
    };
  }
  return {
    toIdle: times.idle - times.sent,
    toVisible: seen.get(tool) - times.idle
  };
}

async function round(browser, url, number, results) {
  const opened = await open(browser, url, 'timed.ipynb');
  const order = tools.map((_, i) => (i + number) % tools.length);
  for (const heat of ['cold', 'warm']) {
    for (const index of order) {
      const result = (results[tools[index].name] ??= { cold: [], warm: [] });
      if (result.failed || (tools[index].seldom && number % seldom > 0)) {
        continue;
      }
      const found = await look(opened, index);
      if (found.failed) {
        Object.assign(result, found);
      } else {
        result[heat].push(found);
      }
      await opened.page.evaluate(i => window.bench.clear(i), firstCell + index);
      await wait(300);
    }
  }
  const version = await labVersion(opened.page);
  await opened.context.close();
  await endKernels(url);
  return version;
}

/** Run every tool once more on the whole cell, let JupyterLab save, and look at the file. */
async function saved(browser, url, rootFolder, kernelFolder) {
  const opened = await open(browser, url, 'saved.ipynb');
  for (const index of tools.keys()) {
    await opened.page.evaluate(
      ([i, name]) => window.bench.run(i, name),
      [firstCell + index, tools[index].name]
    );
  }
  await wait(1000);
  await opened.page.screenshot({ path: join(leavings, 'results.png') });
  await opened.page.evaluate(() =>
    window.jupyterapp.commands.execute('docmanager:save')
  );
  await opened.context.close();
  return figuresOf('saved', kernelFolder, [
    '--notebook',
    join(rootFolder, 'saved.ipynb')
  ]);
}

/** All of it: `{ lab, browser, rounds, visible, saved }`. */
export function measureBrowser(kernelFolder, rounds) {
  return withLab(kernelFolder, async ({ browser, url, rootFolder }) => {
    const workloads = readFileSync(join(here, 'workloads.py'), 'utf8');
    writeFileSync(join(rootFolder, 'workloads.py'), workloads);
    writeNotebook(rootFolder, 'timed.ipynb', cells('realistic(10_000)'));
    writeNotebook(
      rootFolder,
      'saved.ipynb',
      cells('size = realistic()', workloads)
    );
    const visible = {};
    let lab;
    for (let number = 0; number < rounds; number++) {
      say(`JupyterLab, round ${number + 1} of ${rounds}`);
      lab = await round(browser, url, number, visible);
      if (visible.ours.failed) {
        throw new Error(`this package shows nothing: ${visible.ours.failed}`);
      }
    }
    say('the notebook that JupyterLab saves');
    return {
      lab,
      browser: browser.version(),
      rounds,
      visible,
      saved: await saved(browser, url, rootFolder, kernelFolder)
    };
  });
}

function show({ visible, saved: files }) {
  for (const { name, label } of tools) {
    const { cold, warm, failed, said = [] } = visible[name];
    const of = (runs, key) =>
      runs.length > 0
        ? spread(
            runs.map(result => result[key]),
            { unit: ' ms', digits: 0 }
          )
        : '-';
    console.log(
      failed
        ? `${label}: ${failed}; the page said: ${said.join(' | ')}`
        : `${label}: idle to visible cold ${of(cold, 'toVisible')}, warm ${of(warm, 'toVisible')}; cell warm ${of(warm, 'toIdle')}; saved ${files[name].bytes} bytes (${files[name].types})`
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
    const result = await measureBrowser(kernelFolder, Number(values.rounds));
    if (values.json) {
      console.log(JSON.stringify(result));
    } else {
      show(result);
    }
  });
}
