/** What stands for the end of a name. */
const ELLIPSIS = '…';

/** A name that is cut has at least so many characters of its own. */
const LEAST_CHARACTERS = 3;

/**
 * Cuts names to the room that there is. Each character is measured once: a picture has thousands of labels, and
 * measuring a text costs as much as drawing it.
 */
export class TextFit {
  /**
   * @param _measure - width of a text in px
   */
  constructor(private readonly _measure: (text: string) => number) {
    this._ellipsis = _measure(ELLIPSIS);
  }

  /**
   * As much of a name as fits.
   *
   * @param room - in px
   * @returns "" where it is too little to tell something
   */
  fit(name: string, room: number): string {
    let width = 0;
    let cut = 0;
    for (let i = 0; i < name.length; i++) {
      // Half of a pair stays with the other half.
      const size = isPair(name, i) ? 2 : 1;
      width += this._width(size === 2 ? name.slice(i, i + 2) : name[i]);
      if (width > room) {
        return cut >= LEAST_CHARACTERS ? name.slice(0, cut) + ELLIPSIS : '';
      }
      i += size - 1;
      if (width + this._ellipsis <= room) {
        cut = i + 1;
      }
    }
    return name;
  }

  private _width(character: string): number {
    let width = this._widths.get(character);
    if (width === undefined) {
      width = this._measure(character);
      this._widths.set(character, width);
    }
    return width;
  }

  private readonly _ellipsis: number;
  private readonly _widths = new Map<string, number>();
}

function isPair(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00 && at + 1 < text.length;
}
