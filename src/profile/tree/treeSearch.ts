import { combinationOf } from '../combine';
import type { ICallTree } from './callTree';

/** What a search finds in a tree: "12 matches, 34 %". */
export interface ITreeMatches {
  /** Nodes of functions that match. */
  readonly nodes: number;
  /** What they took with all that they called, in the metric's unit. A match within a match counts once. */
  readonly value: number;
  /** Of the tree's whole; NaN where values of the metric do not sum, or there are none. */
  readonly share: number;
}

/**
 * Find functions in a tree.
 *
 * ```
 *   main 1
 *   ├ f 2      ●  7      search: f
 *   │ └ f 5    ●         2 nodes, 10 of 11: that within a match is in it already
 *   └ f 3      ●  3
 * ```
 *
 * In a tree that grows, boxes that have not been made are not found. Of an inverted tree the tree that it was made of
 * tells the value and the share, which are the same: all that ran with a match on its way.
 *
 * @param matches - one byte a function, as `searchFunctions` gives them
 */
export function searchTree(tree: ICallTree, matches: Uint8Array): ITreeMatches {
  const { length, func, end, total, whole, metric } = tree;
  const of = combinationOf(metric)?.of;
  let [nodes, covered] = [0, 0];
  let value: number | null = null;
  for (let node = 0; node < length; node++) {
    if (!matches[func[node]]) {
      continue;
    }
    nodes++;
    if (node >= covered) {
      covered = end[node];
      value = value === null ? total[node] : (of?.(value, total[node]) ?? NaN);
    }
  }
  return {
    nodes,
    value: value ?? 0,
    share: metric.combine === 'sum' && whole > 0 ? (value ?? 0) / whole : NaN
  };
}
