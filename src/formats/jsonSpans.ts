import { MOST_CONTAINERS, MOST_VALUES } from './jsonFault';

/** Where a value lies in a JSON file: its first byte, and the one behind its last. */
export interface ISpan {
  readonly from: number;
  readonly to: number;
}

/** Why a file is not read in the quick way. Whatever is wrong with it, the other way tells. */
export class NotPlain extends Error {}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Parse a JSON file but for its long lists, which need many times their bytes as objects.
 *
 * @param depth - of objects whose lists are left, 1 for the file itself
 * @param keys - of these lists
 *
 * Of the value that is returned, each such list is its number among `spans`. Throws `NotPlain` where another value has
 * one of these keys or there is too much beside the lists, and what `JSON.parse` throws.
 */
export function parseAround(
  bytes: Uint8Array,
  depth: number,
  keys: readonly string[]
): { value: unknown; spans: readonly ISpan[] } {
  const spans = spansOf(bytes, depth, keys);
  const parts: string[] = [];
  let at = 0;
  const passTo = (to: number): void => {
    // A byte order mark can only stand at the start.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: at > 0 });
    parts.push(decoder.decode(bytes.subarray(at, to)));
  };
  spans.forEach(({ from, to }, number) => {
    passTo(from);
    parts.push(String(number));
    at = to;
  });
  passTo(bytes.length);
  return { value: JSON.parse(parts.join('')) as unknown, spans };
}

function spansOf(
  bytes: Uint8Array,
  depth: number,
  keys: readonly string[]
): ISpan[] {
  const spans: ISpan[] = [];
  const size = bytes.length;
  let open = 0;
  let containers = 0;
  let commas = 0;
  let at = 0;
  while (at < size) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const from = at + 1;
      at = stringEnd(bytes, from);
      if (open !== depth) {
        continue;
      }
      const colon = skipBlank(bytes, at);
      if (bytes[colon] !== COLON) {
        continue;
      }
      const key = String.fromCharCode(
        ...bytes.subarray(from, Math.min(at - 1, from + 64))
      );
      if (key.includes('\\')) {
        throw new NotPlain();
      }
      if (keys.includes(key)) {
        const begin = skipBlank(bytes, colon + 1);
        if (bytes[begin] !== OPEN_LIST) {
          throw new NotPlain();
        }
        at = listEnd(bytes, begin);
        spans.push({ from: begin, to: at });
      }
      continue;
    }
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      open++;
      containers++;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      open--;
    } else if (byte === COMMA) {
      commas++;
    }
    if (containers > MOST_CONTAINERS || commas >= MOST_VALUES) {
      throw new NotPlain();
    }
    at++;
  }
  return spans;
}

/** The byte behind a text, of which `at` is the first character. */
function stringEnd(bytes: Uint8Array, at: number): number {
  for (; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) {
      return at + 1;
    }
    if (bytes[at] === BACKSLASH) {
      at++;
    }
  }
  throw new NotPlain();
}

/** The byte behind a list that begins at `at`. */
function listEnd(bytes: Uint8Array, at: number): number {
  let open = 0;
  while (at < bytes.length) {
    const byte = bytes[at++];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
    } else if (byte === OPEN_LIST) {
      open++;
    } else if (byte === CLOSE_LIST && --open === 0) {
      return at;
    }
  }
  throw new NotPlain();
}

function skipBlank(bytes: Uint8Array, at: number): number {
  while (isBlank(bytes[at])) {
    at++;
  }
  return at;
}

export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
