// How many bytes a user's browser fetches because of us, against the budget.
//
// Jupyter Server sends files uncompressed, so raw bytes count. Which chunk is
// fetched when is read from the build itself: remoteEntry.*.js maps what it
// exposes ("./extension", "./style") to the chunks that JupyterLab loads before
// it is restored, by calls of the bundler's `.e(CHUNK)`. The same calls inside
// those chunks are lazy imports, with the names that the sources give to them:
// "views" is what a first result needs, "tree", "map", "charts" and "lines" what a
// first call tree, map, chart and first lines do, "gutter" what a first result with lines does,
// "native" what one with compiled frames or several metrics does, "calls" what a first look at
// callers and callees does. What gives names of C++ and Rust in files names for people is
// WebAssembly, which is fetched when a file has such a name.
import './node-version.mjs';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { labextension } from './paths.mjs';
import { Results, broken } from './results.mjs';
import { isMain, main } from './run.mjs';
import { setUp } from './setup.mjs';

const limits = {
  remoteEntry: 15_000,
  'before JupyterLab is restored': 40_000,
  'chunks for a first result': 80_000,
  'chunks for a first call tree': 72_000,
  'chunks for a map after a tree': 48_000,
  'chunks for a first chart': 1_350_000,
  'chunks for first lines': 42_000,
  'chunks for costs in the margin': 30_000,
  'chunks for a native result': 42_000,
  'chunks for callers and callees': 10_000,
  'names of C++ and Rust in files': 530_000
};

const atStart = ['./extension', './index', './style'];

/** The chunks that a piece of bundled code loads, as the file names start. */
export function chunksIn(code) {
  const calls = code.matchAll(/\.e\((?:(\d+)|"([^"]+)"|'([^']+)')\)/g);
  return new Set([...calls].map(call => call[1] ?? call[2] ?? call[3]));
}

/** What a remoteEntry says of the names of chunks: a map of name to the id that loads it. */
export function namedChunks(code) {
  // ({512:"views",657:"charts"})[e]||e
  const [, list = ''] = /\(\{([^{}]*)\}\)\[\w\]\|\|\w/.exec(code) ?? [];
  const pairs = list.matchAll(/"?([\w-]+)"?:"([\w-]+)"/g);
  return new Map([...pairs].map(([, id, name]) => [name, id]));
}

/** The chunks that hold packages of JupyterLab's; those that hold nothing else have no file of ours. */
export function sharingChunks(code) {
  // chunkMapping:{613:["76002","48222"],759:["25424"]}
  const [, list = ''] = /chunkMapping:\{([^{}]*)\}/.exec(code) ?? [];
  return new Set([...list.matchAll(/"?([\w-]+)"?:\[/g)].map(([, id]) => id));
}

/** The chunks that are loaded together with this one; none if the code does not load it. */
export function chunksWith(chunk, code) {
  const imports = code.matchAll(/Promise\.all\(\[[^\]]*\]\)|\.e\([^)]*\)/g);
  const groups = [...imports].map(([load]) => chunksIn(load));
  return groups.find(group => group.has(chunk)) ?? new Set();
}

/** What a remoteEntry exposes: a map of name to the code that loads it. */
export function exposed(code) {
  // ,"./index":()=>n.e(590).then(...),  up to the next name or the end of the object
  const entry = /"(\.\/\w+)":\(\)=>(.*?)(?=,"\.\/\w+":|\})/gs;
  return new Map(
    [...code.matchAll(entry)].map(([, name, load]) => [name, load])
  );
}

/** Which of our files a browser fetches when: `{ remoteEntry, start, firstResult, tree, map, charts, lines, gutter, native, calls, names }`, lists of names. */
export function fetches(folder) {
  const files = readdirSync(folder).filter(name => name.endsWith('.js'));
  const read = name => readFileSync(join(folder, name), 'utf8');
  const fileOf = chunk => {
    const [named] = [...ids].find(([, id]) => id === chunk) ?? [chunk];
    const file = files.find(name => name.startsWith(`${named}.`));
    if (!file && !sharing.has(chunk)) {
      throw new Error(`chunk ${chunk} has no file`);
    }
    return file;
  };
  const entries = files.filter(name => name.startsWith('remoteEntry.'));
  if (entries.length !== 1) {
    throw new Error(`${entries.length} remoteEntry files instead of one`);
  }
  const ids = namedChunks(read(entries[0]));
  const sharing = sharingChunks(read(entries[0]));
  const exposes = exposed(read(entries[0]));
  for (const name of atStart) {
    if (!exposes.get(name) || chunksIn(exposes.get(name)).size === 0) {
      throw new Error(
        `remoteEntry does not show which chunks ${name} loads: has the builder changed?`
      );
    }
  }
  const load = names => new Set([...names].map(fileOf).filter(Boolean));
  const start = load(atStart.flatMap(name => [...chunksIn(exposes.get(name))]));
  const loadedBy = (name, names) =>
    load(
      [...names].flatMap(file => [...chunksWith(ids.get(name), read(file))])
    );
  const views = loadedBy('views', start);
  const [tree, map, charts, lines, native, calls] = [
    'tree',
    'map',
    'charts',
    'lines',
    'native',
    'calls'
  ].map(name => loadedBy(name, views));
  const ofTree = new Set([...tree, ...loadedBy('tree-later', tree)]);
  const gutter = loadedBy('gutter', start);
  const isNew = file => !start.has(file) && !views.has(file);
  return {
    remoteEntry: entries,
    start: [...entries, ...start],
    firstResult: [...views].filter(file => !start.has(file)),
    tree: [...tree].filter(isNew),
    // What it has in common with the call tree is measured there.
    map: [...map].filter(file => isNew(file) && !ofTree.has(file)),
    charts: [...charts].filter(isNew),
    lines: [...lines].filter(isNew),
    gutter: [...gutter].filter(isNew),
    native: [...native].filter(isNew),
    calls: [...calls].filter(isNew),
    names: readdirSync(folder).filter(name => name.endsWith('.wasm'))
  };
}

/**
 * Every file of ours that a browser may fetch: `[{ name, bytes, packed, isAtStart, by }]`, the largest first. `packed` is
 * with gzip; `by` are those that load it, `isWorker` whether it is the first of a worker.
 */
export function allChunks(folder) {
  const files = readdirSync(folder).filter(name => name.endsWith('.js'));
  const codeOf = new Map(
    files.map(name => [name, readFileSync(join(folder, name), 'utf8')])
  );
  const { start } = fetches(folder);
  const entry = start.find(name => name.startsWith('remoteEntry.'));
  const names = new Map(
    [...namedChunks(codeOf.get(entry))].map(([name, id]) => [id, name])
  );
  const short = name => name.replace(/\.\w+\.js$|\.js$/, '');
  const loads = new Map(
    files.map(name => {
      const code = codeOf.get(name);
      const workers = code.matchAll(/new Worker\(new URL\([^)]*?\.u\((\d+)\)/g);
      const ids = name === entry ? [] : [...chunksIn(code)];
      const of = list => new Set(list.map(id => names.get(id) ?? id));
      return [
        name,
        { chunks: of(ids), workers: of([...workers].map(([, id]) => id)) }
      ];
    })
  );
  return files
    .map(name => {
      const by = kind =>
        files
          .filter(other => loads.get(other)[kind].has(short(name)))
          .map(short);
      return {
        name: short(name),
        bytes: Buffer.byteLength(codeOf.get(name)),
        packed: gzipSync(codeOf.get(name)).length,
        isAtStart: start.includes(name),
        isWorker: by('workers').length > 0,
        by: [...new Set([...by('chunks'), ...by('workers')])].sort()
      };
    })
    .sort((a, b) => b.bytes - a.bytes);
}

export function checkBudget() {
  const folder = join(labextension, 'static');
  const size = name => statSync(join(folder, name)).size;
  let groups;
  try {
    groups = Object.values(fetches(folder));
  } catch (error) {
    return broken(`size budget: ${error.message}`);
  }
  const results = new Results();
  for (const [index, [title, limit]] of Object.entries(limits).entries()) {
    const files = groups[index];
    const bytes = files.reduce((sum, name) => sum + size(name), 0);
    console.log(
      `  ${title.padEnd(30)} ${String(bytes).padStart(7)} of ${limit} B`
    );
    for (const name of index > 0 ? files : []) {
      console.log(`    ${name.padEnd(28)} ${String(size(name)).padStart(7)} B`);
    }
    let problem = bytes > limit ? `${bytes} B, the limit is ${limit} B` : '';
    if (files.length === 0) {
      problem = 'no such file: nothing is loaded on demand';
    }
    results.add(`size budget: ${title}`, problem);
  }
  return results;
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUp();
    const { failed } = checkBudget();
    failed.forEach(line => console.error(line));
    return failed.length > 0 ? 1 : 0;
  });
}
