import type { RowIndex } from './indices';
import type { IFunctionRows } from './rows';

/** Calls from which on they are many. */
const MANY_CALLS = 10_000;

/** A call is small below it, in ns. */
const SMALL_CALL = 50_000;

/** Below this share of the whole, a function does not matter. */
const LEAST_SHARE = 0.01;

/** How much more often than is usual among the functions that matter. */
const TIMES_USUAL = 4;

/**
 * Functions that are called so often, and for so short a time, that the calls themselves are what to look at: far
 * more often than the functions that matter are in the middle. Where all are called often, none stands out.
 *
 * @param whole - as `wholeOf` has it
 */
export function callOutliers(
  { calls, total, totalPerCall, metric }: IFunctionRows,
  whole: number
): ReadonlySet<RowIndex> {
  if (metric?.unit !== 'ns' || !(whole > 0)) {
    return new Set();
  }
  const matter = Array.from(calls.keys()).filter(
    row => total[row] >= LEAST_SHARE * whole && calls[row] > 0
  );
  const counts = matter.map(row => calls[row]).sort((a, b) => a - b);
  const usual = counts[Math.floor((counts.length - 1) / 2)];
  return new Set(
    matter.filter(
      row =>
        calls[row] >= Math.max(MANY_CALLS, TIMES_USUAL * usual) &&
        totalPerCall[row] < SMALL_CALL
    ) as RowIndex[]
  );
}
