/** What Python's `str.isprintable` refuses: control, format and unassigned characters, and spaces but the plain one. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

const ESCAPES: Record<string, string> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t'
};

/**
 * A text with what a terminal would act on written as Python's escapes, as `\x1b`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, char => {
    const code = char.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return (
      ESCAPES[char] ??
      (code < 0x100
        ? `\\x${hex.padStart(2, '0')}`
        : code < 0x10000
          ? `\\u${hex.padStart(4, '0')}`
          : `\\U${hex.padStart(8, '0')}`)
    );
  });
}
