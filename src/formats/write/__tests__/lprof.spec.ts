import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { linedProfile, profileOf } from '../../../profile/__tests__/build';
import type { IProfile } from '../../../profile/model';
import { displayName } from '../../../profile/names';
import { dataFile, read } from '../../__tests__/readings';
import { LPROF } from '../../lprof';
import { HITS, ProfileBuilder, timeMetric } from '../../profileBuilder';
import { toLprof } from '../lprof';

const FILES = readdirSync(
  resolve(__dirname, '../../../../tests/data/lprof')
).filter(name => name.endsWith('.lprof'));

/** Hits and time of each line by its function; rows of nothing left out. */
function linesOf(profile: IProfile): Record<string, [number, number]> {
  const { lines, files, functions } = profile;
  const found: Record<string, [number, number]> = {};
  for (let row = 0; row < lines.length; row++) {
    const func = lines.function[row];
    const key = `${files.path[lines.file[row]]}:${functions.line[func]} ${displayName(profile, func)} ${lines.line[row]}`;
    const hits = lines.values.get('self.hits')?.[row] ?? NaN;
    const time = lines.values.get('total.time')?.[row] ?? NaN;
    if (hits !== 0 || time !== 0) {
      const [before, timeBefore] = found[key] ?? [0, 0];
      found[key] = [before + hits, timeBefore + time];
    }
  }
  return found;
}

describe('toLprof', () => {
  it.each(FILES)('%s is written as it was read', name => {
    const profile = read(LPROF, dataFile(`lprof/${name}`));
    const again = read(LPROF, toLprof(profile));
    expect(linesOf(again)).toEqual(linesOf(profile));
    expect(again.functions).toEqual(profile.functions);
    expect(again.files).toEqual(profile.files);
    expect(again.metrics).toEqual(profile.metrics);
    expect(again.meta.engine.version).toBe('5.0.1 or newer');
  });

  it('leaves out lines that did not run, and keeps their function', () => {
    const profile = linedProfile(
      [{ name: 'f', qualified: 'C.f', line: 3 }],
      [{ func: 0, line: 4, hits: 0, time: 0 }]
    );
    const { functions, lines } = read(LPROF, toLprof(profile));
    expect(functions.qualified).toEqual(['C.f']);
    // The reader gives a function without lines a row of its first one.
    expect([...lines.line]).toEqual([3]);
  });

  it('gives any lines back, namesakes and threads together', () => {
    const functions = [
      { name: 'f', qualified: 'C.f', path: '/a.py', line: 3 },
      { name: 'g', qualified: 'C.f', path: '/a.py', line: 3 },
      { name: 'f', path: '/b\0é\ud83d\ude00.py', line: 2 ** 31 - 1 }
    ];
    const row = fc.record({
      func: fc.nat(functions.length - 1),
      thread: fc.nat(1),
      line: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.nat(2 ** 31 - 1)),
      hits: fc.oneof(fc.nat(300), fc.nat(2 ** 45)),
      time: fc.oneof(
        fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
        fc.double({ noNaN: true, min: -1e9, max: 1e9 })
      )
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1 }),
        fc.constantFrom(1, 100, 1000, 1e9),
        (rows, tick) => {
          const builder = new ProfileBuilder({});
          builder.metric(timeMetric(tick));
          builder.metric(HITS);
          const funcs = functions.map(parts => builder.func(parts));
          const threads = ['a', 'b'].map(name => builder.thread({ name }));
          for (const { func, thread, line, hits, time } of rows) {
            const file = builder.file(functions[func].path);
            const { lines } = builder;
            // A folded line has no number, and is not written.
            const at = lines.row(file, line, funcs[func], threads[thread]);
            lines.add(at, 'self.hits', line && hits);
            lines.add(at, 'total.time', line && time);
          }
          const profile = builder.done('a test', '');
          const again = read(LPROF, toLprof(profile));
          expect(again.metrics[0].tick).toBe(tick);
          expect(linesOf(again)).toEqual(linesOf(profile));
        }
      )
    );
  });

  it('refuses a profile without lines, or without their hits', () => {
    expect(() => toLprof(profileOf([{ name: 'f' }]))).toThrow(
      'This profile has no times of lines, which is what an .lprof file holds.'
    );
    const lined = linedProfile(
      [{ name: 'f' }],
      [{ func: 0, line: 1, hits: 1, time: 1 }]
    );
    const values = new Map(lined.lines.values);
    values.delete('self.hits');
    expect(() =>
      toLprof({ ...lined, lines: { ...lined.lines, values } })
    ).toThrow(
      'This profile has no hits of lines, which is what an .lprof file holds.'
    );
  });

  it('refuses sums that are beyond all numbers', () => {
    const lined = linedProfile(
      [{ name: 'f' }],
      [
        { func: 0, line: 1, hits: 1e308, time: 1 },
        { func: 0, line: 1, hits: 1e308, time: 1, thread: 1 }
      ]
    );
    expect(() => toLprof(lined)).toThrow('found Infinity');
  });
});
