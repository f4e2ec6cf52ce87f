import type { RowIndex } from './indices';
import type { IProfile, Limit } from './model';
import { standardName } from './names';
import { PATTERN_TEXT_LENGTH, safePattern } from './pattern';
import type { IFunctionRows } from './rows';

/** How long patterns may take on one profile. */
const MOST_MILLISECONDS = 200;

/** Rows that are left, and the patterns that could not be applied. */
export interface ILimitedRows {
  readonly order: readonly RowIndex[];
  /** Patterns that are no safe expression here; they hide nothing. */
  readonly skipped: readonly string[];
}

/**
 * Apply pstats' restrictions to ordered rows, one after the other, as `pstats.Stats.eval_print_amount` does.
 *
 * @param now - clock in ms, which ends patterns that take too long
 */
export function limitRows(
  profile: IProfile,
  rows: IFunctionRows,
  order: readonly RowIndex[],
  limits: readonly Limit[],
  now: () => number = () => Date.now()
): ILimitedRows {
  const deadline = now() + MOST_MILLISECONDS;
  const skipped: string[] = [];
  let left = order;
  for (const limit of limits) {
    if ('count' in limit) {
      left = limit.count >= 0 ? left.slice(0, limit.count) : left;
    } else if ('fraction' in limit) {
      const { fraction } = limit;
      // As in pstats, what is no share of the whole cuts nothing.
      left =
        fraction >= 0 && fraction < 1
          ? left.slice(0, Math.floor(left.length * fraction + 0.5))
          : left;
    } else {
      const pattern = safePattern(limit.regex);
      const matching: RowIndex[] = [];
      let inTime = true;
      for (let i = 0; pattern && inTime && i < left.length; i++) {
        const name = standardName(profile, rows.function[left[i]]);
        // The end of a long name says more than its first directories.
        if (pattern.test(name.slice(-PATTERN_TEXT_LENGTH))) {
          matching.push(left[i]);
        }
        inTime = now() < deadline;
      }
      if (pattern && inTime) {
        left = matching;
      } else {
        skipped.push(limit.regex);
      }
    }
  }
  return { order: left, skipped };
}
