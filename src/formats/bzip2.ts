import { FormatError } from './error';

/** Begin of a block, and of the end of a stream: digits of pi and of its root. */
const BLOCK = 0x314159265359;
const END = 0x177245385090;

/** Symbols of one table of codes before the next is chosen. */
const GROUP = 50;
const MOST_BITS = 20;

/**
 * Unpack a bzip2 file: one stream or several. Format: bzip2 1.0.8, `decompress.c`; blocks that were made with its
 * obsolete randomisation are refused.
 *
 * @param most - bytes that may come out
 * @param enough - bytes that are wanted: what would come out behind a block that ends beyond them is left
 *
 * Throws `FormatError` for what is broken or cut, or larger than that.
 */
export function bunzip2(
  bytes: Uint8Array,
  most: number,
  enough = Infinity
): Uint8Array {
  const bits = new Bits(bytes);
  const out = new Output(most);
  do {
    readStream(bits, out, enough);
  } while (bits.alignedLeft > 0 && out.length < enough);
  return out.done();
}

function readStream(bits: Bits, out: Output, enough: number): void {
  if (bits.read(24) !== 0x425a68) {
    throw bits.error('Expected "BZh" at the begin of a bzip2 stream');
  }
  const level = bits.read(8) - 0x30;
  if (level < 1 || level > 9) {
    throw bits.error('Expected a size of blocks from 1 to 9');
  }
  const last = new Int32Array(level * 100_000);
  let all = 0;
  for (;;) {
    const magic = bits.read(24) * 2 ** 24 + bits.read(24);
    const sum = bits.read32();
    if (magic === END) {
      if (sum !== all) {
        throw bits.error('Expected another checksum of the bzip2 stream');
      }
      bits.align();
      return;
    }
    if (magic !== BLOCK) {
      throw bits.error('Expected a block of bzip2');
    }
    const found = readBlock(bits, last, out);
    if (found !== sum) {
      throw bits.error('Expected another checksum of a bzip2 block');
    }
    all = (((all << 1) | (all >>> 31)) ^ found) >>> 0;
    if (out.length >= enough) {
      return;
    }
  }
}

/** Unpack a block. Returns its checksum. */
function readBlock(bits: Bits, last: Int32Array, out: Output): number {
  if (bits.read(1)) {
    throw bits.error('Expected a bzip2 block without randomisation');
  }
  const origin = bits.read(24);
  const used = readUsed(bits);
  const { tables, selectors } = readTables(bits, used.length + 2);
  const counts = new Int32Array(256);
  const length = readSymbols(bits, used, tables, selectors, last, counts);
  if (origin >= length) {
    throw bits.error('Expected the first row of a bzip2 block within it');
  }
  // From the last column of the sorted rotations to the order of the text.
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = counts[byte];
    counts[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) {
    last[counts[last[i] & 0xff]++] |= i << 8;
  }
  return writeRuns(bits, last, origin, length, out);
}

/** Write the text of a block: four alike bytes and a count stand for a run. Returns the checksum. */
function writeRuns(
  bits: Bits,
  last: Int32Array,
  origin: number,
  length: number,
  out: Output
): number {
  let crc = 0xffffffff;
  let place = last[origin] >>> 8;
  let before = -1;
  let alike = 0;
  for (let i = 0; i < length; i++) {
    const entry = last[place];
    const byte = entry & 0xff;
    place = entry >>> 8;
    let count = 1;
    let value = byte;
    if (alike === 4) {
      count = byte;
      value = before;
      alike = 0;
    } else if (byte === before) {
      alike++;
    } else {
      before = byte;
      alike = 1;
    }
    out.add(value, count, bits.at);
    for (; count > 0; count--) {
      crc = (crc << 8) ^ CRC[(crc >>> 24) ^ value];
    }
    if (alike === 0) {
      before = -1;
    }
  }
  return ~crc >>> 0;
}

/** Bytes that a block has. */
function readUsed(bits: Bits): Uint8Array {
  const ranges = bits.read(16);
  const used: number[] = [];
  for (let range = 0; range < 16; range++) {
    const inRange = ranges & (0x8000 >> range) ? bits.read(16) : 0;
    for (let i = 0; i < 16; i++) {
      if (inRange & (0x8000 >> i)) {
        used.push(range * 16 + i);
      }
    }
  }
  if (used.length === 0) {
    throw bits.error('Expected a bzip2 block of some bytes');
  }
  return Uint8Array.from(used);
}

/** Codes of one table: by length the first code, one past the last, and where its symbols begin. */
interface ITable {
  readonly first: Int32Array;
  readonly end: Int32Array;
  readonly from: Int32Array;
  readonly symbols: Int32Array;
}

function readTables(
  bits: Bits,
  alphabet: number
): { tables: ITable[]; selectors: Uint8Array } {
  const count = bits.read(3);
  const selectors = new Uint8Array(bits.read(15));
  if (count < 2 || count > 6 || selectors.length === 0) {
    throw bits.error('Expected 2 to 6 tables of codes in a bzip2 block');
  }
  const order = [0, 1, 2, 3, 4, 5];
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.read(1)) {
      if (++place >= count) {
        throw bits.error('Expected a table of codes that is there');
      }
    }
    order.unshift(...order.splice(place, 1));
    selectors[i] = order[0];
  }
  const tables: ITable[] = [];
  for (let table = 0; table < count; table++) {
    const lengths = new Uint8Array(alphabet);
    let length = bits.read(5);
    for (let symbol = 0; symbol < alphabet; symbol++) {
      while (bits.read(1)) {
        length += bits.read(1) ? -1 : 1;
      }
      if (length < 1 || length > MOST_BITS) {
        throw bits.error(`Expected codes of 1 to ${MOST_BITS} bits`);
      }
      lengths[symbol] = length;
    }
    tables.push(tableOf(lengths));
  }
  return { tables, selectors };
}

function tableOf(lengths: Uint8Array): ITable {
  const first = new Int32Array(MOST_BITS + 1);
  const end = new Int32Array(MOST_BITS + 1);
  const from = new Int32Array(MOST_BITS + 1);
  const symbols: number[] = [];
  let code = 0;
  for (let length = 1; length <= MOST_BITS; length++) {
    code *= 2;
    first[length] = code;
    from[length] = symbols.length;
    lengths.forEach((found, symbol) => {
      if (found === length) {
        symbols.push(symbol);
        code++;
      }
    });
    end[length] = code;
  }
  return { first, end, from, symbols: Int32Array.from(symbols) };
}

/** Decode symbols up to the end of the block; `counts` says how often each byte is there. Returns the length. */
function readSymbols(
  bits: Bits,
  used: Uint8Array,
  tables: readonly ITable[],
  selectors: Uint8Array,
  last: Int32Array,
  counts: Int32Array
): number {
  const endOfBlock = used.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  for (let i = 0; ; i++) {
    if (i >= selectors.length * GROUP) {
      throw bits.error('Expected the end of a bzip2 block');
    }
    const symbol = bits.symbol(tables[selectors[Math.floor(i / GROUP)]]);
    if (symbol <= 1) {
      // Digits of a run of the byte that was last, lowest first.
      run += weight << symbol;
      weight *= 2;
      if (run > last.length - length) {
        throw bits.error('Expected a bzip2 block of the size that it tells');
      }
      continue;
    }
    if (run > 0) {
      last.fill(used[0], length, length + run);
      counts[used[0]] += run;
      length += run;
      run = 0;
      weight = 1;
    }
    if (symbol === endOfBlock) {
      return length;
    }
    if (length >= last.length) {
      throw bits.error('Expected a bzip2 block of the size that it tells');
    }
    const byte = used[symbol - 1];
    for (let place = symbol - 1; place > 0; place--) {
      used[place] = used[place - 1];
    }
    used[0] = byte;
    counts[byte]++;
    last[length++] = byte;
  }
}

/** Reads bits, the highest of a byte first. */
class Bits {
  constructor(private readonly _bytes: Uint8Array) {}

  /** The byte that is read next. */
  get at(): number {
    return this._at;
  }

  /** Bytes left behind this one. */
  get alignedLeft(): number {
    return this._bytes.length - this._at;
  }

  /** @param count - 24 at most */
  read(count: number): number {
    while (this._held < count) {
      if (this._at >= this._bytes.length) {
        throw this.error('Expected more of a bzip2 file, found its end');
      }
      this._buffer = (this._buffer << 8) | this._bytes[this._at++];
      this._held += 8;
    }
    this._held -= count;
    return (this._buffer >>> this._held) & ((1 << count) - 1);
  }

  /** The symbol whose code is next. */
  symbol({ end, from, first, symbols }: ITable): number {
    let code = 0;
    for (let length = 1; length <= MOST_BITS; length++) {
      if (this._held === 0) {
        code = code * 2 + this.read(1);
      } else {
        this._held--;
        code = code * 2 + ((this._buffer >>> this._held) & 1);
      }
      if (code < end[length]) {
        return symbols[from[length] + code - first[length]];
      }
    }
    throw this.error('Expected a code of the table');
  }

  read32(): number {
    return this.read(16) * 65536 + this.read(16);
  }

  /** Leave what is left of the byte. */
  align(): void {
    this._held = 0;
  }

  error(reason: string): FormatError {
    return new FormatError(reason, this._at);
  }

  private _at = 0;
  private _buffer = 0;
  private _held = 0;
}

/** What was unpacked. */
class Output {
  constructor(private readonly _most: number) {}

  get length(): number {
    return this._length;
  }

  /** @param at - byte of the file, for messages */
  add(byte: number, count: number, at: number): void {
    const end = this._length + count;
    if (end > this._bytes.length) {
      this._grow(end, at);
    }
    if (count === 1) {
      this._bytes[this._length] = byte;
    } else {
      this._bytes.fill(byte, this._length, end);
    }
    this._length = end;
  }

  done(): Uint8Array {
    return this._bytes.subarray(0, this._length);
  }

  private _grow(end: number, at: number): void {
    if (end > this._most) {
      throw new FormatError(
        `Expected at most ${this._most} bytes when unpacked, found more`,
        at
      );
    }
    const more = new Uint8Array(Math.min(this._most, end * 2));
    more.set(this._bytes);
    this._bytes = more;
  }

  private _bytes = new Uint8Array(0);
  private _length = 0;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) {
    crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  }
  return crc;
});
