import { FormatError, placed } from './error';

/** Bytes that are decoded at a time. */
const BLOCK = 1 << 20;

/** Bytes of a line at most. */
const MOST_LINE = 1 << 24;

const LF = 10;

/**
 * The lines of a text file, one after the other, without a string of the whole file.
 *
 * A line ends before LF or CR LF; the last one may lack it. What is no UTF-8 becomes U+FFFD.
 *
 * ```
 * const lines = new TextLines(bytes);
 * for (let text = lines.next(); text !== null; text = lines.next()) { ... }
 * ```
 */
export class TextLines {
  /**
   * @param onProgress - told how many bytes were taken, a block at a time
   */
  constructor(
    private readonly _bytes: Uint8Array,
    private readonly _onProgress: (done: number) => void = () => undefined
  ) {}

  /** Number of the line that `next` gave last, from 1. */
  get line(): number {
    return this._line;
  }

  /** First byte of that line. */
  get at(): number {
    let at = this._blockFrom;
    const passed = this._index - 1;
    // In a block of ASCII a character is a byte.
    for (let i = 0; i < passed; i++) {
      at += this._isAscii
        ? this._texts[i].length + 1
        : ENCODER.encode(this._texts[i]).length + 1;
    }
    return at;
  }

  /**
   * The next line; `null` behind the last.
   */
  next(): string | null {
    if (this._index === this._texts.length && !this._fill()) {
      return null;
    }
    this._line++;
    const text = this._texts[this._index++];
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }

  /**
   * The next line is the one that was given last.
   */
  back(): void {
    this._index--;
    this._line--;
  }

  /**
   * What is wrong with the line that was given last.
   */
  error(reason: string): FormatError {
    return new FormatError(reason, this.at, this._line);
  }

  /**
   * Do something with each line up to the end. What is thrown without a place has that of its line.
   */
  each(take: (line: string) => void): void {
    placed(
      () => [this.at, this._line],
      () => {
        for (let line = this.next(); line !== null; line = this.next()) {
          take(line);
        }
      }
    );
  }

  private _fill(): boolean {
    const { _bytes: bytes } = this;
    const from = this._blockEnd;
    if (from >= bytes.length) {
      return false;
    }
    let end = Math.min(bytes.length, from + BLOCK);
    if (end < bytes.length) {
      end = bytes.lastIndexOf(LF, end - 1) + 1;
      if (end <= from) {
        const next = bytes.indexOf(LF, from);
        end = next < 0 ? bytes.length : next + 1;
        if (end - from > MOST_LINE) {
          throw new FormatError(
            `Expected a line of at most ${MOST_LINE} bytes, found ${end - from}`,
            from,
            this._line + 1
          );
        }
      }
    }
    const text = DECODER.decode(bytes.subarray(from, end));
    this._isAscii = text.length === end - from;
    this._texts = text.split('\n');
    if (bytes[end - 1] === LF) {
      this._texts.pop();
    }
    this._index = 0;
    this._blockFrom = from;
    this._blockEnd = end;
    this._onProgress(end);
    return true;
  }

  private _texts: string[] = [];
  private _index = 0;
  private _line = 0;
  private _isAscii = true;
  private _blockFrom = 0;
  private _blockEnd = 0;
}

// A byte order mark at the start of a block would be taken for none.
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const ENCODER = new TextEncoder();
