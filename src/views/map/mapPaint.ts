import { LEFT, NODE, SMALL, type MapBoxes } from '../../profile/map/mapBoxes';
import { LINE } from '../../profile/map/mapLayout';
import { hatch } from '../pictures/hatch';
import type { IPalette } from '../pictures/palette';
import type { Paper } from '../pictures/svgPicture';
import type { TextFit } from '../pictures/textFit';

/** Room to the left and the right of a name, in px. */
const PADDING = 5;

/** Boxes below this width have no name, in px. */
const NAMED = 28;

/** What a box of a map looks like. */
export interface IMapLooks {
  /** Number of its colour in the palette. */
  fillOf(node: number): number;
  labelOf(node: number): string;
  isEstimated(node: number): boolean;
  /** Whether it is searched for; `null`: nothing is. */
  readonly isFound: ((node: number) => boolean) | null;
}

/**
 * Paint boxes from the outermost one on: the part that a node owns in full colour, the frame of what it holds lighter.
 */
export function paintMap(
  context: Paper,
  boxes: MapBoxes,
  looks: IMapLooks,
  palette: IPalette,
  text: TextFit,
  { width, height }: { readonly width: number; readonly height: number }
): void {
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  for (let from = 0; from < boxes.length;) {
    const to = endOfLevel(boxes, from);
    for (let box = from; box < to; box++) {
      fill(context, boxes, box, looks, palette);
    }
    const estimated: number[] = [];
    for (let box = from; box < to; box++) {
      if (
        boxes.kind[box] === LEFT ||
        (boxes.kind[box] === NODE && looks.isEstimated(boxes.node[box]))
      ) {
        estimated.push(box);
      }
    }
    hatch(
      context,
      estimated.map(box => ({
        left: boxes.left[box],
        top: boxes.top[box],
        right: boxes.left[box] + boxes.width[box],
        bottom: boxes.top[box] + boxes.height[box]
      })),
      palette.hatch
    );
    from = to;
  }
  label(context, boxes, looks, palette, text);
  outline(context, boxes, looks, palette);
}

/** Boxes stand level by level. */
function endOfLevel({ level, length }: MapBoxes, from: number): number {
  let to = from;
  while (to < length && level[to] === level[from]) {
    to++;
  }
  return to;
}

function fill(
  context: Paper,
  boxes: MapBoxes,
  box: number,
  looks: IMapLooks,
  palette: IPalette
): void {
  const left = boxes.left[box];
  const top = boxes.top[box];
  const width = boxes.width[box];
  const height = boxes.height[box];
  if (boxes.kind[box] !== NODE) {
    context.fillStyle = palette.merged;
    context.globalAlpha = boxes.kind[box] === SMALL ? 0.5 : 1;
    context.fillRect(left, top, width, height);
    context.globalAlpha = 1;
    return;
  }
  const colour = palette.fills[looks.fillOf(boxes.node[box])];
  // The frame, and what it holds.
  context.fillStyle = palette.merged;
  context.fillRect(left, top, width, height);
  context.fillStyle = colour.dimmed;
  const inner = (from: number, to: number) =>
    context.fillRect(
      left + 0.5,
      from,
      Math.max(0, width - 1),
      Math.max(0, to - from)
    );
  inner(top + 0.5, top + height - 0.5);
  const strip = boxes.strip[box];
  if (strip > 0) {
    const start = boxes.stripTop[box];
    const isWhole = boxes.first[box] === boxes.last[box];
    context.fillStyle = isPale(looks, boxes.node[box])
      ? colour.dimmed
      : colour.box;
    inner(
      isWhole ? top + 0.5 : start,
      Math.min(isWhole ? start + strip + 1 : start + strip, top + height - 0.5)
    );
  }
}

/** Names, in the line that a box has for it, else in its own part. */
function label(
  context: Paper,
  boxes: MapBoxes,
  looks: IMapLooks,
  palette: IPalette,
  text: TextFit
): void {
  context.font = palette.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (let box = 0; box < boxes.length; box++) {
    if (boxes.kind[box] !== NODE || boxes.width[box] < NAMED) {
      continue;
    }
    const line = boxes.stripTop[box] - boxes.top[box];
    const isInLine = line >= LINE;
    const isInStrip = !isInLine && boxes.strip[box] >= LINE - 2;
    const colour = palette.fills[looks.fillOf(boxes.node[box])];
    const ink = isInLine
      ? colour.dimmedInk
      : !isInStrip
        ? null
        : isPale(looks, boxes.node[box])
          ? colour.dimmedInk
          : colour.ink;
    if (ink === null) {
      continue;
    }
    const words = text.fit(
      looks.labelOf(boxes.node[box]),
      boxes.width[box] - 2 * PADDING
    );
    if (words) {
      context.fillStyle = ink;
      context.fillText(
        words,
        boxes.left[box] + PADDING,
        (isInLine ? boxes.stripTop[box] - LINE : boxes.stripTop[box]) + LINE / 2
      );
    }
  }
}

/** Whether something else is searched for: what it owns is as pale as its frame. */
function isPale({ isFound }: IMapLooks, node: number): boolean {
  return isFound !== null && !isFound(node);
}

/** Lines round what is searched for. */
function outline(
  context: Paper,
  boxes: MapBoxes,
  { isFound }: IMapLooks,
  { match }: IPalette
): void {
  if (!isFound) {
    return;
  }
  context.strokeStyle = match;
  context.lineWidth = 1;
  context.beginPath();
  for (let box = 0; box < boxes.length; box++) {
    if (boxes.kind[box] === NODE && isFound(boxes.node[box])) {
      context.rect(
        boxes.left[box] + 0.5,
        boxes.top[box] + 0.5,
        Math.max(0, boxes.width[box] - 1),
        Math.max(0, boxes.height[box] - 1)
      );
    }
  }
  context.stroke();
}
