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
  const { length } = paths;
  /** Rows that stay. */
  const kept = new Int32Array(length);
  const parents = new Int32Array(length);
  let count = 0;
  /** Where each row went, or the next above it that stays. */
  const place = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const parent: number = paths.parent[row];
    const above: number = parent === NONE ? NONE : place[parent];
    if (!isSkipped(paths.function[row])) {
      place[row] = count;
      kept[count] = row;
      parents[count++] = above;
      continue;
    }
    place[row] = above;
    if (above === NONE) {
      continue;
    }
    const to = kept[above];
    for (const { values, combination } of columns) {
      if (values && combination) {
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
  const gather = <A extends Int32Array | Float64Array | Uint8Array>(
    from: A,
    to: A
  ): A => {
    for (let row = 0; row < count; row++) {
      to[row] = from[kept[row]];
    }
    return to;
  };
  const floats = (column: Float64Array) =>
    gather(column, new Float64Array(count));
  const ints = (column: Int32Array) => gather(column, new Int32Array(count));
  return {
    length: count,
    parent: indexColumn(parents.slice(0, count)),
    function: indexColumn(ints(paths.function)),
    thread: indexColumn(ints(paths.thread)),
    line: floats(paths.line),
    address: floats(paths.address),
    inlined: gather(paths.inlined, new Uint8Array(count)),
    values: new Map([...values].map(([key, own]) => [key, floats(own)]))
  };
}
