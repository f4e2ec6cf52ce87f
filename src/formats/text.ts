const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A text that Python wrote. A byte that is no UTF-8, and a lone surrogate, which Python writes as if it were a
 * character, become the escape by which such texts travel (`wire/README.md`): `\udce9`.
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    return escaped(bytes);
  }
}

/**
 * A text without lone surrogates, which UTF-8 has no place for: they become their escapes.
 */
export function escapeSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, unit => escapeOf(unit.charCodeAt(0)));
}

/** Bytes of a character, by its first byte. */
function sizeOf(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

function escaped(bytes: Uint8Array): string {
  const parts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const character = bytes.subarray(at, at + sizeOf(bytes[at]));
    try {
      parts.push(STRICT.decode(character));
      at += character.length;
      continue;
    } catch {
      // A surrogate, or no character at all.
    }
    const [first, second, third] = character;
    if (
      character.length === 3 &&
      first === 0xed &&
      (second & 0xe0) === 0xa0 &&
      (third & 0xc0) === 0x80
    ) {
      parts.push(escapeOf(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)));
      at += 3;
    } else {
      parts.push(escapeOf(0xdc00 | first));
      at++;
    }
  }
  return parts.join('');
}

function escapeOf(unit: number): string {
  return `\\u${unit.toString(16)}`;
}
