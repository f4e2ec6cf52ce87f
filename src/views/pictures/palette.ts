import { inkOn } from './contrast';
import { mix, readTheme } from './theme';

/** Where a fill comes from: a variable of the theme, and how much of it there is over the background. */
export type Tint = readonly [variable: string, share: number];

/** A colour of boxes, and what is written on it. */
export interface IFill {
  readonly box: string;
  /** `null`: nothing could be read on it. */
  readonly ink: string | null;
  /** The same where other boxes are searched for. */
  readonly dimmed: string;
  readonly dimmedInk: string | null;
}

/** Colours and font of boxes, as the page's theme has them now. */
export interface IPalette {
  readonly font: string;
  readonly background: string;
  /** By the number of a colour. */
  readonly fills: readonly IFill[];
  /** Boxes that are too small to be drawn one by one. */
  readonly merged: string;
  /** Round what is searched for. */
  readonly match: string;
  /** Round the selected function, wherever it is. */
  readonly selected: string;
  /** Lines over estimates. */
  readonly hatch: string;
}

/** Size of names in boxes, in px. */
const FONT_SIZE = 11;

/** How much is left of a colour where other boxes are searched for. */
const DIMMED = 0.3;

/** How much of the text's colour small boxes have. */
const MERGED = 0.35;

/**
 * Read the theme where a node is.
 *
 * @param node - in the page
 */
export function readPalette(
  node: HTMLElement,
  tints: readonly Tint[]
): IPalette {
  const theme = readTheme(node);
  const read = reader(node);
  // That of outputs.
  const background = read('--jp-layout-color0') || theme.background;
  const inks = [
    theme.selected,
    background,
    read('--jp-ui-inverse-font-color0') || background
  ];
  return {
    font: `${FONT_SIZE}px ${theme.fontFamily}`,
    background,
    fills: tints.map(([variable, share]) => {
      const box = mix(read(variable) || theme.muted, background, share);
      const dimmed = mix(box, background, DIMMED);
      return {
        box,
        ink: inkOn(box, inks),
        dimmed,
        dimmedInk: inkOn(dimmed, [theme.muted, theme.text])
      };
    }),
    merged: mix(theme.muted, background, MERGED),
    match: theme.selected,
    selected: theme.own,
    hatch: mix(theme.text, background, 0.8)
  };
}

/** Reads variables of the theme as the browser computes them. */
function reader(node: HTMLElement): (variable: string) => string {
  const style = getComputedStyle(node);
  const canvas = document.createElement('span');
  canvas.style.setProperty('forced-color-adjust', 'none');
  return variable => {
    if (!style.getPropertyValue(variable).trim()) {
      return '';
    }
    canvas.style.color = '';
    canvas.style.color = `var(${variable})`;
    node.append(canvas);
    const { color } = getComputedStyle(canvas);
    canvas.remove();
    return color;
  };
}
