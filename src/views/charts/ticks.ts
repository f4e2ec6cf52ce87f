/**
 * Round numbers for an axis, evenly apart.
 *
 * ```
 * linearTicks(0, 1730, 4)  // [0, 500, 1000, 1500]
 * ```
 *
 * @param most - how many are wanted at most, 2 or more
 */
export function linearTicks(low: number, high: number, most: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) {
    return [low];
  }
  const power = 10 ** Math.floor(Math.log10(span / most));
  for (const factor of [1, 2, 5, 10, 20]) {
    const step = factor * power;
    const first = Math.ceil(low / step);
    const last = Math.floor(high / step);
    if (step > 0 && last - first < most) {
      // Numbers far above their difference have no room for steps.
      return Array.from({ length: last - first + 1 }, (_, i) =>
        Number(((first + i) * step).toPrecision(12))
      );
    }
  }
  return [low];
}

/**
 * Round numbers for a logarithmic axis: powers of ten, and where these are too few, 2 and 5 between them.
 *
 * ```
 * logTicks(3, 2000, 5)  // [10, 100, 1000]
 * ```
 *
 * @param low - above 0
 * @param most - how many are wanted at most, 2 or more
 */
export function logTicks(low: number, high: number, most: number): number[] {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  if (!Number.isFinite(to - from)) {
    return [];
  }
  const every = Math.max(1, Math.ceil((to - from + 1) / most));
  const powers: number[] = [];
  for (let power = from; power <= to; power += every) {
    powers.push(Number(`1e${power}`));
  }
  if (powers.length > 2) {
    return powers;
  }
  const finer: number[] = [];
  for (let power = from - 1; power <= to; power++) {
    for (const factor of [1, 2, 5]) {
      const tick = Number(`${factor}e${power}`);
      if (tick >= low && tick <= high) {
        finer.push(tick);
      }
    }
  }
  return finer.length <= most ? finer : powers;
}
