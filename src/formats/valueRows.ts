import type { ValueKey, Values } from '../profile/model';
import { MAX_ROWS } from '../wire/limits';
import { FormatError } from './error';
import { growingFloats, growingInts, type Growing } from './growing';

/**
 * Rows of values, each for a few indices; rows for the same ones are one.
 */
export class Rows {
  /**
   * @param width - how many indices a row has, 2 to 4
   */
  constructor(width: number) {
    this._keys = Array.from({ length: width }, growingInts);
  }

  get length(): number {
    return this._keys[0].length;
  }

  /** The row for these indices, as many as a row has. */
  row(first: number, second = 0, third = 0, fourth = 0): number {
    const [one, two, three, four] = this._keys;
    const a = first | 0;
    const b = second | 0;
    const c = third | 0;
    const d = fourth | 0;
    let place = hash(a, b, c, d) & this._mask;
    for (;;) {
      const row = this._places[place] - 1;
      if (row < 0) {
        break;
      }
      if (
        one.numbers[row] === a &&
        two.numbers[row] === b &&
        (!three || three.numbers[row] === c) &&
        (!four || four.numbers[row] === d)
      ) {
        return row;
      }
      place = (place + 1) & this._mask;
    }
    const row = this.length;
    if (row >= MAX_ROWS) {
      throw new FormatError(
        `Expected a table of at most ${MAX_ROWS} rows, found more`
      );
    }
    one.push(a);
    two.push(b);
    three?.push(c);
    four?.push(d);
    this._places[place] = row + 1;
    if (row * 2 > this._mask) {
      this._rehash();
    }
    return row;
  }

  /** Add to a value of a row. */
  add(row: number, key: ValueKey, value: number): void {
    let column = this._values.get(key);
    if (!column) {
      column = growingFloats();
      this._values.set(key, column);
    }
    column.add(row, value);
  }

  /** A value of a row, 0 if nothing was added to it. */
  value(row: number, key: ValueKey): number {
    const column = this._values.get(key);
    return column && row < column.length ? column.numbers[row] : 0;
  }

  done(): { length: number; keys: Int32Array[]; values: Values } {
    const { length } = this;
    return {
      length,
      keys: this._keys.map(column => column.done()),
      values: new Map(
        [...this._values].map(([key, column]) => [key, column.done(length)])
      )
    };
  }

  private _rehash(): void {
    const [one, two, three, four] = this._keys.map(({ numbers }) => numbers);
    this._mask = this._mask * 2 + 1;
    this._places = new Int32Array(this._mask + 1);
    for (let row = 0; row < this.length; row++) {
      let place =
        hash(one[row], two[row], three?.[row] ?? 0, four?.[row] ?? 0) &
        this._mask;
      while (this._places[place] !== 0) {
        place = (place + 1) & this._mask;
      }
      this._places[place] = row + 1;
    }
  }

  private readonly _keys: Growing<Int32Array>[];
  /** Row + 1 by hash of its indices, 0 for none. */
  private _places = new Int32Array(1024);
  private _mask = 1023;
  private readonly _values = new Map<ValueKey, Growing<Float64Array>>();
}

function hash(a: number, b: number, c: number, d: number): number {
  let mixed =
    Math.imul(a + 1, 0x9e3779b1) ^
    Math.imul(b + 1, 0x85ebca6b) ^
    Math.imul(c, 0xc2b2ae35) ^
    Math.imul(d, 0x27d4eb2f);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
