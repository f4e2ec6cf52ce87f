import { combinationOf } from './combine';
import { indexColumn, NONE } from './indices';
import type { IMetric, IPaths, IProfile } from './model';

/**
 * The profile without the callables that cProfile does not see: their time is their caller's, and so are their callees.
 * Where a profile has sums of its own, nobody can tell: then the callables stay.
 */
export function asCProfileHasIt(profile: IProfile): IProfile {
  const { functions, totals, paths, metrics } = profile;
  return totals.length > 0 || !functions.kind.includes('callable')
    ? profile
    : {
        ...profile,
        paths: pathsWithout(
          paths,
          metrics,
          func => functions.kind[func] === 'callable'
        )
      };
}

/**
 * A call tree without the rows of some functions, whose callees go to their caller.
 *
 * ```
 * f 1                    f 3        (of calls, those of f alone: nobody called it oftener)
 * └ skipped 2   ──────►  └ g 4
 *   └ g 4
 * ```
 */
export function pathsWithout(
  paths: IPaths,
  metrics: readonly IMetric[],
  isSkipped: (func: number) => boolean
): IPaths {
  const columns = metrics
    .filter(({ id }) => id !== 'calls')
    .map(metric => ({
      values: paths.values.get(`self.${metric.id}`)?.slice(),
      combination: combinationOf(metric),
      key: `self.${metric.id}` as const
    }));
  /** Rows that stay. */
  const kept: number[] = [];
  const parents: number[] = [];
  /** Where each row went, or the next above it that stays. */
  const place = new Int32Array(paths.length);
  for (let row = 0; row < paths.length; row++) {
    const parent: number = paths.parent[row];
    const above = parent === NONE ? NONE : place[parent];
    if (!isSkipped(paths.function[row])) {
      place[row] = kept.length;
      kept.push(row);
      parents.push(above);
      continue;
    }
    place[row] = above;
    if (above === NONE) {
      continue;
    }
    for (const { values, combination } of columns) {
      if (values && combination) {
        const to = kept[above];
        values[to] = combination.of(values[to], values[row]);
      }
    }
  }
  const values = new Map(paths.values);
  for (const { key, values: own } of columns) {
    if (own) {
      values.set(key, own);
    }
  }
  const ofKept = (column: Float64Array) =>
    Float64Array.from(kept, row => column[row]);
  return {
    length: kept.length,
    parent: indexColumn(Int32Array.from(parents)),
    function: indexColumn(Int32Array.from(kept, row => paths.function[row])),
    thread: indexColumn(Int32Array.from(kept, row => paths.thread[row])),
    line: ofKept(paths.line),
    address: ofKept(paths.address),
    inlined: Uint8Array.from(kept, row => paths.inlined[row]),
    values: new Map([...values].map(([key, own]) => [key, ofKept(own)]))
  };
}
