/**
 * Most ways that a pattern may try on one text. A regular expression comes with the payload, from a notebook that
 * nobody may have looked at, and a bad one would hold the page for years.
 */
const MOST_WAYS = 200_000;

/** Characters of a text that a pattern is tried on. */
export const PATTERN_TEXT_LENGTH = 256;

/** What a text is searched with. */
export type IPattern = Pick<RegExp, 'test'>;

/**
 * Make a regular expression from the payload usable, if it cannot run away.
 *
 * Counts the ways of matching from above: an unbounded repeat may stop anywhere in the text, an option is there or
 * not, an alternative in a group is taken or not, and these multiply. What repeats a group, looks around or refers
 * back is refused, as is what JavaScript reads otherwise than Python.
 *
 * @returns null where the pattern is no expression that is safe here
 */
export function safePattern(text: string): RegExp | null {
  // Python's flags, named groups, comments and conditions, look-around, back references, Python's own escapes.
  if (
    text.length > PATTERN_TEXT_LENGTH ||
    /\(\?(?!:)|\\[1-9AZNbB]/.test(text)
  ) {
    return null;
  }
  let ways = 1;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '\\':
        i++;
        break;
      case '[': {
        const end = endOfClass(text, i);
        if (end < 0) {
          return null;
        }
        i = end;
        break;
      }
      case '(':
        depth++;
        // The question mark of `(?:` is no repeat.
        i += text.startsWith('(?:', i) ? 2 : 0;
        break;
      case ')':
        depth--;
        if (/^[*+?{]/.test(text.slice(i + 1))) {
          return null;
        }
        break;
      case '|':
        ways *= depth > 0 ? 2 : 1;
        break;
      case '?':
        ways *= 2;
        break;
      case '*':
      case '+':
      case '{':
        ways *= PATTERN_TEXT_LENGTH;
        break;
    }
  }
  if (ways > MOST_WAYS) {
    return null;
  }
  try {
    return new RegExp(text);
  } catch {
    return null;
  }
}

/**
 * Where a character class ends: at the first bracket that is not its first character.
 */
function endOfClass(text: string, start: number): number {
  let i = start + (text[start + 1] === '^' ? 2 : 1);
  // In Python a bracket that comes first is a member; in JavaScript the class would be empty.
  if (text[i] === ']') {
    return -1;
  }
  for (; i < text.length; i++) {
    if (text[i] === '\\') {
      i++;
    } else if (text[i] === ']') {
      return i;
    }
  }
  return -1;
}
