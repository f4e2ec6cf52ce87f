import { NONE } from '../profile/indices';
import type { FuncIndex } from '../profile/indices';
import { describe, WireError } from '../wire/error';
import { listAt, ObjectReader } from '../wire/json';
import { finiteAt, wellFormed } from './jsonFile';
import { SAMPLES, timeMetric, type ProfileBuilder } from './profileBuilder';
import { scaled } from './times';

/** A node of the call tree that V8 keeps. */
interface INode {
  readonly func: FuncIndex;
  readonly isRoot: boolean;
  readonly hits: number;
  readonly path: string;
  /** Lines at which it was when a sample was taken. */
  readonly lines: readonly ILine[];
  readonly children: readonly unknown[];
  readonly where: string;
  parent: number;
}

interface ILine {
  readonly line: number;
  readonly ticks: number;
}

/**
 * Read a profile of V8: a tree, and which node was running at each sample.
 *
 * A sample stands for the time to the next one, as in Chrome's own view, the last one for that to the end. What
 * was before the first sample is of no node.
 */
export function readCpuProfile(
  file: ObjectReader,
  builder: ProfileBuilder
): void {
  builder.engine({ name: 'V8' });
  builder.metric(timeMetric());
  builder.metric(SAMPLES);
  const start = file.number('startTime', 0);
  const wall = scaled(file.number('endTime', start) - start, 1e3);
  builder.wall = Math.max(0, Math.round(finiteAt(wall, () => 'endTime')));
  const { nodes, indexOf } = nodesOf(file, builder);
  const order = fromRoots(nodes, indexOf);
  const hits = new Float64Array(nodes.length);
  const times = new Float64Array(nodes.length);
  if (file.raw('samples') === undefined) {
    nodes.forEach((node, i) => (hits[i] = node.hits));
  } else {
    addSamples(file, start, indexOf, hits, times);
    builder.check(hitCheck(nodes, hits));
  }
  const { paths } = builder;
  const places = new Int32Array(nodes.length).fill(NONE);
  for (const i of order) {
    const node = nodes[i];
    const above = node.parent === NONE ? NONE : places[node.parent];
    // "(root)" is above all stacks, and in none.
    if (node.isRoot && node.parent === NONE && hits[i] === 0) {
      continue;
    }
    places[i] = paths.child(above, node.func);
    if (hits[i] > 0) {
      paths.add(places[i], 'self.samples', hits[i]);
    }
    if (times[i] !== 0) {
      paths.add(places[i], 'self.time', times[i]);
    }
    for (const { line, ticks } of node.lines) {
      const row = builder.lines.row(
        node.path ? builder.file(node.path) : NONE,
        line,
        node.func,
        0
      );
      builder.lines.add(row, 'self.samples', ticks);
    }
  }
}

/**
 * Whether there are as many samples as hits, in all: V8 lists some of "(program)" as samples of what ran before.
 */
function hitCheck(
  nodes: readonly INode[],
  hits: Float64Array
): Parameters<ProfileBuilder['check']>[0] {
  const counted = nodes.reduce((sum, node) => sum + node.hits, 0);
  const listed = hits.reduce((sum, count) => sum + count, 0);
  return {
    id: 'hits',
    text: `The nodes were hit ${counted} times, and ${listed} samples are listed.`,
    ok: counted === listed,
    value: listed,
    expected: counted,
    tolerance: 0,
    unit: 'samples'
  };
}

function nodesOf(
  file: ObjectReader,
  builder: ProfileBuilder
): { nodes: INode[]; indexOf: Map<number, number> } {
  const indexOf = new Map<number, number>();
  const functions = new Functions(builder);
  const nodes = file.objects('nodes', node => {
    const id = node.whole('id');
    if (indexOf.has(id)) {
      throw new WireError(node.where('id'), 'an id of its own', `${id} again`);
    }
    indexOf.set(id, indexOf.size);
    const { func, path, isRoot } = functions.of(node.object('callFrame'));
    return {
      func,
      path,
      isRoot,
      hits: node.whole('hitCount', 0),
      lines: node.objects('positionTicks', tick => ({
        line: tick.whole('line'),
        ticks: tick.whole('ticks')
      })),
      children: listAt(node.raw('children'), node.where('children')),
      where: node.where('children'),
      parent: NONE as number
    };
  });
  return { nodes, indexOf };
}

/** Set the parents. Nodes, each after its parent. */
function fromRoots(
  nodes: readonly INode[],
  indexOf: ReadonlyMap<number, number>
): number[] {
  nodes.forEach((node, i) =>
    node.children.forEach((id, j) => {
      const child = nodes[nodeAt(id, indexOf, () => `${node.where}[${j}]`)];
      if (child.parent !== NONE) {
        throw new WireError(
          `${node.where}[${j}]`,
          'a node that has no parent yet',
          describe(id)
        );
      }
      child.parent = i;
    })
  );
  const order: number[] = [];
  nodes.forEach(({ parent }, i) => {
    if (parent === NONE) {
      order.push(i);
    }
  });
  for (let at = 0; at < order.length; at++) {
    for (const id of nodes[order[at]].children) {
      order.push(indexOf.get(id as number) as number);
    }
  }
  if (order.length < nodes.length) {
    throw new WireError(
      'nodes',
      'a tree',
      `${nodes.length - order.length} nodes that no root leads to`
    );
  }
  return order;
}

function nodeAt(
  id: unknown,
  indexOf: ReadonlyMap<number, number>,
  where: () => string
): number {
  const index = indexOf.get(id as number);
  if (index === undefined) {
    throw new WireError(where(), 'the id of a node', describe(id));
  }
  return index;
}

function addSamples(
  file: ObjectReader,
  start: number,
  indexOf: ReadonlyMap<number, number>,
  hits: Float64Array,
  times: Float64Array
): void {
  const samples = listAt(file.raw('samples'), 'samples');
  const deltas = listAt(file.raw('timeDeltas'), 'timeDeltas');
  if (deltas.length !== samples.length) {
    throw new WireError(
      'timeDeltas',
      `a list of ${samples.length}, as there are samples`,
      describe(deltas)
    );
  }
  let at = start;
  const taken = samples.map((id, i) => {
    at += finiteAt(deltas[i], () => `timeDeltas[${i}]`);
    return { node: nodeAt(id, indexOf, () => `samples[${i}]`), at };
  });
  // V8 does not always write them in their order.
  taken.sort((a, b) => a.at - b.at);
  const end = file.number('endTime', at);
  taken.forEach((sample, i) => {
    const next = i + 1 < taken.length ? taken[i + 1].at : end;
    hits[sample.node]++;
    times[sample.node] += Math.max(0, scaled(next - sample.at, 1e3));
  });
}

/** Functions by where they are: two of one name in one line are two. */
class Functions {
  constructor(private readonly _builder: ProfileBuilder) {}

  of(frame: ObjectReader): { func: FuncIndex; path: string; isRoot: boolean } {
    const name = wellFormed(frame.text('functionName', ''));
    const url = wellFormed(frame.text('url', ''));
    const script = url || String(frame.raw('scriptId') ?? '');
    // Counted from 0, -1 where there is none.
    const line = Math.max(0, frame.number('lineNumber', -1) + 1);
    const column = frame.number('columnNumber', -1);
    const key = `${line}\0${column}\0${name}\0${script}`;
    const path = pathOf(url);
    const isPseudo = path === '' && /^\(.+\)$/.test(name);
    let func = this._funcs.get(key);
    if (func === undefined) {
      func = this._builder.newFunc({
        name: name || '(anonymous)',
        path,
        line: Number.isSafeInteger(line) ? line : 0,
        kind: isPseudo ? 'pseudo' : 'other'
      });
      this._funcs.set(key, func);
    }
    return { func, path, isRoot: isPseudo && name === '(root)' };
  }

  private readonly _funcs = new Map<string, FuncIndex>();
}

/** The path of a file that an address names; other addresses as they are. */
function pathOf(url: string): string {
  const path = /^file:\/\/(\/.*)$/s.exec(url)?.[1];
  if (path === undefined) {
    return url;
  }
  try {
    return decodeURIComponent(path).replace(/^\/(?=[A-Za-z]:\/)/, '');
  } catch {
    return path;
  }
}
