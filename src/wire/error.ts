/** Characters of a text from the payload that a message shows. */
const SHOWN_CHARACTERS = 40;

/**
 * Why a payload is refused: `invalid` is not what the format says, `limit` is larger than a reader takes, `newer` was
 * written in a version of the format that this reader does not know.
 */
export type WireErrorCode = 'invalid' | 'limit' | 'newer';

/**
 * A payload that cannot be read, or a profile that cannot be written.
 *
 * The message is one sentence: what was expected, what was found, and where, as in
 * `Expected an index below 4, found 9 at tables.edges.caller[3].`
 */
export class WireError extends Error {
  /**
   * @param where - place in the payload, as `tables.edges.caller[3]`
   * @param expected - what should be there
   * @param found - what is there instead
   */
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly found: string,
    readonly code: WireErrorCode = 'invalid'
  ) {
    super(`Expected ${expected}, found ${found} at ${where}.`);
    this.name = 'WireError';
  }
}

/**
 * A value of a payload in a few words.
 */
export function describe(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (typeof value === 'string') {
    return value.length > SHOWN_CHARACTERS
      ? `the text "${value.slice(0, SHOWN_CHARACTERS)}…"`
      : `the text "${value}"`;
  }
  if (Array.isArray(value)) {
    return `a list of ${value.length}`;
  }
  if (typeof value === 'object' && value !== null) {
    return 'an object';
  }
  return String(value);
}
