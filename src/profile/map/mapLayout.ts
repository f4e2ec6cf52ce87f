import { NONE } from '../indices';
import type { ICallTree } from '../tree/callTree';
import { LEFT, NODE, SMALL, type MapBoxes } from './mapBoxes';
import { squarify, type IRectangle } from './squarify';

/** What is smaller on a side, in px, is not drawn. */
export const LEAST = 3;

/** Height of a line of text in a box, in px. */
export const LINE = 15;

/** From these sizes on a box has a line for its name, where its own part has no room for it. */
const NAMED_WIDTH = 56;
const NAMED_HEIGHT = 64;

/** A callee with so much of its caller is nearly all of it: the caller has no line of its own, so that deep ways fit. */
const NEARLY_ALL = 0.95;

/** The frame of a box in px, and from which size on it is the wider one. */
const FRAME = 3;
const NARROW_FRAME = 1;
const FRAMED = 28;

/** Boxes at most: more than anybody can tell apart. */
const MOST_BOXES = 60_000;

/** What a map is laid out in. */
export interface IMapWindow {
  /** In px. */
  readonly width: number;
  readonly height: number;
  /** Levels that are drawn below the first one; `null`: all. */
  readonly depth: number | null;
}

/**
 * Whether boxes can stand for the values of a tree: they sum, are not below 0, and are more than nothing.
 */
export function canBeMapped({
  metric,
  self,
  rest,
  length,
  whole
}: ICallTree): boolean {
  if (metric.combine !== 'sum' || !(whole > 0 && Number.isFinite(whole))) {
    return false;
  }
  for (let node = 0; node < length; node++) {
    if (!(self[node] >= 0) || (rest && !(rest[node] >= 0))) {
      return false;
    }
  }
  return true;
}

/**
 * Lay out a tree as boxes within boxes. The area of a box is in proportion to its total among those beside it; at the
 * top of a box is the strip that it owns, in proportion to the height.
 *
 * ```
 *   ┌ main ────────────────────┐
 *   │▒▒▒▒▒▒▒▒▒▒ own ▒▒▒▒▒▒▒▒▒▒▒│
 *   │┌ f ─────────────┐┌ g ───┐│
 *   ││▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒││▒▒▒▒▒▒││
 *   ││┌ h ──┐┌ i ────┐││      ││
 *   ││└─────┘└───────┘││      ││
 *   │└────────────────┘└──────┘│
 *   └──────────────────────────┘
 * ```
 *
 * Goes down level by level, and only into boxes that are large enough: siblings stand by falling total, so that those
 * behind the first one that is too small are never looked at. A picture costs what is seen, not what the tree holds.
 *
 * @param tree - one that `canBeMapped`
 * @param into - filled with the boxes
 */
export function layoutMap(
  tree: ICallTree,
  { width, height, depth }: IMapWindow,
  into: MapBoxes
): void {
  into.clear();
  divide(
    tree,
    NONE,
    NONE,
    { left: 0, top: 0, width, height },
    tree.whole,
    into
  );
  into.roots = into.length;
  for (let box = 0; box < into.length; box++) {
    into.first[box] = into.last[box] = into.length;
    if (into.kind[box] !== NODE) {
      continue;
    }
    const node = into.node[box];
    const isLeaf = tree.end[node] === node + 1 && !tree.rest?.[node];
    const isDeep = depth !== null && into.level[box] >= depth;
    const inside = insideOf(tree, box, into);
    into.stripTop[box] = inside.top;
    into.strip[box] = (tree.self[node] / tree.total[node]) * inside.height;
    if (isLeaf) {
      continue;
    }
    if (isDeep || into.length >= MOST_BOXES) {
      into.isCut = true;
      continue;
    }
    fill(tree, box, inside, into);
    into.last[box] = into.length;
  }
}

/** What is within the frame of a box, and below its name, where that has a line of its own. */
function insideOf(
  { total, self, end }: ICallTree,
  box: number,
  into: MapBoxes
): IRectangle {
  const node = into.node[box];
  const smaller = Math.min(into.width[box], into.height[box]);
  const frame = smaller >= FRAMED ? FRAME : NARROW_FRAME;
  const width = into.width[box] - 2 * frame;
  const height = into.height[box] - 2 * frame;
  const isNamed =
    width >= NAMED_WIDTH &&
    height >= NAMED_HEIGHT &&
    (self[node] / total[node]) * height < LINE &&
    end[node] > node + 1 &&
    !(total[node + 1] >= NEARLY_ALL * total[node]);
  const name = isNamed ? LINE : 0;
  return {
    left: into.left[box] + frame,
    top: into.top[box] + frame + name,
    width,
    height: height - name
  };
}

/** Divide what is within a box: below its own part is what it called, and last what was not expanded. */
function fill(
  tree: ICallTree,
  box: number,
  { left, top, width, height }: IRectangle,
  into: MapBoxes
): void {
  const { total, self, rest } = tree;
  const node = into.node[box];
  const strip = into.strip[box];
  const unexpanded = rest?.[node] ?? 0;
  const bottom = (unexpanded / total[node]) * height;
  const called = height - strip - bottom;
  if (width < LEAST || height < LEAST) {
    return;
  }
  if (called >= LEAST) {
    divide(
      tree,
      node,
      box,
      { left, top: top + strip, width, height: called },
      total[node] - self[node] - unexpanded,
      into
    );
  }
  if (bottom >= LEAST) {
    into.add(LEFT, node, box, left, top + height - bottom, width, bottom);
  }
}

/** Lay out the children of a node, or the roots, in a rectangle that stands for a value. */
function divide(
  { total, end, length }: ICallTree,
  node: number,
  box: number,
  rectangle: IRectangle,
  value: number,
  into: MapBoxes
): void {
  const behind = node === NONE ? length : end[node];
  let child = node + 1;
  const rest = squarify(
    rectangle,
    value,
    LEAST,
    () => {
      const one = child;
      if (one >= behind) {
        return NONE;
      }
      child = end[one];
      return one;
    },
    one => total[one],
    (one, left, top, width, height) => {
      if (width >= LEAST && height >= LEAST) {
        into.add(NODE, one, box, left, top, width, height);
      }
    }
  );
  if (box !== NONE && rest.width >= LEAST && rest.height >= LEAST) {
    into.add(SMALL, node, box, rest.left, rest.top, rest.width, rest.height);
  }
}
