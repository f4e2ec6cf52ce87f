import { NONE, type TreeIndex } from '../indices';
import type { ICallTree } from './callTree';
import {
  canGrow,
  GROWTH,
  GrowingTree,
  type IGrowth,
  type IRemains
} from './growingTree';

/** The nodes that a tree of callers starts from, and what each of them has to give. */
export interface ICallerOptions {
  readonly nodes: Int32Array;
  /** By node of the tree. */
  readonly values: Float64Array;
  readonly growth?: IGrowth;
}

/**
 * Some nodes of a tree, put together by function, with their callers below them, and the callers' callers below those.
 *
 * Each node that it starts from is in one box at a time, and moves on to one of its callers' when that box is expanded.
 * So all that this needs is two numbers a node, sorted by box in place.
 */
export class CallerTree extends GrowingTree {
  /**
   * @param source - of a metric whose values sum
   */
  constructor(
    private readonly _source: ICallTree,
    { nodes, values, growth = GROWTH }: ICallerOptions
  ) {
    super(_source.metric);
    this._leaf = nodes.slice();
    this._at = nodes.slice();
    this._values = values;
    this._spareLeaf = new Int32Array(nodes.length);
    this._spareAt = new Int32Array(nodes.length);
    let functions = 0;
    for (let node = 0; node < _source.length; node++) {
      functions = Math.max(functions, _source.func[node] + 1);
    }
    this._slot = new Int32Array(functions).fill(NONE);
    this._divide(NONE, 0, nodes.length);
    this.begin(growth);
  }

  protected override branch(box: number): IRemains {
    const [from, to] = [this._from[box], this._to[box]];
    // Those that nothing called go first, and stay.
    let ended = from;
    let self = 0;
    for (let i = from; i < to; i++) {
      const caller = this._source.parent[this._at[i]];
      if (caller !== NONE) {
        this._at[i] = caller;
        continue;
      }
      self += this._values[this._leaf[i]];
      const [leaf, at] = [this._leaf[i], this._at[i]];
      this._leaf[i] = this._leaf[ended];
      this._at[i] = this._at[ended];
      this._leaf[ended] = leaf;
      this._at[ended] = at;
      ended++;
    }
    this._divide(box, ended, to);
    return { self, rest: 0, frames: to - from };
  }

  /** Make a box of each function that the nodes of a part are at, and sort the part by box. */
  private _divide(parent: number, from: number, to: number): void {
    const { func, calls, estimated } = this._source;
    const { _leaf: leaf, _at: at, _slot: slot } = this;
    const functions: number[] = [];
    const counts: number[] = [];
    const totals: number[] = [];
    const called: number[] = [];
    const isEstimated: boolean[] = [];
    for (let i = from; i < to; i++) {
      const what = func[at[i]];
      let group = slot[what];
      if (group === NONE) {
        group = slot[what] = functions.length;
        functions.push(what);
        counts.push(0);
        totals.push(0);
        called.push(calls ? 0 : NaN);
        isEstimated.push(parent !== NONE && this.isEstimated(parent));
      }
      counts[group]++;
      totals[group] += this._values[leaf[i]];
      called[group] += calls ? calls[leaf[i]] : 0;
      isEstimated[group] ||= !!estimated && estimated[leaf[i]] === 1;
    }
    const next: number[] = [];
    let start = from;
    functions.forEach((what, group) => {
      next.push(start);
      const box = this.add({
        parent,
        func: what,
        total: totals[group],
        calls: called[group],
        isEstimated: isEstimated[group],
        isOpen: true
      });
      this._from[box] = start;
      start += counts[group];
      this._to[box] = start;
    });
    for (let i = from; i < to; i++) {
      const place = next[slot[func[at[i]]]]++;
      this._spareLeaf[place] = leaf[i];
      this._spareAt[place] = at[i];
    }
    leaf.set(this._spareLeaf.subarray(from, to), from);
    at.set(this._spareAt.subarray(from, to), from);
    for (const what of functions) {
      slot[what] = NONE;
    }
  }

  private readonly _values: Float64Array;
  /** Of each entry: where it started, and how far up it is. Those of a box are `_from[box] .. _to[box]`. */
  private readonly _leaf: Int32Array;
  private readonly _at: Int32Array;
  private readonly _from: number[] = [];
  private readonly _to: number[] = [];
  private readonly _spareLeaf: Int32Array;
  private readonly _spareAt: Int32Array;
  /** By function: its group while a part is divided, else `NONE`. */
  private readonly _slot: Int32Array;
}

/**
 * The tree upside down: what functions own, and who called them.
 *
 * ```
 *   main 1             g 8        of g's own 8, 5 came by f and 3 by h, and all by main
 *   ├ f 2              ├ f 5
 *   │ └ g 5       →    │ └ main 5
 *   └ h 4              └ h 3
 *     └ g 3              └ main 3
 *                      h 4
 *                      └ main 4 …
 * ```
 *
 * @param tree - a whole one, not one that grows (whose `rest` is owned by no function that is known)
 * @returns `null` where it cannot be turned: values do not sum, or it is not a whole tree
 */
export function invertedTree(
  tree: ICallTree,
  growth: IGrowth = GROWTH
): CallerTree | null {
  if (!canGrow(tree.metric) || tree.rest) {
    return null;
  }
  const nodes = new Int32Array(tree.length);
  for (let node = 0; node < tree.length; node++) {
    nodes[node] = node;
  }
  return new CallerTree(tree, { nodes, values: tree.self, growth });
}

/**
 * The callers of some nodes: who gave them their time.
 *
 * @param nodes - none of them below another one
 * @returns `null` where values do not sum
 */
export function callersOf(
  tree: ICallTree,
  nodes: readonly TreeIndex[],
  growth: IGrowth = GROWTH
): CallerTree | null {
  return canGrow(tree.metric)
    ? new CallerTree(tree, {
        nodes: Int32Array.from(nodes),
        values: tree.total,
        growth
      })
    : null;
}
