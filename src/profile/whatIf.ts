/**
 * What is saved where code that takes `value` is so many times faster.
 *
 * ```
 * savedBy(10.4, 2)     // 5.2
 * savedBy(10.4, null)  // 10.4: it is free
 * ```
 *
 * @param factor - above 1, or null for free
 */
export function savedBy(value: number, factor: number | null): number {
  return factor === null ? value : value * (1 - 1 / factor);
}
