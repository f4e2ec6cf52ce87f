import type { IMetric, IProfile } from '../../profile/model';
import { FormatError } from '../error';
import { mainMetric, noStacks } from './refusals';

/** Frames of all stacks together, so that a text of them stays one string. */
const MOST_FRAMES = 40_000_000;

/** The main metric of the call paths, and its own values. Throws `FormatError` if there is none. */
export function ownValues(profile: IProfile): {
  metric: IMetric;
  own: Float64Array;
} {
  const { metrics, paths } = profile;
  const metric = mainMetric(metrics, paths);
  const own = metric && paths.values.get(`self.${metric.id}`);
  const reason = noStacks(profile);
  if (!metric || !own || reason !== null) {
    throw new FormatError(reason ?? 'This profile has no call paths');
  }
  return { metric, own };
}

/**
 * Each row of the call paths with a value of its own, and the functions from the root to it.
 *
 * @param take - the stack is changed afterwards: to be copied. Throws `FormatError` if stacks are too long in all
 */
export function eachStack(
  { paths }: IProfile,
  own: Float64Array,
  take: (row: number, stack: readonly number[]) => void
): void {
  const rows: number[] = [];
  const stack: number[] = [];
  let written = 0;
  for (let row = 0; row < paths.length; row++) {
    const parent: number = paths.parent[row];
    while (rows.length > 0 && rows[rows.length - 1] !== parent) {
      rows.pop();
      stack.pop();
    }
    rows.push(row);
    stack.push(paths.function[row]);
    if (own[row] === 0) {
      continue;
    }
    written += stack.length;
    if (written > MOST_FRAMES) {
      throw new FormatError(
        `Expected stacks of at most ${MOST_FRAMES} frames in all, found more`
      );
    }
    take(row, stack);
  }
}
