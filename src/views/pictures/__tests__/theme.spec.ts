// @vitest-environment jsdom
import { expect, it } from 'vitest';

import { mix, readTheme } from '../theme';

it('lays one colour over another', () => {
  expect(mix('rgb(200, 100, 0)', 'rgb(0, 0, 0)', 0.5)).toBe('rgb(100, 50, 0)');
  expect(mix('rgba(0, 0, 0, 0.5)', 'rgb(255, 255, 255)', 1)).toBe(
    'rgb(128, 128, 128)'
  );
  expect(mix('rgb(0 0 0 / 0.5)', 'rgb(255, 255, 255)', 0.5)).toBe(
    'rgb(191, 191, 191)'
  );
  expect(mix('color(srgb 1 0 0)', 'rgb(255, 255, 255)', 1)).toBe(
    'rgb(255, 0, 0)'
  );
});

it('leaves a colour alone that it cannot read', () => {
  expect(mix('lab(50 0 0)', 'rgb(0, 0, 0)', 0.5)).toBe('lab(50 0 0)');
});

it('reads a colour for each category, and leaves nothing behind', () => {
  const node = document.createElement('div');
  document.body.replaceChildren(node);
  const theme = readTheme(node);
  expect(Object.values(theme.categories).every(colour => colour)).toBe(true);
  expect(theme.fontSize).toBeGreaterThan(0);
  expect(node.childNodes.length).toBe(0);
});
