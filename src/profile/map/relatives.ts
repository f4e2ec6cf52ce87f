import type { CallGraph, IEdge } from '../callGraph';
import { NONE, type FuncIndex, type TreeIndex } from '../indices';
import type { ICallTree } from '../tree/callTree';
import { outermostOf } from '../tree/outermost';

/** What a function called, or what called it: at once, or through others, too. */
export type Relation = 'callees' | 'allCallees' | 'callers' | 'allCallers';

/** A function and what it took in this relation. NaN: not known. */
export interface IRelative {
  readonly func: FuncIndex;
  readonly calls: number;
  /** Calls that `total` is of: not from within itself. */
  readonly primitive: number;
  /** In the metric's unit, as `total`. */
  readonly self: number;
  readonly total: number;
}

/**
 * The relatives of a function, in no particular order.
 *
 * - `callees`: what each took when this function called it.
 * - `callers`: what this function took when each called it.
 * - `allCallees`, `allCallers`: through others, too. A tree of call paths tells what each took below this function, and
 *   what this function took below each, as amounts of outermost places: what is within itself counts once. Without a
 *   tree there is no such amount; then each has its own totals.
 *
 * ```
 *   main 1           all callees of f    calls self total      all callers of h   calls self total
 *   ├ f 2            g                   1     3    7          f                  1     4    4
 *   │ └ g 3          h                   1     4    4          g                  1     4    4
 *   │   └ h 4                                                  main               2     9    9
 *   └ h 5
 * ```
 *
 * @param tree - of all call paths; `null`: the profile has none
 */
export function relativesOf(
  graph: CallGraph,
  tree: ICallTree | null,
  func: FuncIndex,
  relation: Relation
): readonly IRelative[] {
  switch (relation) {
    case 'callees':
      return graph.callees(func).map(edge => relative(edge, edge.callee));
    case 'callers':
      return graph.callers(func).map(edge => relative(edge, edge.caller));
    case 'allCallees':
      return tree ? below(tree, func) : reached(graph, func, 'callee');
    case 'allCallers':
      return tree ? above(tree, func) : reached(graph, func, 'caller');
  }
}

/**
 * What a function called at once, or what called it, by a tree alone: as edges that follow from call paths, a pair
 * counts once a path, at its outermost place.
 */
export function besideOf(
  tree: ICallTree,
  wanted: FuncIndex,
  relation: 'callees' | 'callers'
): readonly IRelative[] {
  const { length, func, parent, end, self, total } = tree;
  const sums = new Sums(tree);
  /** By the other function: where its outermost pair ends. */
  const until = new Map<FuncIndex, number>();
  for (let node = 0 as TreeIndex; node < length; node++) {
    const caller = parent[node];
    const [from, to] = relation === 'callees' ? [caller, node] : [node, caller];
    if (caller === NONE || func[from] !== wanted) {
      continue;
    }
    const other = func[to];
    const isOutermost = node >= (until.get(other) ?? 0);
    if (isOutermost) {
      until.set(other, end[node]);
    }
    const calls = tree.calls?.[node] ?? 0;
    sums.add(
      other,
      calls,
      isOutermost ? calls : 0,
      self[node],
      isOutermost ? total[node] : 0
    );
  }
  return sums.all;
}

/**
 * What each function owns in a tree.
 */
export function ownOf(tree: ICallTree): readonly IRelative[] {
  const sums = new Sums(tree);
  for (let node = 0 as TreeIndex; node < tree.length; node++) {
    sums.add(tree.func[node], tree.calls?.[node] ?? 0, 0, tree.self[node], 0);
  }
  return sums.all;
}

/**
 * Of what called a function, what gave it most of its time; `NONE` where nothing else called it.
 */
export function heaviestCaller(
  callers: readonly IRelative[],
  callee: FuncIndex
): FuncIndex | typeof NONE {
  let found: FuncIndex | typeof NONE = NONE;
  let most = -Infinity;
  for (const { func, total } of callers) {
    const value = Number.isNaN(total) ? 0 : total;
    if (func !== callee && value > most) {
      found = func;
      most = value;
    }
  }
  return found;
}

function relative(
  { calls, primitive, self, total }: IEdge,
  func: FuncIndex
): IRelative {
  return { func, calls, primitive, self, total };
}

/** Sums by function, of those that were met. */
class Sums {
  constructor(tree: ICallTree) {
    let functions = 0;
    for (let node = 0; node < tree.length; node++) {
      functions = Math.max(functions, tree.func[node] + 1);
    }
    this._met = new Uint8Array(functions);
    this._calls = new Float64Array(functions);
    this._primitive = new Float64Array(functions);
    this._self = new Float64Array(functions);
    this._total = new Float64Array(functions);
    this._areCalls = tree.calls !== null;
  }

  add(
    func: FuncIndex,
    calls: number,
    primitive: number,
    self: number,
    total: number
  ): void {
    if (!this._met[func]) {
      this._met[func] = 1;
      this._functions.push(func);
    }
    this._calls[func] += calls;
    this._primitive[func] += primitive;
    this._self[func] += self;
    this._total[func] += total;
  }

  get all(): readonly IRelative[] {
    return this._functions.map(func => ({
      func,
      calls: this._areCalls ? this._calls[func] : NaN,
      primitive: this._areCalls ? this._primitive[func] : NaN,
      self: this._self[func],
      total: this._total[func]
    }));
  }

  private readonly _met: Uint8Array;
  private readonly _calls: Float64Array;
  private readonly _primitive: Float64Array;
  private readonly _self: Float64Array;
  private readonly _total: Float64Array;
  private readonly _areCalls: boolean;
  private readonly _functions: FuncIndex[] = [];
}

/** What functions took below the outermost places of one. */
function below(tree: ICallTree, func: FuncIndex): readonly IRelative[] {
  const sums = new Sums(tree);
  const passed = new Outermost(tree);
  for (const root of outermostOf(tree, func)) {
    for (
      let node = (root + 1) as TreeIndex;
      node < tree.end[root];
      node = (node + 1) as TreeIndex
    ) {
      const calls = tree.calls?.[node] ?? 0;
      const isOutermost = passed.isOutermost(node);
      sums.add(
        tree.func[node],
        calls,
        isOutermost ? calls : 0,
        tree.self[node],
        isOutermost ? tree.total[node] : 0
      );
    }
  }
  return sums.all;
}

/** What one function took below the outermost places of others. */
function above(tree: ICallTree, func: FuncIndex): readonly IRelative[] {
  const { length, parent } = tree;
  const calls = new Float64Array(length);
  const primitive = new Float64Array(length);
  const self = new Float64Array(length);
  const total = new Float64Array(length);
  const hasIt = new Uint8Array(length);
  for (const node of outermostOf(tree, func)) {
    total[node] = tree.total[node];
    primitive[node] = tree.calls?.[node] ?? 0;
  }
  // What is in a node, itself included: from the end, as nodes stand before those below them.
  for (let node = length - 1; node >= 0; node--) {
    if (tree.func[node] === func) {
      hasIt[node] = 1;
      calls[node] += tree.calls?.[node] ?? 0;
      self[node] += tree.self[node];
    }
    const around = parent[node];
    if (around !== NONE && hasIt[node]) {
      hasIt[around] = 1;
      calls[around] += calls[node];
      primitive[around] += primitive[node];
      self[around] += self[node];
      total[around] += total[node];
    }
  }
  const sums = new Sums(tree);
  const passed = new Outermost(tree);
  for (let node = 0 as TreeIndex; node < length; node++) {
    if (tree.func[node] !== func && hasIt[node] && passed.isOutermost(node)) {
      sums.add(
        tree.func[node],
        calls[node],
        primitive[node],
        self[node],
        total[node]
      );
    }
  }
  return sums.all;
}

/** Tells the nodes that have no other one of their function above them, among those that are asked for in pre-order. */
class Outermost {
  constructor(private readonly _tree: ICallTree) {
    let functions = 0;
    for (let node = 0; node < _tree.length; node++) {
      functions = Math.max(functions, _tree.func[node] + 1);
    }
    this._until = new Int32Array(functions);
  }

  isOutermost(node: TreeIndex): boolean {
    const { func, end } = this._tree;
    if (node < this._until[func[node]]) {
      return false;
    }
    this._until[func[node]] = end[node];
    return true;
  }

  /** By function: where the subtree of the last outermost node ends. */
  private readonly _until: Int32Array;
}

/** All functions that are reached from one by edges, with what they took in all. */
function reached(
  graph: CallGraph,
  func: FuncIndex,
  to: 'callee' | 'caller'
): readonly IRelative[] {
  const { rows } = graph;
  const seen = new Set<FuncIndex>();
  const open = [func];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const edges = to === 'callee' ? graph.callees(one) : graph.callers(one);
    for (const edge of edges) {
      if (!seen.has(edge[to])) {
        seen.add(edge[to]);
        open.push(edge[to]);
      }
    }
  }
  return Array.from(seen, one => {
    const row = graph.rowOf(one);
    const of = (column: Float64Array) => (row === NONE ? NaN : column[row]);
    return {
      func: one,
      calls: of(rows.calls),
      primitive: of(rows.primitive),
      self: of(rows.self),
      total: of(rows.total)
    };
  });
}
