import { FormatError } from './error';

/** How a field is written: a varint, 8 bytes, bytes with their length, 4 bytes. */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

const UTF8 = new TextDecoder('utf-8');

/**
 * Reads a message in the wire format of protocol buffers, field by field, within its bounds.
 *
 * ```
 * const message = new WireReader(bytes);
 * while (message.next()) {
 *   if (message.field === 2) { total += message.number(); } else { message.skip(); }
 * }
 * ```
 */
export class WireReader {
  /**
   * @param bytes - the whole file: messages within messages are read in place
   */
  constructor(
    readonly bytes: Uint8Array,
    from = 0,
    private _end = bytes.length
  ) {
    this._at = from;
  }

  /** Number of the field that `next` came to. */
  field = 0;

  /** How it is written. */
  wire = 0;

  /** The byte that is read next. */
  get at(): number {
    return this._at;
  }

  /** The first byte behind the message. */
  get end(): number {
    return this._end;
  }

  /** Read from here to there next. */
  seek(from: number, end: number): this {
    this._at = from;
    this._end = end;
    return this;
  }

  /** Go on to the next field; false at the end of the message. */
  next(): boolean {
    if (this._at >= this._end) {
      return false;
    }
    const from = this._at;
    this._varint();
    this.field = (this._low >>> 3) + this._high * 2 ** 29;
    this.wire = this._low & 7;
    if (this.field === 0 || ![0, 1, 2, 5].includes(this.wire)) {
      throw new FormatError(
        `Expected a field, found number ${this.field} of wire type ${this.wire}`,
        from
      );
    }
    return true;
  }

  /** The value of an int64 field. Not exact beyond 2^53. */
  signed(): number {
    this._expect(VARINT);
    this._varint();
    return (this._high | 0) * 2 ** 32 + this._low;
  }

  /** The value of a uint64 field. */
  unsigned(): bigint {
    this._expect(VARINT);
    this._varint();
    return (BigInt(this._high) << 32n) | BigInt(this._low);
  }

  /** The value of a uint64 field that says which: a number where it is exact, else its digits. */
  id(): number | string {
    this._expect(VARINT);
    this._varint();
    return this._high < 2 ** 21
      ? this._high * 2 ** 32 + this._low
      : `${this._high}:${this._low}`;
  }

  /** An index, from 0 on. */
  index(): number {
    const value = this.signed();
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new FormatError(`Expected an index, found ${value}`, this._at);
    }
    return value;
  }

  /**
   * Where the bytes of a field begin; they end at `at`, and are passed.
   */
  block(): number {
    this._expect(BYTES);
    this._varint();
    const length = this._high * 2 ** 32 + this._low;
    return this._pass(length);
  }

  /** Each value of a repeated varint field, packed or not; `take` reads it. */
  repeated(take: () => void): void {
    if (this.wire !== BYTES) {
      take();
      return;
    }
    const from = this.block();
    const { _end: end, _at: behind } = this;
    this.seek(from, behind);
    this.wire = VARINT;
    while (this._at < behind) {
      take();
    }
    this.seek(behind, end);
  }

  /** Pass over the value of the field. */
  skip(): void {
    if (this.wire === VARINT) {
      this._varint();
    } else if (this.wire === BYTES) {
      this.block();
    } else {
      this._pass(this.wire === FIXED64 ? 8 : 4);
    }
  }

  /** UTF-8 of a part of the file. */
  text(from: number, end: number): string {
    return UTF8.decode(this.bytes.subarray(from, end));
  }

  private _expect(wire: number): void {
    if (this.wire !== wire) {
      throw new FormatError(
        `Expected wire type ${wire} for field ${this.field}, found ${this.wire}`,
        this._at
      );
    }
  }

  /** Move on, and give where it was before. */
  private _pass(length: number): number {
    const from = this._at;
    if (length > this._end - from) {
      throw new FormatError(
        `Expected ${length} bytes more, found ${this._end - from} before the end of the message`,
        from
      );
    }
    this._at = from + length;
    return from;
  }

  private _varint(): void {
    const { bytes } = this;
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this._at >= this._end) {
        break;
      }
      const byte = bytes[this._at++];
      const bits = byte & 0x7f;
      if (i < 4) {
        low |= bits << (7 * i);
      } else if (i === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else {
        high |= bits << (7 * i - 32);
      }
      if (byte < 0x80) {
        this._low = low >>> 0;
        this._high = high >>> 0;
        return;
      }
    }
    throw new FormatError('Expected the end of a number', this._at);
  }

  private _at: number;
  private _low = 0;
  private _high = 0;
}
