import { FormatError, shown } from './error';

/**
 * Lists and objects of a file that are parsed, which take some 100 bytes each. A trace of 512 MB, which is the most that
 * is parsed, has 3 for each of its 2 to 3 million events.
 */
export const MOST_CONTAINERS = 2 ** 23;

/** Values of a file that are parsed: a number is then written in 16 bytes where a file is of 512 MB. */
export const MOST_VALUES = 2 ** 25;

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = codes('[]{}');
const WORDS = ['true', 'false', 'null'].map(codes);
const ESCAPES = codes('"\\/bfnrtu');

/** Bytes that a text consists of: no control character, and neither what ends it nor what escapes. */
const IN_TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH)
);
const WHITE = tableOf(' \t\n\r');
const DIGIT = tableOf('0123456789');
const HEX = tableOf('0123456789abcdefABCDEF');

/**
 * That bytes are JSON, of no more values than fit into the memory. Makes nothing of them, so that it is quick and small
 * where parsing would be neither; and the engines' own messages name the place in some cases only.
 *
 * Throws `FormatError` with the first byte that cannot stand where it does, or that is one too many.
 */
export function requireJson(bytes: Uint8Array): void {
  const at = new Scanner(bytes).fault();
  if (at !== null) {
    const text = new TextDecoder().decode(bytes.subarray(at, at + 80));
    throw faultAt(
      bytes,
      at,
      `Expected JSON, found ${at < bytes.length ? shown(text.slice(0, 20)) : 'its end'}`
    );
  }
}

function faultAt(bytes: Uint8Array, at: number, reason: string): FormatError {
  const before = bytes.subarray(0, at);
  let line = 1;
  for (
    let end = before.indexOf(LF);
    end >= 0;
    end = before.indexOf(LF, end + 1)
  ) {
    line++;
  }
  return new FormatError(reason, at, line);
}

class Scanner {
  constructor(private readonly _bytes: Uint8Array) {}

  /** The first byte that cannot stand there, the length of the file where it ends too early; `null` if there is none. */
  fault(): number | null {
    const bytes = this._bytes;
    // What closes each list and object that is open.
    const open: number[] = [];
    let containers = 0;
    let values = 0;
    let wantsKey = false;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      this._at = 3;
    }
    for (;;) {
      // A value, or a key and then a value.
      this._blank();
      if (wantsKey) {
        if (!this._text() || !(this._blank(), this._take(COLON))) {
          return this._at;
        }
        this._blank();
      }
      if (++values > MOST_VALUES) {
        throw this._tooMany(`${MOST_VALUES} values`);
      }
      const opening = bytes[this._at];
      if (opening === OPEN_OBJECT || opening === OPEN_LIST) {
        if (++containers > MOST_CONTAINERS) {
          throw this._tooMany(`${MOST_CONTAINERS} lists and objects`);
        }
        this._at++;
        wantsKey = opening === OPEN_OBJECT;
        open.push(wantsKey ? CLOSE_OBJECT : CLOSE_LIST);
        this._blank();
        if (bytes[this._at] !== open[open.length - 1]) {
          continue;
        }
      } else if (!this._scalar(opening)) {
        return this._at;
      }
      // Behind a value: the ends of what it closes, and a comma.
      for (;;) {
        this._blank();
        if (open.length === 0) {
          return this._at < bytes.length ? this._at : null;
        }
        const end = open[open.length - 1];
        if (this._take(COMMA)) {
          wantsKey = end === CLOSE_OBJECT;
          break;
        }
        if (!this._take(end)) {
          return this._at;
        }
        open.pop();
      }
    }
  }

  private _take(byte: number): boolean {
    if (this._bytes[this._at] !== byte) {
      return false;
    }
    this._at++;
    return true;
  }

  private _blank(): void {
    if (this._bytes[this._at] <= 0x20) {
      this._skip(WHITE);
    }
  }

  private _skip(table: Uint8Array): void {
    const bytes = this._bytes;
    let at = this._at;
    while (at < bytes.length && table[bytes[at]] === 1) {
      at++;
    }
    this._at = at;
  }

  private _scalar(first: number): boolean {
    if (first === QUOTE) {
      return this._text();
    }
    const word =
      first > 0x39 ? WORDS.find(([letter]) => letter === first) : null;
    if (!word) {
      return this._number();
    }
    const isThere = word.every((byte, i) => this._bytes[this._at + i] === byte);
    this._at += isThere ? word.length : 0;
    return isThere;
  }

  private _text(): boolean {
    if (!this._take(QUOTE)) {
      return false;
    }
    const bytes = this._bytes;
    for (;;) {
      this._skip(IN_TEXT);
      if (this._take(QUOTE)) {
        return true;
      }
      if (bytes[this._at] !== BACKSLASH) {
        return false;
      }
      const escape = bytes[this._at + 1];
      const isHex =
        escape !== 0x75 ||
        [2, 3, 4, 5].every(i => HEX[bytes[this._at + i]] === 1);
      if (!isHex || !ESCAPES.includes(escape)) {
        return false;
      }
      this._at += escape === 0x75 ? 6 : 2;
    }
  }

  private _number(): boolean {
    this._take(0x2d);
    if (!this._take(0x30) && !this._digits()) {
      return false;
    }
    if (this._bytes[this._at] === COMMA) {
      return true; // as most of them end
    }
    if (this._take(0x2e) && !this._digits()) {
      return false;
    }
    if (this._take(0x65) || this._take(0x45)) {
      if (!this._take(0x2b)) {
        this._take(0x2d);
      }
      return this._digits();
    }
    return true;
  }

  private _digits(): boolean {
    const from = this._at;
    this._skip(DIGIT);
    return this._at > from;
  }

  private _tooMany(most: string): FormatError {
    return faultAt(
      this._bytes,
      this._at,
      `Expected JSON of at most ${most}, which are held in memory at once, found more`
    );
  }

  private _at = 0;
}

function codes(text: string): number[] {
  return [...text].map(character => character.charCodeAt(0));
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  codes(characters).forEach(code => (table[code] = 1));
  return table;
}
