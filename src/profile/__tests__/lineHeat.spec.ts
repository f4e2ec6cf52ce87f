import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decode } from '../../wire';
import { sample } from '../../wire/__tests__/samples';
import { NONE, type FileIndex } from '../indices';
import { heatOf, lineHeat, MOST_HEAT } from '../lineHeat';
import type { ILines, IProfile } from '../model';
import {
  LINE_METRICS,
  linesOf,
  META,
  metricOf,
  profileOf,
  type LineSpec
} from './build';

const FUNCTIONS = [
  { name: 'f', path: '/a.py' },
  { name: '<genexpr>', path: '/a.py' },
  { name: 'g', path: '/b.py' }
];

function profile(
  rows: readonly LineSpec[],
  more: Partial<IProfile> = {}
): IProfile {
  return profileOf(FUNCTIONS, {
    metrics: LINE_METRICS,
    lines: linesOf(rows),
    ...more
  });
}

function wall(ns: number | null): Partial<IProfile> {
  return { meta: { ...META, wall: ns } };
}

/** Costs of a file's line. */
function cost(of: IProfile, file: number, line: number) {
  return lineHeat(of)
    .files.get(file as FileIndex)
    ?.get(line);
}

describe('what a line took', () => {
  it('is bytes where no time was measured, of all that call paths hold, else of what the dearest line has', () => {
    const timed = profile([
      [0, 3, 0, 1, 60],
      [0, 4, 0, 1, 20]
    ]);
    const values = timed.lines.values.get('total.time') ?? new Float64Array(2);
    const heat = lineHeat({
      ...timed,
      metrics: [metricOf('peak_bytes', 'bytes')],
      lines: { ...timed.lines, values: new Map([['total.peak_bytes', values]]) }
    });
    expect(heat).toMatchObject({ unit: 'bytes', whole: 60 });
    const paths = new Map([['self.peak_bytes', Float64Array.of(30, 40, 50)]]);
    const held = lineHeat({
      ...timed,
      metrics: [metricOf('peak_bytes', 'bytes')],
      paths: {
        ...timed.paths,
        length: 3,
        values: paths as IProfile['paths']['values']
      },
      lines: { ...timed.lines, values: new Map([['total.peak_bytes', values]]) }
    });
    expect(held.whole).toBe(120);
    expect(heat.files.get(0 as FileIndex)?.get(4)).toMatchObject({
      time: 20,
      share: 1 / 3
    });
  });

  it('is what its costliest function took, with the hits of that one', () => {
    const one = cost(
      profile([
        [0, 3, 1, 500, 60],
        [0, 3, 0, 20, 80]
      ]),
      0,
      3
    );
    expect(one).toMatchObject({ function: 0, time: 80, hits: 20 });
    expect(one?.parts).toEqual([
      { function: 0, time: 80, hits: 20 },
      { function: 1, time: 60, hits: 500 }
    ]);
  });

  it('is the sum of its threads', () => {
    const one = cost(
      profile([
        [0, 3, 0, 20, 80, 0],
        [0, 3, 0, 5, 8, 1]
      ]),
      0,
      3
    );
    expect(one).toMatchObject({ time: 88, hits: 25 });
    expect(one?.parts.length).toBe(1);
  });

  it('is told apart by file', () => {
    const two = profile([
      [0, 3, 0, 1, 10],
      [1, 3, 2, 2, 20]
    ]);
    expect([cost(two, 0, 3)?.time, cost(two, 1, 3)?.time]).toEqual([10, 20]);
  });

  it('is known of a line that did not run', () => {
    expect(cost(profile([[0, 6, 0, 0, 0]]), 0, 6)).toMatchObject({
      hits: 0,
      time: 0
    });
  });

  it('is in the unit of the metric', () => {
    const ticks = [
      metricOf('hits', 'count'),
      metricOf('time', 'ns', { tick: 100 })
    ];
    expect(cost(profile([[0, 1, 0, 3, 7]], { metrics: ticks }), 0, 1)).toEqual(
      expect.objectContaining({ time: 700, hits: 3 })
    );
  });

  it('is its own time where no other is known', () => {
    const lines = linesOf([[0, 1, 0, 3, 7]]);
    const values = new Map(lines.values);
    values.set('self.time', Float64Array.of(5));
    const both: ILines = { ...lines, values };
    expect(cost(profile([], { lines: both }), 0, 1)?.time).toBe(7);
    values.delete('total.time');
    expect(cost(profile([], { lines: both }), 0, 1)?.time).toBe(5);
    values.delete('self.time');
    expect(cost(profile([], { lines: both }), 0, 1)).toMatchObject({
      time: NaN,
      share: NaN,
      hits: 3
    });
  });

  it('is not known where values do not go together', () => {
    const metrics = [
      metricOf('hits', 'count'),
      metricOf('time', 'ns', { combine: 'median' })
    ];
    const rows: LineSpec[] = [
      [0, 1, 0, 3, 7, 0],
      [0, 1, 0, 3, 7, 1],
      [0, 2, 0, 1, 9]
    ];
    const of = profile(rows, { metrics });
    expect([cost(of, 0, 1)?.time, cost(of, 0, 2)?.time]).toEqual([NaN, 9]);
  });

  it('is that of the sample', async () => {
    const heat = lineHeat(await decode(sample('lines')));
    // wire/samples/expected.json: two files, six lines and one that two threads ran.
    expect([...heat.files.values()].map(lines => [...lines.keys()])).toEqual([
      [2, 3, 4, 5, 6, 7],
      [495]
    ]);
    expect(heat.whole).toBe(912_500_000);
    const mean = heat.files.get(1 as FileIndex)?.get(495);
    expect(mean?.parts.map(part => part.function)).toEqual([1, NONE]);
  });
});

describe('the whole', () => {
  const rows: LineSpec[] = [
    [0, 1, 0, 1, 400],
    [0, 2, 0, 1, 100]
  ];

  it('is the wall time', () => {
    expect(lineHeat(profile(rows, wall(1000))).whole).toBe(1000);
    expect(cost(profile(rows, wall(1000)), 0, 2)?.share).toBe(0.1);
  });

  it('is the hottest line where the wall time is not known, or less', () => {
    for (const ns of [null, 0, 250, NaN]) {
      expect(lineHeat(profile(rows, wall(ns))).whole).toBe(400);
    }
  });

  it('is not known where nothing took time', () => {
    expect(cost(profile([[0, 1, 0, 5, 0]]), 0, 1)?.share).toBe(NaN);
  });
});

it('rows that stand for no line are left out', () => {
  const heat = lineHeat(
    profile([
      [0, 0, 0, 90, 900],
      [NONE, 4, 0, 1, 1],
      [0, 1.5, 0, 1, 1],
      [0, -2, 0, 1, 1],
      [0, 2 ** 60, 0, 1, 1]
    ])
  );
  expect(heat.files.size).toBe(0);
});

it('heat has steps from nothing to the most', () => {
  const shares = [NaN, -1, 0, 1e-9, 0.01, 0.05, 0.1, 0.25, 0.5, 1];
  expect(shares.map(heatOf)).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6, 6]);
  expect(heatOf(Infinity)).toBe(MOST_HEAT);
});

it('holds for whatever a profile has', () => {
  const value = fc.oneof(
    fc.nat(1e9),
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, -5)
  );
  const row = fc.tuple(
    fc.integer({ min: -1, max: 1 }),
    fc.oneof(fc.integer({ min: -2, max: 5 }), fc.double()),
    fc.integer({ min: -1, max: 2 }),
    value,
    value,
    fc.nat(2)
  );
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 40 }),
      fc.oneof(fc.constant(null), value),
      (rows, ns) => {
        const heat = lineHeat(profile(rows, wall(ns)));
        for (const [file, lines] of heat.files) {
          expect([0, 1]).toContain(file);
          for (const [line, one] of lines) {
            expect(Number.isSafeInteger(line) && line > 0).toBe(true);
            expect(one.parts.length).toBeGreaterThan(0);
            expect(one).toMatchObject(one.parts[0]);
            const functions = one.parts.map(part => part.function);
            expect(new Set(functions).size).toBe(functions.length);
            if (Number.isFinite(one.time)) {
              expect(one.share > 1).toBe(false);
              for (const part of one.parts) {
                expect(part.time > one.time && part.time < Infinity).toBe(
                  false
                );
              }
            }
          }
        }
      }
    )
  );
});
