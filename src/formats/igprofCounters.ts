import type { IMetric } from '../profile/model';
import type { Growing } from './growing';
import { SAMPLES, timeMetric } from './profileBuilder';

/** A counter of a dump: for each node its value, how many events it is made of, and the highest value there was. */
export interface ICounter {
  readonly name: string;
  readonly values: Growing<Float64Array>;
  readonly counts: Growing<Float64Array>;
  readonly peaks: Growing<Float64Array>;
}

/** A metric, and its values by node. */
export interface IMeasured {
  readonly metric: IMetric;
  readonly column: Growing<Float64Array>;
}

const COUNT = {
  unit: 'count',
  tick: 1,
  exact: true,
  combine: 'sum'
} as const;
const BYTES = { ...COUNT, unit: 'bytes' } as const;

/** Counters of memory: what their values are, and what their events. */
const MEMORY: ReadonlyMap<string, readonly [IMetric, IMetric]> = new Map([
  [
    'MEM_TOTAL',
    [
      { ...BYTES, id: 'bytes', label: 'Bytes allocated (MEM_TOTAL)' },
      { ...COUNT, id: 'allocations', label: 'Allocations (MEM_TOTAL)' }
    ]
  ],
  [
    'MEM_MAX',
    [
      {
        ...BYTES,
        id: 'max_bytes',
        label: 'Largest allocation (MEM_MAX)',
        combine: 'max'
      },
      { ...COUNT, id: 'max_allocations', label: 'Allocations (MEM_MAX)' }
    ]
  ],
  [
    'MEM_LIVE',
    [
      { ...BYTES, id: 'live_bytes', label: 'Bytes not freed (MEM_LIVE)' },
      {
        ...COUNT,
        id: 'live_allocations',
        label: 'Allocations not freed (MEM_LIVE)'
      }
    ]
  ]
]);

/**
 * The metrics that counters make.
 *
 * Ticks are samples and, as the file tells how long one is, time. What counts events once more adds nothing: it is left
 * out where it is the value itself, or the events of an earlier counter. Peaks are metrics of live counters.
 *
 * @param period - of a tick in seconds, 0 where nothing ticks
 */
export function countersOf(
  counters: readonly ICounter[],
  period: number
): IMeasured[] {
  const found: IMeasured[] = [];
  const add = (metric: IMetric, column: Growing<Float64Array>) => {
    let { id } = metric;
    // `calls` and `time` mean something; and two names may differ by capitals alone.
    while (id === 'calls' || found.some(other => other.metric.id === id)) {
      id += '_';
    }
    found.push({ metric: { ...metric, id }, column });
  };
  const counted: Growing<Float64Array>[] = [];
  for (const { name, values, counts, peaks } of counters) {
    if (name === 'PERF_TICKS') {
      if (period > 0) {
        // A period is told in whole microseconds.
        add(timeMetric(Math.round(period * 1e6) * 1000), values);
      }
      add(SAMPLES, values);
    } else {
      const [value, events] = MEMORY.get(name) ?? otherMetrics(name);
      add(value, values);
      if (![values, ...counted].some(column => isSame(column, counts))) {
        add(events, counts);
        counted.push(counts);
      }
      if (name.endsWith('_LIVE')) {
        add(
          { ...value, id: `${value.id}_peak`, label: `${name} at its peak` },
          peaks
        );
      }
    }
  }
  return found;
}

function otherMetrics(name: string): readonly [IMetric, IMetric] {
  const id = name.toLowerCase().replace(/^[^a-z]/, 'c$&');
  const combine = name.endsWith('_MAX') ? 'max' : 'sum';
  return [
    { ...COUNT, id, label: name, combine },
    { ...COUNT, id: `${id}_events`, label: `Events (${name})` }
  ];
}

function isSame(a: Growing<Float64Array>, b: Growing<Float64Array>): boolean {
  return (
    a.length === b.length &&
    a.numbers.subarray(0, a.length).every((value, i) => value === b.numbers[i])
  );
}
