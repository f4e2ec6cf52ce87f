import type { FileIndex } from './indices';
import type { ILineBlock } from './lineRows';
import type { IProfile } from './model';

/** A part of a file as it was when it ran. */
export interface ISourceBlock {
  readonly file: FileIndex;
  /** Number of its first line. */
  readonly first: number;
  readonly lines: readonly string[];
}

/** What ends a line, as Python reads files. */
const LINE_END = /\r\n|\r|\n/;

/** Where a function or a class begins, below its decorators. */
const HEAD = /^\s*(async\s+def|def|class)\b/;

const DECORATOR = /^\s*@/;

/** What closes the brackets that a head opened. */
const CLOSING = /^\s*[)\]}]/;

/**
 * The source of a profile, by line.
 */
export class LineSources {
  constructor({ sources }: IProfile) {
    for (let i = 0; i < sources.length; i++) {
      const file = sources.file[i];
      const blocks = this._blocks.get(file) ?? [];
      blocks.push({ first: sources.line[i], text: sources.text[i] });
      this._blocks.set(file, blocks);
    }
    for (const blocks of this._blocks.values()) {
      blocks.sort((a, b) => a.first - b.first);
    }
  }

  /**
   * The part of a file that holds a line; null if there is none.
   */
  blockAt(file: number, line: number): ISourceBlock | null {
    const blocks = this._blocks.get(file) ?? [];
    // Blocks of a file are apart: it is the last one that begins before.
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (blocks[middle].first <= line) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const block = blocks.at(low - 1);
    if (low === 0 || !block) {
      return null;
    }
    block.split ??= split(file as FileIndex, block);
    return line < block.first + block.split.lines.length ? block.split : null;
  }

  /**
   * A line as it ran; null if it is not known.
   */
  text(file: number, line: number): string | null {
    const block = this.blockAt(file, line);
    return block ? block.lines[line - block.first] : null;
  }

  private readonly _blocks = new Map<number, IText[]>();
}

interface IText {
  readonly first: number;
  readonly text: string;
  split?: ISourceBlock;
}

function split(file: FileIndex, { first, text }: IText): ISourceBlock {
  const lines = text.split(LINE_END);
  // A block ends with a line feed: what follows it is no line.
  if (lines.length > 1 && lines.at(-1) === '') {
    lines.pop();
  }
  return { file, first, lines };
}

/** From which line to which a function goes. */
export interface ILineRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The lines of a block: from the function's head to the last line that has a row, and on to where its text ends, as
 * far as that can be seen by how far lines are set in.
 *
 * @param name - of the function: what is within one line or an expression, as `<lambda>`, ends with its rows
 */
export function rangeOf(
  block: ILineBlock,
  name: string,
  sources: LineSources
): ILineRange {
  const { line, file } = block;
  const first = Math.min(block.first || Infinity, line.at(0) ?? Infinity);
  if (first === Infinity) {
    return { first: 0, last: -1 };
  }
  const lastRow = line.at(-1) ?? first;
  const source = sources.blockAt(file, first);
  if (!source || (name.startsWith('<') && name !== '<module>')) {
    return { first, last: lastRow };
  }
  const end = source.first + source.lines.length - 1;
  const last =
    name === '<module>'
      ? end
      : lastOfFunction(source, first, Math.max(first, Math.min(lastRow, end)));
  return { first, last: Math.max(last, lastRow) };
}

/**
 * The last line of a function whose lines are known up to one of them.
 */
export function lastOfFunction(
  { first: start, lines }: Pick<ISourceBlock, 'first' | 'lines'>,
  first: number,
  known: number
): number {
  const depth = indent(lines[first - start]);
  let head = first - start;
  if (DECORATOR.test(lines[head])) {
    // Decorators stand as far out as the head.
    while (head + 1 < lines.length && !HEAD.test(lines[head])) {
      head++;
    }
  }
  let last = Math.max(head, known - start);
  for (let i = last + 1; i < lines.length; i++) {
    const text = lines[i];
    if (text.trim() !== '') {
      if (indent(text) <= depth && !CLOSING.test(text)) {
        break;
      }
      last = i;
    }
  }
  return start + last;
}

function indent(text: string): number {
  return text.length - text.trimStart().length;
}
