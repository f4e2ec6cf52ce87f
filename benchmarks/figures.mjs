// Figures as they stand in tables: the median of all rounds, and what they lay between.

/** The middle value, or the mean of the two in the middle. */
export function median(values) {
  if (values.length === 0) {
    throw new RangeError('there is no median of nothing');
  }
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A number with as many digits after the point, with thin groups from 10 000 on. */
export function number(value, digits = 0) {
  const fixed = value.toFixed(digits);
  // No "-0.0" for what is nothing.
  const text = Number(fixed) === 0 ? fixed.replace('-', '') : fixed;
  const [whole, rest] = text.split('.');
  const grouped =
    whole.replace('-', '').length > 4
      ? whole.replace(/\B(?=(\d{3})+$)/g, ' ')
      : whole;
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

/** `2.1x (2.0–2.3)`; of one value, no range. `digits` are those after the point. */
export function spread(values, { unit = '', digits = 1 } = {}) {
  const middle = `${number(median(values), digits)}${unit}`;
  if (values.length < 2) {
    return middle;
  }
  const low = number(Math.min(...values), digits);
  const high = number(Math.max(...values), digits);
  return `${middle} (${low}–${high})`;
}

/**
 * Of clicks by column, `{ LABEL: [{ work, paint }] }`, the column whose clicks take longest:
 * `{ label, clicks }`.
 */
export function slowest(sort) {
  const columns = Object.entries(sort).map(([label, clicks]) => ({
    label,
    clicks,
    work: median(clicks.map(click => click.work))
  }));
  return columns.reduce((a, b) => (b.work > a.work ? b : a));
}
