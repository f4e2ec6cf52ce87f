import { describe, expect, it } from 'vitest';

import { callOutliers } from '../outliers';
import { functionRows } from '../rows';
import { metricOf, profileOf, type IFunctionSpec } from './build';

/** Names of the functions that stand out among these. */
function outliers(
  functions: readonly IFunctionSpec[],
  whole: number,
  unit = 'ns'
): string[] {
  const profile = profileOf(functions, {
    metrics: [metricOf('time', unit), metricOf('calls', 'count')]
  });
  const rows = functionRows(profile);
  return [...callOutliers(rows, whole)].map(
    row => profile.functions.name[rows.function[row]]
  );
}

const main: IFunctionSpec = { name: 'main', calls: 1, total: 1e9 };

describe('many small calls', () => {
  it.each([
    ['10 000 calls of 49 µs', 10_000, 490e6, 1e9, true],
    ['9 999 calls', 9_999, 490e6, 1e9, false],
    ['calls of 50 µs', 10_000, 500e6, 1e9, false],
    ['a hundredth of the whole', 10_000, 100e6, 10e9, true],
    ['less than a hundredth of the whole', 10_000, 99e6, 10e9, false]
  ])('%s', (_, calls, total, whole, isOutlier) => {
    const f = { name: 'f', calls, self: total, total };
    expect(outliers([main, f], whole)).toEqual(isOutlier ? ['f'] : []);
  });

  it('stand out from what matters, and where all are many none does', () => {
    const many = (name: string, calls: number): IFunctionSpec => ({
      name,
      calls,
      total: 100e6
    });
    const usual = ['a', 'b', 'c'].map(name => many(name, 40_000));
    expect(outliers(usual, 1e9)).toEqual([]);
    expect(outliers([...usual, many('d', 160_000)], 1e9)).toEqual(['d']);
    expect(outliers([...usual, many('d', 159_999)], 1e9)).toEqual([]);
  });

  it('are about times only, and about a whole that is known', () => {
    const f = { name: 'f', calls: 20_000, self: 9, total: 9 };
    expect(outliers([{ ...main, total: 9 }, f], 9, 'bytes')).toEqual([]);
    expect(outliers([main, f], NaN)).toEqual([]);
    expect(outliers([], 0)).toEqual([]);
  });
});
