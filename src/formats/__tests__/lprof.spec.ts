import { readdirSync, readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { indexColumn, type FileIndex } from '../../profile/indices';
import { LineList } from '../../profile/lineList';
import { lineRows } from '../../profile/lineRows';
import { LineSources } from '../../profile/lineSource';
import { lineText } from '../../profile/lineText';
import type { IProfile } from '../../profile/model';
import { FormatError } from '../error';
import { LPROF } from '../lprof';
import { flips, prefixes, readOrRefuse } from './hostile';

/** Files that kernprof of line_profiler 3.5.1 to 5.0.2 wrote, and what it printed of them (README.txt there). */
const DATA = new URL('../../../tests/data/lprof/', import.meta.url);

const FILES = readdirSync(DATA).filter(name => name.endsWith('.lprof'));
const SCRIPT = readFileSync(new URL('line_demo.py.txt', DATA), 'utf8');

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(name, DATA)));
const reading = { name: 'a.lprof', onProgress: () => undefined };
const read = (bytes: Uint8Array) => LPROF.read(bytes, reading) as IProfile;

/** What line_profiler prints; above it stands what the script did. */
function printed(name: string): string {
  const text = readFileSync(new URL(name, DATA), 'utf8');
  return text.slice(text.indexOf('Timer unit'));
}

/** What is printed of a file, with the text of the script or without. */
function write(profile: IProfile, unit: number, hasSource: boolean): string {
  const whole: IProfile = hasSource
    ? {
        ...profile,
        sources: {
          length: 1,
          file: indexColumn<FileIndex>(new Int32Array(1)),
          line: Float64Array.of(1),
          text: [SCRIPT]
        }
      }
    : profile;
  return lineText(
    whole,
    new LineList(whole, lineRows(whole), new LineSources(whole)),
    unit
  );
}

/** A function that was not called has a row here, and none there. */
const withoutEmptyRow = (text: string) =>
  text.replace(
    /^( *53) {9}0 {10}0\.0 {18}( {2}.*)$/m,
    (_, line: string, rest: string) => `${line}${' '.repeat(41)}${rest}`
  );

describe('every sample of line_profiler', () => {
  it.each(FILES)('%s is known', name => {
    const bytes = bytesOf(name);
    expect(LPROF.sniff(bytes, bytes.length)).toBe(true);
  });

  it.each(FILES.filter(name => !name.includes('autoprofile')))(
    '%s is what kernprof printed',
    name => {
      const text = write(read(bytesOf(name)), 1e-6, true);
      expect(withoutEmptyRow(text)).toBe(
        printed(name.replace('.lprof', '.kernprof-lv.txt'))
      );
    }
  );

  it('is what line_profiler prints without the source', () => {
    const text = write(read(bytesOf('v5.0.2-py3.13.lprof')), 1e-6, false);
    expect(withoutEmptyRow(text)).toBe(
      printed('v5.0.2.view-source-missing.txt')
    );
  });

  it('is what line_profiler prints in ms', () => {
    // Functions stand by rising time there, and those that were not called are left out.
    const blocks = (text: string) =>
      text
        .split('\n\nTotal time')
        .slice(1)
        .map(block => block.split('\n\n  0.00 seconds')[0].trimEnd());
    const ours = blocks(
      write(read(bytesOf('v5.0.2-py3.13.lprof')), 1e-3, true)
    );
    const theirs = blocks(printed('v5.0.2.view-mtz-u1e-3.txt'));
    expect(theirs.length).toBe(5);
    expect(ours).toEqual(expect.arrayContaining(theirs));
  });

  it('has every function of a script that was profiled as a whole', () => {
    const { functions } = read(bytesOf('v5.0.2-autoprofile-p.lprof'));
    expect(functions.qualified).toContain('Reader.__init__');
    expect(functions.name).toContain('__init__');
  });

  it('keeps integers and the unit', () => {
    const { metrics, lines, meta } = read(bytesOf('v3.5.1-py3.8.lprof'));
    expect(metrics.map(({ id, tick }) => [id, tick])).toEqual([
      ['time', 1000],
      ['hits', 1]
    ]);
    expect(
      [...(lines.values.get('total.time') ?? [])].every(Number.isInteger)
    ).toBe(true);
    expect(meta.engine).toMatchObject({ name: 'line_profiler', version: '3' });
  });

  it('says that hits of version 4 may be too few', () => {
    const codes = (name: string) =>
      read(bytesOf(name)).meta.warnings.map(({ code }) => code);
    expect(codes('v3.5.1-py3.8.lprof')).toEqual([]);
    expect(codes('v4.0.2-py3.11.lprof')).toEqual(['hits']);
    expect(codes('v5.0.2-py3.13.lprof')).toEqual([]);
  });
});

/** Written from the grammar (CPython's Lib/pickletools.py). */
const ascii = (text: string) => [...text].map(c => c.charCodeAt(0));
const text = (t: string) => [0x8c, t.length, ...ascii(t)];
const float = (n: number) => [
  0x47,
  ...[...new Uint8Array(new Float64Array([n]).buffer)].reverse()
];
const HEAD = [
  0x80,
  2,
  0x63,
  ...ascii('_line_profiler\nLineStats\n'),
  0x29,
  0x81
];
const PLACE = [...text('a.py'), 0x4b, 3, ...text('C.f'), 0x87];
/** A file of version 2 with these instructions for the lines of one function. */
const file = (lines: number[], unit = float(1e-6)) =>
  Uint8Array.from([
    ...HEAD,
    0x7d,
    0x28,
    ...text('unit'),
    ...unit,
    ...text('timings'),
    0x7d,
    ...PLACE,
    ...lines,
    0x73,
    0x75,
    0x62,
    0x2e
  ]);
const line = (number: number[], hits: number[], time: number[]) => [
  0x5d,
  ...number,
  ...hits,
  ...time,
  0x87,
  0x61
];
const two = [0x4b, 2];

describe('made-up files of line_profiler', () => {
  it('may be of version 2', () => {
    const { meta, lines, functions } = read(
      file(line([0x4b, 4], [0x8a, 5, 0, 0, 0, 0, 1], float(1.5)))
    );
    expect(meta.engine.version).toBe('2');
    expect(functions.qualified).toEqual(['C.f']);
    expect(functions.name).toEqual(['f']);
    expect([...lines.line]).toEqual([4]);
    expect(lines.values.get('self.hits')?.[0]).toBe(2 ** 32);
    expect(lines.values.get('total.time')?.[0]).toBe(1.5);
  });

  it('give a function without lines a row of nothing', () => {
    const { lines } = read(file([0x5d]));
    expect([...lines.line]).toEqual([3]);
    expect([...(lines.values.get('self.hits') ?? [])]).toEqual([0]);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'Expected 1 bytes more'],
    [
      'protocol 1',
      Uint8Array.of(0x80, 1),
      'Expected a pickle of protocol 2 to 5, found 1 at byte 1.'
    ],
    [
      'another class',
      Uint8Array.from([0x80, 2, 0x63, ...ascii('os\nsystem\n')]),
      'Expected a file of line_profiler, found a pickle of something else at byte 2.'
    ],
    [
      'a call',
      Uint8Array.from([...HEAD, 0x52]),
      'Expected an instruction that line_profiler writes, found 52'
    ],
    [
      'a number alone',
      Uint8Array.of(0x80, 4, ...two, 0x2e),
      'Expected an object of line_profiler'
    ],
    [
      'an object without content',
      Uint8Array.from([...HEAD, 0x2e]),
      'Expected content'
    ],
    [
      'a unit of 0',
      file([0x5d], float(0)),
      'Expected the time unit in seconds'
    ],
    [
      'a unit that is no number',
      file([0x5d], float(NaN)),
      'Expected the time unit in seconds'
    ],
    [
      'a time that is no number',
      file(line(two, two, float(NaN))),
      'Expected a line, its hits and its time'
    ],
    [
      'hits below 0',
      file(line(two, [0x4a, 255, 255, 255, 255], two)),
      'Expected a line, its hits'
    ],
    [
      'an integer of 17 bytes',
      file(line(two, [0x8a, 17, ...Array<number>(17).fill(1)], two)),
      'less than 2^53'
    ],
    [
      'an integer of 8 bytes that is too large',
      file(line(two, [0x8a, 8, ...Array<number>(8).fill(1)], two)),
      'less than 2^53'
    ],
    [
      'a list for a key',
      Uint8Array.from([...HEAD, 0x7d, 0x5d, 0x4e, 0x73]),
      'Expected a text or the place'
    ],
    [
      'a key alone',
      Uint8Array.from([...HEAD, 0x7d, 0x28, ...text('a'), 0x75]),
      'Expected a value for each key'
    ],
    [
      'what is repeated before it is there',
      Uint8Array.of(0x80, 2, 0x68, 9),
      'Expected a repetition'
    ],
    [
      'a mark for a value',
      Uint8Array.of(0x80, 2, 0x28, 0x85),
      'Expected a value for an instruction'
    ],
    [
      'no mark',
      Uint8Array.of(0x80, 2, 0x74),
      'Expected the begin of a container'
    ],
    [
      'a text beyond the file',
      Uint8Array.of(0x80, 2, 0x8d, 0, 0, 0, 0, 0, 0, 0, 255),
      'before the end of the file'
    ]
  ])('%s is refused', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(FormatError);
    expect(() => read(bytes)).toThrow(message);
  });

  it('are refused where one list is there for many functions', () => {
    const list = [0x5d, 0x71, 0, 0x28];
    const parts: number[] = [];
    for (let i = 0; i < 200; i++) {
      list.push(0x4b, 1, 0x4b, 1, 0x4b, 1, 0x87);
      parts.push(...text('a.py'), 0x4b, i, ...text('f'), 0x87, 0x68, 0);
    }
    list.push(0x65);
    const bytes = Uint8Array.from([
      ...HEAD,
      0x7d,
      0x28,
      ...text('unit'),
      ...float(1),
      ...text('timings'),
      0x7d,
      0x28,
      ...PLACE,
      ...list,
      ...parts,
      0x75,
      0x75,
      0x62,
      0x2e
    ]);
    expect(() => read(bytes)).toThrow('found repeated ones');
  });

  it('give a profile or a sentence, wherever they are cut', () => {
    const bytes = bytesOf('v5.0.2-py3.13.lprof');
    let refused = 0;
    for (const cut of prefixes(bytes)) {
      refused += readOrRefuse(LPROF, cut) ? 0 : 1;
    }
    expect(refused).toBe(bytes.length);
  });

  it.each(FILES)(
    '%s gives a profile or a sentence, whatever bytes are changed',
    name => {
      let refused = 0;
      for (const changed of flips(bytesOf(name), 500)) {
        refused += readOrRefuse(LPROF, changed) ? 0 : 1;
      }
      expect(refused).toBeGreaterThan(50);
    }
  );

  it('give times back as they were', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -(2 ** 62), max: 2 ** 62 }),
        fc.nat({ max: 255 }),
        (time, hits) => {
          const { lines } = read(file(line(two, [0x4b, hits], float(time))));
          expect(lines.values.get('total.time')?.[0]).toBe(time + 0);
          expect(lines.values.get('self.hits')?.[0]).toBe(hits);
        }
      )
    );
  });
});
