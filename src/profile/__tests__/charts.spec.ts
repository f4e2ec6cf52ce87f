import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { callsChart, hottestChart, MOST_BARS, MOST_MARKS } from '../charts';
import { FUNCTION_KINDS } from '../model';
import { functionRows } from '../rows';
import {
  META,
  metricOf,
  METRICS,
  profileOf,
  type IFunctionSpec
} from './build';

const hottest = (specs: readonly IFunctionSpec[]) => {
  const profile = profileOf(specs);
  return hottestChart(profile, functionRows(profile));
};
const calls = (specs: readonly IFunctionSpec[]) => {
  const profile = profileOf(specs);
  return callsChart(profile, functionRows(profile));
};

describe('hottest functions', () => {
  it('are ordered by own value, with the rest of their total as callees', () => {
    const chart = hottest([
      { name: 'a', self: 10, total: 90 },
      { name: 'b', self: 60 },
      { name: 'c', self: 30, total: 31 }
    ]);
    expect(chart.bars).toEqual([
      { func: 1, row: 1, self: 60, callees: 0 },
      { func: 2, row: 2, self: 30, callees: 1 },
      { func: 0, row: 0, self: 10, callees: 80 }
    ]);
    expect(chart).toMatchObject({
      obstacle: null,
      functions: 3,
      shown: 3,
      whole: 100,
      share: 1
    });
  });

  it('are thirty, and the others are counted', () => {
    const chart = hottest(
      Array.from({ length: 100 }, (_, i) => ({ name: `f${i}`, self: 1 }))
    );
    expect(chart.bars.length).toBe(MOST_BARS);
    expect(chart.leftOut.rest).toBe(70);
    expect(chart.share).toBe(0.3);
  });

  it('are functions only; shares are of the wall time', () => {
    const profile = profileOf(
      [
        { name: 'f', self: 25 },
        { name: '(awaiting)', kind: 'pseudo', self: 70 },
        { name: 'zero' },
        { name: 'unknown', self: NaN }
      ],
      { meta: { ...META, wall: 100 } }
    );
    const chart = hottestChart(profile, functionRows(profile));
    expect(chart.bars.map(bar => bar.func)).toEqual([0]);
    expect(chart.leftOut).toEqual({
      rest: 0,
      unknown: 1,
      zero: 1,
      negative: 0,
      aside: [{ func: 1, self: 70 }]
    });
    expect(chart.functions).toBe(3);
    expect(chart.share).toBe(0.25);
  });

  it('have no callees where the total cannot be', () => {
    const [bar] = hottest([{ name: 'f', self: 10, total: 4 }]).bars;
    expect(bar.callees).toBeNaN();
    const [near] = hottest([{ name: 'f', self: 0.3, total: 0.1 + 0.2 }]).bars;
    expect(near.callees).toBeCloseTo(0);
  });

  it('of a difference are those that changed most, and have no shares', () => {
    const chart = hottest([
      { name: 'faster', self: -50, total: -80 },
      { name: 'slower', self: 20, total: 10 },
      { name: 'same', self: 0, total: 0 }
    ]);
    expect(chart.bars).toEqual([
      { func: 1, row: 1, self: 20, callees: -10 },
      { func: 0, row: 0, self: -50, callees: -30 }
    ]);
    expect(chart.whole).toBeNaN();
    expect(chart.share).toBeNaN();
  });

  it('of values that do not sum have neither callees nor shares', () => {
    const peak = metricOf('peak', 'bytes', { combine: 'max' });
    const one = profileOf([{ name: 'f' }]);
    const profile = {
      ...one,
      metrics: [peak],
      totals: {
        ...one.totals,
        values: new Map([
          ['self.peak', Float64Array.of(7)],
          ['total.peak', Float64Array.of(9)]
        ] as const)
      }
    };
    const chart = hottestChart(profile, functionRows(profile));
    expect(chart.hasCallees).toBe(false);
    expect(chart.bars[0].self).toBe(7);
    expect(chart.bars[0].callees).toBeNaN();
    expect(chart.whole).toBeNaN();
    expect(callsChart(profile, functionRows(profile)).obstacle).not.toBeNull();
  });
});

describe('calls', () => {
  it('stand against the own value of one', () => {
    const chart = calls([
      { name: 'often', calls: 1000, self: 4000 },
      { name: 'long', calls: 2, self: 6000 }
    ]);
    expect(chart.markers).toEqual([
      { func: 1, row: 1, calls: 2, self: 6000, selfPerCall: 3000 },
      { func: 0, row: 0, calls: 1000, self: 4000, selfPerCall: 4 }
    ]);
  });

  it('leave out what has no place on a scale of powers', () => {
    const chart = calls([
      { name: 'f', calls: 3, self: 30 },
      { name: 'none', calls: 3, self: 0 },
      { name: 'never', calls: 0, self: 5 },
      { name: 'less', calls: -2, self: -5 },
      { name: 'unknown', calls: NaN, self: 5 },
      { name: '(tracing)', kind: 'pseudo', self: 5 }
    ]);
    expect(chart.markers.map(({ func }) => func)).toEqual([0]);
    expect(chart.leftOut).toEqual({
      rest: 0,
      zero: 2,
      negative: 1,
      unknown: 1,
      aside: [{ func: 5, self: 5 }]
    });
  });

  it('are of the functions with the largest own values', () => {
    const chart = calls(
      Array.from({ length: 1000 }, (_, i) => ({ name: `f${i}`, self: i + 1 }))
    );
    expect(chart.markers.length).toBe(MOST_MARKS);
    expect(chart.markers[0].self).toBe(1000);
    expect(chart.markers.at(-1)?.self).toBe(701);
    expect(chart.leftOut.rest).toBe(700);
    // 701 + ... + 1000, of 1 + ... + 1000.
    expect(chart.share).toBe(255_150 / 500_500);
  });
});

describe('what cannot be drawn', () => {
  it('is told from what is nothing', () => {
    expect(hottest([]).obstacle).toBe('unknown');
    expect(hottest([{ name: 'f', self: NaN }]).obstacle).toBe('unknown');
    expect(hottest([{ name: 'f', self: 0 }]).obstacle).toBe('zero');
    expect(calls([{ name: 'f', self: -1 }]).obstacle).toBe('negative');
    const profile = profileOf([{ name: 'f' }], { metrics: [METRICS[1]] });
    const chart = hottestChart(profile, functionRows(profile));
    expect(chart).toMatchObject({
      obstacle: 'unknown',
      metric: null,
      bars: []
    });
  });
});

it('every function is drawn or counted once, and every number drawn is one', () => {
  const value = fc.oneof(
    fc.double({ min: 0, max: 1e12 }),
    fc.constantFrom(0, 1, NaN, Infinity, -3)
  );
  const functions = fc.array(
    fc.record({
      name: fc.constant('f'),
      kind: fc.constantFrom(...FUNCTION_KINDS),
      calls: fc.oneof(fc.nat(), fc.constantFrom(NaN, -1)),
      self: value,
      total: value
    }),
    { maxLength: 400 }
  );
  fc.assert(
    fc.property(functions, specs => {
      const [bars, markers] = [hottest(specs), calls(specs)];
      for (const chart of [bars, markers]) {
        const { rest, unknown, zero, negative, aside } = chart.leftOut;
        expect(chart.shown + rest + unknown + zero + negative).toBe(
          chart.functions
        );
        expect(chart.functions + aside.length).toBe(specs.length);
        expect(chart.obstacle === null).toBe(chart.shown > 0);
        expect(chart.share > 1 || chart.share < 0).toBe(false);
      }
      expect(bars.bars.length).toBeLessThanOrEqual(MOST_BARS);
      expect(bars.bars.every(({ self }) => Number.isFinite(self))).toBe(true);
      expect(
        bars.bars.some(({ callees }) => Math.abs(callees) === Infinity)
      ).toBe(false);
      expect(markers.markers.length).toBeLessThanOrEqual(MOST_MARKS);
      for (const marker of markers.markers) {
        expect(marker.calls > 0 && marker.calls < Infinity).toBe(true);
        expect(marker.selfPerCall > 0 && marker.self > 0).toBe(true);
      }
    })
  );
});
