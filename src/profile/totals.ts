import { indexColumn, NONE } from './indices';
import type { IPaths, IProfile, ITotals, ValueKey } from './model';

/**
 * What each function took in all.
 *
 * From the call tree where there is one, since its totals are exact; else as the source stored them.
 */
export function totalsOf(profile: IProfile): ITotals {
  return profile.paths.length > 0
    ? totalsOfPaths(profile.paths, profile.functions.length)
    : profile.totals;
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
 * @returns one row a function and thread in order of first appearance; for each `self.M` of the paths the columns
 * `self.M`, `primitive.M` (own values of the outermost places) and `total.M` (their subtrees)
 */
export function totalsOfPaths(paths: IPaths, functionCount: number): ITotals {
  const outermost = outermostPlaces(paths, functionCount);
  const { rowOf, functions, threads } = rowsOf(paths, functionCount);
  const values = new Map<ValueKey, Float64Array>();
  for (const [key, self] of paths.values) {
    const [role, metric] = splitKey(key);
    if (role !== 'self') {
      continue;
    }
    const subtree = subtreeSums(paths, self);
    const own = new Float64Array(functions.length);
    const primitive = new Float64Array(functions.length);
    const total = new Float64Array(functions.length);
    for (let node = 0; node < paths.length; node++) {
      const row = rowOf[node];
      own[row] += self[node];
      if (outermost[node]) {
        primitive[row] += self[node];
        total[row] += subtree[node];
      }
    }
    values.set(`self.${metric}`, own);
    values.set(`primitive.${metric}`, primitive);
    values.set(`total.${metric}`, total);
  }
  return {
    length: functions.length,
    function: indexColumn(Int32Array.from(functions)),
    thread: indexColumn(Int32Array.from(threads)),
    values
  };
}

/**
 * Sum of a value over each node's subtree. Parents stand before their children, so one pass from the end will do.
 */
export function subtreeSums(paths: IPaths, self: Float64Array): Float64Array {
  const sums = Float64Array.from(self);
  for (let node = paths.length - 1; node >= 0; node--) {
    const parent = paths.parent[node];
    if (parent !== NONE) {
      sums[parent] += sums[node];
    }
  }
  return sums;
}

/**
 * Role and metric id of a value column's name.
 */
export function splitKey(key: ValueKey): [string, string] {
  const dot = key.indexOf('.');
  return [key.slice(0, dot), key.slice(dot + 1)];
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
