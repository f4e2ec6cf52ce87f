import type { IQuantity, NumberFormat } from '../../profile/format';
import type { LineUnit } from '../../profile/linesState';

/** Nanoseconds of the units that can be chosen. */
const FACTORS: Readonly<Record<Exclude<LineUnit, 'auto'>, number>> = {
  s: 1e9,
  ms: 1e6,
  µs: 1e3,
  ns: 1
};

/** line_profiler's own unit, where none is chosen. */
const USUAL = 'µs';

/**
 * A value in the chosen unit.
 *
 * @param unit - of the value; only times have others
 */
export function inUnit(
  value: number,
  unit: string,
  chosen: LineUnit,
  numbers: NumberFormat
): IQuantity {
  return chosen === 'auto' || unit !== 'ns'
    ? numbers.quantity(value, unit)
    : {
        number: numbers.quantity(value / FACTORS[chosen], '').number,
        unit: chosen
      };
}

/**
 * A unit in seconds, for texts that have one for all their numbers.
 */
export function secondsOf(unit: LineUnit): number {
  // 1e3 * 1e-9 is 1.0000000000000002e-6.
  return 1 / (1e9 / FACTORS[unit === 'auto' ? USUAL : unit]);
}
