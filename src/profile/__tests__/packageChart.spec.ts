import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MOST_MARKS } from '../charts';
import { NONE } from '../indices';
import {
  FILE_ORIGINS,
  FUNCTION_KINDS,
  type FileOrigin,
  type IProfile
} from '../model';
import { fileLabels } from '../names';
import { packageChart, type IPackageChart } from '../packageChart';
import { functionRows } from '../rows';
import { profileOf, type IFunctionSpec } from './build';

function chartOf(profile: IProfile): IPackageChart {
  return packageChart(profile, functionRows(profile), fileLabels(profile));
}

/** A profile whose files are installed packages or the like, told by a function of their path. */
function filed(
  specs: readonly IFunctionSpec[],
  origin: (path: string, file: number) => FileOrigin,
  packageName: (path: string) => string = path => path.split('/')[0]
): IProfile {
  const profile = profileOf(specs);
  const { path } = profile.files;
  return {
    ...profile,
    files: {
      ...profile.files,
      origin: path.map(origin),
      package: path.map(packageName)
    }
  };
}

/** Sectors as lines, indented by depth. */
function drawing(chart: IPackageChart, profile: IProfile): string[] {
  const depth = (i: number): number =>
    i === NONE ? -1 : depth(chart.sectors[i].parent) + 1;
  return chart.sectors.map(({ kind, value, rows, group, file, func }, i) => {
    const name =
      kind === 'function'
        ? profile.functions.name[func ?? NONE]
        : kind === 'rest'
          ? `(${rows} more)`
          : (file ?? group)?.name || group?.category || kind;
    return `${'  '.repeat(depth(i))}${name} ${value}`;
  });
}

/** Each parent is the sum of its children, in plotly's order, to the last digit. */
function expectSums({ sectors }: IPackageChart): void {
  const sums = new Map<number, number>();
  for (const { parent, value } of sectors) {
    sums.set(parent, (sums.get(parent) ?? 0) + value);
  }
  for (const [place, sum] of sums) {
    if (place !== NONE) {
      expect(sectors[place].value).toBe(sum);
    }
  }
}

it('divides own values by package, file and function', () => {
  const profile = filed(
    [
      { name: 'dot', path: 'numpy/core.py', self: 50 },
      { name: 'sum', path: 'numpy/core.py', self: 10 },
      { name: 'fft', path: 'numpy/fft.py', self: 5 },
      { name: 'f', path: 'cell', self: 20 },
      { name: 'exec', kind: 'builtin', self: 15 }
    ],
    path => (path === 'cell' ? 'cell' : 'package')
  );
  const chart = chartOf(profile);
  expect(drawing(chart, profile)).toEqual([
    'whole 100',
    '  numpy 65',
    '    core.py 60',
    '      dot 50',
    '      sum 10',
    '    fft.py 5',
    '      fft 5',
    '  notebook 20',
    '    cell 20',
    '      f 20',
    '  compiled 15',
    '    exec 15'
  ]);
  expect(chart).toMatchObject({
    obstacle: null,
    functions: 5,
    shown: 5,
    whole: 100,
    share: 1
  });
});

it('counts what is no function as other, under its name', () => {
  const profile = profileOf([
    { name: 'f', self: 1, kind: 'builtin' },
    { name: '(awaiting)', kind: 'pseudo', self: 9 },
    { name: '(tracing)', kind: 'pseudo', self: NaN }
  ]);
  const chart = chartOf(profile);
  expect(drawing(chart, profile)).toEqual([
    'whole 10',
    '  other 9',
    '    (awaiting) 9',
    '  compiled 1',
    '    f 1'
  ]);
  expect(chart.functions).toBe(1);
  expect(chart.leftOut.aside).toEqual([{ func: 2, self: NaN }]);
});

it('puts the smallest of a parent together', () => {
  // 100 files with 100 functions each; the first file has almost everything.
  const specs = Array.from({ length: 10_000 }, (_, i) => ({
    name: `f${i}`,
    path: `p/${Math.floor(i / 100)}.py`,
    self: i < 100 ? 1000 - i : 1
  }));
  const profile = filed(specs, () => 'package');
  const chart = chartOf(profile);
  expect(chart.sectors.length).toBeLessThanOrEqual(MOST_MARKS);
  // All of the hot file, all 100 files, and for as long as there is room the first functions of the next ones.
  expect(drawing(chart, profile).slice(0, 5)).toEqual([
    'whole 104950',
    '  p 104950',
    '    0.py 95050',
    '      f0 1000',
    '      f1 999'
  ]);
  expect(chart.sectors.filter(({ kind }) => kind === 'file').length).toBe(100);
  expectSums(chart);
  expect(chart.sectors[0]).toMatchObject({ value: 104_950, rows: 10_000 });
});

it('leaves out what is below 0, is nothing, or is not known', () => {
  const profile = profileOf([
    { name: 'a', self: 3, kind: 'builtin' },
    { name: 'b', self: -3, kind: 'builtin' },
    { name: 'c', self: 0, kind: 'builtin' },
    { name: 'd', self: NaN, kind: 'builtin' }
  ]);
  const chart = chartOf(profile);
  expect(chart.sectors[0].value).toBe(3);
  expect(chart.leftOut).toMatchObject({ negative: 1, zero: 1, unknown: 1 });
  expect(chart).toMatchObject({ functions: 4, shown: 1 });
  expect(chart.whole).toBeNaN();
});

describe('where there is nothing to divide', () => {
  it('says why', () => {
    const only = (self: number) => chartOf(profileOf([{ name: 'f', self }]));
    expect(only(0).obstacle).toBe('zero');
    expect(only(-1).obstacle).toBe('negative');
    expect(only(NaN).obstacle).toBe('unknown');
    expect(only(1).obstacle).toBeNull();
    expect(only(0).sectors).toEqual([]);
  });

  it('divides no values that do not sum', () => {
    const profile = profileOf([{ name: 'f', self: 5 }]);
    const [time, calls] = profile.metrics;
    const chart = chartOf({
      ...profile,
      metrics: [{ ...time, combine: 'max' }, calls]
    });
    expect(chart.obstacle).toBe('apart');
    expect(chart.sectors).toEqual([]);
  });
});

const specs = fc.array(
  fc.record({
    name: fc.constantFrom('f', '__proto__', ''),
    kind: fc.constantFrom(...FUNCTION_KINDS),
    path: fc.option(
      fc
        .tuple(fc.nat(12), fc.nat(12))
        .map(([pkg, file]) => `p${pkg}/m${file}.py`),
      { nil: undefined }
    ),
    self: fc.oneof(
      fc.nat(2 ** 30),
      fc.nat(3),
      fc.constantFrom(NaN, Infinity, -7)
    )
  }),
  { maxLength: 1500, size: 'max' }
);
const originOf = (_path: string, file: number) =>
  FILE_ORIGINS[file % FILE_ORIGINS.length];

it('keeps every sum, to the last digit, in at most 300 sectors', () => {
  fc.assert(
    fc.property(specs, all => {
      const chart = chartOf(filed(all, originOf));
      const { sectors } = chart;
      expect(sectors.length).toBeLessThanOrEqual(MOST_MARKS);
      const positive = all.filter(({ self }) => self > 0 && self < Infinity);
      const sum = positive.reduce((total, { self }) => total + self, 0);
      expect(sectors[0]?.value ?? 0).toBe(sum);
      expect(sectors[0]?.rows ?? 0).toBe(positive.length);
      expectSums(chart);
      sectors.forEach(({ parent, value }, place) => {
        expect(value > 0 && value < Infinity).toBe(true);
        expect(parent).toBeLessThan(place);
      });
    }),
    { numRuns: 25 }
  );
});

it('keeps the sums of fractions, and shows no function twice', () => {
  const fractions = fc.array(fc.double({ min: 1e-9, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 900,
    size: 'max'
  });
  fc.assert(
    fc.property(fractions, values => {
      const chart = chartOf(
        filed(
          values.map((self, i) => ({
            name: 'f',
            path: `p/${i % 40}.py`,
            self
          })),
          originOf
        )
      );
      expectSums(chart);
      const sum = values.reduce((total, value) => total + value, 0);
      expect(chart.sectors[0].value).toBeCloseTo(sum, 9);
      const drawn = chart.sectors
        .filter(({ kind }) => kind === 'function')
        .map(({ func }) => func);
      expect(new Set(drawn).size).toBe(drawn.length);
    }),
    { numRuns: 25 }
  );
});
