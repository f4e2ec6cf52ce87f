/**
 * One column: numbers as bytes as text.
 */
import { base64Size, fromBase64 } from './base64';
import { describe, WireError } from './error';
import { ObjectReader } from './json';
import { MAX_BYTES_A_ROW } from './limits';

/** How the numbers of a column are written. */
export type Encoding = 'uvarint' | 'zigzag' | 'f64';

/** A column as it stands in a payload. */
export interface IColumn {
  readonly enc: Encoding;
  /** Base64. */
  readonly data: string;
  /** True says that the bytes are a gzip member. */
  readonly gz?: true;
}

/**
 * The numbers of a column.
 *
 * @param length - rows of the column's table
 * @returns `length` finite numbers
 *
 * Throws `WireError` if there are more or fewer, or the column is not what the format says. Never allocates more than
 * `length` asks for, whatever the data claims.
 */
export async function decodeColumn(
  value: unknown,
  length: number,
  where: string
): Promise<Float64Array> {
  const column = new ObjectReader(value, where);
  const enc = column.text('enc');
  if (enc !== 'uvarint' && enc !== 'zigzag' && enc !== 'f64') {
    throw new WireError(
      column.where('enc'),
      'uvarint, zigzag or f64',
      describe(enc)
    );
  }
  const data = column.text('data');
  const most = length * MAX_BYTES_A_ROW;
  let bytes: Uint8Array<ArrayBuffer>;
  if (column.flag('gz', false)) {
    // Only large columns are compressed: most results do without.
    const { gunzip } = await import('./gzip');
    bytes = await gunzip(fromBase64(data, where), most, where);
  } else {
    if (base64Size(data) > most) {
      throw new WireError(
        where,
        `at most ${most} bytes for ${length} rows`,
        `${Math.ceil(base64Size(data))}`,
        'limit'
      );
    }
    bytes = fromBase64(data, where);
  }
  return enc === 'f64'
    ? doubles(bytes, length, where)
    : varints(bytes, length, enc === 'zigzag', where);
}

function doubles(bytes: Uint8Array<ArrayBuffer>, length: number, where: string): Float64Array {
  if (bytes.length !== length * 8) {
    throw new WireError(
      where,
      `${length} numbers, as many as its table has rows`,
      `${bytes.length / 8}`
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const number = view.getFloat64(i * 8, true);
    if (!Number.isFinite(number)) {
      throw new WireError(`${where}[${i}]`, 'a finite number', `${number}`);
    }
    numbers[i] = number;
  }
  return numbers;
}

function varints(
  bytes: Uint8Array,
  length: number,
  signed: boolean,
  where: string
): Float64Array {
  // A number takes a byte at least. Seen before memory is taken for what the table claims to hold.
  if (bytes.length < length) {
    throw new WireError(
      where,
      `${length} numbers, as many as its table has rows`,
      `${bytes.length} bytes`
    );
  }
  const numbers = new Float64Array(length);
  let at = 0;
  for (let i = 0; i < length; i++) {
    // Seven bits a byte, lowest first. Doubles hold 53 bits, so larger factors than 2^49 cannot occur.
    let number = 0;
    let factor = 1;
    let byte: number;
    do {
      if (at === bytes.length) {
        const found =
          factor === 1 ? `${i}` : `${i} and the beginning of another`;
        throw new WireError(
          where,
          `${length} numbers, as many as its table has rows`,
          found
        );
      }
      byte = bytes[at++];
      number += (byte & 0x7f) * factor;
      if (number > Number.MAX_SAFE_INTEGER || factor > 2 ** 49) {
        throw new WireError(
          `${where}[${i}]`,
          'a number up to 2^53 - 1',
          'a larger one'
        );
      }
      factor *= 128;
    } while (byte >= 0x80);
    numbers[i] = !signed
      ? number
      : number % 2 === 0
        ? number / 2
        : -(number + 1) / 2;
  }
  if (at < bytes.length) {
    throw new WireError(
      where,
      `${length} numbers, as many as its table has rows`,
      `${bytes.length - at} bytes after them`
    );
  }
  return numbers;
}
