/**
 * Reads a line of an igprof dump from left to right. Nothing is looked at twice, however long it is.
 */
export class IgprofLine {
  /** @param base - of numbers: 16 or 10 */
  constructor(private readonly _base: 16 | 10) {}

  start(text: string): void {
    this._text = text;
    this._at = 0;
  }

  get isEnd(): boolean {
    return this._at >= this._text.length;
  }

  /** Whether this comes next; it is passed. */
  take(what: string): boolean {
    if (!this._text.startsWith(what, this._at)) {
      return false;
    }
    this._at += what.length;
    return true;
  }

  /** A number from 0 on; NaN if there is none, or if it is too large to be exact. */
  number(): number {
    return this._digits(this._base);
  }

  /** A number that may be below 0. */
  signed(): number {
    return this.take('-') ? -this.number() : this.number();
  }

  /** A number in base 16, of which only the place matters. */
  hexadecimal(): void {
    this._digits(16);
  }

  /**
   * The text up to `end`, which is passed; null if there is none.
   *
   * @param follow - what has to stand behind the end, and is not passed
   */
  until(end: string, follow = ''): string | null {
    const at = this._text.indexOf(end + follow, this._at);
    if (at < 0) {
      return null;
    }
    const text = this._text.slice(this._at, at);
    this._at = at + end.length;
    return text;
  }

  private _digits(base: 16 | 10): number {
    const from = this._at;
    let value = 0;
    for (; this._at < this._text.length; this._at++) {
      const digit = digitOf(this._text.charCodeAt(this._at));
      if (digit >= base) {
        break;
      }
      value = value * base + digit;
    }
    return this._at > from && value <= Number.MAX_SAFE_INTEGER ? value : NaN;
  }

  private _text = '';
  private _at = 0;
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) {
    return code - 48;
  }
  return code >= 97 && code <= 102 ? code - 87 : 99;
}
