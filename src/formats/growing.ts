/**
 * A column of numbers that gets longer.
 */
export class Growing<A extends Int32Array | Float64Array | Uint8Array> {
  /**
   * @param make - makes an array of a length, filled with 0
   */
  constructor(private readonly _make: (length: number) => A) {
    this.numbers = _make(256);
  }

  /** The numbers; what is behind `length` is 0. */
  numbers: A;

  length = 0;

  push(value: number): void {
    if (this.length === this.numbers.length) {
      this._grow(this.length * 2);
    }
    this.numbers[this.length++] = value;
  }

  /** Add to a number, which is made if it is behind the last. */
  add(index: number, value: number): void {
    if (index >= this.numbers.length) {
      this._grow(Math.max(index + 1, this.numbers.length * 2));
    }
    this.length = Math.max(this.length, index + 1);
    this.numbers[index] += value;
  }

  /** Exactly `length` numbers, or as many as are asked for, with 0 behind the last. */
  done(length = this.length): A {
    if (length > this.numbers.length) {
      this._grow(length);
    }
    return this.numbers.slice(0, length) as A;
  }

  private _grow(length: number): void {
    const more = this._make(length);
    more.set(this.numbers);
    this.numbers = more;
  }
}

export const growingInts = () =>
  new Growing<Int32Array>(length => new Int32Array(length));
export const growingFloats = () =>
  new Growing<Float64Array>(length => new Float64Array(length));
export const growingBytes = () =>
  new Growing<Uint8Array>(length => new Uint8Array(length));
