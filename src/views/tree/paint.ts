import { RUN, REST, type Boxes } from '../../profile/tree/boxes';
import { hatch } from '../pictures/hatch';
import type { IPalette } from '../pictures/palette';
import type { Paper } from '../pictures/svgPicture';
import type { TextFit } from '../pictures/textFit';

/** Height of a row of boxes in px. */
export const ROW = 18;

/** From this width on a box has a gap to the next one, in px. */
const GAPPED = 3;

/** Boxes below this width have no name, in px. */
const NAMED = 22;

/** Room to the left and the right of a name, in px. */
const PADDING = 4;

/** How a box is drawn, as bits. */
export const MARKS = {
  /** Something else is searched for. */
  dimmed: 1,
  /** Searched for. */
  match: 2,
  /** Of the selected function. */
  selected: 4,
  estimated: 8
} as const;

/** What a box looks like. */
export interface ILooks {
  /** Number of its colour in the palette. */
  fillOf(node: number): number;
  /** Bits of `MARKS`. */
  marksOf(node: number): number;
  /** What is written on it. */
  nameOf(node: number): string;
  /** Its upper edge in px. */
  topOf(row: number): number;
}

/** Where something is painted. */
export interface ICanvas {
  readonly context: Paper;
  /** In px. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the device in one px. */
  readonly scale: number;
}

/**
 * Paint boxes: fills first, colour by colour, then hatching, names, and outlines.
 */
export function paint(
  { context, width, height, scale }: ICanvas,
  boxes: Boxes,
  looks: ILooks,
  palette: IPalette,
  text: TextFit
): void {
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  const drawn = sortOut(boxes, looks);
  // Edges on whole pixels of the device: others are blurred, and let the background through.
  const snap = (value: number) => Math.round(value * scale) / scale;
  const thin = 1 / scale;
  const fill = (i: number) => {
    const left = snap(boxes.x[i]);
    const right = snap(boxes.x[i] + boxes.width[i]);
    const gap = boxes.width[i] >= GAPPED ? thin : 0;
    context.fillRect(
      left,
      looks.topOf(boxes.row[i]),
      Math.max(thin, right - left - gap),
      ROW - 1
    );
  };
  context.fillStyle = palette.merged;
  drawn.runs.forEach(fill);
  for (const [key, group] of drawn.fills) {
    const { box, dimmed } = palette.fills[key >> 1];
    context.fillStyle = key & 1 ? dimmed : box;
    group.forEach(fill);
  }
  hatch(
    context,
    drawn.estimated.map(i => {
      const left = boxes.x[i];
      const top = looks.topOf(boxes.row[i]);
      return {
        left,
        top,
        right: left + boxes.width[i],
        bottom: top + ROW - 1
      };
    }),
    palette.hatch
  );
  names(context, boxes, drawn.fills, looks, palette, text);
  outline(context, boxes, drawn.selected, looks, palette.selected, 2);
  outline(context, boxes, drawn.matches, looks, palette.match, 1);
}

/** Boxes by what is drawn of them, as their numbers. */
interface IDrawn {
  readonly runs: readonly number[];
  /** By colour: twice its number, and 1 more for dimmed ones. */
  readonly fills: ReadonlyMap<number, readonly number[]>;
  readonly estimated: readonly number[];
  readonly selected: readonly number[];
  readonly matches: readonly number[];
}

function sortOut({ length, kind, node }: Boxes, looks: ILooks): IDrawn {
  const runs: number[] = [];
  const fills = new Map<number, number[]>();
  const estimated: number[] = [];
  const selected: number[] = [];
  const matches: number[] = [];
  for (let i = 0; i < length; i++) {
    if (kind[i] === RUN || kind[i] === REST) {
      runs.push(i);
      continue;
    }
    const marks = looks.marksOf(node[i]);
    const key = 2 * looks.fillOf(node[i]) + (marks & MARKS.dimmed ? 1 : 0);
    const group = fills.get(key);
    if (group) {
      group.push(i);
    } else {
      fills.set(key, [i]);
    }
    if (marks & MARKS.estimated) {
      estimated.push(i);
    }
    if (marks & MARKS.selected) {
      selected.push(i);
    }
    if (marks & MARKS.match) {
      matches.push(i);
    }
  }
  return { runs, fills, estimated, selected, matches };
}

/** Names, ink by ink. */
function names(
  context: Paper,
  { x, width, row, node }: Boxes,
  groups: IDrawn['fills'],
  looks: ILooks,
  { font, fills }: IPalette,
  text: TextFit
): void {
  context.font = font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const [key, group] of groups) {
    const { ink, dimmedInk } = fills[key >> 1];
    const colour = key & 1 ? dimmedInk : ink;
    if (colour === null) {
      continue;
    }
    context.fillStyle = colour;
    for (const i of group) {
      if (width[i] < NAMED) {
        continue;
      }
      const label = text.fit(looks.nameOf(node[i]), width[i] - 2 * PADDING);
      if (label) {
        context.fillText(label, x[i] + PADDING, looks.topOf(row[i]) + ROW / 2);
      }
    }
  }
}

/** Lines round marked boxes, within their edges. */
function outline(
  context: Paper,
  { x, width, row }: Boxes,
  marked: readonly number[],
  { topOf }: ILooks,
  colour: string,
  thickness: number
): void {
  if (marked.length === 0) {
    return;
  }
  context.strokeStyle = colour;
  context.lineWidth = thickness;
  context.beginPath();
  for (const i of marked) {
    context.rect(
      x[i] + thickness / 2,
      topOf(row[i]) + thickness / 2,
      Math.max(0.5, width[i] - thickness - 1),
      ROW - 1 - thickness
    );
  }
  context.stroke();
}
