import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { metricOf, METRICS, profileOf } from '../../__tests__/build';
import { trees } from '../../__tests__/trees';
import type { ThreadIndex } from '../../indices';
import type { IMetric } from '../../model';
import { totalsOf } from '../../totals';
import { decode } from '../../../wire';
import { sample } from '../../../wire/__tests__/samples';
import { threadShares, treeOf } from '../treeOf';
import {
  deepTree,
  draw,
  drawn,
  faultsOf,
  parse,
  profileWith,
  TIME,
  treeDrawn,
  treeFrom,
  waysOf,
  wideTree
} from './drawn';

it('puts frames of one function under one caller together, the largest first', () => {
  const tree = treeDrawn(`
    main 1
      f 2
        g 5
      h 3
      f 4
        g 2
        h 9
  `);
  expect(draw(tree)).toBe(
    drawn(`
      main 1
        f 6
          h 9
          g 7
        h 3
    `)
  );
  expect(Array.from(tree.total)).toEqual([26, 22, 9, 7, 3]);
  expect(Array.from(tree.parent)).toEqual([-1, 0, 1, 1, 0]);
  expect(Array.from(tree.end)).toEqual([5, 4, 3, 4, 5]);
  expect(Array.from(tree.calls ?? [])).toEqual([1, 2, 1, 2, 1]);
  expect(tree.whole).toBe(26);
});

it('has as many roots as there are', () => {
  const tree = treeDrawn(`
    f 1
    main 2
      f 3
    f 8
  `);
  expect(draw(tree)).toBe(
    drawn(`
      f 9
      main 2
        f 3
    `)
  );
});

it('leaves siblings of one size in their order', () => {
  const tree = treeDrawn(`
    main 0
      h 1
      f 1
      g 1
  `);
  expect(draw(tree)).toBe(
    drawn(`
      main 0
        h 1
        f 1
        g 1
    `)
  );
});

it('multiplies by the tick', () => {
  const profile = {
    ...profileWith([[0, 0, 3, 1]]),
    metrics: [metricOf('time', 'ns', { tick: 100 }), METRICS[1]]
  };
  expect(treeOf(profile, profile.metrics[0])?.whole).toBe(300);
});

it('is a tree of the same ways, whatever the order in which they ran', () => {
  fc.assert(
    fc.property(trees, nodes => {
      fc.pre(nodes.length > 0);
      const tree = treeFrom(nodes);
      expect(faultsOf(tree)).toEqual([]);
      const names: string[] = [];
      const ways = new Map<string, number>();
      for (const [depth, func, self] of nodes) {
        names.splice(depth, Infinity, ['main', 'f', 'g', 'h'][func]);
        const way = `/${names.join('/')}`;
        ways.set(way, (ways.get(way) ?? 0) + self);
      }
      expect(waysOf(tree)).toEqual(ways);
    })
  );
});

it('is not there without call paths, or values', () => {
  expect(treeOf(profileOf([{ name: 'main' }]), TIME)).toBeNull();
  const profile = profileWith([[0, 0, 3, 1]]);
  expect(treeOf(profile, metricOf('bytes', 'bytes'))).toBeNull();
  const median: IMetric = { ...TIME, combine: 'median' };
  expect(treeOf(profile, median)).toBeNull();
});

it('takes the largest value where values go together like that', () => {
  const tree = treeOf(profileWith(parse('main 1\n  f 7\n    g 3\n  f 2')), {
    ...TIME,
    combine: 'max'
  });
  expect(Array.from(tree?.self ?? [])).toEqual([1, 7, 3]);
  expect(Array.from(tree?.total ?? [])).toEqual([7, 7, 3]);
  expect(tree?.whole).toBe(7);
});

it('holds a path of a million frames', { timeout: 60_000 }, () => {
  const length = 1_000_000;
  const tree = deepTree(length, [0, 1]);
  expect(tree.length).toBe(length);
  expect(tree.total[0]).toBe(length);
  expect(tree.depth[length - 1]).toBe(length - 1);
});

it('sorts a hundred thousand callees', { timeout: 60_000 }, () => {
  const { self, total } = wideTree(100_000);
  const sizes = self.slice(1);
  expect(sizes.every((size, i) => i === 0 || size <= sizes[i - 1])).toBe(true);
  expect(sizes.sort().every((size, i) => size === i)).toBe(true);
  expect(total[1]).toBe(self[1]);
});

describe('threads and tasks', () => {
  const nodes = parse('main 1\n  f 2\n  g 3\nmain 4\n  h 10');
  const profile = profileWith(nodes, undefined, node => (node < 3 ? 0 : 1));

  it('have trees of their own', () => {
    const second = treeOf(profile, TIME, { thread: 1 as ThreadIndex });
    expect(second && draw(second)).toBe('main 4\n  h 10');
    const all = treeOf(profile, TIME);
    expect(all && draw(all)).toBe('main 5\n  h 10\n  g 3\n  f 2');
  });

  it('hang on callers of their own', () => {
    const mixed = profileWith(nodes, undefined, node => (node === 4 ? 0 : 1));
    const tree = treeOf(mixed, TIME, { thread: 0 as ThreadIndex });
    expect(tree && draw(tree)).toBe('h 10');
  });

  it('have shares of the whole, the largest first', () => {
    expect(threadShares(profile, TIME)).toEqual([
      { thread: 1, value: 14, share: 0.7 },
      { thread: 0, value: 6, share: 0.3 }
    ]);
  });

  it('have no shares of values that do not sum', () => {
    const [first] = threadShares(profile, { ...TIME, combine: 'max' });
    expect(first).toEqual({ thread: 1, value: 10, share: NaN });
    expect(threadShares(profile, metricOf('bytes', 'bytes'))).toEqual([]);
  });
});

it.each(['paths', 'both'])('reads the sample %s', async name => {
  const profile = await decode(sample(name));
  for (const metric of profile.metrics) {
    const tree = treeOf(profile, metric);
    if (!tree) {
      expect(profile.paths.values.has(`self.${metric.id}`)).toBe(false);
      continue;
    }
    expect(faultsOf(tree)).toEqual([]);
    const stored = profile.paths.values.get(`self.${metric.id}`) ?? [];
    expect(tree.whole).toBeCloseTo(
      Array.from(stored).reduce((sum, value) => sum + value * metric.tick, 0)
    );
    expect(totalsOf(profile).length).toBeGreaterThan(0);
  }
});
