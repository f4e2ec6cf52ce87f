import type { CallGraph } from './callGraph';
import { leadingEdge } from './chains';
import type { FuncIndex } from './indices';

/**
 * From a function to the one that does the work: while a function does next to nothing itself and one callee takes
 * nearly all of its time, that callee comes next.
 *
 * ```
 *   get 0.01 s own of 13.6 s  →  get 0.03  →  _read 0.01  →  readFits 10.4 own
 * ```
 *
 * Each step is about all calls of that function, not only about those from the one before it.
 *
 * @param caller - whom the way must not come back to
 * @returns the functions in order of calling; only the first where it does the work, or shares it out, or where the way
 * comes back, so that nobody on it does the work
 */
export function wrapperChain(
  graph: CallGraph,
  func: FuncIndex,
  caller: FuncIndex
): readonly FuncIndex[] {
  const chain = [func];
  const seen = new Set([caller, func]);
  for (;;) {
    const edge = leadingEdge(graph, chain[chain.length - 1]);
    if (!edge) {
      return chain;
    }
    if (seen.has(edge.callee)) {
      return [func];
    }
    chain.push(edge.callee);
    seen.add(edge.callee);
  }
}
