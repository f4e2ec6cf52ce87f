/**
 * What is drawn of a profile in flat charts: the marks as plain numbers, and what is left out of them.
 *
 * No number here is NaN or infinite unless it says so, and no chart has more than `MOST_MARKS` marks.
 */
import type { FuncIndex, RowIndex } from './indices';
import type { IMetric, IProfile } from './model';
import { wholeOf, type IFunctionRows } from './rows';

/** Marks of a chart. More cannot be told apart, and take long to draw. */
export const MOST_MARKS = 300;

/** Bars of the hottest functions. */
export const MOST_BARS = 30;

/**
 * Why nothing is drawn: no own values are known, none of them is anything but 0, values of this metric do not sum, or
 * there are none above 0.
 */
export type Obstacle = 'unknown' | 'zero' | 'apart' | 'negative';

/** Something that is no function, and its own value. */
export interface IAside {
  readonly func: FuncIndex;
  readonly self: number;
}

/** Rows that a chart does not draw. Each one is counted once. */
export interface ILeftOut {
  /** Functions that have less than those which are drawn. */
  readonly rest: number;
  /** Functions with a value, or a number of calls, that is not known. */
  readonly unknown: number;
  /** Functions with an own value, or a number of calls, of 0. */
  readonly zero: number;
  /** Functions with less than 0, as a difference of two profiles has them. */
  readonly negative: number;
  /** What is no function, as *(awaiting)*. */
  readonly aside: readonly IAside[];
}

/** What all charts have. */
export interface IChart {
  /** Why there are no marks; null where there are some. */
  readonly obstacle: Obstacle | null;
  /** What the values measure; null if the profile measured nothing. */
  readonly metric: IMetric | null;
  /** Functions that the profile has values of. What is no function is not counted. */
  readonly functions: number;
  /** Functions that are drawn, by themselves or as part of a mark. */
  readonly shown: number;
  /** What shares are shares of, as everywhere (`wholeOf`); NaN where they would mean nothing. */
  readonly whole: number;
  /** Share of `whole` that is drawn, 0 to 1; NaN where `whole` is. */
  readonly share: number;
  readonly leftOut: ILeftOut;
}

/** A function's bar: own value, and what its callees took. */
export interface IBar {
  readonly func: FuncIndex;
  readonly row: RowIndex;
  readonly self: number;
  /** NaN where it is not known. */
  readonly callees: number;
}

/** Bars of the functions with the largest own values, largest first. */
export interface IHottestChart extends IChart {
  readonly bars: readonly IBar[];
  /** Whether callees' parts are meant: values that do not sum have none. */
  readonly hasCallees: boolean;
}

/** A function by how often it was called and what one call took. All numbers are above 0. */
export interface IMarker {
  readonly func: FuncIndex;
  readonly row: RowIndex;
  readonly calls: number;
  readonly self: number;
  readonly selfPerCall: number;
}

/** Functions by calls and own value a call, largest own value first. */
export interface ICallsChart extends IChart {
  readonly markers: readonly IMarker[];
}

/**
 * The functions with the largest own values, at most `MOST_BARS`; below 0, those furthest from it.
 */
export function hottestChart(
  profile: IProfile,
  rows: IFunctionRows
): IHottestChart {
  const sorting = sortOut(profile, rows, row => rows.self[row] !== 0);
  const { candidates, negative } = sorting;
  const size = (row: RowIndex) => Math.abs(rows.self[row]);
  const hottest = [...candidates, ...negative]
    .sort((a, b) => size(b) - size(a) || a - b)
    .slice(0, MOST_BARS)
    .sort((a, b) => rows.self[b] - rows.self[a] || a - b);
  const hasCallees = rows.metric?.combine === 'sum';
  const isDifference = negative.length > 0 || rows.total.some(v => v < 0);
  return {
    ...chartOf(profile, rows, sorting, hottest),
    obstacle: obstacleOf(rows, hottest.length),
    leftOut: {
      ...sorting.leftOut,
      negative: 0,
      rest: candidates.length + negative.length - hottest.length
    },
    hasCallees,
    bars: hottest.map(row => ({
      func: rows.function[row],
      row,
      self: rows.self[row],
      callees: hasCallees
        ? calleesOf(rows.self[row], rows.total[row], isDifference)
        : NaN
    }))
  };
}

/**
 * Functions by calls and own value a call: those with the largest own values, at most `MOST_MARKS`.
 */
export function callsChart(
  profile: IProfile,
  rows: IFunctionRows
): ICallsChart {
  const sorting = sortOut(
    profile,
    rows,
    row => rows.selfPerCall[row] !== 0 && rows.calls[row] !== 0,
    row => rows.selfPerCall[row],
    row => rows.calls[row]
  );
  const doesSum = rows.metric?.combine === 'sum';
  const { candidates } = sorting;
  const shown = doesSum
    ? [...candidates]
        .sort((a, b) => rows.self[b] - rows.self[a] || a - b)
        .slice(0, MOST_MARKS)
    : [];
  return {
    ...chartOf(profile, rows, sorting, shown),
    obstacle:
      !doesSum && candidates.length > 0
        ? 'apart'
        : sorting.negative.length > 0 && shown.length === 0
          ? 'negative'
          : obstacleOf(rows, shown.length),
    leftOut: {
      ...sorting.leftOut,
      rest: candidates.length - shown.length
    },
    markers: shown.map(row => ({
      func: rows.function[row],
      row,
      calls: rows.calls[row],
      self: rows.self[row],
      selfPerCall: rows.selfPerCall[row]
    }))
  };
}

/** Rows by what a chart can do with them. */
interface ISorting {
  /** Above 0. */
  readonly candidates: readonly RowIndex[];
  readonly negative: readonly RowIndex[];
  readonly leftOut: Omit<ILeftOut, 'rest'>;
  readonly functions: number;
}

/**
 * Sort rows of functions out by their values.
 *
 * @param isSeen - whether there is anything to be drawn of a row, all of whose values are known
 * @param more - values that a mark needs beside the own one
 */
function sortOut(
  { functions }: IProfile,
  rows: IFunctionRows,
  isSeen: (row: RowIndex) => boolean,
  ...more: ((row: RowIndex) => number)[]
): ISorting {
  const candidates: RowIndex[] = [];
  const negative: RowIndex[] = [];
  const aside: IAside[] = [];
  let unknown = 0;
  let zero = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = i as RowIndex;
    const func = rows.function[row];
    const values = [rows.self[row], ...more.map(value => value(row))];
    if (functions.kind[func] === 'pseudo') {
      aside.push({ func, self: rows.self[row] });
    } else if (!values.every(Number.isFinite)) {
      // Without calls there is no value a call: that is nothing to draw, not something unknown.
      if (rows.calls[row] === 0 && Number.isFinite(rows.self[row])) {
        zero++;
      } else {
        unknown++;
      }
    } else if (values.some(value => value < 0)) {
      negative.push(row);
    } else if (isSeen(row)) {
      candidates.push(row);
    } else {
      zero++;
    }
  }
  return {
    candidates,
    negative,
    functions: rows.length - aside.length,
    leftOut: { unknown, zero, negative: negative.length, aside }
  };
}

function chartOf(
  profile: IProfile,
  rows: IFunctionRows,
  sorting: ISorting,
  shown: readonly RowIndex[]
): Omit<IChart, 'obstacle' | 'leftOut'> {
  const whole = wholeOf(profile, rows);
  const drawn = shown.reduce((sum, row) => sum + rows.self[row], 0);
  return {
    metric: rows.metric,
    functions: sorting.functions,
    shown: shown.length,
    whole,
    share: shareOf(drawn, whole)
  };
}

/**
 * Share of a whole, 0 to 1; NaN where the whole is no measure.
 */
export function shareOf(value: number, whole: number): number {
  // Sums in another order can differ in the last digit.
  return whole > 0 ? Math.min(value / whole, 1) : NaN;
}

/**
 * Why nothing is drawn of rows; null where there are marks.
 */
export function obstacleOf(
  { self }: IFunctionRows,
  marks: number
): Obstacle | null {
  if (marks > 0) {
    return null;
  }
  return self.some(Number.isFinite) ? 'zero' : 'unknown';
}

/** A total may be that much below the own value, as a share of it, by rounding alone. */
const ROUNDING = 1e-9;

/**
 * What a function's callees took: its total without its own value. NaN where one of them is not known, or where the
 * total is the smaller one, which cannot be unless both are differences.
 */
function calleesOf(self: number, total: number, isDifference: boolean): number {
  const callees = total - self;
  if (!Number.isFinite(callees) || isDifference) {
    return Number.isFinite(callees) ? callees : NaN;
  }
  if (callees >= 0) {
    return callees;
  }
  return -callees <= self * ROUNDING ? 0 : NaN;
}
