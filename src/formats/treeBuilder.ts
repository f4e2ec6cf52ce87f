import { indexColumn, NONE } from '../profile/indices';
import type { FuncIndex, PathIndex, ThreadIndex } from '../profile/indices';
import type { IPaths, ValueKey } from '../profile/model';
import { MAX_DEPTH, MAX_ROWS } from '../wire/limits';
import { FormatError } from './error';
import {
  growingBytes,
  growingFloats,
  growingInts,
  type Growing
} from './growing';

/**
 * Makes the call tree of a profile: nodes in any order, of which a child comes after its parent.
 */
export class TreeBuilder {
  /** How many nodes there are. */
  get length(): number {
    return this._parent.length;
  }

  /** The function of a node. */
  funcOf(node: number): FuncIndex {
    return this._func.numbers[node] as FuncIndex;
  }

  /** The parent of a node, `NONE` of a root. */
  parentOf(node: number): number {
    return this._parent.numbers[node];
  }

  /**
   * The child of a node for a function at a line, which is made if there is none.
   *
   * @param parent - `NONE` for a root
   * @param thread - counts for roots; others have their parent's
   * @param line - of the function's file; 0 if it is not known
   */
  child(
    parent: number,
    func: FuncIndex,
    thread: number = 0,
    line: number = 0
  ): number {
    const root = parent === NONE ? thread : 0;
    let place = hash(parent, func, root, line) & this._mask;
    for (;;) {
      const node = this._places[place] - 1;
      if (node < 0) {
        break;
      }
      if (
        this._parent.numbers[node] === parent &&
        this._func.numbers[node] === func &&
        (this._line.numbers[node] || 0) === line &&
        (parent !== NONE || this._thread.numbers[node] === thread)
      ) {
        return node;
      }
      place = (place + 1) & this._mask;
    }
    const node = this._make(parent, func, thread);
    if (line) {
      this._line.add(node, line);
    }
    this._places[place] = node + 1;
    if (node * 2 > this._mask) {
      this._rehash();
    }
    return node;
  }

  /**
   * A new child, whatever others there are. No later `child` finds it.
   *
   * @param address - offset of the frame in its object
   */
  append(
    parent: number,
    func: FuncIndex,
    thread: number = 0,
    address: number = 0
  ): number {
    const node = this._make(parent, func, thread);
    if (address) {
      this._address.add(node, address);
    }
    return node;
  }

  /**
   * The node of a whole stack, and its ancestors.
   *
   * @param funcs - root first; may not be empty
   */
  stack(funcs: ArrayLike<FuncIndex>, thread: number = 0): number {
    let node: number = NONE;
    for (let i = 0; i < funcs.length; i++) {
      node = this.child(node, funcs[i], thread);
    }
    return node;
  }

  /**
   * Add to a node's own value.
   *
   * @param key - role and metric, as `self.time`
   */
  add(node: number, key: ValueKey, value: number): void {
    let column = this._values.get(key);
    if (!column) {
      column = growingFloats();
      this._values.set(key, column);
    }
    column.add(node, value);
  }

  /**
   * Say where a node's frame lies in its object, and whether it was inlined. Where two that are one node differ, the
   * address is not known and the frame is not inlined.
   */
  place(node: number, address: number, inlined: boolean): void {
    if (this._placed.numbers[node] === 0 || node >= this._placed.length) {
      this._placed.add(node, 1);
      this._address.add(node, address);
      this._inlined.add(node, inlined ? 1 : 0);
      return;
    }
    if (this._address.numbers[node] !== address) {
      this._address.numbers[node] = 0;
    }
    if (!inlined) {
      this._inlined.numbers[node] = 0;
    }
  }

  /**
   * The table: in pre-order, children in the order in which they were made.
   */
  done(): IPaths {
    const { length } = this;
    const order = this._preOrder();
    const place = new Int32Array(length);
    order.forEach((node, row) => (place[node] = row));
    const inOrder = <A extends Int32Array | Float64Array | Uint8Array>(
      column: Growing<A>
    ): A => {
      const from = column.done(length);
      const to = column.done(length);
      order.forEach((node, row) => (to[row] = from[node]));
      return to;
    };
    const parent = inOrder(this._parent);
    parent.forEach((node, row) => {
      if (node !== NONE) {
        parent[row] = place[node];
      }
    });
    return {
      length,
      parent: indexColumn<PathIndex>(parent),
      function: indexColumn<FuncIndex>(inOrder(this._func)),
      thread: indexColumn<ThreadIndex>(inOrder(this._thread)),
      line: inOrder(this._line),
      address: inOrder(this._address),
      inlined: inOrder(this._inlined),
      values: new Map(
        [...this._values].map(([key, column]) => [key, inOrder(column)])
      )
    };
  }

  private _make(parent: number, func: FuncIndex, thread: number): number {
    const node = this._parent.length;
    if (node >= MAX_ROWS) {
      throw new FormatError(
        `Expected a call tree of at most ${MAX_ROWS} nodes, found more`
      );
    }
    const depth = parent === NONE ? 1 : this._depth.numbers[parent] + 1;
    if (depth > MAX_DEPTH) {
      throw new FormatError(
        `Expected a stack of at most ${MAX_DEPTH} frames, found a deeper one`
      );
    }
    this._parent.push(parent);
    this._func.push(func);
    this._thread.push(parent === NONE ? thread : this._thread.numbers[parent]);
    this._depth.push(depth);
    return node;
  }

  private _rehash(): void {
    this._mask = this._mask * 2 + 1;
    const places = new Int32Array(this._mask + 1);
    for (const entry of this._places) {
      const node = entry - 1;
      if (node >= 0) {
        const parent = this._parent.numbers[node];
        const root = parent === NONE ? this._thread.numbers[node] : 0;
        const func = this._func.numbers[node];
        const line = this._line.numbers[node] || 0;
        let place = hash(parent, func, root, line) & this._mask;
        while (places[place] !== 0) {
          place = (place + 1) & this._mask;
        }
        places[place] = entry;
      }
    }
    this._places = places;
  }

  /** Nodes in pre-order. */
  private _preOrder(): Int32Array {
    const { length } = this;
    const parents = this._parent.numbers;
    const firstChild = new Int32Array(length).fill(NONE);
    const next = new Int32Array(length).fill(NONE);
    let firstRoot: number = NONE;
    for (let node = length - 1; node >= 0; node--) {
      const parent = parents[node];
      if (parent === NONE) {
        next[node] = firstRoot;
        firstRoot = node;
      } else {
        next[node] = firstChild[parent];
        firstChild[parent] = node;
      }
    }
    const order = new Int32Array(length);
    let node = firstRoot;
    for (let row = 0; row < length; row++) {
      order[row] = node;
      if (firstChild[node] !== NONE) {
        node = firstChild[node];
        continue;
      }
      while (node !== NONE && next[node] === NONE) {
        node = parents[node];
      }
      node = node === NONE ? NONE : next[node];
    }
    return order;
  }

  private readonly _parent = growingInts();
  private readonly _func = growingInts();
  private readonly _thread = growingInts();
  private readonly _depth = growingInts();
  private readonly _address = growingFloats();
  private readonly _inlined = growingBytes();
  private readonly _line = growingFloats();
  private readonly _placed = growingBytes();
  private readonly _values = new Map<ValueKey, Growing<Float64Array>>();
  /** Node + 1 by hash, 0 for none. */
  private _places = new Int32Array(1024);
  private _mask = 1023;
}

function hash(
  parent: number,
  func: number,
  thread: number,
  line: number
): number {
  let mixed =
    Math.imul(parent + 1, 0x9e3779b1) ^
    Math.imul(func + 1, 0x85ebca6b) ^
    Math.imul(thread, 0xc2b2ae35) ^
    Math.imul(line, 0x27d4eb2f);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
