/**
 * The keys that the start of a JSON file shows: those of the object that the file is or, of a list, those of its
 * first objects.
 *
 * @param text - the start of the file, which may end anywhere
 */
export function topKeys(text: string): Set<string> {
  const keys = new Set<string>();
  const level = text.startsWith('[') ? 2 : 1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      depth++;
    } else if (character === '}' || character === ']') {
      depth--;
    } else if (character === '"') {
      const end = endOfText(text, at);
      if (depth === level && isBeforeColon(text, end + 1)) {
        keys.add(text.slice(at + 1, end));
      }
      at = end;
    }
  }
  return keys;
}

/** Where the quotation mark is that closes a text; the end if there is none. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') {
      at++;
    } else if (text[at] === '"') {
      return at;
    }
  }
  return text.length;
}

function isBeforeColon(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text[at])) {
    at++;
  }
  return text[at] === ':';
}
