// npm run bench: what profiling costs, side by side with other profilers, in one run.
//
// npm run bench                      all of it, 9 rounds; writes docs/benchmarks.md
// npm run bench -- --rounds 3        a quick look, also written
// npm run bench -- kernel browser    only these parts; nothing is written
//
// Nothing here passes or fails by a figure. A profiler of others that fails is named in
// the tables; if this package fails, so does the run.
import './node-version.mjs';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { measureBrowser } from '../benchmarks/browser.mjs';
import { measureDecode } from '../benchmarks/decode.mjs';
import { leavings } from './lab.mjs';
import { figuresOf } from '../benchmarks/python.mjs';
import { measureViews, writePayload } from '../benchmarks/views.mjs';
import {
  between,
  document,
  kernelTables,
  savedTable,
  viewsTable,
  visibleTable,
  wireTable
} from './benchTable.mjs';
import { bin, root } from './paths.mjs';
import { otherPythons } from './python.mjs';
import { Stop, main, readJson, say } from './run.mjs';
import { ownPython, setUp, setUpBench } from './setup.mjs';

const page = join(root, 'docs', 'benchmarks.md');

/** Up to so many rounds it is a quick look: the realistic cell gets less to do. */
const quickRounds = 3;

const parts = {
  kernel: {
    title: 'cells in live kernels',
    async measure({ folders, rounds }) {
      const kernel = [];
      for (const folder of folders) {
        const found = await figuresOf('kernel', folder, [
          `--rounds=${rounds}`,
          ...(rounds <= quickRounds ? ['--quick'] : [])
        ]);
        say(`Python ${found.python} is done`);
        kernel.push(found);
      }
      return { kernel };
    },
    show: kernelTables
  },
  browser: {
    title: 'results in JupyterLab, and in saved notebooks',
    async measure({ folders, rounds }) {
      return {
        saved: await figuresOf('saved', folders[0]),
        browser: await measureBrowser(folders[0], rounds)
      };
    },
    show: figures => `${savedTable(figures)}\n\n${visibleTable(figures)}`
  },
  views: {
    title: 'views of large profiles',
    async measure({ folders, rounds }) {
      return { views: await measureViews(folders[0], rounds) };
    },
    show: viewsTable
  },
  wire: {
    title: 'wire format',
    async measure({ folders, rounds }) {
      const pythons = [];
      for (const folder of folders) {
        pythons.push(await figuresOf('wire', folder, [`--rounds=${rounds}`]));
      }
      const payload = join(leavings, 'paths.json');
      await writePayload(bin('python', folders[0]), payload, {
        paths: pythons[0].nodes
      });
      return { wire: { pythons, node: await measureDecode(payload, rounds) } };
    },
    show: wireTable
  }
};

function wishes() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '9' } }
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Stop(
      `--rounds ${values.rounds} is no number of rounds: give a whole number above 0.`
    );
  }
  for (const name of positionals) {
    if (!Object.hasOwn(parts, name)) {
      throw new Stop(
        `There is no part "${name}": the parts are ${Object.keys(parts).join(', ')}.`
      );
    }
  }
  return { rounds, names: positionals };
}

function machine() {
  let system = `${os.type()} ${os.release()}`;
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    system = /^PRETTY_NAME="?(.*?)"?$/m.exec(release)?.[1] ?? system;
  } catch {
    // Not a Linux with that file.
  }
  return {
    cores: os.availableParallelism(),
    model: os.cpus()[0]?.model.trim() || 'of unknown make',
    memory: Math.round(os.totalmem() / 2 ** 30),
    system: `${system} (${os.arch()})`,
    load: os.loadavg()[0].toFixed(1)
  };
}

await main(async () => {
  const { rounds, names } = wishes();
  const chosen = names.length > 0 ? [...new Set(names)] : Object.keys(parts);
  await setUp({ compiled: 'require' });
  const own = ownPython();
  const others = otherPythons(own.minor).flatMap(({ python }) => python ?? []);
  const folders = [];
  for (const python of [own, ...others.reverse()]) {
    folders.push(await setUpBench(python));
  }
  mkdirSync(leavings, { recursive: true });
  const figures = {
    command: `npm run bench${rounds === 9 ? '' : ` -- --rounds ${rounds}`}`,
    date: new Date().toISOString().slice(0, 10),
    rounds,
    machine: machine(),
    tools: readJson(join(root, 'benchmarks', 'tools.json'))
  };
  for (const name of chosen) {
    say(`=== ${name}: ${parts[name].title}, ${rounds} rounds`);
    Object.assign(figures, await parts[name].measure({ folders, rounds }));
    console.log(`\n${parts[name].show(figures)}\n`);
  }
  writeFileSync(join(leavings, 'figures.json'), JSON.stringify(figures));
  if (names.length > 0) {
    say(`only ${chosen.join(', ')}: docs/benchmarks.md is left as it is`);
    return;
  }
  writeFileSync(page, between(readFileSync(page, 'utf8'), document(figures)));
  say('docs/benchmarks.md is written');
});
