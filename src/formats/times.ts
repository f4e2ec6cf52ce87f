/** Nanoseconds of units of time, by the names that speedscope and pprof have for them. */
export const NANOSECONDS: ReadonlyMap<string, number> = new Map([
  ['nanoseconds', 1],
  ['microseconds', 1e3],
  ['milliseconds', 1e6],
  ['seconds', 1e9]
]);

/** Multiplying moves a number by less than this share of it. */
const ROUNDING = 2 ** -51;

/**
 * A number times a whole factor, as a decimal fraction would be: what is not whole only for want of binary digits is
 * whole.
 *
 * ```
 * scaled(0.0011, 1e9)     // 1100000, not 1100000.0000000002
 * scaled(0.25, 2)         // 0.5
 * ```
 */
export function scaled(value: number, factor: number): number {
  const product = value * factor;
  const whole = Math.round(product);
  return Math.abs(product - whole) <= Math.abs(product) * ROUNDING
    ? whole
    : product;
}
