/** A rectangle in px. */
export interface IRectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Told where a part lies. */
export type Place = (
  part: number,
  left: number,
  top: number,
  width: number,
  height: number
) => void;

/**
 * Divide a rectangle into parts whose areas are in proportion to values, each as near to a square as can be (Bruls,
 * Huizing, van Wijk: Squarified Treemaps, 2000).
 *
 * ```
 *   6 6 4 3 2 2 1     ┌─────┬───┬──┐
 *                     │  6  │ 4 │3 │    rows lie along the shorter side of what is left; a value goes into the row
 *                     ├─────┤   ├─┬┤    that is being filled as long as that makes its worst part no worse
 *                     │  6  ├───┤ ││
 *                     └─────┴───┴─┴┘
 * ```
 *
 * Values come falling, one at a time, and end with the first one that is too small: those behind it are never asked for.
 *
 * @param rectangle - all of it stands for `sum`
 * @param sum - of all values, those that are not asked for included
 * @param least - parts with less than the square of this are too small
 * @param next - the next part; -1 when there is none
 * @param valueOf - its value
 * @returns what is left for the parts that were too small
 */
export function squarify(
  { left, top, width, height }: IRectangle,
  sum: number,
  least: number,
  next: () => number,
  valueOf: (part: number) => number,
  place: Place
): IRectangle {
  const scale = (width * height) / sum;
  const row: IRow = { parts: [], areas: [], sum: 0, worst: Infinity };
  const rest = { left, top, width, height };
  if (scale > 0 && Number.isFinite(scale)) {
    for (let part = next(); part >= 0; part = next()) {
      const area = valueOf(part) * scale;
      if (!(area >= least * least)) {
        break;
      }
      if (!fits(row, area, rest)) {
        lay(row, rest, place);
      }
      row.parts.push(part);
      row.areas.push(area);
      row.sum += area;
      row.worst = worstOf(row, rest);
    }
    lay(row, rest, place);
  }
  return rest;
}

/** Parts that lie side by side. */
interface IRow {
  parts: number[];
  areas: number[];
  sum: number;
  /** The longest of them: its longer side in shorter ones. */
  worst: number;
}

/** Whether a part makes a row no worse. */
function fits(row: IRow, area: number, rest: IRectangle): boolean {
  return (
    row.parts.length === 0 ||
    worst(row.areas[0], area, row.sum + area, rest) <= row.worst
  );
}

function worstOf({ areas, sum }: IRow, rest: IRectangle): number {
  return worst(areas[0], areas[areas.length - 1], sum, rest);
}

/** The first one is the largest, the last one the smallest. */
function worst(
  most: number,
  fewest: number,
  sum: number,
  { width, height }: IRectangle
): number {
  const side = Math.min(width, height) ** 2;
  return Math.max((side * most) / (sum * sum), (sum * sum) / (side * fewest));
}

/** Place a row at the edge of what is left, and take it away from that. */
function lay(
  row: IRow,
  rest: { left: number; top: number; width: number; height: number },
  place: Place
): void {
  const { parts, areas, sum } = row;
  const isColumn = rest.width >= rest.height;
  const side = isColumn ? rest.height : rest.width;
  const room = isColumn ? rest.width : rest.height;
  // Fractions may add up to a little more than there is.
  const thickness = side > 0 ? Math.min(sum / side, room) : 0;
  let along = 0;
  parts.forEach((part, i) => {
    const length =
      i === parts.length - 1 ? side - along : (areas[i] / sum) * side;
    if (isColumn) {
      place(part, rest.left, rest.top + along, thickness, length);
    } else {
      place(part, rest.left + along, rest.top, length, thickness);
    }
    along += length;
  });
  if (isColumn) {
    rest.left += thickness;
    rest.width -= thickness;
  } else {
    rest.top += thickness;
    rest.height -= thickness;
  }
  row.parts = [];
  row.areas = [];
  row.sum = 0;
  row.worst = Infinity;
}
