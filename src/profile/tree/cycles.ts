import type { CallGraph } from '../callGraph';
import { NONE, type FuncIndex } from '../indices';

/**
 * Which functions call themselves through others: 1 for those whose strongly connected component has more than one.
 *
 * Tarjan's algorithm, each call looked at once. Without recursion, as call graphs may be deeper than a browser's stack.
 */
export function inCycles(graph: CallGraph): Uint8Array {
  const count = graph.profile.functions.length;
  const found = new Uint8Array(count);
  // When a function was reached, and the earliest that it leads back to.
  const reached = new Int32Array(count).fill(NONE);
  const earliest = new Int32Array(count);
  /** Of those whose component is not known yet. */
  const waiting: number[] = [];
  const isWaiting = new Uint8Array(count);
  /** The way to the function that is looked at, with what of its callees is left. */
  const way: { readonly func: number; readonly callees: number[] }[] = [];
  let time = 0;
  const enter = (func: number) => {
    reached[func] = earliest[func] = time++;
    waiting.push(func);
    isWaiting[func] = 1;
    const callees = graph
      .callees(func as FuncIndex)
      .map(({ callee }) => callee);
    way.push({ func, callees });
  };
  for (const root of graph.rows.function) {
    if (reached[root] === NONE) {
      enter(root);
    }
    while (way.length > 0) {
      const { func, callees } = way[way.length - 1];
      const callee = callees.pop();
      if (callee !== undefined) {
        if (reached[callee] === NONE) {
          enter(callee);
        } else if (isWaiting[callee]) {
          earliest[func] = Math.min(earliest[func], reached[callee]);
        }
        continue;
      }
      way.pop();
      if (way.length > 0) {
        const caller = way[way.length - 1].func;
        earliest[caller] = Math.min(earliest[caller], earliest[func]);
      }
      if (earliest[func] === reached[func]) {
        const first = waiting.lastIndexOf(func);
        const component = waiting.splice(first);
        for (const one of component) {
          isWaiting[one] = 0;
          found[one] = component.length > 1 ? 1 : 0;
        }
      }
    }
  }
  return found;
}
