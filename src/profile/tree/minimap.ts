import type { IPlaces } from './places';

/** A tree as a small picture: how full each of its pixels is. */
export interface IMinimap {
  readonly columns: number;
  readonly rows: number;
  /** How many rows of boxes a row of pixels stands for; the last one may stand for fewer. */
  readonly depths: number;
  /** Row by row, from 0 (nothing) to 1 (full). */
  readonly fill: Float32Array;
}

/**
 * Draw a whole tree into few pixels, exactly: a pixel is as full as boxes cover it.
 *
 * ```
 *   main ────────────── 16      4 columns:   1    1    1    1
 *   f ──────── 9                             1    1    0.25 0
 *   g ─── 6                                  1    0.5  0    0
 * ```
 *
 * One step a node, however wide it is: where a box begins and ends is noted, and what lies between is added up.
 *
 * @param columns - pixels from 0 to the whole
 * @param mostRows - pixels there are for depth; a tree that is deeper has several rows of boxes in one
 */
export function minimapOf(
  { tree, start, rows: allRows }: IPlaces,
  columns: number,
  mostRows: number
): IMinimap {
  const depths = Math.max(1, Math.ceil(allRows / mostRows));
  const rows = Math.ceil(allRows / depths);
  const fill = new Float32Array(rows * columns);
  /** What a pixel is covered by of boxes that begin or end in it. */
  const edges = new Float64Array(rows * (columns + 1));
  /** How many more boxes cover a pixel than that before it. */
  const steps = new Int32Array(rows * (columns + 1));
  const { length, depth, total, whole } = tree;
  if (!(whole > 0)) {
    return { columns, rows, depths, fill };
  }
  const scale = columns / whole;
  for (let node = 0; node < length; node++) {
    const left = start[node] * scale;
    const right = Math.min((start[node] + total[node]) * scale, columns);
    if (!(right > left)) {
      continue;
    }
    const at = Math.floor(depth[node] / depths) * (columns + 1);
    const first = Math.floor(left);
    const last = Math.floor(right);
    if (first === last) {
      edges[at + first] += right - left;
    } else {
      edges[at + first] += first + 1 - left;
      edges[at + last] += right - last;
      steps[at + first + 1]++;
      steps[at + last]--;
    }
  }
  for (let row = 0; row < rows; row++) {
    const at = row * (columns + 1);
    const boxes = Math.min(depths, allRows - row * depths);
    let covered = 0;
    for (let column = 0; column < columns; column++) {
      covered += steps[at + column];
      fill[row * columns + column] = Math.min(
        (covered + edges[at + column]) / boxes,
        1
      );
    }
  }
  return { columns, rows, depths, fill };
}
