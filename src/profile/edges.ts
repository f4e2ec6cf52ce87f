import { combinationOf } from './combine';
import { indexColumn, NONE } from './indices';
import type { IEdges, IMetric, IPaths, IProfile, ValueKey } from './model';
import { subtreeValues } from './totals';

/**
 * What each callee took under each caller: as the source stored it, and where it stored no totals, as it follows from
 * the call tree.
 */
export function edgesOf(profile: IProfile): IEdges {
  const { totals, edges, paths, metrics } = profile;
  return totals.length > 0 || paths.length === 0
    ? edges
    : edgesOfPaths(paths, metrics);
}

/**
 * Edges of a call tree. A pair of caller and callee counts once a path, at its outermost place, as cProfile counts it.
 *
 * ```
 *   main  1              self   total
 *   └ f   2   main → f      2      10
 *     └ f 4   f → f         7       8      the inner pair adds nothing to the total
 *       └ f 3
 *         └ g 1   f → g     1       1
 * ```
 *
 * @returns one row a caller, callee and thread in order of first appearance
 */
export function edgesOfPaths(
  paths: IPaths,
  metrics: readonly IMetric[]
): IEdges {
  const callers: number[] = [];
  const callees: number[] = [];
  const threads: number[] = [];
  /** By thread; a key is a number, as a large tree would have a text made for each node. */
  const rows: Map<number, number>[] = [];
  const rowOf = new Int32Array(paths.length).fill(NONE);
  const outermost = new Uint8Array(paths.length);
  const open: number[] = [];
  let deepest = NONE;
  for (let node = 0; node < paths.length; node++) {
    const parent = paths.parent[node];
    while (deepest !== parent) {
      if (rowOf[deepest] !== NONE) {
        open[rowOf[deepest]]--;
      }
      deepest = paths.parent[deepest];
    }
    deepest = node;
    if (parent === NONE) {
      continue;
    }
    const caller = paths.function[parent];
    const callee = paths.function[node];
    const thread = paths.thread[node];
    const rowsOf = (rows[thread] ??= new Map());
    const key = caller * 2 ** 26 + callee;
    let row = rowsOf.get(key);
    if (row === undefined) {
      row = callers.length;
      rowsOf.set(key, row);
      callers.push(caller);
      callees.push(callee);
      threads.push(thread);
      open.push(0);
    }
    rowOf[node] = row;
    outermost[node] = open[row] === 0 ? 1 : 0;
    open[row]++;
  }
  return {
    length: callers.length,
    caller: indexColumn(Int32Array.from(callers)),
    callee: indexColumn(Int32Array.from(callees)),
    thread: indexColumn(Int32Array.from(threads)),
    values: edgeValues(paths, metrics, rowOf, outermost, callers.length)
  };
}

/**
 * For each metric `self.M`, `primitive.M` (own values at outermost places) and `total.M` (their subtrees).
 */
function edgeValues(
  paths: IPaths,
  metrics: readonly IMetric[],
  rowOf: Int32Array,
  outermost: Uint8Array,
  length: number
): Map<ValueKey, Float64Array> {
  const values = new Map<ValueKey, Float64Array>();
  for (const metric of metrics) {
    const self = paths.values.get(`self.${metric.id}`);
    const combination = combinationOf(metric);
    if (!self || !combination) {
      continue;
    }
    const { start, of } = combination;
    const subtree = subtreeValues(paths, self, combination);
    const own = new Float64Array(length).fill(start);
    const primitive = new Float64Array(length).fill(start);
    const total = new Float64Array(length).fill(start);
    for (let node = 0; node < paths.length; node++) {
      const row = rowOf[node];
      if (row === NONE) {
        continue;
      }
      own[row] = of(own[row], self[node]);
      if (outermost[node]) {
        primitive[row] = of(primitive[row], self[node]);
        total[row] = of(total[row], subtree[node]);
      }
    }
    values.set(`self.${metric.id}`, own);
    values.set(`primitive.${metric.id}`, primitive);
    values.set(`total.${metric.id}`, total);
  }
  return values;
}
