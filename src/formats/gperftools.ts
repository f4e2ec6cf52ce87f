import { NONE } from '../profile/indices';
import type { FuncIndex } from '../profile/indices';
import { MAX_DEPTH } from '../wire/limits';
import { ByteReader } from './bytes';
import { FormatError, placed } from './error';
import type { IFormat } from './format';
import { mappedAt, readMemoryMap, type IMapped } from './memoryMap';
import { placeName } from './perfLines';
import { ProfileBuilder, SAMPLES, timeMetric } from './profileBuilder';
import { StackTree } from './stackTree';

/** Words of a header: 0, how many follow, version, period in µs, padding. */
const HEADER_WORDS = 5;

/** Words that may follow the first two of a header. */
const MOST_HEADER = 64;

/**
 * CPU profiles of gperftools: machine words of either size and order, and the memory map of the process as text.
 *
 * Functions have no names there: each address is called by its object and its place in it.
 */
export const GPERFTOOLS: IFormat = {
  id: 'gperftools',
  label: 'gperftools CPU profile',
  sniff: head => layoutOf(head) !== null,
  read(bytes, { name, onProgress }) {
    const layout = layoutOf(bytes);
    if (!layout) {
      throw new FormatError(
        'Expected the header of a CPU profile of gperftools, found none',
        0
      );
    }
    const { word, reader, period, headerWords } = layout;
    const builder = new ProfileBuilder({ name: 'gperftools' });
    builder.metric(SAMPLES);
    builder.metric(timeMetric(period * 1000));
    reader.seek((headerWords + 2) * word);
    const next = (): bigint =>
      word === 8 ? reader.u64() : BigInt(reader.u32());
    // The map of the memory comes last: look for it first, passing over the stacks.
    const first = reader.at;
    const isEnded = passRecords(reader, word, next);
    const map = isEnded ? readMemoryMap(reader.utf8(reader.left)) : [];
    const end = isEnded ? reader.bytes.length : reader.at;
    if (!isEnded || map.length === 0) {
      builder.warn(
        'incomplete',
        isEnded
          ? 'The file has no memory map: addresses are those of the process.'
          : `The file has no end record and no memory map: it was cut at byte ${end}. Addresses are those of the process.`
      );
    }
    const stacks = new StackTree(builder);
    const frames = new Map<bigint, FuncIndex>();
    reader.seek(first);
    let empty = 0;
    /** Take the next record; false where there is none. */
    const take = (records: number): boolean => {
      if (reader.left < word * 2) {
        return false;
      }
      const at = reader.at;
      const count = Number(next());
      const depth = Number(next());
      if (reader.left < depth * word || isEnd(count, depth, reader, word)) {
        return false;
      }
      if (!Number.isSafeInteger(count)) {
        throw new FormatError(
          `Expected a number of samples, found ${count}`,
          at
        );
      }
      if (records % 65_536 === 0) {
        onProgress(at);
      }
      if (depth === 0) {
        empty += count;
        return true;
      }
      // The leaf comes first.
      const last = reader.at;
      let node: number = NONE;
      for (let i = depth - 1; i >= 0; i--) {
        reader.seek(last + i * word);
        const address = next();
        let frame = frames.get(address);
        if (frame === undefined) {
          frame = frameOf(address, map, builder, stacks);
          frames.set(address, frame);
        }
        node = stacks.frames.child(node, frame);
      }
      reader.seek(last + depth * word);
      stacks.frames.add(node, 'self.samples', count);
      stacks.frames.add(node, 'self.time', count);
      return true;
    };
    placed(
      () => [reader.at, null],
      () => {
        let records = 0;
        while (take(records)) {
          records++;
        }
      }
    );
    if (empty > 0) {
      builder.warn(
        'empty-stacks',
        `${empty} samples have no stack. They are not in the profile.`
      );
    }
    stacks.finish();
    return builder.done('gperftools', name);
  }
};

interface ILayout {
  /** Bytes of a word. */
  readonly word: 4 | 8;
  readonly reader: ByteReader;
  readonly period: number;
  readonly headerWords: number;
}

/** Size and order of the words, by which the header makes sense; `null` if by none. */
function layoutOf(bytes: Uint8Array): ILayout | null {
  for (const word of [8, 4] as const) {
    for (const isLittle of [true, false]) {
      if (bytes.length < HEADER_WORDS * word) {
        continue;
      }
      const reader = new ByteReader(bytes, isLittle);
      const [zero, headerWords, version, period] = [0, 1, 2, 3].map(() =>
        word === 8 ? Number(reader.u64()) : reader.u32()
      );
      if (
        zero === 0 &&
        headerWords >= 3 &&
        headerWords <= MOST_HEADER &&
        version === 0 &&
        period > 0 &&
        period < 2 ** 32 &&
        bytes.length >= (headerWords + 2) * word
      ) {
        return { word, reader, period, headerWords };
      }
    }
  }
  return null;
}

/** Whether a record is the last: no samples of a stack of one 0. Goes back behind what it looks at if not. */
function isEnd(
  count: number,
  depth: number,
  reader: ByteReader,
  word: number
): boolean {
  return (
    count === 0 &&
    depth === 1 &&
    reader.bytes.subarray(reader.at, reader.at + word).every(byte => byte === 0)
  );
}

/** Go behind the last record; false if the file ends before. */
function passRecords(
  reader: ByteReader,
  word: number,
  next: () => bigint
): boolean {
  while (reader.left >= word * 2) {
    const at = reader.at;
    const count = Number(next());
    const depth = Number(next());
    if (depth > MAX_DEPTH) {
      throw new FormatError(
        `Expected a stack of at most ${MAX_DEPTH} frames, found ${depth}`,
        at
      );
    }
    if (reader.left < depth * word) {
      reader.seek(at);
      return false;
    }
    const ends = isEnd(count, depth, reader, word);
    reader.seek(reader.at + depth * word);
    if (ends) {
      return true;
    }
  }
  return false;
}

function frameOf(
  address: bigint,
  map: readonly IMapped[],
  builder: ProfileBuilder,
  stacks: StackTree
): FuncIndex {
  const mapped = mappedAt(map, address);
  const place = mapped ? address - mapped.start + mapped.offset : address;
  const path = mapped?.path ?? '';
  const func = builder.func({
    name: placeName(path, place),
    object: path,
    kind: 'native'
  });
  const isExact = place <= BigInt(Number.MAX_SAFE_INTEGER);
  return stacks.frame({ func, address: isExact ? Number(place) : 0 });
}
