import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NONE } from '../indices';
import type { IMetric, IPaths, ValueKey } from '../model';
import { functionRows } from '../rows';
import { totalsOf, totalsOfPaths } from '../totals';
import { trees } from './trees';
import {
  metricOf,
  METRICS,
  NO_TOTALS,
  pathsOf,
  profileOf,
  type NodeSpec
} from './build';

/** Totals of the first thread, a row a function: own, total, calls, primitive calls. */
function table(paths: IPaths, functions: number): number[][] {
  const totals = totalsOfPaths(paths, functions, METRICS);
  const column = (key: 'self.time' | 'total.time') =>
    totals.values.get(key) ?? [];
  const calls = totals.values.get('self.calls') ?? [];
  const primitive = totals.values.get('primitive.calls') ?? [];
  const rows: number[][] = [];
  totals.function.forEach((func, i) => {
    rows[func] = [
      column('self.time')[i],
      column('total.time')[i],
      calls[i],
      primitive[i]
    ];
  });
  return rows;
}

it('counts a function once a path, at its outermost place', () => {
  const [main, f, g] = [0, 1, 2];
  const paths = pathsOf([
    [0, main, 1, 1],
    [1, f, 2, 1],
    [2, f, 4, 2],
    [3, g, 3, 5]
  ]);
  expect(table(paths, 3)).toEqual([
    [1, 10, 1, 1],
    [6, 9, 3, 1],
    [3, 3, 5, 5]
  ]);
});

it('sees recursion through other functions, and none beside it', () => {
  const [main, even, odd] = [0, 1, 2];
  const paths = pathsOf([
    [0, main, 1, 1],
    [1, even, 1, 1],
    [2, odd, 1, 1],
    [3, even, 1, 1],
    [1, odd, 5, 1],
    [1, even, 7, 1]
  ]);
  expect(table(paths, 3)).toEqual([
    [1, 16, 1, 1],
    [9, 10, 3, 2],
    [6, 7, 2, 2]
  ]);
});

it('keeps threads apart', () => {
  const paths = pathsOf(
    [
      [0, 0, 1, 1],
      [1, 1, 2, 1],
      [0, 1, 4, 1]
    ],
    node => (node === 2 ? 1 : 0)
  );
  const totals = totalsOfPaths(paths, 2, METRICS);
  expect(Array.from(totals.function)).toEqual([0, 1, 1]);
  expect(Array.from(totals.thread)).toEqual([0, 0, 1]);
  expect(Array.from(totals.values.get('total.time') ?? [])).toEqual([3, 2, 4]);
});

it('walks a path of a million frames', () => {
  const depth = 1_000_000;
  const nodes = Array.from({ length: depth }, (_, i): NodeSpec => [
    i,
    i % 2,
    1,
    1
  ]);
  expect(table(pathsOf(nodes), 2)).toEqual([
    [depth / 2, depth, depth / 2, 1],
    [depth / 2, depth - 1, depth / 2, 1]
  ]);
});

it('agrees with asking every node for its ancestors', () => {
  fc.assert(
    fc.property(trees, nodes => {
      const paths = pathsOf(nodes);
      const expected: number[][] = [];
      nodes.forEach(([, func, self, calls], node) => {
        const row = (expected[func] ??= [0, 0, 0, 0]);
        row[0] += self;
        row[2] += calls;
        const seen = new Set<number>();
        let isOutermost = true;
        for (let at: number = node; at !== NONE; at = paths.parent[at]) {
          isOutermost &&= at === node || paths.function[at] !== func;
          const other = paths.function[at];
          seen.add(other);
        }
        row[3] += isOutermost ? calls : 0;
        for (const other of seen) {
          (expected[other] ??= [0, 0, 0, 0])[1] += self;
        }
      });
      expect(table(paths, 4)).toEqual(expected);
    })
  );
});

it('never gives a function more than the whole', () => {
  fc.assert(
    fc.property(trees, nodes => {
      const whole = nodes.reduce((sum, node) => sum + node[2], 0);
      for (const row of table(pathsOf(nodes), 4)) {
        expect(row?.[1] ?? 0).toBeLessThanOrEqual(whole);
      }
    })
  );
});

describe('values that go together in another way', () => {
  const [main, f, g] = [0, 1, 2];
  const totalsBy = (combine: string) => {
    const paths = pathsOf([
      [0, main, -5, 1],
      [1, f, -3, 1],
      [2, f, -9, 2],
      [3, g, -1, 5],
      [1, g, -2, 5]
    ]);
    const metrics: IMetric[] = [
      metricOf('time', 'bytes', { combine }),
      metricOf('calls', 'count')
    ];
    const { values } = totalsOfPaths(paths, 3, metrics);
    return (key: ValueKey) => {
      const column = values.get(key);
      return column && Array.from(column);
    };
  };

  it('are the largest of the subtree and of the rows', () => {
    const column = totalsBy('max');
    expect(column('self.time')).toEqual([-5, -3, -1]);
    expect(column('primitive.time')).toEqual([-5, -3, -1]);
    expect(column('total.time')).toEqual([-1, -1, -1]);
    expect(column('self.calls')).toEqual([1, 3, 10]);
  });

  it('have no totals where the way is not known', () => {
    const column = totalsBy('median');
    expect(column('self.time')).toBeUndefined();
    expect(column('primitive.time')).toBeUndefined();
    expect(column('total.time')).toBeUndefined();
    expect(column('total.calls')).toEqual([14, 8, 10]);
  });
});

describe('a profile with paths', () => {
  const functions = [
    { name: 'main', calls: 90, self: 91, total: 92 },
    { name: 'f', calls: 80, self: 81, total: 82 }
  ];
  const paths = pathsOf([
    [0, 0, 1, 1],
    [1, 1, 2, 1],
    [2, 1, 4, 2]
  ]);

  it('shows its totals where it has them', () => {
    const profile = profileOf(functions, { paths });
    expect(totalsOf(profile)).toBe(profile.totals);
    const rows = functionRows(profile);
    expect(Array.from(rows.calls)).toEqual([90, 80]);
    expect(Array.from(rows.self)).toEqual([91, 81]);
    expect(Array.from(rows.total)).toEqual([92, 82]);
  });

  it('shows what follows from the paths where it has no totals', () => {
    const profile = profileOf(functions, { paths, totals: NO_TOTALS });
    const rows = functionRows(profile);
    expect(Array.from(rows.total)).toEqual([7, 6]);
    expect(Array.from(rows.calls)).toEqual([1, 3]);
    expect(Array.from(rows.primitive)).toEqual([1, 1]);
    expect(Array.from(rows.selfPerCall)).toEqual([1, 2]);
    expect(Array.from(rows.totalPerCall)).toEqual([7, 6]);
  });

  it('has no totals where it has neither', () => {
    const profile = profileOf(functions, { totals: NO_TOTALS });
    expect(totalsOf(profile).length).toBe(0);
  });
});
