import { combinationOf } from '../combine';
import { indexColumn, NONE } from '../indices';
import type { IMetric, IPaths, IProfile, Values } from '../model';

/** The row stays, under the nearest row above that stays. */
export const STAY = 0;

/** What it owns is its caller's, and so is what it called. Without a caller it stays if it owns something, alone. */
export const LIFT = 1;

/** It stays if it owns something, alone; what it called is its caller's. */
export const LEAF = 2;

/** It is part of its caller if that is of the same function by now; else it stays. */
export const JOIN = 3;

/** What becomes of the rows of call paths. */
export interface IChange {
  /** For each row what becomes of it. */
  readonly fates: Uint8Array;
  /** For each row the function that it is of from now on. */
  readonly functions: Int32Array;
  /** Whether places in files are of the functions that were before: then they are not kept. */
  readonly isPlaceless?: boolean;
}

/** Call paths after a change, and for each row of before the row that its own values went to, or `NONE`. */
export interface IRebuilt {
  readonly paths: IPaths;
  readonly hosts: Int32Array;
}

/**
 * Make the call paths anew. Own values are kept; calls of a function are none of another's. Frames of one function at one
 * line below one frame become one: its address is kept where all have it.
 *
 * Columns of metrics whose values go together in a way that is not known are left out.
 */
export function rebuild(
  { paths, metrics }: Pick<IProfile, 'paths' | 'metrics'>,
  { fates, functions, isPlaceless = false }: IChange
): IRebuilt {
  const { length } = paths;
  let owns: Uint8Array | null = null;
  const nodes = new Nodes(length);
  /** The node below which a row's callees go. */
  const below = new Int32Array(length);
  const hosts = new Int32Array(length).fill(NONE);
  for (let row = 0; row < length; row++) {
    const above: number = paths.parent[row];
    const parent: number = above === NONE ? NONE : below[above];
    const fate = fates[row];
    const func = functions[row];
    if (
      parent !== NONE &&
      (fate === LIFT || (fate === JOIN && nodes.func[parent] === func))
    ) {
      below[row] = hosts[row] = parent;
      continue;
    }
    const isAlone = fate === LIFT || fate === LEAF;
    if (isAlone && !(owns ??= owningRows(paths))[row]) {
      below[row] = parent;
      continue;
    }
    const node = nodes.child(
      parent,
      func,
      paths.thread[row],
      isPlaceless ? 0 : paths.line[row],
      isPlaceless || isAlone ? 0 : paths.address[row],
      isPlaceless || isAlone ? 0 : paths.inlined[row]
    );
    hosts[row] = node;
    below[row] = isAlone ? parent : node;
  }
  const { order, place } = nodes.preOrder();
  const count = nodes.length;
  const parent = new Int32Array(count);
  const gathered = {
    function: new Int32Array(count),
    thread: new Int32Array(count),
    line: new Float64Array(count),
    address: new Float64Array(count),
    inlined: new Uint8Array(count)
  };
  for (let row = 0; row < count; row++) {
    const node = order[row];
    parent[row] =
      nodes.parent[node] === NONE ? NONE : place[nodes.parent[node]];
    gathered.function[row] = nodes.func[node];
    gathered.thread[row] = nodes.thread[node];
    gathered.line[row] = nodes.line[node];
    gathered.address[row] = nodes.address[node];
    gathered.inlined[row] = nodes.inlined[node];
  }
  for (let row = 0; row < length; row++) {
    if (hosts[row] !== NONE) {
      hosts[row] = place[hosts[row]];
    }
  }
  return {
    hosts,
    paths: {
      length: count,
      parent: indexColumn(parent),
      function: indexColumn(gathered.function),
      thread: indexColumn(gathered.thread),
      line: gathered.line,
      address: gathered.address,
      inlined: gathered.inlined,
      values: movedValues(paths.values, metrics, hosts, count, {
        isCalled: row => gathered.function[hosts[row]] === paths.function[row]
      })
    }
  };
}

/** For each row whether it owns a value of any metric but calls. */
export function owningRows({ length, values }: IPaths): Uint8Array {
  const owns = new Uint8Array(length);
  for (const [key, column] of values) {
    if (key !== 'self.calls') {
      for (let row = 0; row < length; row++) {
        if (column[row] !== 0) {
          owns[row] = 1;
        }
      }
    }
  }
  return owns;
}

/**
 * Values of rows put together by where they went.
 *
 * @param isCalled - whether calls of a row are calls of where it went
 */
export function movedValues(
  values: Values,
  metrics: readonly IMetric[],
  hosts: Int32Array,
  count: number,
  { isCalled }: { isCalled: (row: number) => boolean }
): Values {
  const moved = new Map<
    `${'self' | 'total' | 'primitive'}.${string}`,
    Float64Array
  >();
  for (const metric of metrics) {
    const key = `self.${metric.id}` as const;
    const from = values.get(key);
    const of = combinationOf(metric)?.of;
    if (!from || !of) {
      continue;
    }
    const to = new Float64Array(count);
    const has = new Uint8Array(count);
    const isCalls = metric.id === 'calls';
    for (let row = 0; row < hosts.length; row++) {
      const host = hosts[row];
      if (host === NONE || (isCalls && !isCalled(row))) {
        continue;
      }
      to[host] = has[host] ? of(to[host], from[row]) : from[row];
      has[host] = 1;
    }
    moved.set(key, to);
  }
  return moved;
}

/** Nodes that are told apart by parent, function, thread of roots, and line. Parents stand before children. */
class Nodes {
  constructor(most: number) {
    this.parent = new Int32Array(most);
    this.func = new Int32Array(most);
    this.thread = new Int32Array(most);
    this.line = new Float64Array(most);
    this.address = new Float64Array(most);
    this.inlined = new Uint8Array(most);
  }

  length = 0;
  readonly parent: Int32Array;
  readonly func: Int32Array;
  readonly thread: Int32Array;
  readonly line: Float64Array;
  readonly address: Float64Array;
  readonly inlined: Uint8Array;

  /** The node with these parts; where a later one is at another address, the address is not known. */
  child(
    parent: number,
    func: number,
    thread: number,
    line: number,
    address: number,
    inlined: number
  ): number {
    let at = hash(parent, func, thread, line) & this._mask;
    for (; this._places[at] !== 0; at = (at + 1) & this._mask) {
      const node = this._places[at] - 1;
      if (
        this.parent[node] === parent &&
        this.func[node] === func &&
        this.thread[node] === thread &&
        this.line[node] === line
      ) {
        if (this.address[node] !== address) {
          this.address[node] = 0;
        }
        this.inlined[node] &= inlined;
        return node;
      }
    }
    const node = this.length++;
    this._places[at] = node + 1;
    this.parent[node] = parent;
    this.func[node] = func;
    this.thread[node] = thread;
    this.line[node] = line;
    this.address[node] = address;
    this.inlined[node] = inlined;
    if (node * 2 > this._mask) {
      this._grow();
    }
    return node;
  }

  /** The nodes in pre-order, siblings as they were made; and of each its place there. */
  preOrder(): { order: Int32Array; place: Int32Array } {
    const { length, parent } = this;
    const first = new Int32Array(length).fill(NONE);
    const next = new Int32Array(length);
    let roots: number = NONE;
    for (let node = length - 1; node >= 0; node--) {
      const above = parent[node];
      if (above === NONE) {
        next[node] = roots;
        roots = node;
      } else {
        next[node] = first[above];
        first[above] = node;
      }
    }
    const order = new Int32Array(length);
    const place = new Int32Array(length);
    for (let row = 0, node = roots; row < length; row++) {
      order[row] = node;
      place[node] = row;
      if (first[node] !== NONE) {
        node = first[node];
        continue;
      }
      while (node !== NONE && next[node] === NONE) {
        node = parent[node];
      }
      node = node === NONE ? NONE : next[node];
    }
    return { order, place };
  }

  private _grow(): void {
    this._mask = this._mask * 2 + 1;
    this._places = new Int32Array(this._mask + 1);
    for (let node = 0; node < this.length; node++) {
      let at =
        hash(
          this.parent[node],
          this.func[node],
          this.thread[node],
          this.line[node]
        ) & this._mask;
      while (this._places[at] !== 0) {
        at = (at + 1) & this._mask;
      }
      this._places[at] = node + 1;
    }
  }

  /** Node + 1 by hash, 0 for none. */
  private _places = new Int32Array(1024);
  private _mask = 1023;
}

function hash(a: number, b: number, c: number, d: number): number {
  let mixed =
    Math.imul(a + 1, 0x9e3779b1) ^
    Math.imul(b + 1, 0x85ebca6b) ^
    Math.imul(c + 1, 0xc2b2ae35) ^
    Math.imul(d + 1, 0x27d4eb2f);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
