import { expect, it } from 'vitest';

import { inkOn } from '../contrast';

const BLACK = 'rgb(0, 0, 0)';
const WHITE = 'rgb(255, 255, 255)';

it('writes with the ink that is read best', () => {
  expect(inkOn('rgb(240, 230, 200)', [BLACK, WHITE])).toBe(BLACK);
  expect(inkOn('rgb(20, 40, 90)', [BLACK, WHITE])).toBe(WHITE);
});

it('writes nothing where no ink can be read', () => {
  // Contrast of 3.95 and 5.32: WCAG asks for 4.5.
  expect(inkOn('rgb(128, 128, 128)', [WHITE])).toBeNull();
  expect(inkOn('rgb(128, 128, 128)', [WHITE, BLACK])).toBe(BLACK);
});

it('takes the first ink on a colour that it cannot read', () => {
  expect(inkOn('lab(50 0 0)', [BLACK, WHITE])).toBe(BLACK);
});
