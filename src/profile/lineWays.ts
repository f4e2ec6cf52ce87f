import type { ILinePlace } from './lineList';
import { isHot, type ILineRows } from './lineRows';

/** Lines that are hot, in the order of the list. */
export function hotLines(rows: ILineRows): readonly ILinePlace[] {
  return rows.blocks.flatMap(block =>
    Array.from(block.line)
      .filter((_, row) => isHot(block.time[row], rows))
      .map(line => ({ block, line }))
  );
}

/**
 * The first of some places behind another one, or the last before it; from the end it goes on at the start.
 *
 * @param places - in the order of the list
 * @param from - `null`: from the start, or from the end
 */
export function nextPlace(
  { blocks }: ILineRows,
  places: readonly ILinePlace[],
  from: ILinePlace | null,
  step: 1 | -1
): ILinePlace | undefined {
  const rank = new Map(blocks.map((block, i) => [block, i]));
  const order = (a: ILinePlace, b: ILinePlace) =>
    (rank.get(a.block) ?? 0) - (rank.get(b.block) ?? 0) || a.line - b.line;
  const isBeyond = (place: ILinePlace) =>
    !from || order(place, from) * step > 0;
  return step > 0
    ? (places.find(isBeyond) ?? places[0])
    : (places.filter(isBeyond).at(-1) ?? places.at(-1));
}
