import { combinationOf, type ICombination } from './combine';
import { indexColumn, NONE } from './indices';
import type { IMetric, IPaths, IProfile, ITotals, ValueKey } from './model';

/**
 * What each function took in all: as the source stored it, and where it stored nothing, as it follows from the call
 * tree.
 */
export function totalsOf(profile: IProfile): ITotals {
  const { totals, paths, functions, metrics } = profile;
  return totals.length > 0 || paths.length === 0
    ? totals
    : totalsOfPaths(paths, functions.length, metrics);
}

/**
 * Totals of a call tree by pprof's rule: a function counts once a path, at its outermost place, so that no total
 * passes the whole.
 *
 * ```
 *   main  1            self   total
 *   └ f   2     main    1      10      f inside f adds nothing to the total of f,
 *     └ f 4     f       6       9      and only the outer one is a primitive call
 *       └ g 3   g       3       3
 * ```
 *
 * @param functionCount - length of the function table
 * @param metrics - those to take. One whose values go together in a way that is not known has no totals
 * @returns one row a function and thread in order of first appearance; for each `self.M` of the paths the columns
 * `self.M`, `primitive.M` (own values of the outermost places) and `total.M` (their subtrees)
 */
export function totalsOfPaths(
  paths: IPaths,
  functionCount: number,
  metrics: readonly IMetric[]
): ITotals {
  const outermost = outermostPlaces(paths, functionCount);
  const { rowOf, functions, threads } = rowsOf(paths, functionCount);
  const values = new Map<ValueKey, Float64Array>();
  for (const metric of metrics) {
    const self = paths.values.get(`self.${metric.id}`);
    const combination = combinationOf(metric);
    if (!self || !combination) {
      continue;
    }
    const { start, of } = combination;
    const subtree = subtreeValues(paths, self, combination);
    // Every row has an outermost place, its first, so that no start is left in a column.
    const own = new Float64Array(functions.length).fill(start);
    const primitive = new Float64Array(functions.length).fill(start);
    const total = new Float64Array(functions.length).fill(start);
    for (let node = 0; node < paths.length; node++) {
      const row = rowOf[node];
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
  return {
    length: functions.length,
    function: indexColumn(Int32Array.from(functions)),
    thread: indexColumn(Int32Array.from(threads)),
    values
  };
}

/**
 * The values of each node's subtree as one. Parents stand before their children, so one pass from the end will do.
 */
export function subtreeValues(
  paths: IPaths,
  self: Float64Array,
  { of }: ICombination
): Float64Array {
  const values = Float64Array.from(self);
  for (let node = paths.length - 1; node >= 0; node--) {
    const parent = paths.parent[node];
    if (parent !== NONE) {
      values[parent] = of(values[parent], values[node]);
    }
  }
  return values;
}

/**
 * Mark the nodes whose function is not among their ancestors: 1 there, else 0.
 *
 * Walks the tree with a stack of its own; call paths may be a million frames deep.
 */
function outermostPlaces(paths: IPaths, functionCount: number): Uint8Array {
  const marks = new Uint8Array(paths.length);
  const open = new Int32Array(functionCount);
  let deepest = NONE;
  for (let node = 0; node < paths.length; node++) {
    while (deepest !== paths.parent[node]) {
      open[paths.function[deepest]]--;
      deepest = paths.parent[deepest];
    }
    const func = paths.function[node];
    marks[node] = open[func] === 0 ? 1 : 0;
    open[func]++;
    deepest = node;
  }
  return marks;
}

/**
 * Give each pair of function and thread a row, and each node the row of its pair.
 */
function rowsOf(
  paths: IPaths,
  functionCount: number
): { rowOf: Int32Array; functions: number[]; threads: number[] } {
  const rowOf = new Int32Array(paths.length);
  const rows = new Map<number, number>();
  const functions: number[] = [];
  const threads: number[] = [];
  for (let node = 0; node < paths.length; node++) {
    const pair = paths.thread[node] * functionCount + paths.function[node];
    let row = rows.get(pair);
    if (row === undefined) {
      row = functions.length;
      rows.set(pair, row);
      functions.push(paths.function[node]);
      threads.push(paths.thread[node]);
    }
    rowOf[node] = row;
  }
  return { rowOf, functions, threads };
}
