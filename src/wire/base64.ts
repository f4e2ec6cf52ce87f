import { WireError } from './error';

const ALPHABET =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const NO_DIGIT = 255;

/** Value of each character, `NO_DIGIT` for those outside the alphabet. */
const DIGITS = new Uint8Array(128).fill(NO_DIGIT);
for (let i = 0; i < ALPHABET.length; i++) {
  DIGITS[ALPHABET.charCodeAt(i)] = i;
}

/**
 * How many bytes a text of base64 stands for, judged by its length and padding alone.
 */
export function base64Size(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/**
 * Bytes of standard base64 with padding. `atob` would let blanks and missing padding pass.
 *
 * Throws `WireError` for any other character, or a length that is no multiple of four.
 */
export function fromBase64(text: string, where: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) {
    throw new WireError(
      where,
      'base64, whose length is a multiple of 4',
      `${text.length} characters`
    );
  }
  const bytes = new Uint8Array(base64Size(text));
  const digits = text.length - (bytes.length % 3 && 3 - (bytes.length % 3));
  let bits = 0;
  let out = 0;
  for (let i = 0; i < digits; i++) {
    const code = text.charCodeAt(i);
    const digit = code < 128 ? DIGITS[code] : NO_DIGIT;
    if (digit === NO_DIGIT) {
      throw new WireError(
        where,
        'base64',
        `the character "${text[i]}" at position ${i}`
      );
    }
    bits = (bits << 6) | digit;
    switch (i & 3) {
      case 1:
        bytes[out++] = bits >> 4;
        break;
      case 2:
        bytes[out++] = bits >> 2;
        break;
      case 3:
        bytes[out++] = bits;
        break;
    }
  }
  return bytes;
}
