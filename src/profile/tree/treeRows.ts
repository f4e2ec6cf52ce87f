import {
  indexColumn,
  NONE,
  type IndexColumn,
  type TreeIndex
} from '../indices';
import type { ICallTree } from './callTree';

/**
 * The rows of a tree as a table: the roots, and what lies below nodes that are open. Looks at these rows only, so that
 * it costs what is shown, not what the tree holds.
 *
 * ```
 *   ▾ main        open: main, f
 *     ▾ f
 *       ▸ g       closed, whatever is below it
 *     ▸ h
 * ```
 *
 * @returns nodes in pre-order
 */
export function treeRows(
  tree: ICallTree,
  open: ReadonlySet<TreeIndex>
): IndexColumn<TreeIndex> {
  const { length, end } = tree;
  let rows = new Int32Array(Math.min(length, 1024));
  let count = 0;
  for (let node = 0 as TreeIndex; node < length;) {
    if (count === rows.length) {
      const more = new Int32Array(Math.min(length, 2 * count));
      more.set(rows);
      rows = more;
    }
    rows[count++] = node;
    node = open.has(node) ? ((node + 1) as TreeIndex) : end[node];
  }
  return indexColumn(rows.slice(0, count));
}

/**
 * The row of a node; `NONE` where it is below a closed one. (A binary search.)
 */
export function rowOfNode(
  rows: IndexColumn<TreeIndex>,
  node: TreeIndex
): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle] < node) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return rows[low] === node ? low : NONE;
}
