import { combinationOf } from '../combine';
import { NONE, type TreeIndex } from '../indices';
import type { IMetric } from '../model';
import type { ICallTree } from './callTree';
import { buildTree } from './forest';

/** How far a tree grows at once. What is left stays to be expanded. */
export interface IGrowth {
  /** Boxes to make. */
  readonly boxes: number;
  /** The part of the value to be looked into that a box needs to be expanded. */
  readonly share: number;
  /** Frames to look at; bounds the time. */
  readonly frames: number;
}

/** What is grown at once if nothing else is said: more than can be seen, and less than can be felt. */
export const GROWTH: IGrowth = {
  boxes: 20_000,
  share: 1 / 4_000,
  frames: 4_000_000
};

/** A box, before the tree is put in order. */
export interface ISprout {
  /** Number of the box above; `NONE` for a root. */
  readonly parent: number;
  readonly func: number;
  readonly total: number;
  /** NaN: not known. */
  readonly calls: number;
  readonly isEstimated: boolean;
  /** Whether there may be boxes below. */
  readonly isOpen: boolean;
}

/** What of a box is not in the boxes below it. */
export interface IRemains {
  /** Its own. */
  readonly self: number;
  /** What can never be told. */
  readonly rest: number;
  /** How many frames were looked at. */
  readonly frames: number;
}

/**
 * A tree that would be too large to make as a whole: the heaviest boxes are there, the others are made when they are
 * asked for. What has not been made is in the `rest` of the box above: no value is ever lost or guessed.
 *
 * Making all of an inverted tree costs depth times size; Firefox Profiler gave it up for that.
 */
export abstract class GrowingTree {
  /**
   * @param metric - one whose values sum
   */
  protected constructor(private readonly _metric: IMetric) {}

  /** The tree as it is now. A new one when it has grown. */
  get tree(): ICallTree {
    return this._built().tree;
  }

  /** Whether there are boxes below a node that have not been made. */
  canExpand(node: TreeIndex): boolean {
    return this._isOpen[this._built().origin[node]] === 1;
  }

  /**
   * Make more boxes below a node: at least those of its own, then the heaviest.
   *
   * @returns the tree as it is now. Nodes have other numbers in it; follow them by their path (`pathOf`)
   */
  expand(node: TreeIndex, growth: IGrowth = GROWTH): ICallTree {
    const { tree, origin } = this._built();
    const open: number[] = [];
    for (let one: number = node; one < tree.end[node]; one++) {
      if (this._isOpen[origin[one]]) {
        open.push(origin[one]);
      }
    }
    this._grow(open, tree.total[node], growth, origin[node]);
    return this.tree;
  }

  /** Make the first boxes. To be called by the constructor, once the roots are there. */
  protected begin(growth: IGrowth): void {
    const open: number[] = [];
    let whole = 0;
    for (let box = 0; box < this._parent.length; box++) {
      whole += this._total[box];
      if (this._isOpen[box]) {
        open.push(box);
      }
    }
    this._grow(open, whole, growth, NONE);
  }

  /** Add a box. Returns its number. */
  protected add(sprout: ISprout): number {
    this._parent.push(sprout.parent);
    this._func.push(sprout.func);
    this._total.push(sprout.total);
    this._self.push(sprout.isOpen ? 0 : sprout.total);
    this._rest.push(sprout.isOpen ? sprout.total : 0);
    this._calls.push(sprout.calls);
    this._estimated.push(sprout.isEstimated ? 1 : 0);
    this._isOpen.push(sprout.isOpen ? 1 : 0);
    return this._parent.length - 1;
  }

  /** Add the boxes below one, and say what of it is in none of them. */
  protected abstract branch(box: number): IRemains;

  protected parentOf(box: number): number {
    return this._parent[box];
  }

  protected funcOf(box: number): number {
    return this._func[box];
  }

  protected totalOf(box: number): number {
    return this._total[box];
  }

  protected isEstimated(box: number): boolean {
    return this._estimated[box] === 1;
  }

  /** Expand the heaviest of some boxes, and of what comes out of them, until it is enough. */
  private _grow(
    open: readonly number[],
    value: number,
    { boxes, share, frames }: IGrowth,
    always: number
  ): void {
    const waiting = new Heaviest(this._total);
    open.forEach(box => waiting.push(box));
    const mostBoxes = this._parent.length + boxes;
    let seen = 0;
    if (always !== NONE && this._isOpen[always]) {
      seen += this._open(always, waiting);
    }
    while (this._parent.length < mostBoxes && seen < frames) {
      const box = waiting.pop();
      if (box === NONE || !(this._total[box] >= share * value)) {
        break;
      }
      // The one that had to be opened is still waiting.
      if (this._isOpen[box]) {
        seen += this._open(box, waiting);
      }
    }
    this._tree = null;
  }

  private _open(box: number, waiting: Heaviest): number {
    const first = this._parent.length;
    const { self, rest, frames } = this.branch(box);
    this._self[box] = self;
    this._rest[box] = rest;
    this._isOpen[box] = 0;
    for (let made = first; made < this._parent.length; made++) {
      if (this._isOpen[made]) {
        waiting.push(made);
      }
    }
    return frames;
  }

  private _built(): { tree: ICallTree; origin: Int32Array } {
    this._tree ??= buildTree(
      {
        length: this._parent.length,
        parent: Int32Array.from(this._parent),
        func: Int32Array.from(this._func),
        self: Float64Array.from(this._self),
        rest: Float64Array.from(this._rest),
        calls: this._calls.some(Number.isNaN)
          ? null
          : Float64Array.from(this._calls),
        estimated: this._estimated.includes(1)
          ? Uint8Array.from(this._estimated)
          : null
      },
      this._metric
    );
    return this._tree;
  }

  private readonly _parent: number[] = [];
  private readonly _func: number[] = [];
  private readonly _total: number[] = [];
  private readonly _self: number[] = [];
  private readonly _rest: number[] = [];
  private readonly _calls: number[] = [];
  private readonly _estimated: number[] = [];
  /** 1: may have boxes below that have not been made. */
  private readonly _isOpen: number[] = [];
  private _tree: { tree: ICallTree; origin: Int32Array } | null = null;
}

/** Whether values of a metric can be divided among callers, or among callees of an estimate. */
export function canGrow(metric: IMetric): boolean {
  return combinationOf(metric) !== null && metric.combine === 'sum';
}

/** Boxes that wait for their turn; the heaviest comes first (a binary heap). */
class Heaviest {
  constructor(private readonly _keys: readonly number[]) {}

  push(box: number): void {
    const { _heap: heap, _keys: keys } = this;
    let at = heap.length;
    heap.push(box);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!(keys[heap[above]] < keys[box])) {
        break;
      }
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = box;
  }

  /** `NONE` when nothing waits. */
  pop(): number {
    const { _heap: heap, _keys: keys } = this;
    const first = heap[0] ?? NONE;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) {
      return first;
    }
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) {
        break;
      }
      if (
        child + 1 < heap.length &&
        keys[heap[child + 1]] > keys[heap[child]]
      ) {
        child++;
      }
      if (!(keys[heap[child]] > keys[last])) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }

  private readonly _heap: number[] = [];
}
