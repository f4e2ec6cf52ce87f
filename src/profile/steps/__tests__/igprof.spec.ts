import { describe, expect, it } from 'vitest';

import {
  analysed,
  bytesOf,
  flatTables,
  grouped,
  read,
  seconds,
  textOf
} from '../../../formats/__tests__/igprofAnalyse';
import { applySteps, type Step } from '..';
import { fullName } from '../functions';

/** The rows of a report after steps, each with what igprof-analyse printed. */
function compare(
  dump: string,
  report: string,
  steps: readonly Step[],
  metric: string
): number {
  const { profile, told } = applySteps(read(bytesOf(dump)), steps);
  expect(told.map(({ fault }) => fault)).toEqual(steps.map(() => null));
  const rows = analysed(profile, metric, (a, b) => a + b, fullName);
  const print = metric === 'samples' ? seconds : grouped;
  const [totals, selves] = flatTables(textOf(report));
  let count = 0;
  for (const [list, role] of [
    [totals, 'total'],
    [selves, 'self']
  ] as const) {
    for (const { name, value } of list) {
      const row = rows.get(name);
      // These reports were made with -g: some names are those of debugging symbols.
      if (row && !name.startsWith('fib(')) {
        expect([name, role, print(row[role])]).toEqual([name, role, value]);
        count++;
      }
    }
  }
  return count;
}

describe('what igprof-analyse printed', () => {
  it('-ml: each library, to the last digit', () => {
    const count = compare(
      'hot.pp.gz',
      'hot.pp.merged-libs.txt',
      [
        { kind: 'merge-library' },
        // -g finds the files themselves.
        {
          kind: 'rename',
          rules:
            's|^./hot$|/opt/demo/hot|;s|^.*/(libstdc.*)|/usr/lib/x86_64-linux-gnu/$1.0.30|;s|^/lib/|/usr/lib/|'
        }
      ],
      'samples'
    );
    expect(count).toBe(11);
  });

  it('-mr: each row of what became one', () => {
    // igprof-analyse also puts a function that calls itself into one row, but not where it was renamed. Here none is.
    const count = compare(
      'hot.pp.gz',
      'hot.pp.merge-regexp.txt',
      [{ kind: 'rename', rules: 's/^_ZSt.*/STD/' }],
      'samples'
    );
    expect(count).toBeGreaterThan(30);
  });

  it('-mc 20: stacks of at least 20 ticks', () => {
    for (const by of ['count', 'value'] as const) {
      const min = by === 'count' ? 20 : 20 * 5_000_000;
      const count = compare(
        'hot.pp.gz',
        'hot.pp.min-count-20.txt',
        [{ kind: 'limit', by, min, max: null }],
        'samples'
      );
      expect(count).toBe(7);
    }
  });
});

describe('counters of memory', () => {
  it('have the numbers of their own events', () => {
    const dump = read(bytesOf('hot.mp.gz'));
    const own = (steps: readonly Step[], metric: string) =>
      [
        ...(applySteps(dump, steps).profile.paths.values.get(
          `self.${metric}`
        ) ?? [])
      ].filter(value => value !== 0);
    const bytes: Step = { kind: 'counter', metric: 'bytes' };
    const limit: Step = { kind: 'limit', by: 'count', min: 100, max: null };
    // Of the counter that is chosen before: its events are known although it alone is shown.
    const { profile, told } = applySteps(dump, [bytes, limit]);
    expect(told.map(({ fault }) => fault)).toEqual([null, null]);
    expect(profile.metrics.map(({ id }) => id)).toEqual(['bytes']);
    const allocations = own([], 'allocations').filter(count => count >= 100);
    expect(own([limit], 'allocations')).toEqual(allocations);
    expect(allocations.length).toBeGreaterThan(0);
    const average: Step = {
      kind: 'limit',
      by: 'average',
      min: 1000,
      max: null
    };
    const kept = applySteps(dump, [average]).profile.paths.values;
    const counts = kept.get('self.allocations');
    for (const [row, value] of (kept.get('self.bytes') ?? []).entries()) {
      expect(value).toBeGreaterThanOrEqual(1000 * (counts?.[row] ?? NaN));
    }
  });
});
