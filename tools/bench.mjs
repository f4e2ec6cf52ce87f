// npm run bench: what profiling costs, side by side with other profilers.
//
// npm run bench                        all parts, 9 rounds; writes docs/benchmarks.md
// npm run bench -- --rounds 3          a quick look, also written
// npm run bench -- kernel browser      only these parts, printed
// npm run bench -- trees --write       the same, and its section of docs/benchmarks.md is written
//
// Several parts run in processes of their own, one after another, each with a limit of time:
// one that fails or hangs leaves its section as it was, and the others go on. Nothing here passes
// or fails by a figure. A profiler of others that fails is named in the tables; if this package
// fails, so does the run.
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { measureBrowser } from '../benchmarks/browser.mjs';
import { measureDecode } from '../benchmarks/decode.mjs';
import { files, measureFiles } from '../benchmarks/files.mjs';
import { filesTables } from '../benchmarks/filesTables.mjs';
import { nativeTables } from '../benchmarks/nativeTables.mjs';
import { measureOpening } from '../benchmarks/opening.mjs';
import { openingTable } from '../benchmarks/openingTable.mjs';
import { figuresOf } from '../benchmarks/python.mjs';
import { measureTrees } from '../benchmarks/trees.mjs';
import { treesTables } from '../benchmarks/treesTables.mjs';
import { measureViews, writePayload } from '../benchmarks/views.mjs';
import { between, provenance } from './benchPage.mjs';
import {
  chunksTable,
  kernelTables,
  linesTable,
  overheadTables,
  savedTable,
  viewsTable,
  visibleTable,
  wireTable
} from './benchTable.mjs';
import { allChunks } from './budget.mjs';
import { leavings } from './lab.mjs';
import { bin, labextension, root } from './paths.mjs';
import { otherPythons } from './python.mjs';
import { Stop, main, readJson, say } from './run.mjs';
import { ownPython, setUp, setUpBench, setUpPeers } from './setup.mjs';

const page = join(root, 'docs', 'benchmarks.md');

/** Up to so many rounds it is a quick look: the realistic cell gets less to do. */
const quickRounds = 3;

/** The figures of a benchmark in Python, with each Python's environment. */
async function ofEach(folders, name, args) {
  const found = [];
  for (const folder of folders) {
    found.push(await figuresOf(name, folder, args));
    say(`${name}: Python ${found.at(-1).python} is done`);
  }
  return found;
}

/** `minutes`: after so many a part is ended, set-up included. They are far above what it takes. */
const parts = {
  kernel: {
    title: 'cells in live kernels',
    minutes: 30,
    async measure({ folders, rounds }) {
      return {
        kernel: await ofEach(folders, 'kernel', [
          `--rounds=${rounds}`,
          ...(rounds <= quickRounds ? ['--quick'] : [])
        ])
      };
    },
    show: kernelTables
  },
  overhead: {
    title: 'what tracing costs, without a kernel',
    minutes: 20,
    async measure({ folders, rounds }) {
      const [counter, system] = [
        await ofEach(folders, 'overhead', [`--rounds=${rounds}`]),
        await ofEach(folders, 'overhead', [
          `--rounds=${rounds}`,
          '--clock=system'
        ])
      ];
      return {
        overhead: counter.map((found, i) => ({
          counter: found,
          system: system[i]
        }))
      };
    },
    show: overheadTables
  },
  lines: {
    title: 'what counting lines costs',
    minutes: 10,
    async measure({ folders, rounds }) {
      return { lines: await ofEach(folders, 'lines', [`--rounds=${rounds}`]) };
    },
    show: linesTable
  },
  browser: {
    title: 'results in JupyterLab, and in saved notebooks',
    minutes: 20,
    async measure({ folders, rounds }) {
      return {
        saved: await figuresOf('saved', folders[0]),
        browser: await measureBrowser(folders[0], rounds)
      };
    },
    show: figures => `${savedTable(figures)}\n\n${visibleTable(figures)}`
  },
  opening: {
    title: 'notebooks with fifty results',
    minutes: 15,
    async measure({ folders, rounds }) {
      return { opening: await measureOpening(folders[0], rounds) };
    },
    show: openingTable
  },
  views: {
    title: 'views of large profiles',
    minutes: 20,
    async measure({ folders, rounds }) {
      return { views: await measureViews(folders[0], rounds) };
    },
    show: viewsTable
  },
  trees: {
    title: 'call trees, beside other viewers',
    minutes: 25,
    async measure({ folders, rounds }) {
      return {
        trees: await measureTrees(folders[0], await setUpPeers(), rounds)
      };
    },
    show: treesTables
  },
  files: {
    title: 'large files, beside another viewer',
    minutes: 45,
    async measure({ folders, rounds }) {
      return {
        files: await measureFiles(folders[0], await setUpPeers(), rounds)
      };
    },
    show: filesTables
  },
  native: {
    title: 'compiled code: time and memory',
    minutes: 60,
    async measure({ folders, rounds }) {
      const dump = join(leavings, 'ticks.pp');
      await files.find(({ file }) => file === 'ticks.pp').make(dump);
      return {
        native: await ofEach(folders, 'native', [
          `--rounds=${rounds}`,
          `--dump=${dump}`
        ])
      };
    },
    show: nativeTables
  },
  chunks: {
    title: 'bytes that a browser fetches',
    minutes: 15,
    measure: () => ({ chunks: allChunks(join(labextension, 'static')) }),
    show: chunksTable
  },
  wire: {
    title: 'wire format, and tables of a large tree',
    minutes: 15,
    async measure({ folders, rounds }) {
      const pythons = await ofEach(folders, 'wire', [`--rounds=${rounds}`]);
      const large = await ofEach(folders, 'large', [`--rounds=${rounds}`]);
      const payload = join(leavings, 'paths.json');
      await writePayload(bin('python', folders[0]), payload, {
        paths: pythons[0].nodes
      });
      return {
        wire: { pythons, large, node: await measureDecode(payload, rounds) }
      };
    },
    show: wireTable
  }
};

function wishes() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '9' },
      write: { type: 'boolean', default: false },
      // Given by a run of several parts: the load that was there before any of them.
      load: { type: 'string' }
    }
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
  const names = [...new Set(positionals)];
  return {
    rounds,
    names: names.length > 0 ? names : Object.keys(parts),
    isWritten: values.write || names.length === 0,
    load: values.load === undefined ? os.loadavg()[0] : Number(values.load)
  };
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
    system: `${system} (${os.arch()})`
  };
}

/** Measure one part, print its tables, and write them if that is wished. */
async function measurePart(name, { rounds, isWritten, load }) {
  const part = parts[name];
  await setUp({ compiled: 'require' });
  const own = ownPython();
  const others = otherPythons(own.minor).flatMap(({ python }) => python ?? []);
  const folders = [];
  for (const python of [own, ...others.reverse()]) {
    folders.push(await setUpBench(python));
  }
  mkdirSync(leavings, { recursive: true });
  say(`=== ${name}: ${part.title}, ${rounds} rounds`);
  const figures = {
    command: `npm run bench -- ${name}${rounds === 9 ? '' : ` --rounds ${rounds}`}`,
    date: new Date().toISOString().slice(0, 10),
    rounds,
    machine: machine(),
    tools: readJson(join(root, 'benchmarks', 'tools.json')),
    ...(await part.measure({ folders, rounds })),
    load: { before: load, after: os.loadavg()[0] }
  };
  writeFileSync(join(leavings, `${name}.json`), JSON.stringify(figures));
  const section = `${provenance(figures)}\n\n${part.show(figures)}`;
  console.log(`\n${section}\n`);
  if (isWritten) {
    writeFileSync(page, between(readFileSync(page, 'utf8'), name, section));
    say(`docs/benchmarks.md has the figures of ${name}`);
  } else {
    say('docs/benchmarks.md is left as it is: --write writes into it');
  }
}

/** Measure a part in a process of its own; whether it was done in time. */
function inOwnProcess(name, { rounds, isWritten, load }) {
  return new Promise(resolve => {
    const child = spawn(
      process.execPath,
      [
        fileURLToPath(import.meta.url),
        name,
        `--rounds=${rounds}`,
        `--load=${load}`,
        ...(isWritten ? ['--write'] : [])
      ],
      { stdio: 'inherit' }
    );
    const interrupt = () => {
      child.kill('SIGTERM');
      process.exit(130);
    };
    const { minutes } = parts[name];
    const timers = [
      setTimeout(() => {
        say(`${name} did not end within ${minutes} minutes: it is ended`);
        child.kill('SIGTERM');
      }, minutes * 60_000),
      // Time for it to end what it has started.
      setTimeout(() => child.kill('SIGKILL'), minutes * 60_000 + 30_000)
    ];
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const done = isDone => {
      timers.forEach(clearTimeout);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve(isDone);
    };
    child.on('error', () => done(false)).on('close', code => done(code === 0));
  });
}

await main(async () => {
  const { names, ...wanted } = wishes();
  if (names.length === 1) {
    await measurePart(names[0], wanted);
    return;
  }
  const failed = [];
  for (const name of names) {
    if (!(await inOwnProcess(name, wanted))) {
      failed.push(name);
    }
  }
  if (failed.length > 0) {
    throw new Stop(
      `No figures of ${failed.join(', ')}: the reason stands above. Each can be measured by itself, as npm run bench -- ${failed[0]} --write.`
    );
  }
  say(`all parts are measured: ${names.join(', ')}`);
});
