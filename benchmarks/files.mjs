// How long large profile files take from the command that opens them to what is to be seen, in
// JupyterLab in a real Chromium, and what memory they need; beside speedscope, with the same files
// in the same Chromium.
//
//     node benchmarks/files.mjs [--rounds N] [--only NAME,NAME] [--json]
//
// The files are made when they are needed and deleted afterwards. Each round has a browser of its
// own, so that nothing is compiled or in memory before. What crashes or does not end in time is
// named, and not tried again.
import '../tools/node-version.mjs';
import { rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { findBrowser } from '../tools/browser.mjs';
import { labVersion, leavings, withLab } from '../tools/lab.mjs';
import { bin, root } from '../tools/paths.mjs';
import { isMain, main, readJson, say } from '../tools/run.mjs';
import { ownPython, setUp, setUpBench, setUpPeers } from '../tools/setup.mjs';
import { filesTables } from './filesTables.mjs';
import { installFiles } from './inPageFiles.mjs';
import { within } from './limit.mjs';
import {
  collapsedLines,
  igprofLines,
  sampledPieces,
  writePieces
} from './madeUp.mjs';
import { pageMemory } from './processes.mjs';
import { browserFlags, noGPU, softwareGL } from './viewers/flags.mjs';
import { serve } from './viewers/serve.mjs';
import { watchSpeedscope, writeSpeedscope } from './viewers/speedscope.mjs';
import { writePayload } from './views.mjs';

const { chromium } = createRequire(join(root, 'ui-tests/package.json'))(
  '@playwright/test'
);

const MB = 1_000_000;

/** Seconds that a round may take. */
const limit = 180;

/** Seconds for all rounds of a viewer with a file: then there are no more. */
const budget = 240;

/**
 * `make(path, python)` writes the file. `lacks`: why speedscope cannot show it.
 */
export const files = [
  {
    file: 'tree.speedscope.json',
    label: 'call tree of 1 000 000 nodes, speedscope’s JSON, evented',
    async make(path, python) {
      const payload = `${path}.payload`;
      await writePayload(python, payload, { tree: 1_000_000 });
      await writeSpeedscope(payload, path);
      rmSync(payload);
    }
  },
  {
    file: 'stacks.folded',
    label: 'collapsed stacks, as py-spy writes them',
    make: path => writePieces(path, collapsedLines(), 100 * MB)
  },
  {
    file: 'samples.speedscope.json',
    label: 'speedscope’s JSON, sampled, as py-spy writes it',
    make: path => writePieces(path, sampledPieces(100 * MB))
  },
  {
    file: 'functions.prof',
    label:
      'cProfile, 100 000 functions and 400 000 edges (its tree is an estimate)',
    lacks: 'does not read cProfile’s files',
    make: (path, python) =>
      writePayload(python, path, {
        functions: 100_000,
        edges: 400_000,
        format: 'pstats'
      })
  },
  {
    file: 'ticks.pp',
    label: 'igprof, a dump as plain text',
    lacks: 'does not read igprof’s dumps',
    make: path => writePieces(path, igprofLines(), 50 * MB)
  }
];

/** One round in a browser of its own; `work(page)` resolves with its figures. */
async function inBrowser(flags, picture, work) {
  const server = await chromium.launchServer({
    executablePath: await findBrowser(),
    args: [...browserFlags, ...flags]
  });
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 }
    });
    const page = await context.newPage();
    const said = [];
    page.on('pageerror', error => said.push(error.message));
    const crashed = new Promise((_, reject) =>
      page.on('crash', () => reject(new Error('its page crashed')))
    );
    crashed.catch(() => undefined);
    const memory = () => pageMemory(server.process().pid);
    let found;
    try {
      found = await within(limit, Promise.race([work(page, memory), crashed]));
    } catch (error) {
      const [first] = error.message.split('\n');
      error.message = said.length > 0 ? `${first} (${said[0]})` : first;
      throw error;
    } finally {
      if (picture) {
        await within(15, page.screenshot({ path: picture })).catch(
          () => undefined
        );
      }
    }
    return { ...found, browser: browser.version() };
  } finally {
    await server.kill();
  }
}

/** Bytes of a page when nothing is left that could be: of JavaScript's heap, and of its process. */
async function atRest(page, memory) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  for (let turn = 0; turn < 3; turn++) {
    await session.send('HeapProfiler.collectGarbage');
  }
  const { metrics } = await session.send('Performance.getMetrics');
  return {
    heap: metrics.find(({ name }) => name === 'JSHeapUsedSize').value,
    rest: memory()?.now
  };
}

/** A file in JupyterLab. */
function ours(lab, file, picture) {
  return inBrowser(noGPU, picture, async (page, memory) => {
    await page.goto(`${lab}/lab?reset`);
    await page.waitForFunction(() => window.jupyterapp?.restored, undefined, {
      timeout: 90_000
    });
    await page.evaluate(() => window.jupyterapp.restored);
    await page.evaluate(installFiles);
    const before = memory()?.peak;
    const found = { lab: await labVersion(page) };
    found.table = await page.evaluate(path => window.files.open(path), file);
    found.peak = memory()?.peak;
    const look = label => page.evaluate(name => window.files.look(name), label);
    found.tree = await look('Call tree');
    Object.assign(found, await atRest(page, memory));
    found.map = await look('Square map');
    return { ...found, before };
  });
}

/** A file in speedscope. */
function speedscope(url, file, picture) {
  return inBrowser(softwareGL, picture, async (page, memory) => {
    await page.goto(`${url}/speedscope/index.html`);
    await page.waitForTimeout(500);
    const before = memory()?.peak;
    await page.goto('about:blank');
    await page.addInitScript(watchSpeedscope);
    await page.goto(
      `${url}/speedscope/index.html#profileURL=${encodeURIComponent(`${url}/data/${file}`)}`
    );
    const tree = await page.evaluate(() => window.shown);
    const { peak } = memory() ?? {};
    return { tree, peak, before, ...(await atRest(page, memory)) };
  });
}

/** All rounds of a viewer with a file: `{ rounds: [figures], failed }`. */
async function allRounds(rounds, round) {
  const found = { rounds: [] };
  const began = Date.now();
  try {
    while (
      found.rounds.length < rounds &&
      (found.rounds.length === 0 || Date.now() - began < budget * 1000)
    ) {
      found.rounds.push(await round(found.rounds.length === 0));
    }
  } catch (error) {
    found.failed = error.message;
  }
  return found;
}

/** All of it: `{ lab, browser, peers, files: [{ file, label, lacks, bytes, ours, speedscope }] }`. */
export function measureFiles(kernelFolder, peers, rounds, wanted = files) {
  return withLab(kernelFolder, async ({ url: lab, rootFolder }) => {
    const { url, close } = await serve({
      data: rootFolder,
      speedscope: join(peers, 'node_modules/speedscope/dist/release')
    });
    const found = [];
    try {
      for (const { file, label, lacks, make } of wanted) {
        const path = join(rootFolder, file);
        await make(path, bin('python', kernelFolder));
        const bytes = statSync(path).size;
        say(`${file}: ${bytes} bytes`);
        const picture = (viewer, isFirst) =>
          isFirst && join(leavings, `file-${viewer}-${file}.png`);
        const of = { file, label, lacks, bytes };
        of.ours = await allRounds(rounds, isFirst =>
          ours(lab, file, picture('ours', isFirst))
        );
        say(`  in JupyterLab: ${told(of.ours)}`);
        if (!lacks) {
          of.speedscope = await allRounds(rounds, isFirst =>
            speedscope(url, file, picture('speedscope', isFirst))
          );
          say(`  in speedscope: ${told(of.speedscope)}`);
        }
        found.push(of);
        rmSync(path);
      }
    } finally {
      close();
      wanted.forEach(({ file }) =>
        rmSync(join(rootFolder, file), { force: true })
      );
    }
    const [first] = found.flatMap(one => one.ours.rounds);
    const { speedscope: version } = readJson(
      join(peers, 'package.json')
    ).dependencies;
    return {
      lab: first?.lab,
      browser: first?.browser,
      peers: { speedscope: version },
      files: found
    };
  });
}

const told = ({ rounds, failed }) =>
  `${rounds.length} rounds${failed ? `, then ${failed}` : ''}`;

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '9' },
        only: { type: 'string' },
        json: { type: 'boolean', default: false }
      }
    });
    await setUp();
    const names = values.only?.split(',');
    const found = await measureFiles(
      await setUpBench(ownPython()),
      await setUpPeers(),
      Number(values.rounds),
      files.filter(({ file }) => names?.includes(file) ?? true)
    );
    console.log(
      values.json ? JSON.stringify(found) : filesTables({ files: found })
    );
  });
}
