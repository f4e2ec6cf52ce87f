import { isBlank, NotPlain, type ISpan } from './jsonSpans';

/** Powers of ten that are exact. */
const TENS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/**
 * Reads the bytes of a JSON value one after the other, without objects made of them. Throws `NotPlain` for anything that
 * was not asked for.
 */
export class JsonCursor {
  constructor(
    private readonly _bytes: Uint8Array,
    { from, to }: ISpan
  ) {
    this._at = from;
    this._to = to;
  }

  /** Whether this is the next byte that is no blank; it is passed. */
  take(byte: number): boolean {
    if (this._peek() !== byte) {
      return false;
    }
    this._at++;
    return true;
  }

  expect(byte: number): void {
    if (!this.take(byte)) {
      throw new NotPlain();
    }
  }

  /** That nothing follows. */
  expectEnd(): void {
    if (this._at !== this._to) {
      throw new NotPlain();
    }
  }

  /** A text of ASCII without escapes, 16 characters at most. */
  text(): string {
    this.expect(0x22);
    const from = this._at;
    const end = this._bytes.indexOf(0x22, from);
    if (end < 0 || end >= this._to || end - from > 16) {
      throw new NotPlain();
    }
    this._at = end + 1;
    return String.fromCharCode(...this._bytes.subarray(from, end));
  }

  /** A whole number from 0 to below a limit, in digits. */
  index(limit: number): number {
    const bytes = this._bytes;
    const first = this._peek() - ZERO;
    if (!(first >= 0 && first <= 9)) {
      throw new NotPlain();
    }
    let value = first;
    this._at++;
    for (
      let digit = bytes[this._at] - ZERO;
      digit >= 0 && digit <= 9;
      digit = bytes[++this._at] - ZERO
    ) {
      if (value === 0) {
        throw new NotPlain();
      }
      value = value * 10 + digit;
    }
    if (value >= limit) {
      throw new NotPlain();
    }
    return value;
  }

  /** A finite number, as `JSON.parse` has it. */
  number(): number {
    this._peek();
    const bytes = this._bytes;
    const from = this._at;
    let at = from;
    const isBelow = bytes[at] === MINUS;
    if (isBelow) {
      at++;
    }
    const first = at;
    let digits = 0;
    let whole = 0;
    let pointAt = -1;
    for (; at < this._to; at++) {
      const digit = bytes[at] - ZERO;
      if (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
        whole++;
      } else if (bytes[at] === POINT && pointAt < 0) {
        pointAt = at;
      } else {
        break;
      }
    }
    const decimals = pointAt < 0 ? 0 : at - pointAt - 1;
    const isLong = bytes[first] === ZERO && whole - decimals > 1;
    const isOther = (bytes[at] | 0x20) === 0x65;
    if (
      isOther ||
      isLong ||
      whole === 0 ||
      whole > 15 ||
      whole === decimals ||
      (pointAt >= 0 && decimals === 0)
    ) {
      return this._anyNumber(from);
    }
    this._at = at;
    // Both are exact, so their quotient is rounded once, as the text's number is.
    const value = decimals === 0 ? digits : digits / TENS[decimals];
    return isBelow ? -value : value;
  }

  private _anyNumber(from: number): number {
    let at = from;
    while (
      at < this._to &&
      /[-+.\deE]/.test(String.fromCharCode(this._bytes[at]))
    ) {
      at++;
    }
    const text = String.fromCharCode(
      ...this._bytes.subarray(from, Math.min(at, from + 400))
    );
    const value = Number(text);
    if (!NUMBER.test(text) || at - from > 400 || !Number.isFinite(value)) {
      throw new NotPlain();
    }
    this._at = at;
    return value;
  }

  private _peek(): number {
    while (isBlank(this._bytes[this._at])) {
      this._at++;
    }
    // A list ends where its span does, so nothing behind it is read.
    return this._at < this._to ? this._bytes[this._at] : -1;
  }

  private _at: number;
  private readonly _to: number;
}
