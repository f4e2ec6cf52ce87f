import { NONE } from './indices';
import { isCold, type ILineBlock, type ILineRows } from './lineRows';
import { rangeOf, type ILineRange, type LineSources } from './lineSource';
import { nameOfLines } from './names';
import type { IProfile } from './model';

/** Characters of a line that are shown, and searched. */
export const MOST_LINE = 400;

/** Rows from which on blocks stay closed, and lines from which on a search ends. */
const MOST_LISTED = 300_000;

/** Lines that a search finds at most. */
export const MOST_FOUND = 10_000;

/** A line of a block. */
export interface ILinePlace {
  readonly block: ILineBlock;
  /** Its number, or `HEAD`, `NOTE`, `REST` for what is listed beside lines. */
  readonly line: number;
}

/** Stands for the head of a block. */
export const HEAD = 0;

/** Stands for the row that says that the text of a block's lines is not known. */
export const NOTE = -1;

/** Stands for lines that are folded into one row. */
export const REST = Infinity;

/** A row of the list: the head of a block, one of its lines, or what stands beside them. */
export type LineEntry = ILinePlace &
  (
    | { readonly kind: 'block'; readonly isOpen: boolean }
    | {
        readonly kind: 'line';
        /** Row of the block's columns; `NONE` for a line that has none. */
        readonly row: number;
      }
    | { readonly kind: 'rest' | 'note' }
  );

/** What is listed of a profile's lines. */
export interface ILineListing {
  readonly length: number;
  at(position: number): LineEntry | undefined;
  /** Where a line is listed; where it is not, its block's head; -1 if that is not there. */
  positionOf(place: ILinePlace): number;
}

/**
 * Blocks and their lines as one list of rows. Lines of a block are found when it is open.
 */
export class LineList {
  constructor(
    private readonly _profile: IProfile,
    readonly rows: ILineRows,
    readonly sources: LineSources
  ) {}

  /**
   * What is listed.
   *
   * @param isOpen - whether a block's lines are
   * @param hides - whether lines without time are left out
   */
  listing(
    isOpen: (block: ILineBlock) => boolean,
    hides: boolean
  ): ILineListing {
    const { blocks } = this.rows;
    const open: boolean[] = [];
    const starts = new Float64Array(blocks.length + 1);
    const at = new Map<ILineBlock, number>();
    blocks.forEach((block, i) => {
      at.set(block, i);
      open[i] = starts[i] < MOST_LISTED && isOpen(block);
      starts[i + 1] = starts[i] + 1 + (open[i] ? this._count(block, hides) : 0);
    });
    const length = starts[blocks.length];
    return {
      length,
      at: position => {
        if (!(position >= 0 && position < length)) {
          return undefined;
        }
        const i = lastUpTo(starts, position);
        const block = blocks[i];
        const inner = position - starts[i] - 1;
        return inner < 0
          ? { kind: 'block', block, line: HEAD, isOpen: open[i] }
          : this._entry(block, inner, hides);
      },
      positionOf: ({ block, line }) => {
        const i = at.get(block) ?? -1;
        if (i < 0 || !open[i] || line === HEAD) {
          return i < 0 ? -1 : starts[i];
        }
        const notes = this._notes(block);
        if (line === NOTE || line === REST) {
          return line === NOTE ? starts[i] + notes : starts[i + 1] - 1;
        }
        const inner = rowOf(this.linesOf(block, hides), line);
        return starts[i] + (inner < 0 ? 0 : inner + 1 + notes);
      }
    };
  }

  /** Whether a block's lines are listed as long as its reader has not said. The hottest is shown in any case. */
  isOpenAtFirst(block: ILineBlock): boolean {
    return (
      !isCold(block, this.rows) ||
      (block === this.rows.blocks[0] && block.all.hits !== 0)
    );
  }

  /** Numbers of the lines of a block that are listed when it is open. */
  linesOf(block: ILineBlock, hides: boolean): Float64Array {
    const cache = hides ? this._timed : this._all;
    let lines = cache.get(block);
    if (!lines) {
      lines = hides ? timed(block) : this._allOf(block);
      cache.set(block, lines);
    }
    return lines;
  }

  /** From where to where a block goes. */
  rangeOf(block: ILineBlock): ILineRange {
    let range = this._ranges.get(block);
    if (!range) {
      range = rangeOf(block, this._name(block), this.sources);
      this._ranges.set(block, range);
    }
    return range;
  }

  /** Whether the text of any line of a block is known. */
  hasSource(block: ILineBlock): boolean {
    return (
      this.sources.blockAt(block.file, block.first) !== null ||
      block.line.some(line => this.sources.text(block.file, line) !== null)
    );
  }

  /**
   * Other functions that begin at a line of a block.
   */
  innerAt(block: ILineBlock, line: number): readonly ILineBlock[] {
    this._begins ??= this._beginnings();
    return (this._begins.get(`${block.file} ${line}`) ?? []).filter(
      other => other !== block && line >= block.first
    );
  }

  /**
   * Lines whose text has a text in it, in the order of the list, without regard to case.
   */
  search(text: string, hides: boolean): readonly ILinePlace[] {
    const wanted = text.toLowerCase();
    const found: ILinePlace[] = [];
    if (wanted === '') {
      return found;
    }
    let left = MOST_LISTED;
    for (const block of this.rows.blocks) {
      for (const line of this.linesOf(block, hides)) {
        if (left-- === 0) {
          return found;
        }
        const source = this.sources.text(block.file, line)?.slice(0, MOST_LINE);
        if (source?.toLowerCase().includes(wanted)) {
          found.push({ block, line });
          if (found.length === MOST_FOUND) {
            return found;
          }
        }
      }
    }
    return found;
  }

  private _count(block: ILineBlock, hides: boolean): number {
    return (
      this.linesOf(block, hides).length +
      this._notes(block) +
      (block.rest ? 1 : 0)
    );
  }

  private _entry(
    block: ILineBlock,
    inner: number,
    hides: boolean
  ): LineEntry | undefined {
    const lines = this.linesOf(block, hides);
    const at = inner - this._notes(block);
    if (at < 0) {
      return { kind: 'note', block, line: NOTE };
    }
    return at < lines.length
      ? {
          kind: 'line',
          block,
          line: lines[at],
          row: rowOf(block.line, lines[at])
        }
      : { kind: 'rest', block, line: REST };
  }

  /** Rows above the lines: that their text is not known. */
  private _notes(block: ILineBlock): number {
    let notes = this._noted.get(block);
    if (notes === undefined) {
      notes = this.hasSource(block) ? 0 : 1;
      this._noted.set(block, notes);
    }
    return notes;
  }

  /**
   * Those that have rows, and those between them whose text is known and that are not of another function: what is in
   * a function's body stands in its own block.
   */
  private _allOf(block: ILineBlock): Float64Array {
    const { first, last } = this.rangeOf(block);
    const source = this.sources.blockAt(block.file, first);
    if (!source) {
      return block.line;
    }
    const end = Math.min(last, source.first + source.lines.length - 1);
    const lines: number[] = [];
    const others = this._inFile(block.file);
    let row = 0;
    let other = 0;
    let otherEnd = -1;
    for (let line = first; line <= end; line++) {
      while (other < others.length && others[other].first < line) {
        // Its first line is the other function's definition, which is run here.
        if (line > otherEnd && others[other].first > first) {
          otherEnd = Math.max(otherEnd, this._bodyEnd(others[other], last));
        }
        other++;
      }
      while (block.line[row] < line) {
        row++;
      }
      if (block.line[row] === line || line > otherEnd) {
        lines.push(line);
      }
    }
    return Float64Array.from([
      ...lines,
      ...block.line.filter(line => line > end)
    ]);
  }

  /**
   * Where the body of a function ends that lies within another one, with the empty lines below it; -1 for what has no
   * lines for itself.
   */
  private _bodyEnd(inner: ILineBlock, last: number): number {
    let end = this.rangeOf(inner).last;
    if (end > last || this._name(inner).startsWith('<')) {
      return -1;
    }
    while (this.sources.text(inner.file, end + 1)?.trim() === '') {
      end++;
    }
    return end;
  }

  /** Blocks of a file in the order in which they begin. */
  private _inFile(file: number): readonly ILineBlock[] {
    if (!this._files) {
      const files = (this._files = new Map<number, ILineBlock[]>());
      for (const block of this.rows.blocks) {
        const others = files.get(block.file);
        if (others) {
          others.push(block);
        } else {
          files.set(block.file, [block]);
        }
      }
      files.forEach(blocks => blocks.sort((a, b) => a.first - b.first));
    }
    return this._files.get(file) ?? [];
  }

  private _beginnings(): Map<string, ILineBlock[]> {
    const begins = new Map<string, ILineBlock[]>();
    for (const block of this.rows.blocks) {
      const key = `${block.file} ${block.first}`;
      const same = begins.get(key);
      if (same) {
        same.push(block);
      } else {
        begins.set(key, [block]);
      }
    }
    return begins;
  }

  private _name({ function: func }: ILineBlock): string {
    // What has no function is whatever ran in the file.
    return func === NONE ? '<file>' : nameOfLines(this._profile, func);
  }

  private readonly _all = new Map<ILineBlock, Float64Array>();
  private readonly _timed = new Map<ILineBlock, Float64Array>();
  private readonly _ranges = new Map<ILineBlock, ILineRange>();
  private readonly _noted = new Map<ILineBlock, number>();
  private _begins: Map<string, ILineBlock[]> | null = null;
  private _files: Map<number, ILineBlock[]> | null = null;
}

/** Lines that took time; where that is not known, that ran. */
function timed({ line, time, hits }: ILineBlock): Float64Array {
  return line.filter((_, row) =>
    Number.isNaN(time[row]) ? hits[row] !== 0 : time[row] !== 0
  );
}

/** Where a value stands in a rising column; `NONE` if it does not. */
export function rowOf(column: Float64Array, value: number): number {
  const at = lastUpTo(column, value);
  return column[at] === value ? at : NONE;
}

/** The last of rising values that is not above one; 0 if all are. */
function lastUpTo(values: Float64Array, value: number): number {
  let low = 0;
  let high = values.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}
