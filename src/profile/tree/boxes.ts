import { NONE, type TreeIndex } from '../indices';
import type { IPlaces } from './places';

/**
 * What a box is: a `node`, a `run` of siblings too small to be drawn alone, or the `rest` of a node, which was not
 * expanded.
 */
export const BOX = 0;
export const RUN = 1;
export const REST = 2;

/** The part of a tree that is looked at. Pixels are what the caller likes: CSS pixels or those of the device. */
export interface IWindow {
  /** Values at the left and right edge. */
  readonly from: number;
  readonly to: number;
  /** Depth of the first row, and how many rows are in sight. */
  readonly row: number;
  readonly rows: number;
  /** Pixels between `from` and `to`. */
  readonly width: number;
  /** What is narrower, in pixels, becomes part of a run. */
  readonly least: number;
}

/** Boxes in sight, row by row from left to right, in arrays that are used again for the next frame. */
export class Boxes {
  /** How many there are; what stands behind is of an earlier frame. */
  length = 0;
  /** `BOX`, `RUN` or `REST`. */
  kind = new Uint8Array(FIRST_CAPACITY);
  /** The node; of a run the first one (the largest of its caller), of a rest the node that it is part of. */
  node = new Int32Array(FIRST_CAPACITY);
  /** Depth of the row. */
  row = new Int32Array(FIRST_CAPACITY);
  /** Left edge in pixels, not outside the window. */
  x = new Float64Array(FIRST_CAPACITY);
  /** In pixels, cut off at the window's edges. */
  width = new Float64Array(FIRST_CAPACITY);
  /** How many nodes it stands for, without those below: 1 for a box, 0 for a rest. */
  count = new Int32Array(FIRST_CAPACITY);
  /** How many nodes were looked at to find them. */
  visited = 0;

  /** Used by `layoutBoxes`. */
  add(
    kind: number,
    node: number,
    row: number,
    x: number,
    width: number,
    count: number
  ): void {
    if (this.length === this.kind.length) {
      this._grow();
    }
    const at = this.length++;
    this.kind[at] = kind;
    this.node[at] = node;
    this.row[at] = row;
    this.x[at] = x;
    this.width[at] = width;
    this.count[at] = count;
  }

  private _grow(): void {
    const capacity = 2 * this.kind.length;
    this.kind = grown(this.kind, new Uint8Array(capacity));
    this.node = grown(this.node, new Int32Array(capacity));
    this.row = grown(this.row, new Int32Array(capacity));
    this.x = grown(this.x, new Float64Array(capacity));
    this.width = grown(this.width, new Float64Array(capacity));
    this.count = grown(this.count, new Int32Array(capacity));
  }
}

const FIRST_CAPACITY = 4096;

function grown<T extends Uint8Array | Int32Array | Float64Array>(
  from: T,
  to: T
): T {
  to.set(from);
  return to;
}

/** Nodes of a row whose callees come next, with the right edges of their boxes. */
interface IRow {
  length: number;
  readonly nodes: number[];
  readonly edges: number[];
}

/**
 * Find the boxes that are in sight.
 *
 * Goes down row by row from the first one in sight, and only below boxes that are wide enough to be seen. Siblings stand by falling total: where one
 * is too narrow, all behind it are, and become one run without being looked at. So a frame costs what is in sight, not
 * what the tree holds.
 *
 * ```
 *   ┌──────────── main ────────────┐
 *   ├──── f ────┬─── g ───┬▒▒▒▒┐     ▒ 4 000 callees under a pixel each: one run
 *   ├─ h ─┐     ├─ h ─┬▒┐
 * ```
 *
 * @param into - filled with them
 */
export function layoutBoxes(
  places: IPlaces,
  window: IWindow,
  into: Boxes
): void {
  const { tree, start, rowNodes, rowStart, rowPlace } = places;
  const { total, end, rest, self } = tree;
  const { from, to, width, least } = window;
  into.length = 0;
  into.visited = 0;
  const scale = width / (to - from);
  if (!(scale > 0) || !Number.isFinite(scale)) {
    return;
  }
  const lastRow = Math.min(places.rows, window.row + window.rows) - 1;
  let above: IRow = { length: 0, nodes: [], edges: [] };
  let here: IRow = { length: 0, nodes: [], edges: [] };

  /** Boxes of the siblings at `first` and behind it in a row, which end at `edge`, in pixels. */
  const layoutSiblings = (
    row: number,
    first: number,
    last: number,
    edge: number
  ) => {
    let place = first;
    if (start[rowNodes[place]] < from) {
      place = firstInSight(places, first, last, from);
    }
    for (; place < last; place++) {
      const node = rowNodes[place];
      into.visited++;
      const left = (start[node] - from) * scale;
      if (left >= width) {
        return;
      }
      const right = Math.min((start[node] + total[node] - from) * scale, edge);
      if (right - left < least) {
        const lastNode = rowNodes[last - 1];
        const until = Math.min(
          (start[lastNode] + total[lastNode] - from) * scale,
          edge
        );
        if (until > left) {
          addRun(into, node, row, left, until, last - place, window);
        }
        return;
      }
      const x = Math.max(left, 0);
      into.add(BOX, node, row, x, Math.min(right, width) - x, 1);
      if (end[node] > node + 1 || (rest && rest[node] > 0)) {
        here.nodes[here.length] = node;
        here.edges[here.length++] = right;
      }
    }
  };

  const first = Math.max(window.row, 1);
  if (window.row > 0) {
    wideNodes(places, window, scale, here, into);
  } else if (tree.length > 0) {
    layoutSiblings(0, 0, rowStart[1], Infinity);
  }
  for (let row = first; row <= lastRow; row++) {
    [above, here] = [here, above];
    here.length = 0;
    if (above.length === 0) {
      return;
    }
    for (let i = 0; i < above.length; i++) {
      const node = above.nodes[i];
      const edge = above.edges[i];
      if (end[node] > node + 1) {
        const place = rowPlace[node + 1];
        const last = placeFrom(places, row, place + 1, end[node]);
        layoutSiblings(row, place, last, edge);
      }
      if (rest && rest[node] > 0) {
        const right = Math.min(
          (start[node] + total[node] - self[node] - from) * scale,
          edge
        );
        const left = Math.max(right - rest[node] * scale, 0);
        const x = Math.min(right, width);
        if (x - left >= least) {
          into.add(REST, node, row, left, x - left, 0);
        }
      }
    }
  }
}

/**
 * Find the nodes above the window's first row that are in sight and wide enough to be looked below. So are all their
 * callers then, and none of them has to be looked at.
 *
 * Where one is too narrow, so are those that stand behind it under the nearest caller that is not.
 */
function wideNodes(
  places: IPlaces,
  { from, to, row, least }: IWindow,
  scale: number,
  found: IRow,
  into: Boxes
): void {
  const { tree, start, rowNodes, rowStart } = places;
  const { total, parent, end } = tree;
  if (row > places.rows) {
    return;
  }
  const above = row - 1;
  const last = rowStart[above + 1];
  let place = firstInSight(places, rowStart[above], last, from);
  while (place < last && start[rowNodes[place]] < to) {
    const node = rowNodes[place];
    into.visited++;
    if (total[node] * scale >= least) {
      found.nodes[found.length] = node;
      found.edges[found.length++] = (start[node] + total[node] - from) * scale;
      place++;
      continue;
    }
    let caller = parent[node];
    while (caller !== NONE && total[caller] * scale < least) {
      caller = parent[caller];
    }
    if (caller === NONE) {
      return;
    }
    place = placeFrom(places, above, place + 1, end[caller]);
  }
}

/** Add a run, or make that beside it longer. */
function addRun(
  into: Boxes,
  node: number,
  row: number,
  left: number,
  right: number,
  count: number,
  { width, least }: IWindow
): void {
  const x = Math.max(left, 0);
  const end = Math.min(right, width);
  const before = into.length - 1;
  if (
    before >= 0 &&
    into.kind[before] === RUN &&
    into.row[before] === row &&
    x - (into.x[before] + into.width[before]) < least
  ) {
    into.width[before] = Math.max(end - into.x[before], into.width[before]);
    into.count[before] += count;
  } else if (end > x) {
    into.add(RUN, node, row, x, end - x, count);
  }
}

/** The place in a row of the first of some siblings that ends behind a value. */
function firstInSight(
  { tree, start, rowNodes }: IPlaces,
  first: number,
  last: number,
  from: number
): number {
  let low = first;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const node = rowNodes[middle];
    if (start[node] + tree.total[node] <= from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The first place of a row, from one on, with a node not before `end`. */
function placeFrom(
  { rowNodes, rowStart }: IPlaces,
  row: number,
  from: number,
  end: number
): number {
  const rowEnd = rowStart[row + 1];
  // Most nodes have few children: look near by first, twice as far each time.
  let step = 1;
  let low = from;
  while (low + step < rowEnd && rowNodes[low + step] < end) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, rowEnd);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rowNodes[middle] < end) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/**
 * The box at a point of what was laid out, `NONE` where there is none: the index into `boxes`, so that a run or a rest
 * can be told from a node.
 *
 * @param row - depth
 * @param x - pixels from the window's left edge
 */
export function boxAt(boxes: Boxes, row: number, x: number): number {
  let low = 0;
  let high = boxes.length;
  // Row by row, and in a row from left to right.
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (
      boxes.row[middle] < row ||
      (boxes.row[middle] === row && boxes.x[middle] <= x)
    ) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const at = low - 1;
  return at >= 0 && boxes.row[at] === row && x < boxes.x[at] + boxes.width[at]
    ? at
    : NONE;
}

/** The window that shows a node and what is below it as wide as can be. */
export function windowOf(
  { tree, start }: IPlaces,
  node: TreeIndex | typeof NONE
): Pick<IWindow, 'from' | 'to'> {
  return node === NONE
    ? { from: 0, to: tree.whole }
    : { from: start[node], to: start[node] + tree.total[node] };
}
