import { combinationOf, type ICombination } from './combine';
import { NONE, type FileIndex, type FuncIndex } from './indices';
import { lineMetric, lineWhole } from './lineMetric';
import type { IProfile, ValueKey } from './model';

/** What a line took in one function. */
export interface ILinePart {
  /** `NONE` if the profile does not tell. */
  readonly function: FuncIndex | typeof NONE;
  /** In `ILineHeat.unit`, NaN if not known. */
  readonly time: number;
  /** NaN if not known. */
  readonly hits: number;
}

/**
 * What a line took, all threads together.
 *
 * Where several functions stand on a line, the time and the hits are those of the one that took most: the time of a
 * generator expression is in that of the line it stands on.
 */
export interface ILineCost extends ILinePart {
  /** Of the whole, at most 1; NaN if not known. */
  readonly share: number;
  /** By function, the one that took most first. */
  readonly parts: readonly ILinePart[];
}

/** Costs of the lines of one file, by line from 1. */
export type LineCosts = ReadonlyMap<number, ILineCost>;

/** What the lines of a profile took. */
export interface ILineHeat {
  /** Of costs: `ns` of times, or as `bytes`. */
  readonly unit: string;
  /**
   * What shares are shares of (`lineWhole`). NaN if nothing took time.
   */
  readonly whole: number;
  readonly files: ReadonlyMap<FileIndex, LineCosts>;
}

/** From which share on a line is of each step of heat. What took less, but something, is of the first step. */
const STEPS: readonly number[] = [0.01, 0.05, 0.1, 0.25, 0.5];

/** The highest step of heat. */
export const MOST_HEAT = STEPS.length + 1;

/**
 * How hot a line is by its share, from 0 (took nothing, or it is not known) to `MOST_HEAT`.
 */
export function heatOf(share: number): number {
  return share > 0 ? 1 + STEPS.filter(step => share >= step).length : 0;
}

/**
 * Put the rows of `lines` together by file and line. Rows that stand for no line (folded ones, or without a file) are
 * left out.
 */
export function lineHeat(profile: IProfile): ILineHeat {
  const { lines, functions } = profile;
  const metric = lineMetric(profile);
  const time = valuesOf(profile, metric?.id ?? 'time', ['total', 'self']);
  const hits = valuesOf(profile, 'hits', ['self']);
  const found = new Map<FileIndex, Map<number, IPart[]>>();
  const parts = new Map<number, IPart>();
  /** Numbers the lines, to name a line and a function by one number. */
  const numbers = new Map<IPart[], number>();
  for (let row = 0; row < lines.length; row++) {
    const file = lines.file[row];
    const line = lines.line[row];
    if (file === NONE || !(Number.isSafeInteger(line) && line > 0)) {
      continue;
    }
    const ofFile = found.get(file) ?? new Map<number, IPart[]>();
    found.set(file, ofFile);
    const ofLine = ofFile.get(line) ?? [];
    ofFile.set(line, ofLine);
    const number = numbers.get(ofLine) ?? numbers.size;
    numbers.set(ofLine, number);
    const func = lines.function[row];
    const key = number * (functions.length + 1) + func + 1;
    const part = parts.get(key);
    if (part) {
      part.time = time.add(part.time, row);
      part.hits = hits.add(part.hits, row);
    } else {
      const first = { function: func, time: time.at(row), hits: hits.at(row) };
      parts.set(key, first);
      ofLine.push(first);
    }
  }
  let largest = 0;
  for (const { time: one } of parts.values()) {
    largest = one > largest && Number.isFinite(one) ? one : largest;
  }
  const whole = lineWhole(profile, metric, largest);
  const files = new Map<FileIndex, LineCosts>();
  for (const [file, ofFile] of found) {
    const costs = new Map<number, ILineCost>();
    for (const [line, ofLine] of ofFile) {
      ofLine.sort(byCost);
      const share = ofLine[0].time / whole;
      costs.set(line, { ...ofLine[0], share, parts: ofLine });
    }
    files.set(file, costs);
  }
  return { unit: time.unit, whole, files };
}

interface IPart {
  readonly function: FuncIndex | typeof NONE;
  time: number;
  hits: number;
}

/** A value of each row, in the metric's unit. */
interface IRowValues {
  readonly unit: string;
  at(row: number): number;
  /** What was put together already, and one row more. */
  add(sum: number, row: number): number;
}

/**
 * The first of some columns that there is.
 */
function valuesOf(
  { lines, metrics }: IProfile,
  id: string,
  roles: readonly ('self' | 'total')[]
): IRowValues {
  const metric = metrics.find(one => one.id === id);
  const column = roles
    .map(role => lines.values.get(`${role}.${id}` as ValueKey))
    .find(values => values !== undefined);
  if (!metric || !column) {
    return { unit: '', at: () => NaN, add: () => NaN };
  }
  const at = (row: number) => column[row] * metric.tick;
  const combination: ICombination | null = combinationOf(metric);
  return {
    unit: metric.unit,
    at,
    add: (sum, row) => combination?.of(sum, at(row)) ?? NaN
  };
}

/** What took most first, what is not known last. */
function byCost(a: ILinePart, b: ILinePart): number {
  return (
    known(b.time) - known(a.time) ||
    known(b.hits) - known(a.hits) ||
    a.function - b.function
  );
}

function known(value: number): number {
  return Number.isFinite(value) ? value : -Number.MAX_VALUE;
}
