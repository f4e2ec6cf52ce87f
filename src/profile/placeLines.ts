import type { FileIndex } from './indices';
import type { IProfile } from './model';

/** A part of a file as it was when it ran. */
export interface IBlock {
  /** Number of its first line, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** Changed lines up to which two texts are compared line by line; beyond that they are different texts. */
const MOST_CHANGES = 300;

/** Blocks of a file that are looked for at most. */
const MOST_BLOCKS = 1000;

/** Places at which a block may stand that are tried. */
const MOST_PLACES = 50;

/** Lines that are equal to a first line; where there are more, it tells nothing about where it stands. */
const MOST_EQUAL = 1000;

/** Lines of a text, whatever ends them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/**
 * The text of a file that a profile holds, in order.
 */
export function blocksOf({ sources }: IProfile, file: FileIndex): IBlock[] {
  const blocks: IBlock[] = [];
  for (let i = 0; i < sources.length && blocks.length < MOST_BLOCKS; i++) {
    const lines = sources.file[i] === file ? linesOf(sources.text[i]) : [];
    const end = sources.line[i] + lines.length;
    if (lines.length > 0 && sources.line[i] > 0 && Number.isSafeInteger(end)) {
      // A block ends with a line feed: what follows it is no line.
      blocks.push({
        line: sources.line[i],
        lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines
      });
    }
  }
  return blocks;
}

/**
 * Where the lines of a source stand in a text that may have been changed since. Only lines that are the same in both
 * have a place, and they keep their order.
 *
 * @param text - lines of the text as it is
 * @param blocks - what is known of the source, in order
 * @param isWhole - whether the blocks are all there was, as those of a cell are: then the ends of both texts belong
 * together
 * @returns for each line of the text, the number of the source's line that it is; 0 if it is none of them
 *
 * ```
 * placeLines(['a', 'new', 'b'], [{ line: 1, lines: ['a', 'b'] }], true)  // [1, 0, 2]
 * ```
 */
export function placeLines(
  text: readonly string[],
  blocks: readonly IBlock[],
  isWhole: boolean
): Float64Array {
  const places = new Float64Array(text.length);
  if (isWhole && blocks.length === 1) {
    const [{ line, lines }] = blocks;
    matchLines(lines, text, 0, text.length, (i, j) => {
      places[j] = line + i;
    });
    return places;
  }
  placeBlocks(text, blocks, (line, j) => {
    places[j] = line;
  });
  return places;
}

/**
 * Tell where lines of blocks are that are parts of a text: first those of blocks that are there as they were, which tell
 * where the others can be.
 */
function placeBlocks(
  text: readonly string[],
  blocks: readonly IBlock[],
  match: (line: number, j: number) => void
): void {
  const positions = positionsOf(text);
  const starts: number[] = [];
  let shift = 0;
  let from = 0;
  for (const { line, lines } of blocks) {
    const isAt = (at: number) => lines.every((one, i) => text[at + i] === one);
    const expected = line - 1 + shift;
    const start =
      expected >= from && isAt(expected)
        ? expected
        : nearest(positions, lines[0], expected, from, text.length).find(isAt);
    starts.push(start ?? -1);
    if (start !== undefined) {
      shift = start - (line - 1);
      from = start + lines.length;
    }
  }
  shift = 0;
  from = 0;
  blocks.forEach(({ line, lines }, i) => {
    if (starts[i] >= 0) {
      lines.forEach((_, k) => match(line + k, starts[i] + k));
      shift = starts[i] - (line - 1);
      from = starts[i] + lines.length;
      return;
    }
    // Between its neighbours, from its first line to its last one, or as far as it was.
    const to = starts.slice(i).find(start => start >= 0) ?? text.length;
    const expected = line - 1 + shift;
    const [first = expected] = nearest(positions, lines[0], expected, from, to);
    if (first < from || first >= to) {
      return;
    }
    const expectedLast = first + lines.length - 1;
    const [last = expectedLast] = nearest(
      positions,
      lines[lines.length - 1],
      expectedLast,
      first,
      to
    );
    const end = Math.min(to, last + 1);
    matchLines(lines, text, first, end, (k, at) => match(line + k, at));
    shift = first - (line - 1);
    from = end;
  });
}

/** Where each line of a text stands. */
function positionsOf(
  text: readonly string[]
): ReadonlyMap<string, readonly number[]> {
  const positions = new Map<string, number[]>();
  text.forEach((line, at) => {
    const found = positions.get(line);
    if (found) {
      found.push(at);
    } else {
      positions.set(line, [at]);
    }
  });
  return positions;
}

/**
 * Places of a line in a part of a text, the nearest to where it is expected first, as far as they are worth a try.
 */
function nearest(
  positions: ReadonlyMap<string, readonly number[]>,
  line: string,
  expected: number,
  from: number,
  to: number
): number[] {
  const all = positions.get(line) ?? [];
  return all.length > MOST_EQUAL
    ? []
    : all
        .filter(at => at >= from && at < to)
        .sort((a, b) => Math.abs(a - expected) - Math.abs(b - expected))
        .slice(0, MOST_PLACES);
}

/**
 * Tell the pairs of lines that two texts have in common, in order, as many as there are.
 *
 * @param from - first line of `b` that is looked at
 * @param to - behind the last one
 */
function matchLines(
  a: readonly string[],
  b: readonly string[],
  from: number,
  to: number,
  match: (i: number, j: number) => void
): void {
  let [start, end] = [0, a.length];
  let [first, last] = [from, to];
  while (start < end && first < last && a[start] === b[first]) {
    match(start++, first++);
  }
  while (start < end && first < last && a[end - 1] === b[last - 1]) {
    end--;
    last--;
  }
  const path = shortestEdit(a.slice(start, end), b.slice(first, last));
  path.forEach(([i, j]) => match(start + i, first + j));
  for (let i = 0; end + i < a.length; i++) {
    match(end + i, last + i);
  }
}

/**
 * The lines that stay in a shortest edit from `a` to `b`, found as in E. W. Myers, "An O(ND) difference algorithm and its
 * variations" (1986). Where it has more than `MOST_CHANGES` steps, the lines that are equal at equal places in texts of
 * one length; none in others.
 */
function shortestEdit(
  a: readonly string[],
  b: readonly string[]
): (readonly [number, number])[] {
  const most = Math.min(a.length + b.length, MOST_CHANGES);
  // reach[most + k]: how far in `a` a path on diagonal k = i - j comes.
  const reach = new Int32Array(2 * most + 3);
  const rounds: Int32Array[] = [];
  for (let round = 0; round <= most; round++) {
    rounds.push(reach.slice());
    for (let k = -round; k <= round; k += 2) {
      const at = most + 1 + k;
      const isDown =
        k === -round || (k !== round && reach[at - 1] < reach[at + 1]);
      let i = isDown ? reach[at + 1] : reach[at - 1] + 1;
      while (i < a.length && i - k < b.length && a[i] === b[i - k]) {
        i++;
      }
      reach[at] = i;
      if (i >= a.length && i - k >= b.length) {
        return pathBack(rounds, a.length, b.length, most);
      }
    }
  }
  return a.length === b.length
    ? a.flatMap((line, i) => (line === b[i] ? [[i, i] as const] : []))
    : [];
}

/** The pairs on the way that the rounds found, in order. */
function pathBack(
  rounds: readonly Int32Array[],
  length: number,
  other: number,
  most: number
): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [length, other];
  for (let round = rounds.length - 1; round >= 0; round--) {
    const reach = rounds[round];
    const k = i - j;
    const at = most + 1 + k;
    const isDown =
      k === -round || (k !== round && reach[at - 1] < reach[at + 1]);
    const before = isDown ? k + 1 : k - 1;
    const from = round === 0 ? 0 : reach[most + 1 + before];
    const stop = round === 0 ? 0 : isDown ? from : from + 1;
    while (i > stop) {
      pairs.push([--i, --j]);
    }
    if (round > 0) {
      i = from;
      j = from - before;
    }
  }
  return pairs.reverse();
}
