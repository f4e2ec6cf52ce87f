import type { IMetric } from '../profile/model';
import { CALLS, SAMPLES, timeMetric } from './profileBuilder';

/** What valgrind's events count. */
const LABELS: Readonly<Record<string, string>> = {
  Ir: 'Instructions',
  Dr: 'Data reads',
  Dw: 'Data writes',
  I1mr: 'L1 instruction misses',
  D1mr: 'L1 data read misses',
  D1mw: 'L1 data write misses',
  ILmr: 'LL instruction misses',
  DLmr: 'LL data read misses',
  DLmw: 'LL data write misses',
  Bc: 'Conditional branches',
  Bcm: 'Conditional mispredictions',
  Bi: 'Indirect branches',
  Bim: 'Indirect mispredictions',
  Ge: 'Bus events',
  sysCount: 'System calls',
  sysTime: 'System call time',
  sysCpuTime: 'System call CPU time'
};

/**
 * The metrics of an `events:` line, in its order. Times are known from the names that other writers use: `ns`
 * (pyprof2calltree), `Time_(10ns)` and `Time_(1µs)` (Xdebug).
 */
export function eventMetrics(
  events: readonly string[],
  longNames: ReadonlyMap<string, string>
): IMetric[] {
  const taken = new Set([CALLS.id]);
  return events.map(event => {
    const metric = metricOf(event, longNames.get(event));
    const id = freeId(metric.id, taken);
    taken.add(id);
    return { ...metric, id };
  });
}

function metricOf(event: string, longName: string | undefined): IMetric {
  const time = /^time_\((\d{0,6})(ns|µs|us|ms)\)$/i.exec(event);
  if (time) {
    const unit = { ns: 1, ms: 1e6 }[time[2].toLowerCase()] ?? 1e3;
    return timeMetric(Math.max(1, Number(time[1] || 1)) * unit);
  }
  if (/^(?:ns|nanoseconds)$/i.test(event)) {
    return timeMetric();
  }
  if (/^(?:hits|samples)$/i.test(event)) {
    return { ...SAMPLES, label: longName ?? 'Samples' };
  }
  return {
    ...CALLS,
    id: event,
    label: longName ?? LABELS[event] ?? event,
    unit: /bytes|memory/i.test(event) ? 'bytes' : 'count'
  };
}

/**
 * A valid id for any name, and none that is taken.
 *
 * ```
 * freeId('sysTime', new Set())         // 'systime'
 * freeId('Ir', new Set(['ir']))        // 'ir_2'
 * ```
 */
export function freeId(name: string, taken: ReadonlySet<string>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '') || 'event';
  let id = plain;
  for (let count = 2; taken.has(id); count++) {
    id = `${plain}_${count}`;
  }
  return id;
}
