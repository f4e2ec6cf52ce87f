import { expect, it } from 'vitest';

import { indexColumn, NONE } from '../indices';
import type { ThreadKind } from '../model';
import { rootCount } from '../roots';
import { profileOf } from './build';

/** A profile with a function in each of these threads, told by kind and parent. */
function rootsOf(...threads: [ThreadKind, number][]): number {
  const profile = profileOf(threads.map((_, i) => ({ name: `f${i}` })));
  const length = threads.length;
  return rootCount({
    ...profile,
    threads: {
      length,
      name: threads.map(() => ''),
      kind: threads.map(([kind]) => kind),
      parent: indexColumn(Int32Array.from(threads, ([, parent]) => parent)),
      pid: new Float64Array(length),
      tid: new Float64Array(length),
      wall: new Float64Array(length)
    },
    totals: {
      ...profile.totals,
      thread: indexColumn(Int32Array.from(threads, (_, i) => i))
    }
  });
}

it('counts threads, which run side by side', () => {
  expect(rootsOf(['thread', NONE])).toBe(1);
  expect(rootsOf(['thread', NONE], ['thread', 0])).toBe(2);
  expect(rootsOf(['process', NONE], ['thread', 0])).toBe(2);
});

it('counts tasks as the thread whose time they share', () => {
  expect(rootsOf(['thread', NONE], ['task', 0], ['task', 1])).toBe(1);
  expect(rootsOf(['thread', NONE], ['task', 0], ['thread', 0])).toBe(2);
  expect(rootsOf(['task', NONE], ['task', NONE])).toBe(2);
});

it('counts nothing where nothing was measured', () => {
  expect(rootCount(profileOf([]))).toBe(0);
});
