import { combinationOf } from './combine';
import {
  NONE,
  type FileIndex,
  type FuncIndex,
  type ThreadIndex
} from './indices';
import { lineMetric, lineWhole } from './lineMetric';
import type { ILines, IMetric, IProfile } from './model';

/** Below this share of the whole a function is cold. */
export const COLD = 0.01;

/** From this share of the hottest line's time on a line is hot. */
export const HOT = 0.1;

/** What was measured of a line, or of several. NaN says that a value is not known. */
export interface ILineValues {
  readonly hits: number;
  /** What the line calls is in it, where that is known. In the unit of the metric. */
  readonly time: number;
  /** Without what the line calls. */
  readonly own: number;
}

/** The lines of one function, all threads together or of one of them. */
export interface ILineBlock {
  readonly function: FuncIndex | typeof NONE;
  readonly file: FileIndex | typeof NONE;
  /** Where the function begins; where that is not known, its first line that has a row; 0 if there is none. */
  readonly first: number;
  /** Lines that have rows, rising, each once. */
  readonly line: Float64Array;
  readonly hits: Float64Array;
  readonly time: Float64Array;
  readonly own: Float64Array;
  /** Lines that were folded into one row without a number. */
  readonly rest: ILineValues | null;
  /** Of all lines: what the shares of the function are shares of. */
  readonly all: ILineValues;
}

/** Lines of a profile, by function. */
export interface ILineRows {
  /** Hottest first. */
  readonly blocks: readonly ILineBlock[];
  /** What `time` and `own` measure; null where nothing but hits was. */
  readonly metric: IMetric | null;
  /** What shares of all are shares of; NaN if there are none. */
  readonly whole: number;
  /** Most that a line took. */
  readonly hottest: number;
}

/**
 * One block a function, hottest first; those that took alike in the order of the file. Lines without a function are
 * put together by file.
 *
 * @param thread - whose lines; `null`: of all threads, summed
 */
export function lineRows(
  profile: IProfile,
  thread: ThreadIndex | null = null
): ILineRows {
  const { lines, metrics } = profile;
  const metric = lineMetric(profile);
  const hits = metrics.find(({ id }) => id === 'hits') ?? null;
  const columns: readonly IColumn[] = [
    columnOf(lines, hits, ['self', 'total']),
    columnOf(lines, metric, ['total', 'self']),
    // Where there is no total, what is there is all that is known.
    columnOf(lines, metric, ['self'])
  ];
  const rowsOf = new Map<number, number[]>();
  // Both are counted from NONE, which is -1.
  const width = profile.files.length + 1;
  for (let row = 0; row < lines.length; row++) {
    if (thread === null || lines.thread[row] === thread) {
      const key = (lines.function[row] + 1) * width + lines.file[row] + 1;
      const rows = rowsOf.get(key);
      if (rows) {
        rows.push(row);
      } else {
        rowsOf.set(key, [row]);
      }
    }
  }
  const blocks = [...rowsOf.values()]
    .map(rows => blockOf(profile, rows, columns))
    .sort(byHeat);
  let hottest = 0;
  for (const { time } of blocks) {
    for (const value of time) {
      hottest = Math.max(hottest, value || 0);
    }
  }
  const whole = lineWhole(profile, metric, blocks[0]?.all.time ?? NaN);
  return { blocks, metric, whole, hottest };
}

/** Whether a function took next to nothing, or did not run. */
export function isCold({ all }: ILineBlock, { whole }: ILineRows): boolean {
  return all.hits === 0 || all.time < COLD * whole || all.time === 0;
}

/** Whether a line took a share that is worth a look. */
export function isHot(time: number, { hottest }: ILineRows): boolean {
  return time > 0 && time >= HOT * hottest;
}

/** Value for each hit; NaN where nothing ran. */
export function perHit({ hits, time }: ILineValues): number {
  return hits === 0 ? NaN : time / hits;
}

/** Values of a metric, in its unit. */
interface IColumn {
  readonly of: (row: number) => number;
  /** `null`: values cannot be put together. */
  readonly add: ((a: number, b: number) => number) | null;
}

const UNKNOWN: IColumn = { of: () => NaN, add: (a, b) => a + b };

function columnOf(
  lines: ILines,
  metric: IMetric | null,
  roles: readonly ('self' | 'total')[]
): IColumn {
  const values =
    metric &&
    roles
      .map(role => lines.values.get(`${role}.${metric.id}`))
      .find(column => column !== undefined);
  return values
    ? {
        of: row => values[row] * metric.tick,
        add: combinationOf(metric)?.of ?? null
      }
    : UNKNOWN;
}

function blockOf(
  { lines, functions }: IProfile,
  rows: readonly number[],
  columns: readonly IColumn[]
): ILineBlock {
  const func = lines.function[rows[0]];
  const numbered = new Map<number, number[]>();
  const folded: number[] = [];
  for (const row of rows) {
    const line = lines.line[row];
    if (!(Number.isInteger(line) && line > 0)) {
      folded.push(row);
    } else if (numbered.has(line)) {
      numbered.get(line)?.push(row);
    } else {
      numbered.set(line, [row]);
    }
  }
  const line = Float64Array.from(numbered.keys()).sort();
  const groups = Array.from(line, one => numbered.get(one) ?? []);
  const [hits, time, own] = columns.map(column =>
    Float64Array.from(groups, group => together(group, column))
  );
  const valuesOf = (values: (column: IColumn, at: number) => number) => {
    const [hits, time, own] = columns.map(values);
    return { hits, time, own };
  };
  const first = func === NONE ? 0 : functions.line[func];
  return {
    function: func,
    file: lines.file[rows[0]],
    first: first > 0 ? first : (line.at(0) ?? 0),
    line,
    hits,
    time,
    own,
    rest:
      folded.length > 0 ? valuesOf(column => together(folded, column)) : null,
    all: valuesOf(column => together(rows, column))
  };
}

/** Values of rows as one: of what is known; NaN where nothing is, or where values do not go together. */
function together(rows: readonly number[], { of, add }: IColumn): number {
  let value = NaN;
  for (const row of rows) {
    const next = of(row);
    if (Number.isNaN(next)) {
      continue;
    }
    if (Number.isNaN(value)) {
      value = next;
    } else if (add) {
      value = add(value, next);
    } else {
      return NaN;
    }
  }
  return value;
}

function byHeat(a: ILineBlock, b: ILineBlock): number {
  const heat = ({ all }: ILineBlock) =>
    Number.isNaN(all.time) ? -Infinity : all.time;
  const [one, other] = [heat(a), heat(b)];
  return one !== other
    ? other - one
    : (b.all.hits || 0) - (a.all.hits || 0) ||
        a.file - b.file ||
        a.first - b.first ||
        a.function - b.function;
}
