import type { FuncIndex } from '../indices';
import type { ICallTree } from './callTree';
import { callersOf, type CallerTree } from './callerTree';
import { GROWTH, type IGrowth } from './growingTree';
import { outermostOf } from './outermost';
import { subtreesOf } from './reshape';

/** One function between its callers and its callees. */
export interface ISandwich {
  /** What it called, wherever it was called from: a tree with the function as its one root. */
  readonly callees: ICallTree;
  /**
   * Who called it, upside down: a tree with the function as its one root, its callers below. `null` where values of the
   * metric do not sum.
   */
  readonly callers: CallerTree | null;
  /** What it took, by pprof's rule: a call within a call is in it already. Both roots have it. */
  readonly total: number;
  /** How many nodes of the tree they are, without those below another one. */
  readonly places: number;
}

/**
 * Look at one function from both sides.
 *
 * ```
 *   main 1                      callers of g 13    callees of g 13
 *   ├ f 2                       g 13               g 8
 *   │ └ g 5              →      ├ f 10             └ h 4
 *   │   └ h 4                   │ └ main 10          └ g 1
 *   │     └ g 1                 └ main 3
 *   └ g 3
 * ```
 *
 * @returns `null` where the function is not in the tree
 */
export function sandwichOf(
  tree: ICallTree,
  func: FuncIndex,
  growth: IGrowth = GROWTH
): ISandwich | null {
  const nodes = outermostOf(tree, func);
  if (nodes.length === 0) {
    return null;
  }
  const callees = subtreesOf(tree, nodes);
  return {
    callees,
    callers: callersOf(tree, nodes, growth),
    total: callees.whole,
    places: nodes.length
  };
}
