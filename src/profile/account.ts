import type { CallGraph } from './callGraph';
import { NONE, type FuncIndex, type RowIndex } from './indices';
import { accountOfPaths } from './pathAccount';

/** One caller or callee, and what it took or gave. */
export interface IAccountEntry {
  /** `NONE`: from outside of the profile. */
  readonly function: FuncIndex | typeof NONE;
  readonly value: number;
  /** Calls from or to it; NaN if not known. */
  readonly calls: number;
}

/**
 * Why the parts of an account do not add up.
 *
 * - `recursive`: calls within calls count twice in the parts
 * - `unrecorded`: the profile does not hold all that it called, or not what that took
 * - `folded`: it called functions that were put together to keep the profile small
 * - `mismatch`: the numbers of the source do not agree
 * - `unsummed`: values of the metric are no sums of others, as peaks are not
 */
export type AccountGap =
  'recursive' | 'unrecorded' | 'folded' | 'mismatch' | 'unsummed';

/**
 * Where the value of one function went: `self`, the values of `callees` and `rest` are `total`. In the unit of the
 * rows' metric.
 */
export interface IAccount {
  readonly function: FuncIndex;
  readonly row: RowIndex;
  readonly self: number;
  readonly total: number;
  /** Largest first. The function itself is not among them. */
  readonly callees: readonly IAccountEntry[];
  /**
   * What no part accounts for; 0 where they add up, below 0 where they are more than the whole; NaN where a part is
   * not known, or the parts are none of a sum.
   */
  readonly rest: number;
  /** Why there is a rest; null where the parts add up. */
  readonly gap: AccountGap | null;
  /** Largest first. The function itself is not among them. */
  readonly callers: readonly IAccountEntry[];
  /** How often it called itself, at once. */
  readonly recursiveCalls: number;
}

/**
 * Where the time of a function went, and who called it.
 *
 * From a call tree it is exact, recursion or not. From edges it is exact where the function is not recursive: an edge
 * counts its outermost activations, which lie within each other where calls come back.
 *
 * @returns null where nothing is known of the function
 */
export function accountOf(graph: CallGraph, func: FuncIndex): IAccount | null {
  const { profile, rows } = graph;
  const row = graph.rowOf(func);
  if (row === NONE) {
    return null;
  }
  const self = rows.self[row];
  const total = rows.total[row];
  const { callees, callers } =
    accountOfPaths(profile, rows, func) ?? accountOfEdges(graph, func, row);
  const isSum = rows.metric?.combine === 'sum';
  const rest = isSum ? total - self - sum(callees) : NaN;
  const isWhole = Math.abs(rest) <= tolerance(graph, callees.length, total);
  return {
    function: func,
    row,
    self,
    total,
    callees: largestFirst(callees),
    rest: isWhole ? 0 : rest,
    gap: isWhole
      ? null
      : isSum
        ? gapOf(graph, func, callees, rest)
        : 'unsummed',
    callers: largestFirst(callers),
    recursiveCalls: graph
      .callees(func)
      .filter(({ callee }) => callee === func)
      .reduce((calls, edge) => calls + (edge.calls || 0), 0)
  };
}

function accountOfEdges(
  graph: CallGraph,
  func: FuncIndex,
  row: RowIndex
): Pick<IAccount, 'callees' | 'callers'> {
  const { rows } = graph;
  const callees = graph
    .callees(func)
    .filter(({ callee }) => callee !== func)
    .map(({ callee, total, calls }) => ({
      function: callee,
      value: total,
      calls
    }));
  const edges = graph.callers(func);
  const callers: IAccountEntry[] = edges
    .filter(({ caller }) => caller !== func)
    .map(({ caller, total, calls }) => ({
      function: caller,
      value: total,
      calls
    }));
  const fromOutside =
    rows.calls[row] - edges.reduce((calls, edge) => calls + edge.calls, 0);
  if (fromOutside > 0) {
    // Where calls come back, what callers gave lies within each other, and the difference says nothing.
    const isKnown = rows.metric?.combine === 'sum' && !graph.isRecursive(func);
    callers.push({
      function: NONE,
      value: isKnown ? Math.max(rows.total[row] - sum(callers), 0) : NaN,
      calls: fromOutside
    });
  }
  return { callees, callers };
}

function gapOf(
  graph: CallGraph,
  func: FuncIndex,
  callees: readonly IAccountEntry[],
  rest: number
): AccountGap {
  const { kind, qualified } = graph.profile.functions;
  const isFolded = (one: FuncIndex | typeof NONE) =>
    kind[one] === 'pseudo' && qualified[one] === 'folded';
  if (graph.isRecursive(func)) {
    return 'recursive';
  }
  if (isFolded(func) || callees.some(one => isFolded(one.function))) {
    return 'folded';
  }
  // What is missing leaves a rest, or no number; what is too much is another matter.
  return rest < 0 ? 'mismatch' : 'unrecorded';
}

/** Each number was rounded to a tick: those of the parts and that of the whole. */
function tolerance({ rows }: CallGraph, parts: number, total: number): number {
  return (parts + 2) * (rows.metric?.tick ?? 1) + Math.abs(total) * 1e-9;
}

function sum(entries: readonly IAccountEntry[]): number {
  return entries.reduce((all, { value }) => all + value, 0);
}

function largestFirst(
  entries: readonly IAccountEntry[]
): readonly IAccountEntry[] {
  const known = ({ value }: IAccountEntry) =>
    Number.isNaN(value) ? -Infinity : value;
  // What is not known stands last; two of these are equal, for their difference is no number.
  return [...entries].sort((a, b) => known(b) - known(a) || 0);
}
