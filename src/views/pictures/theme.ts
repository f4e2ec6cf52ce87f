import { CATEGORIES, type Category } from '../../profile/categories';

/** Colours and font of pictures, as the page's theme has them now. All colours are opaque and as CSS writes them. */
export interface IChartTheme {
  readonly fontFamily: string;
  /** In px. */
  readonly fontSize: number;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  /** Own values. */
  readonly own: string;
  /** What is selected: the strongest contrast to the background. */
  readonly selected: string;
  readonly categories: Readonly<Record<Category, string>>;
}

/**
 * The theme's variable for each category, and how much of it there is over the background. They differ in lightness,
 * too, and names stand beside them. style/pictures.css has the same ones.
 */
const CATEGORY_COLOURS: Readonly<Record<Category, readonly [string, number]>> =
  {
    notebook: ['--jp-brand-color1', 1],
    files: ['--jp-warn-color1', 1],
    packages: ['--jp-mirror-editor-operator-color', 1],
    stdlib: ['--jp-success-color1', 1],
    compiled: ['--jp-ui-font-color2', 1],
    // Themes of high contrast have one colour for all text.
    other: ['--jp-ui-font-color2', 0.5]
  };

/** Where there is no theme. */
const NO_BACKGROUND = 'rgb(255, 255, 255)';
const NO_COLOUR = 'rgb(100, 100, 100)';
const NO_FONT_SIZE = 13;

/** How much of the text's colour lines of the grid have. */
const GRID = 0.18;

/**
 * Read the theme where a node is.
 *
 * @param node - in the page
 */
export function readTheme(node: HTMLElement): IChartTheme {
  const probe = document.createElement('span');
  probe.hidden = true;
  // Where the system chooses the colours, all of them are one: a picture needs those of the theme.
  probe.style.setProperty('forced-color-adjust', 'none');
  node.append(probe);
  try {
    // The computed colour has all variables of variables resolved.
    const read = (variable: string, otherwise: string): string => {
      probe.style.color = '';
      probe.style.color = `var(${variable}, ${otherwise})`;
      return getComputedStyle(probe).color || otherwise;
    };
    const background = read('--jp-layout-color1', NO_BACKGROUND);
    const colour = (variable: string, share = 1) =>
      mix(read(variable, NO_COLOUR), background, share);
    const font = getComputedStyle(node);
    return {
      fontFamily: font.fontFamily || 'sans-serif',
      fontSize: parseFloat(font.fontSize) || NO_FONT_SIZE,
      text: colour('--jp-ui-font-color1'),
      muted: colour('--jp-ui-font-color2'),
      // Borders are as strong as text where the theme has high contrast.
      grid: mix(colour('--jp-ui-font-color1'), background, GRID),
      background,
      own: colour('--jp-brand-color1'),
      selected: colour('--jp-ui-font-color0'),
      categories: Object.fromEntries(
        CATEGORIES.map(name => [name, colour(...CATEGORY_COLOURS[name])])
      ) as Record<Category, string>
    };
  } finally {
    probe.remove();
  }
}

/**
 * A colour laid over another one.
 *
 * @param share - of the colour above, times its own opacity
 * @returns an opaque colour; the one above as it is where one of them is written in a way that is not known here
 */
export function mix(above: string, below: string, share: number): string {
  const [over, under] = [channels(above), channels(below)];
  if (!over || !under) {
    return above;
  }
  const alpha = share * over[3];
  const parts = [0, 1, 2].map(i =>
    Math.round(over[i] * alpha + under[i] * (1 - alpha))
  );
  return `rgb(${parts.join(', ')})`;
}

/** Red, green, blue from 0 to 255, and opacity from 0 to 1. */
export function channels(colour: string): number[] | null {
  const rgb = /^rgba?\(([^)]*)\)$/.exec(colour);
  const srgb = /^color\(srgb ([^)]*)\)$/.exec(colour);
  const text = rgb ?? srgb;
  if (!text) {
    return null;
  }
  const values = text[1]
    .split(/[\s,/]+/)
    .filter(part => part)
    .map(Number);
  const scale = srgb ? 255 : 1;
  return values.length >= 3 && values.every(Number.isFinite)
    ? [...values.slice(0, 3).map(value => value * scale), values[3] ?? 1]
    : null;
}
