import type { Encoding, IColumn } from './column';
import { WireError } from './error';
import { MAX_BYTES_A_ROW } from './limits';

/** Bytes above which a column is compressed. */
const GZIP_ABOVE = 65_536;

/** Characters that `String.fromCharCode` is given at a time. */
const CHUNK = 8192;

/**
 * A column of numbers in the encoding that fits them.
 *
 * Throws `WireError` for a number that is not finite.
 */
export async function encodeColumn(
  numbers: ArrayLike<number>,
  where: string
): Promise<IColumn> {
  const enc = encodingOf(numbers, where);
  const raw =
    enc === 'f64'
      ? fromDoubles(numbers)
      : fromWholeNumbers(numbers, enc === 'zigzag');
  if (raw.length > GZIP_ABOVE) {
    const { gzip } = await import('./gzip');
    const packed = await gzip(raw);
    if (packed.length < raw.length) {
      return { enc, data: toBase64(packed), gz: true };
    }
  }
  return { enc, data: toBase64(raw) };
}

function encodingOf(numbers: ArrayLike<number>, where: string): Encoding {
  let enc: Encoding = 'uvarint';
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i];
    if (!Number.isFinite(number)) {
      throw new WireError(`${where}[${i}]`, 'a finite number', `${number}`);
    }
    // Minus zero is whole but has no whole number's encoding.
    if (!Number.isSafeInteger(number) || Object.is(number, -0)) {
      return 'f64';
    }
    if (number < 0) {
      enc = 'zigzag';
    }
  }
  for (let i = 0; enc === 'zigzag' && i < numbers.length; i++) {
    if (!Number.isSafeInteger(zigzag(numbers[i]))) {
      return 'f64';
    }
  }
  return enc;
}

function zigzag(number: number): number {
  return number >= 0 ? 2 * number : -2 * number - 1;
}

function fromDoubles(numbers: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(numbers.length * 8);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++) {
    view.setFloat64(i * 8, numbers[i], true);
  }
  return bytes;
}

function fromWholeNumbers(
  numbers: ArrayLike<number>,
  signed: boolean
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(numbers.length * MAX_BYTES_A_ROW);
  let at = 0;
  for (let i = 0; i < numbers.length; i++) {
    let number = signed ? zigzag(numbers[i]) : numbers[i];
    while (number >= 0x80) {
      bytes[at++] = (number % 128) | 0x80;
      number = Math.floor(number / 128);
    }
    bytes[at++] = number;
  }
  return bytes.slice(0, at);
}

/**
 * Standard base64 with padding.
 */
function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return btoa(binary);
}
