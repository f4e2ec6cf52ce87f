import { channels } from './theme';

/** WCAG 2.2, 1.4.3: contrast of text that can be read. */
const LEAST_CONTRAST = 4.5;

/**
 * The colour to write with on a fill.
 *
 * @param fill - opaque, as the browser computes colours
 * @param inks - colours of text
 * @returns the one with the highest contrast of those that can be read; null where none can
 */
export function inkOn(fill: string, inks: readonly string[]): string | null {
  const under = luminance(fill);
  if (under === null) {
    return inks[0] ?? null;
  }
  let best: string | null = null;
  let most = LEAST_CONTRAST;
  for (const ink of inks) {
    const over = luminance(ink);
    const ratio = over === null ? 0 : contrast(over, under);
    if (ratio >= most) {
      best = ink;
      most = ratio;
    }
  }
  return best;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Relative luminance as WCAG defines it, 0 to 1; null where the colour is written in a way that is not known. */
function luminance(colour: string): number | null {
  const parts = channels(colour);
  if (!parts) {
    return null;
  }
  const [red, green, blue] = parts.map(value => {
    const share = value / 255;
    return share <= 0.04045
      ? share / 12.92
      : Math.pow((share + 0.055) / 1.055, 2.4);
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
