import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PSTATS } from '../../formats/pstats';
import { decode } from '../../wire';
import { sample } from '../../wire/__tests__/samples';
import { csv } from '../csv';
import type { RowIndex } from '../indices';
import type { IProfile } from '../model';
import { limitRows } from '../limits';
import { fileLabels } from '../names';
import { printable } from '../printable';
import { pstatsText } from '../pstatsText';
import { functionRows } from '../rows';
import { naturalKey, sortRows, type SortColumn } from '../sort';
import { metricOf, profileOf, type IFunctionSpec } from './build';

const DATA = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../../tests/data/pstats'
);

function printed(profile: IProfile, columns: SortColumn[], count = Infinity) {
  const rows = functionRows(profile);
  const keys = columns.map(naturalKey);
  const order = sortRows(profile, rows, keys, fileLabels(profile));
  return pstatsText(profile, rows, order.slice(0, count), keys);
}

function readFile(name: string): IProfile {
  return PSTATS.read(new Uint8Array(readFileSync(join(DATA, name))), {
    name,
    onProgress: () => undefined
  });
}

/** Lines, without the empty ones at the end, of which pstats prints two. */
const lines = (text: string) => text.trimEnd().split('\n');

describe('rows as text', () => {
  const pstats = (name: string) =>
    lines(readFileSync(join(DATA, `mosaic.py3.13.${name}.txt`), 'utf8'));

  it('are what pstats prints of the same file', async () => {
    const mosaic = await decode(sample('mosaic'));
    expect(lines(printed(mosaic, ['total']))).toEqual(pstats('cumulative'));
  });

  it('are what pstats prints of some of them, but for the words on why they are fewer', async () => {
    const mosaic = await decode(sample('mosaic'));
    expect(lines(printed(mosaic, ['calls', 'name'], 25))).toEqual(
      pstats('ncalls').map(line => line.replace(/ due to restriction .*/, ''))
    );
  });

  it.each(['3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13'])(
    'are what pstats of Python %s prints of its own file, from the third line on',
    python => {
      const read = readFile(`py${python}.prof`);
      const view = { sort: ['cumulative'], limits: [{ count: 40 }] };
      // The date and the name of the file stand above, and two empty lines below.
      const stored = readFileSync(join(DATA, `py${python}.stats.txt`), 'utf8')
        .split('\n')
        .slice(2, -2);
      const text = printed({ ...read, view }, ['total'], 40);
      expect(text.split('\n')).toEqual(stored);
    }
  );

  it('tell of each restriction as Python writes it', () => {
    const read = readFile('py3.13.prof');
    const limits = [{ regex: "sample|'" }, { fraction: 0.5 }, { count: 3 }];
    const profile = { ...read, view: { sort: ['time'], limits } };
    const rows = functionRows(profile);
    const keys = [naturalKey('self')];
    const all = sortRows(profile, rows, keys, fileLabels(profile));
    const { order } = limitRows(profile, rows, all, limits);
    const said = (some: readonly RowIndex[]) =>
      lines(pstatsText(profile, rows, some, keys)).filter(line =>
        line.includes('reduced')
      );
    // As pstats of Python 3.13 prints them for these restrictions.
    expect(said(order)).toEqual([
      `   List reduced from 399 to 81 due to restriction <"sample|'">`,
      '   List reduced from 81 to 41 due to restriction <0.5>',
      '   List reduced from 41 to 3 due to restriction <3>'
    ]);
    // Other rows than these restrictions leave are not said to come from them.
    expect(said(order.slice(1))).toEqual(['   List reduced from 399 to 2']);
  });

  it('tell recursive calls and leave cells empty as pstats does', () => {
    const profile = profileOf([
      {
        name: 'fib',
        path: 'sample_program.py',
        line: 18,
        calls: 59_286,
        primitive: 2,
        self: 12_600_000
      },
      { name: 'never', path: 'x.py', line: 2, calls: 0 }
    ]);
    // The first line is that of py3.13.stats.txt.
    expect(lines(printed(profile, ['self', 'file', 'line'])).slice(-5)).toEqual(
      [
        '   Ordered by: internal time, file name, line number',
        '',
        '   ncalls  tottime  percall  cumtime  percall filename:lineno(function)',
        '  59286/2    0.013    0.000    0.013    0.006 sample_program.py:18(fib)',
        '        0    0.000             0.000          x.py:2(never)'
      ]
    );
    expect(lines(printed(profile, ['self']))[0]).toBe(
      '         59286 function calls (2 primitive calls) in 0.013 seconds'
    );
  });

  it('have a dash for what is not known', () => {
    const profile = profileOf([
      { name: 'f', path: 'x.py', line: 2, self: 1e9 }
    ]);
    const values = new Map(profile.totals.values);
    values.delete('self.calls');
    values.delete('primitive.calls');
    values.delete('total.time');
    const text = printed(
      { ...profile, totals: { ...profile.totals, values } },
      ['self']
    );
    expect(lines(text)[0]).toBe('         - function calls in 1.000 seconds');
    expect(lines(text).at(-1)).toBe(
      '        -    1.000                 -          x.py:2(f)'
    );
    expect(text).not.toContain('NaN');
  });

  it('are no seconds where no time was measured', () => {
    const profile = profileOf(
      [{ name: 'f', path: 'x.py', line: 2, calls: 4, self: 9, total: 2500 }],
      { metrics: [metricOf('time', 'samples'), metricOf('calls', 'count')] }
    );
    expect(lines(printed(profile, ['self']))).toEqual([
      '         4 function calls in 9 samples',
      '',
      '   Ordered by: internal time',
      '',
      '   ncalls  tottime  percall  cumtime  percall filename:lineno(function)',
      '        4        9    2.250     2500      625 x.py:2(f)'
    ]);
  });

  it('name orders that pstats does not have', () => {
    const profile = profileOf([{ name: 'f' }]);
    expect(printed(profile, ['selfPerCall', 'place'])).toContain(
      'Ordered by: internal time per call, file name, line number, function name\n'
    );
  });

  it('hold nothing that a terminal would act on', () => {
    const profile = profileOf([
      { name: '\x1b[31mred\u202e\n', path: '/tmp/\u{e0041}.py', line: 1 }
    ]);
    expect(lines(printed(profile, ['self'])).at(-1)).toContain(
      '/tmp/\\U000e0041.py:1(\\x1b[31mred\\u202e\\n)'
    );
  });
});

it.each([
  ['naïve 名前 🐍 <lambda>', 'naïve 名前 🐍 <lambda>'],
  ['a\tb\r\nc', 'a\\tb\\r\\nc'],
  ['\0\x7f\x9b', '\\x00\\x7f\\x9b'],
  ['\u00a0\u2028\ufeff', '\\xa0\\u2028\\ufeff'],
  ['\ud800', '\\ud800']
])('prints %j as Python does', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

/** Comma-separated values by RFC 4180. */
function parse(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (!found) {
      throw new Error(`No CSV: ${text}`);
    }
    record.push(found[1]?.replaceAll('""', '"') ?? found[2]);
    if (found[3] !== ',') {
      records.push(record);
      record = [];
    }
  }
  return records;
}

describe('rows as comma-separated values', () => {
  const written = (profile: IProfile) => {
    const rows = functionRows(profile);
    return csv(profile, rows, Array.from(rows.self.keys()) as RowIndex[]);
  };

  it('have a head, exact numbers, and times in seconds', () => {
    const profile = profileOf([
      {
        name: 'run',
        qualified: 'Job.run',
        path: '/a/b.py',
        line: 3,
        calls: 4,
        primitive: 2,
        self: 1_234_567_891,
        total: 3
      },
      { name: 'len', kind: 'builtin', calls: 1, self: 0 }
    ]);
    expect(written(profile)).toBe(
      'ncalls,primitive_calls,tottime,tottime_percall,cumtime,cumtime_percall,kind,file,line,function\r\n' +
        '4,2,1.234567891,0.30864197275,3e-9,1.5e-9,python,/a/b.py,3,Job.run\r\n' +
        '1,1,0,0,0,0,builtin,,,len\r\n'
    );
  });

  it('are empty where a number is not known', () => {
    const profile = profileOf([{ name: 'f', calls: 0 }]);
    expect(parse(written(profile))[1].slice(0, 6)).toEqual([
      '0',
      '0',
      '0',
      '',
      '0',
      ''
    ]);
  });

  it('are other values than times as they are', () => {
    const profile = profileOf([{ name: 'f', calls: 1, self: 9 }], {
      metrics: [metricOf('time', 'bytes'), metricOf('calls', 'count')]
    });
    expect(parse(written(profile))[1][2]).toBe('9');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'hold no text that a spreadsheet would calculate: %j',
    name => {
      const cells = parse(written(profileOf([{ name, path: name }])))[1];
      expect(cells[7]).toBe(`'${name}`);
      expect(cells[9]).toBe(`'${name}`);
    }
  );

  it('come back as they were, whatever names and numbers are', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        ',',
        '"',
        "'",
        '=',
        '-',
        '\n',
        '\r',
        'é',
        '🐍'
      ),
      maxLength: 8
    });
    const functions = fc.array(
      fc.record<IFunctionSpec>({
        name: text,
        path: text,
        calls: fc.nat(),
        self: fc.nat({ max: 2 ** 52 })
      }),
      { maxLength: 5 }
    );
    fc.assert(
      fc.property(functions, specs => {
        const [, ...records] = parse(written(profileOf(specs)));
        expect(records.length).toBe(specs.length);
        records.forEach((cells, i) => {
          const { name, path, calls, self } = specs[i];
          const back = (cell: string) => cell.replace(/^'(?=[=+\-@\t\r])/, '');
          expect(cells.length).toBe(10);
          expect([back(cells[9]), back(cells[7])]).toEqual([
            back(name),
            back(path ?? '')
          ]);
          expect(Number(cells[0])).toBe(calls);
          expect(Number(cells[2])).toBe((self ?? 0) / 1e9);
        });
      })
    );
  });
});
