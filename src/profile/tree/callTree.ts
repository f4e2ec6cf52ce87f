import type { FuncIndex, IndexColumn, TreeIndex } from '../indices';
import type { IMetric } from '../model';

/**
 * A call tree to look at: a forest in pre-order, children of a node by falling total ("left heavy"), no two of them of
 * one function.
 *
 * ```
 *   main 1           node    0   1   2   3
 *   ├ f 2            func    main f  g   h
 *   │ └ g 5          parent  -1  0   1   0
 *   └ h 3            depth   0   1   2   1
 *                    end     4   3   3   4
 *                    self    1   2   5   3
 *                    total   11  7   5   3
 * ```
 *
 * So "is a below b" is two comparisons, and the next sibling of a node, if it has one, is at its `end`.
 */
export interface ICallTree {
  readonly length: number;
  /** `NONE` for a root. */
  readonly parent: IndexColumn<TreeIndex>;
  /** 0 for a root. */
  readonly depth: Int32Array;
  /** First node after the subtree; `length` for the last one. */
  readonly end: IndexColumn<TreeIndex>;
  readonly func: IndexColumn<FuncIndex>;
  /**
   * Own value, in the metric's unit. In a tree of callers (inverted) what belongs to no further caller: the frames of
   * which nothing called the last function.
   */
  readonly self: Float64Array;
  /** Value of the subtree, in the metric's unit: `self`, `rest` and children, as `metric.combine` puts them together. */
  readonly total: Float64Array;
  /** `null`: not known. */
  readonly calls: Float64Array | null;
  /** 1: the box is an estimate, made of edges. `null`: all are exact. */
  readonly estimated: Uint8Array | null;
  /**
   * The part of `total` whose boxes were not made: "(not expanded)". Only trees that grow on demand have it
   * (`GrowingTree`). `null`: everything is there.
   */
  readonly rest: Float64Array | null;
  /** What shares are shares of: the roots' totals together. */
  readonly whole: number;
  readonly metric: IMetric;
}

/** Whether a node lies in the subtree of another one, and is not that one. */
export function isBelow(
  { end }: ICallTree,
  node: TreeIndex,
  ancestor: TreeIndex
): boolean {
  return node > ancestor && node < end[ancestor];
}

/** Whether a node has children that are in the tree. */
export function hasChildren({ end }: ICallTree, node: TreeIndex): boolean {
  return end[node] > node + 1;
}
