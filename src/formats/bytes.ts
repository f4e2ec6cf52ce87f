import { FormatError } from './error';

const UTF8 = new TextDecoder('utf-8');
const LATIN1 = new TextDecoder('latin1');

/**
 * Reads a binary file from its first byte on. Every read is checked against the bytes that are left, so that a size
 * that a file claims cannot make more than the file holds.
 */
export class ByteReader {
  /**
   * @param bytes - read from its start; not copied
   * @param isLittle - order of the bytes in numbers
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly isLittle = true
  ) {
    this._view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The byte that is read next. */
  get at(): number {
    return this._at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.bytes.length - this._at;
  }

  /**
   * Go to a byte.
   */
  seek(at: number): void {
    if (!Number.isInteger(at) || at < 0 || at > this.bytes.length) {
      throw new FormatError(
        `Expected a place within ${this.bytes.length} bytes, found ${at}`,
        this._at
      );
    }
    this._at = at;
  }

  u8(): number {
    return this._view.getUint8(this._take(1));
  }

  u16(): number {
    return this._view.getUint16(this._take(2), this.isLittle);
  }

  u32(): number {
    return this._view.getUint32(this._take(4), this.isLittle);
  }

  i32(): number {
    return this._view.getInt32(this._take(4), this.isLittle);
  }

  u64(): bigint {
    return this._view.getBigUint64(this._take(8), this.isLittle);
  }

  f64(): number {
    return this._view.getFloat64(this._take(8), this.isLittle);
  }

  /**
   * The next bytes, not copied.
   */
  take(count: number): Uint8Array {
    const from = this._take(count);
    return this.bytes.subarray(from, from + count);
  }

  /**
   * A text of so many bytes. What is no UTF-8 becomes U+FFFD.
   */
  utf8(count: number): string {
    return UTF8.decode(this.take(count));
  }

  /**
   * A text of so many bytes, one a character.
   */
  latin1(count: number): string {
    return LATIN1.decode(this.take(count));
  }

  /** Move on, and give where it was before. */
  private _take(count: number): number {
    const from = this._at;
    if (!(count >= 0) || count > this.left) {
      throw new FormatError(
        `Expected ${count} bytes more, found ${this.left} before the end of the file`,
        from
      );
    }
    this._at = from + count;
    return from;
  }

  private readonly _view: DataView;
  private _at = 0;
}
