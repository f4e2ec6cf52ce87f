import { describe, expect, it } from 'vitest';

import { NONE } from '../indices';
import { naturalKey, type SortColumn } from '../sort';
import { profileOf } from './build';
import { CELL, PROFILE, listOf, show, state } from './lists';

describe('groups', () => {
  it('by file: each file, C, and what is no function', () => {
    expect(show({ group: 'file' })).toEqual([
      '+ other',
      '+ compiled',
      '+ json.py',
      '+ fft.py',
      '+ linalg.py',
      '+ io.py',
      '+ core.py',
      '+ 2.py'
    ]);
  });

  it('by package: installed ones by name, own files by directory', () => {
    expect(show({ group: 'package' })).toEqual([
      '+ other',
      '+ compiled',
      '+ stdlib',
      '+ numpy',
      '+ job',
      '+ notebook'
    ]);
  });

  it('sum what their functions own, and their calls', () => {
    const { entries } = listOf().listing(state({ group: 'package' }));
    expect(
      entries.map(entry =>
        entry.kind === 'group'
          ? [entry.group.key, entry.rows, entry.calls, entry.self]
          : null
      )
    ).toEqual([
      // What is no function has no calls.
      ['=other', 1, 0, 128],
      ['=compiled', 1, 700, 64],
      ['=stdlib', 1, 6, 32],
      ['pnumpy', 2, 9, 24],
      ['d/home/ada/job', 2, 32, 6],
      ['=notebook', 1, 1, 1]
    ]);
  });

  it('sum what is listed only', () => {
    const { entries, self } = listOf().listing(
      state({ group: 'package', search: 'solve' })
    );
    expect(entries).toMatchObject([{ rows: 1, self: 8 }]);
    expect(self).toBe(8);
  });

  it.each<[SortColumn, string[]]>([
    ['calls', ['compiled', 'job', 'numpy', 'stdlib', 'notebook', 'other']],
    ['primitive', ['compiled', 'job', 'numpy', 'stdlib', 'notebook', 'other']],
    ['self', ['other', 'compiled', 'stdlib', 'numpy', 'job', 'notebook']],
    ['total', ['other', 'compiled', 'stdlib', 'numpy', 'job', 'notebook']],
    [
      'selfPerCall',
      ['other', 'compiled', 'stdlib', 'numpy', 'job', 'notebook']
    ],
    // By their first rows: (awaiting), cell, dumps, fft, len, read.
    ['name', ['other', 'notebook', 'stdlib', 'numpy', 'compiled', 'job']],
    ['line', ['compiled', 'other', 'notebook', 'job', 'numpy', 'stdlib']]
  ])('are ordered by %s', (column, groups) => {
    const names = show({ group: 'package', sort: [naturalKey(column)] }).map(
      name => name.slice(2)
    );
    expect(names).toEqual(groups);
    if (!['name', 'line'].includes(column)) {
      const up = show({
        group: 'package',
        sort: [{ column, descending: false }]
      });
      expect(up.map(name => name.slice(2))).toEqual(groups.reverse());
    }
  });

  it('show their functions in order where they are open', () => {
    expect(show({ group: 'package', open: ['pnumpy', 'gone'] })).toEqual([
      '+ other',
      '+ compiled',
      '+ stdlib',
      '- numpy',
      '  fft',
      '  solve',
      '+ job',
      '+ notebook'
    ]);
    expect(
      show({
        group: 'package',
        open: ['pnumpy'],
        sort: [{ column: 'self', descending: false }]
      }).slice(2, 5)
    ).toEqual(['- numpy', '  solve', '  fft']);
  });

  it('do not take what is not known for zero', () => {
    const values = new Map(PROFILE.totals.values);
    values.delete('self.calls');
    const profile = { ...PROFILE, totals: { ...PROFILE.totals, values } };
    const { entries } = listOf(profile).listing(state({ group: 'package' }));
    expect(entries[1]).toMatchObject({ rows: 1, calls: NaN, self: 64 });
  });

  it('know a cell by its id, not by the path of one run', () => {
    const keys = ['/tmp/ipykernel_1/2.py', '/tmp/ipykernel_9/8.py'].map(
      path => {
        const profile = profileOf([{ name: 'f', ...CELL, path }]);
        const [entry] = listOf(profile).listing(
          state({ group: 'file' })
        ).entries;
        return entry.kind === 'group' && entry.group.key;
      }
    );
    expect(keys).toEqual(['f#c', 'f#c']);
  });

  it('tell directories of one name apart', () => {
    const profile = profileOf([
      { name: 'f', path: '/a/x/m.py', self: 2 },
      { name: 'g', path: '/b/x/m.py', self: 1 },
      { name: 'h', path: 'm.py', self: 0 }
    ]);
    expect(show({ group: 'package' }, listOf(profile), profile)).toEqual([
      '+ a/x',
      '+ b/x',
      '+ files'
    ]);
    expect(show({ group: 'file' }, listOf(profile), profile)).toEqual([
      '+ a/x/m.py',
      '+ b/x/m.py',
      '+ m.py'
    ]);
  });
});

it('has a group for a function without a file', () => {
  expect(PROFILE.functions.file[6]).toBe(NONE);
  expect(show({ group: 'file', open: ['=compiled'], search: 'len' })).toEqual([
    '- compiled',
    '  len'
  ]);
});
