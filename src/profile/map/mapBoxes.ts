import { NONE } from '../indices';

/**
 * What a box is: a `node`, the room of callees that are `small`, or the `left` of a node, which was not expanded.
 */
export const NODE = 0;
export const SMALL = 1;
export const LEFT = 2;

const FIRST_CAPACITY = 2048;

/**
 * Boxes of a map, level by level, in arrays that are used again for the next picture. Those within a box stand side by
 * side.
 */
export class MapBoxes {
  /** How many there are; what stands behind is of an earlier picture. */
  length = 0;
  /** How many of them, from the first one on, are within no other one. */
  roots = 0;
  /** The deepest level that is drawn; -1: none. */
  deepest = -1;
  /** Whether something is not drawn because it is too deep. */
  isCut = false;
  /** `NODE`, `SMALL` or `LEFT`. */
  kind = new Uint8Array(FIRST_CAPACITY);
  /** The node; of the others that in which they are. */
  node = new Int32Array(FIRST_CAPACITY);
  /** 0 for those within no other one. */
  level = new Int32Array(FIRST_CAPACITY);
  /** The box around it; `NONE`: there is none. */
  around = new Int32Array(FIRST_CAPACITY);
  /** In px. */
  left = new Float64Array(FIRST_CAPACITY);
  top = new Float64Array(FIRST_CAPACITY);
  width = new Float64Array(FIRST_CAPACITY);
  height = new Float64Array(FIRST_CAPACITY);
  /** Where a node's own part begins and how high it is, in px; 0 where nothing is drawn within the box. */
  stripTop = new Float64Array(FIRST_CAPACITY);
  strip = new Float64Array(FIRST_CAPACITY);
  /** Boxes within: the first one, and the first one that is not. */
  first = new Int32Array(FIRST_CAPACITY);
  last = new Int32Array(FIRST_CAPACITY);

  /**
   * Forget all boxes.
   */
  clear(): void {
    this.length = 0;
    this.roots = 0;
    this.deepest = -1;
    this.isCut = false;
  }

  /**
   * Add a box; used by `layoutMap`.
   */
  add(
    kind: number,
    node: number,
    around: number,
    left: number,
    top: number,
    width: number,
    height: number
  ): void {
    if (this.length === this.kind.length) {
      this._grow();
    }
    const at = this.length++;
    const level = around === NONE ? 0 : this.level[around] + 1;
    this.kind[at] = kind;
    this.node[at] = node;
    this.level[at] = level;
    this.around[at] = around;
    this.left[at] = left;
    this.top[at] = top;
    this.width[at] = width;
    this.height[at] = height;
    this.stripTop[at] = 0;
    this.strip[at] = 0;
    this.first[at] = 0;
    this.last[at] = 0;
    if (kind === NODE) {
      this.deepest = Math.max(this.deepest, level);
    }
  }

  /**
   * The innermost box at a place; `NONE` where there is none.
   */
  at(x: number, y: number): number {
    let found = NONE;
    let from = 0;
    let to = this.roots;
    for (let box = from; box < to; box++) {
      if (this._holds(box, x, y)) {
        found = box;
        from = this.first[box];
        to = this.last[box];
        box = from - 1;
      }
    }
    return found;
  }

  /**
   * The box of a node; `NONE` where it is not drawn.
   */
  of(node: number): number {
    for (let box = 0; box < this.length; box++) {
      if (this.node[box] === node && this.kind[box] === NODE) {
        return box;
      }
    }
    return NONE;
  }

  private _holds(box: number, x: number, y: number): boolean {
    return (
      x >= this.left[box] &&
      y >= this.top[box] &&
      x < this.left[box] + this.width[box] &&
      y < this.top[box] + this.height[box]
    );
  }

  private _grow(): void {
    const capacity = 2 * this.kind.length;
    this.kind = grown(this.kind, new Uint8Array(capacity));
    this.node = grown(this.node, new Int32Array(capacity));
    this.level = grown(this.level, new Int32Array(capacity));
    this.around = grown(this.around, new Int32Array(capacity));
    this.left = grown(this.left, new Float64Array(capacity));
    this.top = grown(this.top, new Float64Array(capacity));
    this.width = grown(this.width, new Float64Array(capacity));
    this.height = grown(this.height, new Float64Array(capacity));
    this.stripTop = grown(this.stripTop, new Float64Array(capacity));
    this.strip = grown(this.strip, new Float64Array(capacity));
    this.first = grown(this.first, new Int32Array(capacity));
    this.last = grown(this.last, new Int32Array(capacity));
  }
}

function grown<T extends Uint8Array | Int32Array | Float64Array>(
  from: T,
  to: T
): T {
  to.set(from);
  return to;
}
