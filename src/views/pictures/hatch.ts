import type { Paper } from './svgPicture';

/** Lines over estimates are so far apart, in px. */
const HATCH = 6;

/** How opaque they are. */
const OPACITY = 0.35;

/** A box to be hatched, in px. */
export interface IHatched {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Draw slanting lines over boxes, as one path.
 */
export function hatch(
  context: Paper,
  boxes: readonly IHatched[],
  colour: string
): void {
  if (boxes.length === 0) {
    return;
  }
  context.beginPath();
  for (const { left, top, right, bottom } of boxes) {
    // On a line, x + y is the same everywhere. They are those of the whole picture, so that neighbours' lines meet.
    const first = Math.ceil((left + top) / HATCH) * HATCH;
    for (let sum = first; sum < right + bottom; sum += HATCH) {
      const from = Math.max(left, sum - bottom);
      const to = Math.min(right, sum - top);
      if (to > from) {
        context.moveTo(from, sum - from);
        context.lineTo(to, sum - to);
      }
    }
  }
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.globalAlpha = OPACITY;
  context.stroke();
  context.globalAlpha = 1;
}
