/**
 * A file that cannot be read as a profile.
 *
 * `message` is one sentence without the file's name, which whoever opened it knows:
 * `Expected a count at the end of the line, found "abc" at byte 120 (line 4).`
 */
export class FormatError extends Error {
  /**
   * @param reason - what was expected and what is there instead, without a full stop
   * @param at - byte of the unpacked file, counted from 0; `null` where no one byte is at fault
   * @param line - line of a text file, counted from 1; `null` for other files
   */
  constructor(
    readonly reason: string,
    readonly at: number | null = null,
    readonly line: number | null = null
  ) {
    super(`${reason}${placeOf(at, line)}.`);
    this.name = 'FormatError';
  }
}

/**
 * Do what does not know where it is in the file.
 *
 * @param place - byte and, in text, line that are told of a fault that has none
 */
export function placed<T>(
  place: () => readonly [at: number, line: number | null],
  read: () => T
): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof FormatError && error.at === null
      ? new FormatError(error.reason, ...place())
      : error;
  }
}

/**
 * A file that was refused, with its name.
 */
export class FileRefused extends Error {
  /**
   * @param fileName - without folders
   */
  constructor(
    readonly fileName: string,
    readonly error: FormatError
  ) {
    super(error.message);
    this.name = 'FileRefused';
  }
}

function placeOf(at: number | null, line: number | null): string {
  if (at === null) {
    return '';
  }
  return line === null ? ` at byte ${at}` : ` at byte ${at} (line ${line})`;
}

/** Characters of a file's text that a message shows. */
const SHOWN_CHARACTERS = 40;

/**
 * A text of the file as a message may show it: short, on one line, control characters as their code points.
 */
export function shown(text: string): string {
  const short =
    text.length > SHOWN_CHARACTERS
      ? `${text.slice(0, SHOWN_CHARACTERS)}…`
      : text;
  return `"${short.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )}"`;
}
