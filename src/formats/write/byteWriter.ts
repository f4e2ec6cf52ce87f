import { FormatError } from '../error';
import { escapeSurrogates } from '../text';

const UTF8 = new TextEncoder();

/**
 * Writes a binary file from its first byte on.
 */
export class ByteWriter {
  /**
   * @param most - bytes that a reader of such files takes. Throws `FormatError` beyond
   */
  constructor(private readonly _most: number) {}

  u8(...values: readonly number[]): void {
    const at = this._room(values.length);
    this._bytes.set(values, at);
  }

  i32(value: number): void {
    const at = this._room(4);
    this._view.setInt32(at, value, true);
  }

  f64(value: number, isLittle: boolean): void {
    const at = this._room(8);
    this._view.setFloat64(at, value, isLittle);
  }

  bytes(values: Uint8Array): void {
    const at = this._room(values.length);
    this._bytes.set(values, at);
  }

  /** Length in bytes, and the text in UTF-8. A lone surrogate becomes the escape by which it travels. */
  text(text: string): void {
    const bytes = UTF8.encode(escapeSurrogates(text));
    this.i32(bytes.length);
    this.bytes(bytes);
  }

  /**
   * The `size` lowest bytes of a whole number as two's complement, the lowest first.
   */
  integer(value: number, size: number): void {
    // Powers of two divide exactly, however large the number.
    for (let i = 0, rest = value; i < size; i++) {
      const above = Math.floor(rest / 256);
      this.u8(rest - above * 256);
      rest = above;
    }
  }

  /** What was written. */
  done(): Uint8Array<ArrayBuffer> {
    return this._bytes.slice(0, this._length);
  }

  /** Make room, and give where it begins. */
  private _room(count: number): number {
    const from = this._length;
    this._length += count;
    if (this._length > this._most) {
      throw new FormatError(
        `Expected a profile that makes a file of at most ${this._most} bytes, found a larger one`
      );
    }
    if (this._length > this._bytes.length) {
      const larger = new Uint8Array(
        Math.max(this._length, this._bytes.length * 2)
      );
      larger.set(this._bytes);
      this._bytes = larger;
      this._view = new DataView(larger.buffer);
    }
    return from;
  }

  private _bytes = new Uint8Array(1024);
  private _view = new DataView(this._bytes.buffer);
  private _length = 0;
}
