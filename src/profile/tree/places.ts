import {
  indexColumn,
  NONE,
  type IndexColumn,
  type TreeIndex
} from '../indices';
import type { ICallTree } from './callTree';

/**
 * Where the boxes of a tree lie, derived once: from left to right in values, and by depth.
 *
 * ```
 *   main ─────────── 11        start  main 0, f 0, g 0, h 7
 *   f ───── 7  h ─ 3 1         a box holds its callees from its left edge on, then what is not expanded, and last
 *   g ── 5  2                  its own value, which is empty below
 * ```
 */
export interface IPlaces {
  readonly tree: ICallTree;
  /** Left edge of each node's box, from 0 to `tree.whole`. The right edge is `total` further. */
  readonly start: Float64Array;
  /** Nodes of one depth side by side, from left to right: those of depth d are `rowStart[d] .. rowStart[d + 1]`. */
  readonly rowNodes: IndexColumn<TreeIndex>;
  readonly rowStart: Int32Array;
  /** Where each node stands in `rowNodes`. */
  readonly rowPlace: Int32Array;
  /** How many rows of boxes there are, that of what is not expanded included. */
  readonly rows: number;
}

/**
 * Find places for the boxes of a tree.
 *
 * @returns `null` where boxes cannot stand for the values: they do not sum, or some are below 0
 */
export function placesOf(tree: ICallTree): IPlaces | null {
  const { length, parent, depth, self, total, rest } = tree;
  if (tree.metric.combine !== 'sum') {
    return null;
  }
  const start = new Float64Array(length);
  /** Where the next child of a node begins. */
  const next = new Float64Array(length);
  let nextRoot = 0;
  let rows = 0;
  for (let node = 0; node < length; node++) {
    if (!(self[node] >= 0)) {
      return null;
    }
    const above = parent[node];
    if (above === NONE) {
      start[node] = nextRoot;
      nextRoot += total[node];
    } else {
      start[node] = next[above];
      next[above] += total[node];
    }
    next[node] = start[node];
    // What is not expanded lies a row below its node.
    rows = Math.max(rows, depth[node] + (rest && rest[node] > 0 ? 2 : 1));
  }
  const rowStart = new Int32Array(rows + 1);
  for (let node = 0; node < length; node++) {
    rowStart[depth[node] + 1]++;
  }
  for (let row = 0; row < rows; row++) {
    rowStart[row + 1] += rowStart[row];
  }
  const free = rowStart.slice(0, rows);
  const rowNodes = new Int32Array(length);
  const rowPlace = new Int32Array(length);
  for (let node = 0; node < length; node++) {
    const place = free[depth[node]]++;
    rowNodes[place] = node;
    rowPlace[node] = place;
  }
  return {
    tree,
    start,
    rowNodes: indexColumn(rowNodes),
    rowStart,
    rowPlace,
    rows
  };
}

/**
 * The box at a value of a row; `NONE` where there is none. A binary search, quick enough for every move of a mouse.
 *
 * @param row - depth, from 0
 * @param value - from 0 to `tree.whole`
 */
export function nodeAtPlace(
  { tree, start, rowNodes, rowStart, rows }: IPlaces,
  row: number,
  value: number
): TreeIndex | typeof NONE {
  if (!(row >= 0 && row < rows)) {
    return NONE;
  }
  let low = rowStart[row];
  let high = rowStart[row + 1];
  // The first box that begins behind the value.
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (start[rowNodes[middle]] <= value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low === rowStart[row]) {
    return NONE;
  }
  const node = rowNodes[low - 1];
  return value < start[node] + tree.total[node] ? node : NONE;
}

/**
 * The box beside one in its row, whichever caller it is of; `NONE` at the end of the row.
 *
 * @param step - 1: to the right, -1: to the left
 */
export function besideInRow(
  { tree, rowNodes, rowStart, rowPlace }: IPlaces,
  node: TreeIndex,
  step: 1 | -1
): TreeIndex | typeof NONE {
  const place = rowPlace[node] + step;
  const row = tree.depth[node];
  return place >= rowStart[row] && place < rowStart[row + 1]
    ? rowNodes[place]
    : NONE;
}
