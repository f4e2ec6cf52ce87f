import type { IMetric } from '../profile/model';
import { freeId } from './callgrindEvents';
import { CALLS, SAMPLES, timeMetric } from './profileBuilder';

/** What a value of a sample is, in pprof's words. */
export interface ISampleType {
  readonly type: string;
  readonly unit: string;
}

/** Nanoseconds of units of time, and bytes of units of memory, as pprof names them. */
const TIMES: Readonly<Record<string, number>> = {
  ns: 1,
  nanosecond: 1,
  us: 1e3,
  µs: 1e3,
  microsecond: 1e3,
  ms: 1e6,
  millisecond: 1e6,
  s: 1e9,
  sec: 1e9,
  second: 1e9
};
const SIZES: Readonly<Record<string, number>> = {
  b: 1,
  byte: 1,
  kb: 2 ** 10,
  kilobyte: 2 ** 10,
  mb: 2 ** 20,
  megabyte: 2 ** 20
};

/**
 * The metrics of a profile's sample types, in their order. The first that counts nanoseconds is the time.
 */
export function pprofMetrics(types: readonly ISampleType[]): IMetric[] {
  const taken = new Set<string>();
  return types.map(type => {
    const metric = metricOf(type, taken);
    taken.add(metric.id);
    return metric;
  });
}

function metricOf({ type, unit }: ISampleType, taken: Set<string>): IMetric {
  const one = unit.toLowerCase().replace(/s$/, '') || unit.toLowerCase();
  const time = Object.hasOwn(TIMES, one) ? TIMES[one] : 0;
  if (time > 0) {
    const id = taken.has('time') ? freeId(type, taken) : 'time';
    return { ...timeMetric(time), id, label: type || 'Time' };
  }
  const size = Object.hasOwn(SIZES, one) ? SIZES[one] : 0;
  const id = freeId(type, taken);
  if (size > 0) {
    return { ...CALLS, id, label: type, unit: 'bytes', tick: size };
  }
  return type === SAMPLES.id || type === 'sample'
    ? { ...SAMPLES, id }
    : { ...CALLS, id, label: type, unit: unit || 'count' };
}
