/** What Python's `str.isprintable` refuses: control, format and unassigned characters, and spaces but the plain one. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

const LETTERS: Readonly<Record<string, string>> = {
  '\n': 'n',
  '\r': 'r',
  '\t': 't'
};

/**
 * A text with what a reader would not see, or a terminal act on, written as Python's escapes, as `\x1b`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, char => {
    const hex = char.codePointAt(0)!.toString(16);
    const width = hex.length < 3 ? 2 : hex.length < 5 ? 4 : 8;
    const kind = width < 4 ? 'x' : width < 8 ? 'u' : 'U';
    return `\\${LETTERS[char] ?? kind + hex.padStart(width, '0')}`;
  });
}
