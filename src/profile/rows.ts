import { categoryOf } from './categories';
import { combinationOf } from './combine';
import { indexColumn, type FuncIndex, type IndexColumn } from './indices';
import type { IMetric, IProfile, Role } from './model';
import { rootCount } from './roots';
import { totalsOf } from './totals';

/**
 * The rows of the function table: one a function, all threads together, in no particular order.
 *
 * Every column has `length` numbers. NaN says that a value is not known.
 */
export interface IFunctionRows {
  readonly length: number;
  readonly function: IndexColumn<FuncIndex>;
  /** pstats' ncalls: all calls, the recursive ones too. */
  readonly calls: Float64Array;
  /** pstats' primitive calls: not from within the same function. */
  readonly primitive: Float64Array;
  /** pstats' tottime: own value in `metric.unit`. */
  readonly self: Float64Array;
  /** pstats' cumtime: own and callees' value in `metric.unit`. */
  readonly total: Float64Array;
  /** `self` for each call. */
  readonly selfPerCall: Float64Array;
  /** `total` for each primitive call. */
  readonly totalPerCall: Float64Array;
  /** What `self` and `total` measure; null if the profile measured nothing. */
  readonly metric: IMetric | null;
}

/**
 * Rows of the function table.
 *
 * @param metricId - what to show; by default time, else the first metric that does not merely count calls
 */
export function functionRows(
  profile: IProfile,
  metricId?: string
): IFunctionRows {
  const metric = metricOf(profile, metricId);
  const totals = totalsOf(profile);
  const rowOfFunction = new Int32Array(profile.functions.length).fill(-1);
  const functions: number[] = [];
  /** How many rows of the totals each row here is made of. */
  const parts: number[] = [];
  for (let i = 0; i < totals.length; i++) {
    const func = totals.function[i];
    if (rowOfFunction[func] < 0) {
      rowOfFunction[func] = functions.length;
      functions.push(func);
      parts.push(0);
    }
    parts[rowOfFunction[func]]++;
  }

  const column = (role: Role, measured: IMetric | null): Float64Array => {
    const stored = measured && totals.values.get(`${role}.${measured.id}`);
    if (!stored) {
      return new Float64Array(functions.length).fill(NaN);
    }
    const combination = combinationOf(measured);
    const values = new Float64Array(functions.length);
    values.fill(combination?.start ?? NaN);
    for (let i = 0; i < totals.length; i++) {
      const row = rowOfFunction[totals.function[i]];
      if (combination) {
        values[row] = combination.of(values[row], stored[i]);
      } else if (parts[row] === 1) {
        values[row] = stored[i];
      }
    }
    return values.map(value => value * measured.tick);
  };

  const called = profile.metrics.find(m => m.id === 'calls') ?? null;
  const calls = column('self', called);
  const primitive = column('primitive', called);
  const self = column('self', metric);
  const total = column('total', metric);
  return {
    length: functions.length,
    function: indexColumn(Int32Array.from(functions)),
    calls,
    primitive,
    self,
    total,
    selfPerCall: perCall(self, calls),
    totalPerCall: perCall(total, primitive),
    metric
  };
}

/**
 * Sum of a column over the rows that stand for functions: for one, or for many that were folded. Other pseudo rows are
 * left out. NaN if any of them is not known.
 */
export function sumOverFunctions(
  profile: IProfile,
  rows: IFunctionRows,
  column: Float64Array
): number {
  const { kind, qualified } = profile.functions;
  let sum = 0;
  for (let row = 0; row < rows.length; row++) {
    const func = rows.function[row];
    if (kind[func] !== 'pseudo' || qualified[func] === 'folded') {
      sum += column[row];
    }
  }
  return sum;
}

/**
 * What all shares are shares of: the wall time, or the sum of what the rows own where there are several threads, which
 * run side by side, where that sum is more, or where the wall time is not known. In the unit of the rows' metric; NaN
 * if its values do not sum, or if some are below 0, as in a difference of two profiles: there are no shares of it.
 */
export function wholeOf(profile: IProfile, rows: IFunctionRows): number {
  if (rows.metric?.combine !== 'sum') {
    return NaN;
  }
  if (rows.self.some(value => value < 0)) {
    return NaN;
  }
  const owned = rows.self.reduce((sum, value) => sum + value, 0);
  const hasWall = rows.metric.unit === 'ns' && rootCount(profile) < 2;
  const wall = hasWall ? (profile.meta.wall ?? 0) : 0;
  return wall > 0 && !(owned > wall) ? wall : owned;
}

function metricOf(profile: IProfile, id?: string): IMetric | null {
  const byId = (wanted: string) => profile.metrics.find(m => m.id === wanted);
  return (
    (id === undefined ? undefined : byId(id)) ??
    byId('time') ??
    profile.metrics.find(m => m.id !== 'calls') ??
    null
  );
}

/**
 * Value for each call. NaN where either is not known or nothing was called, as pstats leaves such cells empty.
 */
function perCall(values: Float64Array, calls: Float64Array): Float64Array {
  return values.map((value, row) =>
    calls[row] === 0 ? NaN : value / calls[row]
  );
}

/**
 * The share of the whole that compiled functions took themselves, 0 to 1; NaN if nothing was measured, or if values of
 * the metric do not sum.
 *
 * It is a lower bound: compiled code that no one calls as a function of its own, such as an operator
 * of a C type, counts for its Python caller.
 */
export function compiledShare(profile: IProfile, rows: IFunctionRows): number {
  if (rows.metric?.combine !== 'sum') {
    return NaN;
  }
  let compiled = 0;
  for (let row = 0; row < rows.length; row++) {
    if (categoryOf(profile, rows.function[row]) === 'compiled') {
      // What is not known may be nothing: it stays a lower bound.
      compiled += rows.self[row] || 0;
    }
  }
  return compiled / wholeOf(profile, rows);
}
