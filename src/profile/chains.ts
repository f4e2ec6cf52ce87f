import type { CallGraph, IEdge } from './callGraph';
import { NONE, type FuncIndex } from './indices';

/** From this share of its total on that goes into one callee, a function leads there. */
export const LEADS = 0.8;

/** Up to this share of its total a function may own and still only lead to the work. */
export const LITTLE = 0.05;

/** Of a frame of the spine, the share of its total that came by the spine. */
const MOSTLY = 0.95;

/** So many frames are worth folding. */
export const LEAST_SPINE = 3;

/** Frames from the root that only lead to the work. */
export interface ISpine {
  /** In order of calling. */
  readonly functions: readonly FuncIndex[];
  /** What they own, in the unit of the rows' metric. */
  readonly self: number;
  /** What the first of them took in all. */
  readonly total: number;
}

/**
 * The way from the root to where the time is shared out: frames that own next to nothing, each with nearly all of
 * its caller's time and called from nowhere else to speak of. The last one is where it is shared out.
 *
 * @param whole - what the profile took in all
 * @returns null where there is no such way of at least three frames
 */
export function spineOf(graph: CallGraph, whole: number): ISpine | null {
  const { rows } = graph;
  const root = rootOf(graph);
  if (root === NONE) {
    return null;
  }
  const totalOf = (func: FuncIndex) => rows.total[graph.rowOf(func)];
  const selfOf = (func: FuncIndex) => rows.self[graph.rowOf(func)];
  const owns = (func: FuncIndex) => selfOf(func) > LITTLE * whole;
  const functions: FuncIndex[] = [];
  const seen = new Set<FuncIndex>();
  let next: FuncIndex | typeof NONE = root;
  while (next !== NONE && !seen.has(next) && !owns(next)) {
    functions.push(next);
    seen.add(next);
    const edge = leadingEdge(graph, next);
    next =
      edge && edge.total >= MOSTLY * totalOf(edge.callee) ? edge.callee : NONE;
  }
  return functions.length >= LEAST_SPINE && totalOf(root) >= LEADS * whole
    ? {
        functions,
        self: functions.reduce((sum, func) => sum + selfOf(func), 0),
        total: totalOf(root)
      }
    : null;
}

/**
 * The function with the largest total among those that nothing in the profile calls; `NONE` if there is none.
 */
function rootOf(graph: CallGraph): FuncIndex | typeof NONE {
  const { rows, profile } = graph;
  let root: FuncIndex | typeof NONE = NONE;
  let most = 0;
  rows.function.forEach((func, row) => {
    const one = func as FuncIndex;
    if (
      rows.total[row] > most &&
      profile.functions.kind[one] !== 'pseudo' &&
      graph.callees(one).length > 0 &&
      graph.callers(one).every(({ caller }) => caller === one)
    ) {
      most = rows.total[row];
      root = one;
    }
  });
  return root;
}

/**
 * The edge into which nearly all of a function's time goes; undefined where it does the work, or shares it out.
 */
export function leadingEdge(
  graph: CallGraph,
  func: FuncIndex
): IEdge | undefined {
  const row = graph.rowOf(func);
  if (row === NONE) {
    return undefined;
  }
  const { self, total } = graph.rows;
  // All of nothing is no large share.
  return total[row] > 0 && self[row] <= LITTLE * total[row]
    ? graph
        .callees(func)
        .find(edge => edge.callee !== func && edge.total >= LEADS * total[row])
    : undefined;
}
