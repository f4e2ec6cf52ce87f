// Large profile files, made up but shaped as programs are: the same file each time.
import { closeSync, openSync, writeSync } from 'node:fs';

const verbs = 'read parse merge sort render check load visit emit walk'.split(
  ' '
);
const nouns = 'rows node header token frame index event cache field text'.split(
  ' '
);
const packages = ['numbers', 'tables', 'documents', 'network', 'plots'];

/** Frames of a stack at most. */
const deepest = 40;

/** So many functions are called by a function. */
const callees = 16;

/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export function chances(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The parts of a made-up function: `{ name, path, line }`. */
export function partsOf(func) {
  const name = `${verbs[func % 10]}_${nouns[Math.floor(func / 10) % 10]}_${Math.floor(func / 100)}`;
  const module = Math.floor(func / 12);
  return {
    name,
    path: `/usr/lib/python3.13/site-packages/${packages[module % packages.length]}/module_${module}.py`,
    line: ((func * 13) % 2000) + 1
  };
}

/** A call tree without end, a node after the other, in pre-order: `{ depth, func }`, from depth 0 on. */
export function* walk(seed, functions) {
  const chance = chances(seed);
  const open = [0];
  let depth = 0;
  yield { depth, func: 0 };
  for (;;) {
    // Most calls are made by what was called last, others by something above it.
    if (chance() > 0.75) {
      depth = Math.floor(depth * (1 - chance() ** 3));
    }
    depth = Math.min(depth + 1, deepest - 1);
    const callee = Math.floor(chance() ** 2 * callees);
    open[depth] = (open[depth - 1] * 31 + callee ** 3 * 17 + 1) % functions;
    yield { depth, func: open[depth] };
  }
}

/** Collapsed stacks as py-spy writes them, each stack once, without end: lines. */
export function* collapsedLines(functions = 4000) {
  const chance = chances(2);
  const frames = Array.from({ length: functions }, (_, func) => {
    const { name, path, line } = partsOf(func);
    return `${name} (${path.slice(path.indexOf('packages/') + 9)}:${line})`;
  });
  const stack = [];
  for (const { depth, func } of walk(1, functions)) {
    stack.length = depth;
    stack.push(frames[func]);
    if (chance() < 0.7) {
      yield `${stack.join(';')} ${1 + Math.floor(chance() ** 4 * 200)}\n`;
    }
  }
}

/** A dump of igprof, without end: lines. Each function is at four addresses. */
export function* igprofLines(functions = 4000) {
  const chance = chances(4);
  const numbers = new Map();
  const files = new Set();
  yield 'P=(HEX ID=1c3d N=(./program) T=0.005000)\n';
  for (const { depth, func } of walk(3, functions)) {
    const place = Math.floor(chance() * 4);
    const key = func * 4 + place;
    let address = numbers.get(key)?.toString(16);
    if (address === undefined) {
      address = numbers.size.toString(16);
      numbers.set(key, numbers.size);
      const file = func % 30;
      const library = files.has(file)
        ? `F${file.toString(16)}`
        : `F${file.toString(16)}=(/usr/lib/lib${nouns[file % 10]}${file}.so)`;
      files.add(file);
      const { name } = partsOf(func);
      address += `=(${library}+${(key * 64).toString(16)} N=(_ZN7program${name.length}${name}ERKSt6vectorIdSaIdEE))`;
    }
    const ticks = 1 + Math.floor(chance() ** 4 * 200);
    const counter = numbers.size === 1 ? 'V0=(PERF_TICKS)' : 'V0';
    yield `C${(depth + 1).toString(16)} FN${address}+${(place * 8).toString(16)}${
      chance() < 0.7 || numbers.size === 1
        ? ` ${counter}:(${ticks.toString(16)},${ticks.toString(16)},${ticks.toString(16)})`
        : ''
    }\n`;
  }
}

/** Stacks of a tree of so many nodes: lists of functions, root first, without end, as a sampler sees them. */
export function* samples(nodes, functions) {
  const chance = chances(6);
  const parents = new Int32Array(nodes);
  const funcs = new Int32Array(nodes);
  const open = [];
  let made = 0;
  for (const { depth, func } of walk(5, functions)) {
    parents[made] = depth === 0 ? -1 : open[depth - 1];
    funcs[made] = func;
    open[depth] = made++;
    if (made === nodes) {
      break;
    }
  }
  let stack = [];
  let last = 0;
  for (;;) {
    // Half of the time nothing has changed since the last look, and else mostly the innermost frames.
    if (stack.length === 0 || chance() < 0.5) {
      last =
        Math.floor(last + chance() * (chance() < 0.95 ? 40 : nodes)) % nodes;
      stack = [];
      for (let node = last; node >= 0; node = parents[node]) {
        stack.unshift(funcs[node]);
      }
    }
    yield stack;
  }
}

/** speedscope's JSON as py-spy writes it, of as many samples as `most` bytes hold: pieces of text. */
export function* sampledPieces(most, nodes = 200_000, functions = 4000) {
  const frames = Array.from({ length: functions }, (_, func) => {
    const { name, path, line } = partsOf(func);
    return { name, file: path, line, col: null };
  });
  yield `{"$schema":"https://www.speedscope.app/file-format-schema.json","profiles":[{"type":"sampled","name":"Process 7 Thread 0x7F00 \\"MainThread\\"","unit":"seconds","startValue":0.0,"samples":[`;
  let bytes = 0;
  let count = 0;
  for (const stack of samples(nodes, functions)) {
    const piece = `${count === 0 ? '' : ','}[${stack.join()}]`;
    yield piece;
    count++;
    bytes += piece.length + 5; // and its weight
    if (bytes >= most) {
      break;
    }
  }
  yield '],"weights":[';
  for (let sample = 0; sample < count; sample++) {
    yield sample === 0 ? '0.01' : ',0.01';
  }
  yield `],"endValue":${(count / 100).toFixed(2)}}],"shared":{"frames":${JSON.stringify(frames)}},"activeProfileIndex":null,"exporter":"py-spy@0.4.1","name":"py-spy profile"}`;
}

/** Write pieces of text into a file, up to so many bytes or a little more; returns its bytes. ASCII only. */
export function writePieces(path, pieces, most = Infinity) {
  const file = openSync(path, 'w');
  let waiting = [];
  let length = 0;
  let written = 0;
  const flush = () => {
    writeSync(file, waiting.join(''));
    written += length;
    waiting = [];
    length = 0;
  };
  try {
    for (const piece of pieces) {
      waiting.push(piece);
      length += piece.length;
      if (length >= 1 << 20) {
        flush();
      }
      if (written + length >= most) {
        break;
      }
    }
    flush();
  } finally {
    closeSync(file);
  }
  return written;
}
