import { expect, it } from 'vitest';

import type { IProfile } from '../model';
import { asCProfileHasIt } from '../without';
import { METRICS, NO_TOTALS, pathsOf, profileOf, type NodeSpec } from './build';

const functions = [
  { name: 'main' },
  { name: 'Job', kind: 'callable' },
  { name: 'run' }
] as const;

function profile(nodes: readonly NodeSpec[]): IProfile {
  return profileOf(functions, { metrics: METRICS, paths: pathsOf(nodes) });
}

/** Depth, function, own ns and calls of each row. */
function rows({ paths }: IProfile): number[][] {
  const depth: number[] = [];
  return Array.from({ length: paths.length }, (_, row) => {
    const parent: number = paths.parent[row];
    depth[row] = parent < 0 ? 0 : depth[parent] + 1;
    return [
      depth[row],
      paths.function[row],
      paths.values.get('self.time')?.[row] ?? NaN,
      paths.values.get('self.calls')?.[row] ?? NaN
    ];
  });
}

it('gives what a callable took, and what it called, to its caller', () => {
  const nodes: NodeSpec[] = [
    [0, 0, 1, 1],
    [1, 1, 2, 3],
    [2, 1, 4, 3],
    [3, 2, 8, 5],
    [1, 2, 16, 1]
  ];
  const whole = profile(nodes);
  expect(rows(asCProfileHasIt({ ...whole, totals: NO_TOTALS }))).toEqual([
    [0, 0, 7, 1],
    [1, 2, 8, 5],
    [1, 2, 16, 1]
  ]);
});

it('leaves what nobody but a callable called without a caller', () => {
  const nodes: NodeSpec[] = [
    [0, 1, 2, 1],
    [1, 2, 8, 5]
  ];
  const whole = profile(nodes);
  expect(rows(asCProfileHasIt({ ...whole, totals: NO_TOTALS }))).toEqual([
    [0, 2, 8, 5]
  ]);
});

it('leaves a profile as it is that has sums of its own, or no callables', () => {
  const whole = profile([[0, 1, 2, 1]]);
  expect(whole.totals.length).toBeGreaterThan(0);
  expect(asCProfileHasIt(whole)).toBe(whole);
  const without = {
    ...profileOf([{ name: 'main' }], { paths: pathsOf([[0, 0, 1, 1]]) }),
    totals: NO_TOTALS
  };
  expect(asCProfileHasIt(without)).toBe(without);
});
