import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { placeNames } from '../placeNames';
import { linearTicks, logTicks } from '../ticks';

describe('ticks', () => {
  it('are round numbers, not more than wanted', () => {
    expect(linearTicks(0, 1730, 4)).toEqual([0, 500, 1000, 1500]);
    expect(linearTicks(-0.3, 0.3, 4)).toEqual([-0.2, 0, 0.2]);
    expect(linearTicks(5, 5, 4)).toEqual([5]);
  });

  it('of powers are powers of ten, with 2 and 5 where these are too few', () => {
    expect(logTicks(3, 2000, 5)).toEqual([10, 100, 1000]);
    expect(logTicks(1, 1e6, 4)).toEqual([1, 100, 10_000, 1e6]);
    expect(logTicks(40, 130, 5)).toEqual([50, 100]);
  });

  it('are within the axis and end, whatever its ends are', () => {
    const end = fc.double({ min: 5e-324, noNaN: true });
    fc.assert(
      fc.property(end, end, fc.integer({ min: 2, max: 9 }), (a, b, most) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        for (const ticks of [
          linearTicks(low, high, most),
          logTicks(low, high, most)
        ]) {
          expect(ticks.length).toBeLessThanOrEqual(most);
          expect(ticks.every(Number.isFinite)).toBe(
            high < Infinity || ticks.length <= 1
          );
        }
      })
    );
  });
});

describe('names of circles', () => {
  const size = [400, 300] as const;

  it('stand above, and elsewhere where there is no room', () => {
    const circle = (x: number, y: number) => ({ x, y, radius: 10 });
    expect(placeNames(['abc'], [circle(200, 150)], size)).toEqual([
      'top center'
    ]);
    expect(placeNames(['abc'], [circle(200, 12)], size)).toEqual([
      'middle right'
    ]);
    expect(placeNames(['abc'], [circle(395, 12)], size)).toEqual([
      'middle left'
    ]);
    // One right above the other: its name goes aside.
    expect(
      placeNames(['abc', 'def'], [circle(200, 100), circle(200, 122)], size)
    ).toEqual(['top center', 'middle right']);
  });

  it('are left out where they would lie on others', () => {
    const circles = Array.from({ length: 6 }, () => ({
      x: 200,
      y: 150,
      radius: 10
    }));
    const names = circles.map(() => 'abcdef');
    expect(placeNames(names, circles, size)).toEqual([
      'top center',
      'middle right',
      'bottom center',
      'middle left',
      null,
      null
    ]);
    expect(placeNames(['', 'a'], circles, size)).toEqual([null, 'top center']);
  });
});
