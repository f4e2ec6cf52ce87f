import type { RowIndex } from './indices';
import type { IMetric } from './model';

/** How values of a metric go together. */
export interface ICombination {
  /** What to begin with. */
  readonly start: number;
  /** Two values as one. */
  readonly of: (a: number, b: number) => number;
}

const COMBINATIONS: ReadonlyMap<string, ICombination> = new Map([
  ['sum', { start: 0, of: (a: number, b: number) => a + b }],
  ['max', { start: -Infinity, of: (a: number, b: number) => Math.max(a, b) }]
]);

/**
 * How values of a metric go together; null where that is not known, so that values which would have to be put together
 * are not known either.
 *
 * ```
 * combinationOf({ ...metric, combine: 'max' })?.of(3, 5)  // 5
 * ```
 */
export function combinationOf({ combine }: IMetric): ICombination | null {
  return COMBINATIONS.get(combine) ?? null;
}

/**
 * The sum of what is known of some rows; NaN where nothing of it is.
 */
export function sumOfKnown(
  values: Float64Array,
  rows: readonly RowIndex[]
): number {
  const known = rows.filter(row => !Number.isNaN(values[row]));
  return known.length > 0 || rows.length === 0
    ? known.reduce((sum, row) => sum + values[row], 0)
    : NaN;
}
