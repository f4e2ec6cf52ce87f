import { indexColumn, NONE } from '../indices';
import type { IMetric, IPaths, IProfile, Values } from '../model';
import { owningRows } from './rebuild';
import { RuleFault } from './rules';
import type { Step } from './steps';

/**
 * Leave out stacks whose own values of a metric are not within bounds, with all that they own. Null where there are none.
 *
 * Throws `RuleFault` where a number of events is asked for, and none is known.
 *
 * @param metric - the one that is shown
 */
export function limited(
  profile: IProfile,
  metric: IMetric,
  { by, min, max }: Extract<Step, { kind: 'limit' }>
): IProfile | null {
  const { paths } = profile;
  const values = paths.values.get(`self.${metric.id}`);
  if (!values) {
    throw new RuleFault(`No own values of “${metric.label}” are known.`);
  }
  const counts = by === 'value' ? null : countsOf(profile, metric);
  const measured = (row: number): number => {
    const value = values[row] * metric.tick;
    switch (by) {
      case 'value':
        return value;
      case 'count':
        return counts?.[row] ?? NaN;
      case 'average':
        // Nothing happened there: that has no average, and nothing is left out.
        return counts && counts[row] !== 0 ? value / counts[row] : NaN;
    }
  };
  const owns = owningRows(paths);
  const isOut = new Uint8Array(paths.length);
  let isAny = false;
  for (let row = 0; row < paths.length; row++) {
    const one = measured(row);
    if (owns[row] && ((min && one < min) || (max && one > max))) {
      isOut[row] = 1;
      isAny = true;
    }
  }
  return isAny ? without(profile, owns, isOut) : null;
}

/**
 * The metric that counts the events of which values of a metric are made; null if there is none. Of counters whose events
 * are those of another one, igprof's reader has them once.
 */
export function countMetric(
  { metrics }: Pick<IProfile, 'metrics'>,
  { id, unit }: IMetric
): IMetric | null {
  if (unit === 'samples' || unit === 'count') {
    return metrics.find(one => one.id === id) ?? null;
  }
  const stem = id.replace(/_peak$/, '');
  const wanted = [
    ...(unit === 'ns' ? ['samples'] : []),
    ...(stem.endsWith('bytes') ? [stem.replace(/bytes$/, 'allocations')] : []),
    ...(stem === 'max_bytes' ? ['allocations'] : []),
    `${stem}_events`
  ];
  const found = wanted.flatMap(
    one => metrics.find(other => other.id === one) ?? []
  );
  return found[0] ?? null;
}

function countsOf(profile: IProfile, metric: IMetric): Float64Array {
  const counted = countMetric(profile, metric);
  const counts = counted && profile.paths.values.get(`self.${counted.id}`);
  if (!counts) {
    throw new RuleFault(
      `How many events the values of “${metric.label}” are made of is not known.`
    );
  }
  return counts;
}

/** The profile without what some rows own, and without the rows below which nothing is left. */
function without(
  profile: IProfile,
  owns: Uint8Array,
  isOut: Uint8Array
): IProfile {
  const { paths } = profile;
  const isKept = owns.map((own, row) => (own && !isOut[row] ? 1 : 0));
  for (let row = paths.length - 1; row >= 0; row--) {
    const parent: number = paths.parent[row];
    if (isKept[row] && parent !== NONE) {
      isKept[parent] = 1;
    }
  }
  const { lines, meta } = profile;
  const text =
    'Lines are those of all stacks: which of them are of stacks that a limit leaves out is not known.';
  return {
    ...profile,
    paths: keptRows(paths, isKept, isOut),
    meta:
      lines.length === 0
        ? meta
        : {
            ...meta,
            warnings: [...meta.warnings, { code: 'limit-lines', text }]
          }
  };
}

function keptRows(
  paths: IPaths,
  isKept: Uint8Array,
  isOut: Uint8Array
): IPaths {
  const place = new Int32Array(paths.length).fill(NONE);
  let length = 0;
  for (let row = 0; row < paths.length; row++) {
    if (isKept[row]) {
      place[row] = length++;
    }
  }
  const gather = <A extends Int32Array | Float64Array | Uint8Array>(
    from: A,
    to: A,
    of = (row: number) => from[row]
  ): A => {
    for (let row = 0; row < from.length; row++) {
      if (place[row] !== NONE) {
        to[place[row]] = of(row);
      }
    }
    return to;
  };
  const ints = (from: Int32Array, of?: (row: number) => number) =>
    gather(from, new Int32Array(length), of);
  const floats = (from: Float64Array, of?: (row: number) => number) =>
    gather(from, new Float64Array(length), of);
  const values: Values = new Map(
    [...paths.values].map(([key, column]) => [
      key,
      floats(column, row => (isOut[row] ? 0 : column[row]))
    ])
  );
  return {
    length,
    parent: indexColumn(
      ints(paths.parent, row => {
        const parent: number = paths.parent[row];
        return parent === NONE ? NONE : place[parent];
      })
    ),
    function: indexColumn(ints(paths.function)),
    thread: indexColumn(ints(paths.thread)),
    line: floats(paths.line),
    address: floats(paths.address),
    inlined: gather(paths.inlined, new Uint8Array(length)),
    values
  };
}
