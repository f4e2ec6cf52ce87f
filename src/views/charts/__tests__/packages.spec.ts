import { expect, it } from 'vitest';

import { CATEGORIES, type Category } from '../../../profile/categories';
import type { FuncIndex } from '../../../profile/indices';
import { fileLabels } from '../../../profile/names';
import { functionRows } from '../../../profile/rows';
import { profileOf } from '../../../profile/__tests__/build';
import { context } from '../../__tests__/language';
import type { IChartTheme } from '../../pictures/theme';
import { PackagesPicture } from '../packages';
import { ChartWords } from '../words';

/** Background, text, and the colours of categories in JupyterLab's themes, as its browser computes them. */
const THEMES: Readonly<Record<string, readonly string[]>> = {
  light: ['255 255 255', '0 0 0', '25 118 210', '245 124 0', '120 0 194'],
  dark: ['33 33 33', '255 255 255', '33 150 243', '255 152 0', '212 143 255'],
  'dark high contrast': [
    '17 17 17',
    '255 255 255',
    '49 155 242',
    '255 152 0',
    '204 124 255'
  ]
};
/** Of the standard library, compiled code, and the rest. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  light: ['56 142 60', '117 117 117', '186 186 186'],
  dark: ['76 175 80', '153 153 153', '93 93 93'],
  'dark high contrast': ['76 175 80', '255 255 255', '136 136 136']
};

const rgb = (channels: string) => `rgb(${channels.split(' ').join(', ')})`;

function themeOf(name: string): IChartTheme {
  const [background, text, ...colours] = [...THEMES[name], ...OTHERS[name]].map(
    rgb
  );
  return {
    fontFamily: 'sans-serif',
    fontSize: 13,
    text,
    muted: text,
    grid: text,
    background,
    own: colours[0],
    selected: text,
    categories: Object.fromEntries(
      CATEGORIES.map((category, i) => [category, colours[i]])
    ) as Record<Category, string>
  };
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [r, g, b] = (colour.match(/\d+/g) ?? []).map(channel => {
    const share = Number(channel) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort(
    (a, b) => a - b
  );
  return (light + 0.05) / (dark + 0.05);
}

const profile = profileOf([
  { name: 'cell', path: '/c', cell: 'c0', origin: 'cell', self: 40 },
  { name: 'mine', path: '/p/a.py', self: 30 },
  {
    name: 'theirs',
    path: '/s/p/b.py',
    origin: 'package',
    package: 'p',
    self: 20
  },
  { name: 'dumps', path: '/l/json.py', origin: 'stdlib', self: 10 },
  { name: 'sqrt', kind: 'builtin', self: 10 },
  ...Array.from({ length: 40 }, (_, i) => ({
    name: `small${i}`,
    path: '/p/a.py',
    line: i,
    self: 0.01
  }))
]);

it.each(Object.keys(THEMES))('names in sectors can be read: %s', name => {
  const rows = functionRows(profile);
  const labels = fileLabels(profile);
  const picture = new PackagesPicture(
    profile,
    rows,
    labels,
    new ChartWords(profile, labels, rows.metric, context),
    context
  );
  const { data } = picture.figure({
    theme: themeOf(name),
    width: 400,
    selected: 1 as FuncIndex,
    level: 0,
    isToggled: false
  });
  const [trace] = data as unknown as {
    marker: { colors: string[] };
    insidetextfont: { color: string[] };
  }[];
  const { colors } = trace.marker;
  expect(new Set(colors).size).toBeGreaterThan(10);
  const ratios = colors.map((colour, i) =>
    contrast(colour, trace.insidetextfont.color[i])
  );
  expect(Math.min(...ratios)).toBeGreaterThanOrEqual(4.5);
});
