import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NONE, type ThreadIndex } from '../indices';
import {
  isCold,
  isHot,
  lineRows,
  perHit,
  type ILineBlock,
  type ILineRows
} from '../lineRows';
import type { IProfile, ValueKey } from '../model';
import {
  linedProfile,
  META,
  metricOf,
  type IFunctionSpec,
  type ILineSpec
} from './build';

const FUNCTIONS: readonly IFunctionSpec[] = [
  { name: 'main', line: 1 },
  { name: 'work', line: 10 },
  { name: '<genexpr>', line: 12 },
  { name: 'never', line: 20 }
];

const names = ({ blocks }: ILineRows, { functions }: IProfile) =>
  blocks.map(({ function: func }) =>
    func === NONE ? '' : functions.name[func]
  );

const linesOf = ({ line, hits, time }: ILineBlock) =>
  Array.from(line, (one, i) => [one, hits[i], time[i]]);

describe('lines of functions', () => {
  const profile = linedProfile(
    FUNCTIONS,
    [
      { func: 1, line: 12, hits: 10, time: 700, own: 500, thread: 1 },
      { func: 1, line: 11, hits: 1, time: 50 },
      { func: 0, line: 2, hits: 1, time: 1000, own: 200 },
      { func: 1, line: 12, hits: 5, time: 200 },
      { func: 2, line: 12, hits: 30, time: 90 },
      { func: 3, line: 20, hits: 0, time: 0 },
      { func: 1, line: 0, hits: 4, time: 8 },
      { func: NONE, line: 5, hits: 2, time: 3 }
    ],
    null,
    {
      meta: { ...META, wall: 2000 },
      threads: {
        ...linedProfile([], []).threads,
        length: 2,
        name: ['MainThread', 'worker']
      }
    }
  );
  const rows = lineRows(profile);

  it('are one block a function, hottest first; what has none is a block of its file', () => {
    expect(names(rows, profile)).toEqual([
      'main',
      'work',
      '<genexpr>',
      '',
      'never'
    ]);
  });

  it('are put together over threads, each line once, rising', () => {
    expect(linesOf(rows.blocks[1])).toEqual([
      [11, 1, 50],
      [12, 15, 900]
    ]);
    expect([...rows.blocks[1].own]).toEqual([50, 700]);
    // A generator expression's line is also one of the function around it.
    expect(linesOf(rows.blocks[2])).toEqual([[12, 30, 90]]);
  });

  it('are those of one thread, where it is chosen', () => {
    const worker = lineRows(profile, 1 as ThreadIndex);
    expect(names(worker, profile)).toEqual(['work']);
    expect(linesOf(worker.blocks[0])).toEqual([[12, 10, 700]]);
  });

  it('keep what was folded apart, and in the sums', () => {
    expect(rows.blocks[1].rest).toEqual({ hits: 4, time: 8, own: 8 });
    expect(rows.blocks[1].all).toEqual({ hits: 20, time: 958, own: 758 });
    expect(rows.blocks[0].rest).toBeNull();
  });

  it('begin where the function does, else with their first line', () => {
    expect(rows.blocks.map(({ first }) => first)).toEqual([1, 10, 12, 5, 20]);
  });

  it('are shares of the wall time', () => {
    expect(rows.whole).toBe(2000);
    expect(rows.hottest).toBe(1000);
  });

  it('are shares of the hottest function, where that took more or the wall time is not known', () => {
    const of = (wall: number | null) =>
      lineRows({ ...profile, meta: { ...META, wall } }).whole;
    expect(of(null)).toBe(1000);
    expect(of(900)).toBe(1000);
  });

  it('are cold below a hundredth of the whole, and where nothing ran', () => {
    // 20 of 2000 is a hundredth.
    expect(rows.blocks.map(block => isCold(block, rows))).toEqual([
      false,
      false,
      false,
      true,
      true
    ]);
  });

  it('are hot from a tenth of the hottest line on', () => {
    expect([1000, 100, 99, 0, NaN].map(time => isHot(time, rows))).toEqual([
      true,
      true,
      false,
      false,
      false
    ]);
  });

  it('have a time for each hit, where there were hits', () => {
    expect(perHit({ hits: 4, time: 10, own: 0 })).toBe(2.5);
    expect(perHit({ hits: 0, time: 10, own: 0 })).toBeNaN();
  });
});

it('takes own times where there are no others', () => {
  const profile = linedProfile(FUNCTIONS, [
    { func: 0, line: 1, time: 9, own: 4 }
  ]);
  const values = new Map(profile.lines.values);
  values.delete('total.time');
  const { blocks } = lineRows({
    ...profile,
    lines: { ...profile.lines, values }
  });
  expect([...blocks[0].time]).toEqual([4]);
});

it('multiplies by the tick of the metric', () => {
  const { blocks, whole } = lineRows(
    linedProfile(FUNCTIONS, [{ func: 0, line: 1, time: 9 }], null, {
      metrics: [
        metricOf('hits', 'count'),
        metricOf('time', 'ns', { tick: 100 })
      ]
    })
  );
  expect(blocks[0].all.time).toBe(900);
  expect(whole).toBe(900);
});

it('does not know times that were not measured, or that do not go together', () => {
  const profile = linedProfile(FUNCTIONS, [
    { func: 0, line: 1, time: 9 },
    { func: 0, line: 2, time: 8 },
    { func: 0, line: 2, time: 7 }
  ]);
  const hits = lineRows({
    ...profile,
    lines: {
      ...profile.lines,
      values: new Map<ValueKey, Float64Array>([
        ['self.hits', Float64Array.of(1, 2, 3)]
      ])
    }
  });
  expect(hits.metric).toBeNull();
  expect(hits.whole).toBeNaN();
  expect(linesOf(hits.blocks[0])).toEqual([
    [1, 1, NaN],
    [2, 5, NaN]
  ]);
  const apart = lineRows({
    ...profile,
    metrics: [
      metricOf('hits', 'count'),
      metricOf('time', 'ns', { combine: 'median' })
    ]
  });
  expect([...apart.blocks[0].time]).toEqual([9, NaN]);
});

/** Rows as anybody may have written them. */
const anyRows: fc.Arbitrary<ILineSpec[]> = fc.array(
  fc.record({
    func: fc.integer({ min: NONE, max: FUNCTIONS.length - 1 }),
    line: fc.oneof(
      fc.integer({ min: 0, max: 30 }),
      fc.constantFrom(NaN, -3, 2.5, 2 ** 53)
    ),
    hits: fc.nat(1000),
    time: fc.integer({ min: -50, max: 1_000_000 }),
    own: fc.nat(1_000_000),
    thread: fc.nat(2)
  }),
  { maxLength: 60 }
);

const sum = (values: Iterable<number>) =>
  [...values].reduce((all, value) => all + value, 0);

it('loses nothing: sums and lines are those of the rows', () => {
  fc.assert(
    fc.property(anyRows, specs => {
      const { blocks } = lineRows(linedProfile(FUNCTIONS, specs));
      for (const name of ['hits', 'time', 'own'] as const) {
        const shown = sum(
          blocks.map(block => sum(block[name]) + (block.rest?.[name] ?? 0))
        );
        expect(shown).toBe(sum(specs.map(row => row[name] ?? 0)));
        expect(sum(blocks.map(({ all }) => all[name]))).toBe(shown);
      }
      const wanted = specs
        .filter(({ line }) => line > 0 && Number.isInteger(line))
        .map(({ func, line }) => `${func} ${line}`);
      const found = blocks.flatMap(({ function: func, line }) =>
        Array.from(line, one => `${func} ${one}`)
      );
      expect(found.sort()).toEqual([...new Set(wanted)].sort());
      for (const { line } of blocks) {
        expect([...line]).toEqual([...line].sort((a, b) => a - b));
      }
    })
  );
});

it('is the same whatever order the rows have', () => {
  fc.assert(
    fc.property(
      anyRows.chain(rows =>
        fc.tuple(
          fc.constant(rows),
          fc.shuffledSubarray(rows, { minLength: rows.length })
        )
      ),
      ([rows, shuffled]) => {
        expect(lineRows(linedProfile(FUNCTIONS, shuffled))).toEqual(
          lineRows(linedProfile(FUNCTIONS, rows))
        );
      }
    )
  );
});

it('adds up what is known of times that are not all', () => {
  fc.assert(
    fc.property(anyRows, fc.func(fc.boolean()), (specs, isKnown) => {
      const profile = linedProfile(FUNCTIONS, specs);
      const total = profile.lines.values.get('total.time') as Float64Array;
      const known = total.map((time, row) => (isKnown(row) ? time : NaN));
      const { blocks, whole, hottest } = lineRows({
        ...profile,
        lines: {
          ...profile.lines,
          values: new Map([...profile.lines.values, ['total.time', known]])
        }
      });
      expect(sum(blocks.map(({ all }) => all.time || 0))).toBe(
        sum([...known].map(time => time || 0))
      );
      expect(hottest).toBeGreaterThanOrEqual(0);
      expect(Number.isNaN(whole) || whole > 0).toBe(true);
    })
  );
});
