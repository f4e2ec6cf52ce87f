import { printable } from '../profile/printable';
import { describe, WireError } from '../wire/error';
import { FormatError } from './error';
import { requireJson } from './jsonFault';

/** Bytes of a JSON file at most: V8 has no longer strings. */
export const MOST_JSON = 2 ** 29 - 24;

/**
 * Read a JSON file.
 *
 * @param bytes - UTF-8
 * @param read - makes what is wanted of the parsed value; a `WireError` of its checks says which value is wrong
 *
 * Throws `FormatError`, and nothing else, for what is not JSON, too large, of too many values, or refused by `read`.
 */
export function readJson<T>(bytes: Uint8Array, read: (value: unknown) => T): T {
  if (bytes.length > MOST_JSON) {
    throw new FormatError(
      `Expected at most ${MOST_JSON} bytes of JSON, which are parsed in one piece, found ${bytes.length}`,
      MOST_JSON
    );
  }
  requireJson(bytes);
  const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  try {
    return read(value);
  } catch (error) {
    if (error instanceof WireError) {
      const { expected, found, where } = error;
      throw new FormatError(
        `Expected ${expected}, found ${printable(found)} at ${printable(where || 'the top')}`
      );
    }
    throw error;
  }
}

/**
 * The start of a file that may be JSON, without blanks before it; "" if it does not begin as JSON does.
 */
export function jsonHead(head: Uint8Array): string {
  const text = new TextDecoder().decode(head).trimStart();
  return text.startsWith('{') || text.startsWith('[') ? text : '';
}

/** The value as an item of a list of numbers. Throws `WireError` if it is not finite. */
export function finiteAt(value: unknown, where: () => string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new WireError(where(), 'a finite number', describe(value));
  }
  return value;
}

/** The value as an index into something of a length. Throws `WireError` if it is none. */
export function indexAt(
  value: unknown,
  length: number,
  where: () => string
): number {
  if (
    !Number.isInteger(value) ||
    (value as number) < 0 ||
    (value as number) >= length
  ) {
    throw new WireError(where(), `an index below ${length}`, describe(value));
  }
  return value as number;
}

/** A text of JSON, with what is half a pair of UTF-16 replaced: no file can hold that. */
export function wellFormed(text: string): string {
  return text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd'
  );
}
