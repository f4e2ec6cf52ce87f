import { describe, expect, it } from 'vitest';

import { indexColumn } from '../indices';
import type { IProfile, ValueKey } from '../model';
import {
  compiledShare,
  functionRows,
  sumOverFunctions,
  wholeOf
} from '../rows';
import { META, metricOf, profileOf } from './build';

it('divides own time by all calls and total time by primitive ones, as pstats does', () => {
  const rows = functionRows(
    profileOf([
      { name: 'fib', calls: 177, primitive: 1, self: 354, total: 354 }
    ])
  );
  expect(rows.selfPerCall[0]).toBe(2);
  expect(rows.totalPerCall[0]).toBe(354);
});

it('sums the threads of a function', () => {
  const profile = profileOf([{ name: 'f' }]);
  const values = new Map<ValueKey, Float64Array>([
    ['self.time', Float64Array.of(3, 4)]
  ]);
  const rows = functionRows({
    ...profile,
    totals: {
      length: 2,
      function: indexColumn(Int32Array.of(0, 0)),
      thread: indexColumn(Int32Array.of(0, 1)),
      values
    }
  });
  expect(Array.from(rows.self)).toEqual([7]);
});

it.each([
  ['sum', [1, 5]],
  ['max', [4, 5]],
  ['median', [NaN, 5]]
])('puts the threads of a function together by %s', (combine, expected) => {
  const profile = profileOf([{ name: 'f' }, { name: 'g' }], {
    metrics: [metricOf('time', 'ns'), metricOf('calls', 'count')].map(
      metric => ({ ...metric, combine })
    ),
    totals: {
      length: 3,
      function: indexColumn(Int32Array.of(0, 1, 0)),
      thread: indexColumn(Int32Array.of(0, 0, 1)),
      values: new Map<ValueKey, Float64Array>([
        ['self.time', Float64Array.of(-3, 5, 4)],
        ['total.time', Float64Array.of(-3, 5, 4)],
        ['self.calls', Float64Array.of(-3, 5, 4)]
      ])
    }
  });
  const rows = functionRows(profile);
  expect(Array.from(rows.self)).toEqual(expected);
  expect(Array.from(rows.total)).toEqual(expected);
  expect(Array.from(rows.calls)).toEqual(expected);
  expect(Array.from(rows.primitive)).toEqual([NaN, NaN]);
});

it('does not take unknown for zero', () => {
  const profile = profileOf([{ name: 'f', self: 5 }]);
  const values = new Map(profile.totals.values);
  values.delete('primitive.calls');
  const rows = functionRows({
    ...profile,
    totals: { ...profile.totals, values }
  });
  expect(rows.primitive).toEqual(Float64Array.of(NaN));
  expect(rows.totalPerCall).toEqual(Float64Array.of(NaN));
  expect(rows.selfPerCall).toEqual(Float64Array.of(5));
});

it('has no time for a call where there was none', () => {
  const rows = functionRows(profileOf([{ name: 'f', calls: 0, self: 5 }]));
  expect(rows.selfPerCall[0]).toBeNaN();
});

it('gives values in units, not in ticks', () => {
  const profile: IProfile = {
    ...profileOf([{ name: 'f', self: 5 }]),
    metrics: [metricOf('time', 'ns', { tick: 100 })]
  };
  expect(functionRows(profile).self[0]).toBe(500);
});

it('shows another metric where time was not measured', () => {
  const profile = profileOf([{ name: 'f' }]);
  const rows = functionRows({
    ...profile,
    metrics: [metricOf('calls', 'count'), metricOf('samples', 'samples')],
    totals: {
      ...profile.totals,
      values: new Map([['self.samples', Float64Array.of(9)]])
    }
  });
  expect(rows.metric?.id).toBe('samples');
  expect(rows.self[0]).toBe(9);
});

it('counts calls of functions, not of what stands for none', () => {
  const profile = profileOf([
    { name: 'f', calls: 3 },
    { name: '(awaiting)', qualified: 'awaiting', kind: 'pseudo', calls: 8 }
  ]);
  const rows = functionRows(profile);
  expect(sumOverFunctions(profile, rows, rows.calls)).toBe(3);
});

it('counts calls of functions that were folded', () => {
  const profile = profileOf([
    { name: 'f', calls: 3 },
    {
      name: '(calls not told apart)',
      qualified: 'folded',
      kind: 'pseudo',
      calls: 8
    }
  ]);
  const rows = functionRows(profile);
  expect(sumOverFunctions(profile, rows, rows.calls)).toBe(11);
});

it('counts builtins and native functions for the share of compiled code', () => {
  const profile = profileOf([
    { name: 'f', self: 50 },
    { name: '<built-in method builtins.len>', kind: 'builtin', self: 30 },
    { name: 'blas', kind: 'native', self: 10 },
    { name: '(awaiting)', kind: 'pseudo', self: 10 }
  ]);
  expect(compiledShare(profile, functionRows(profile))).toBe(0.4);
});

it('has no share of compiled code of values that do not sum', () => {
  const profile = profileOf([{ name: 'sqrt', kind: 'builtin', self: 9 }], {
    metrics: [metricOf('time', 'ns', { combine: 'max' })]
  });
  expect(compiledShare(profile, functionRows(profile))).toBeNaN();
});

it('has no share of compiled code where nothing was measured', () => {
  const profile = profileOf([]);
  expect(compiledShare(profile, functionRows(profile))).toBeNaN();
});

describe('the whole, of which shares are told,', () => {
  const whole = (more: Partial<IProfile>, self: number[] = [30, 20]) => {
    const profile = profileOf(
      self.map((own, i) => ({ name: `f${i}`, self: own })),
      more
    );
    return wholeOf(profile, functionRows(profile));
  };
  const wall = (nanoseconds: number | null) => ({
    meta: { ...META, wall: nanoseconds }
  });

  it('is the wall time, of which functions own a part', () => {
    expect(whole(wall(80))).toBe(80);
  });

  it('is what all own where that is more, as in several threads', () => {
    expect(whole(wall(40))).toBe(50);
  });

  it('is what all own where the wall time is not known', () => {
    expect(whole(wall(null))).toBe(50);
    expect(whole(wall(0))).toBe(50);
  });

  it('is the wall time where it is not known what functions own', () => {
    const totals = {
      ...profileOf([{ name: 'f' }]).totals,
      values: new Map<ValueKey, Float64Array>([
        ['total.time', Float64Array.of(9)]
      ])
    };
    expect(whole({ ...wall(80), totals }, [0])).toBe(80);
    expect(whole({ ...wall(null), totals }, [0])).toBeNaN();
  });

  it('is no time where something else was measured', () => {
    expect(whole({ ...wall(80), metrics: [metricOf('time', 'bytes')] })).toBe(
      50
    );
  });

  it('is not known of values that do not sum', () => {
    const metrics = [metricOf('time', 'ns', { combine: 'max' })];
    expect(whole({ ...wall(80), metrics })).toBeNaN();
  });

  it('is none where runs were compared: there are no shares of a difference', () => {
    expect(whole(wall(null), [-30, 10])).toBeNaN();
    expect(whole(wall(80), [-30, 50])).toBeNaN();
  });
});

it('has the share of compiled code of the wall time, not of what was seen', () => {
  const profile = profileOf(
    [
      { name: 'f', self: 40 },
      { name: 'blas', kind: 'native', self: 20 }
    ],
    { meta: { ...META, wall: 100 } }
  );
  expect(compiledShare(profile, functionRows(profile))).toBe(0.2);
});
