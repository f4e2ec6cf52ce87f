// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';

import { deepTree, treeDrawn } from '../../../profile/tree/__tests__/drawn';
import type { ICallTree } from '../../../profile/tree/callTree';
import { placesOf, type IPlaces } from '../../../profile/tree/places';
import type { IPalette } from '../../pictures/palette';
import { Minimap } from '../minimap';

/** Of the strip, in px. */
const HEIGHT = 44;
const WIDTH = 100;

const palette: IPalette = {
  font: '11px sans-serif',
  background: 'nothing',
  fills: ['red', 'blue', 'green'].map(box => ({
    box,
    ink: null,
    dimmed: box,
    dimmedInk: null
  })),
  merged: 'grey',
  match: '',
  selected: '',
  hatch: ''
};

/** The colour of each pixel of the strip; what is drawn over a part of a pixel is a fault. */
function pixels(tree: ICallTree, isUp = false, scale = 1): string[][] {
  const rows = Array.from({ length: HEIGHT * scale }, () =>
    Array<string>(WIDTH * scale).fill('')
  );
  const canvas = {
    fillStyle: '',
    fillRect(x: number, y: number, width: number, height: number) {
      expect([x, y, width, height].every(Number.isInteger)).toBe(true);
      for (let i = y; i < y + height; i++) {
        rows[i].fill(canvas.fillStyle, x, x + width);
      }
    }
  };
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(
    canvas as unknown as null
  );
  vi.stubGlobal('devicePixelRatio', scale);
  const minimap = new Minimap(() => undefined);
  minimap.show({
    places: placesOf(tree) as IPlaces,
    isUp,
    fillOf: node => tree.func[node] % 3
  });
  minimap.setPalette(palette);
  minimap.fit(WIDTH, true);
  minimap.see({ from: 0, to: tree.whole, row: 0 }, 10);
  return rows;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it.each([
  [5_002, 1],
  [302, 1],
  [45, 2],
  [44, 1],
  [7, 1.25]
])('of %i levels has the colours of its boxes', (levels, scale) => {
  // Each has nearly all that its caller has, from the left edge on.
  const rows = pixels(deepTree(levels, [0, 1]), false, scale);
  const first = rows.map(row => row[0]);
  expect(new Set(first)).toEqual(new Set(['red', 'blue']));
  expect(first[0]).toBe('red');
  // As wide as the row that is there in the whole.
  rows.forEach((row, i) => {
    const share = 1 - i / rows.length;
    const drawn = row.filter(colour => colour !== 'nothing').length;
    expect(Math.abs(drawn - share * row.length)).toBeLessThan(
      row.length / Math.min(levels, rows.length) + 2
    );
  });
});

it('has its roots at the bottom where the picture has', () => {
  const rows = pixels(deepTree(5_002, [0, 1]), true);
  expect(rows[HEIGHT - 1].every(colour => colour === 'red')).toBe(true);
  expect(rows[0].filter(colour => colour !== 'nothing').length).toBeLessThan(5);
});

it('shows what is less than a pixel wide', () => {
  const tree = treeDrawn(`
    main 980
      f 19
      g 1
  `);
  const last = pixels(tree)[HEIGHT - 1];
  expect(last.filter(colour => colour !== 'nothing')).toEqual([
    'blue',
    'blue',
    'grey'
  ]);
});
