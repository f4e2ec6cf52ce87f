import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { IProfile } from '../model';
import { fileLabels } from '../names';
import { functionRows } from '../rows';
import { naturalKey, parseSortKeys, sortRows, type ISortKey } from '../sort';
import { profileOf } from './build';

const profile = profileOf([
  {
    name: 'b',
    path: '/x/m.py',
    line: 9,
    calls: 5,
    primitive: 1,
    self: 30,
    total: 90
  },
  {
    name: 'a',
    path: '/y/n.py',
    line: 10,
    calls: 5,
    primitive: 5,
    self: 20,
    total: 50
  },
  {
    name: 'c',
    path: '/a/o.py',
    line: 1,
    calls: 7,
    primitive: 2,
    self: 20,
    total: 40
  },
  { name: '<built-in method math.sqrt>', kind: 'builtin', calls: 1, self: 1 }
]);

function sorted(keys: readonly ISortKey[], of: IProfile = profile): string {
  return sortRows(of, functionRows(of), keys, fileLabels(of))
    .map(row => of.functions.name[row].replace(/.*sqrt.*/, 's'))
    .join('');
}

describe('sort keys of pstats', () => {
  // The order that pstats.Stats.sort_stats gives these four rows.
  it.each([
    [['calls'], 'cbas'],
    [['ncalls'], 'cbas'],
    [['pcalls'], 'acbs'],
    [['time'], 'bacs'],
    [['tottime'], 'bacs'],
    [['cumulative'], 'bacs'],
    [['cumtime'], 'bacs'],
    [['line'], 'scba'],
    [['module'], 'cbas'],
    [['filename'], 'cbas'],
    [['name'], 'sabc'],
    [['nfl'], 'sabc'],
    [['stdname'], 'cbas'],
    [['calls', 'name'], 'cabs'],
    [['tottime', 'calls'], 'bcas']
  ])('%j', (names, order) => {
    expect(sorted(parseSortKeys(names))).toBe(order);
  });

  it.each([
    ['ti', 'self'],
    ['tot', 'self'],
    ['ca', 'calls'],
    ['nc', 'calls'],
    ['p', 'primitive'],
    ['s', 'standardName']
  ])('has the prefix %s for %s', (prefix, column) => {
    expect(parseSortKeys([prefix]).map(key => key.column)).toEqual([column]);
  });

  it.each(['', 'n', 'cum', 'constructor', '__proto__', 'weather'])(
    'leaves out %j, which is none or several of them',
    name => {
      expect(parseSortKeys([name, 'line'])).toEqual([naturalKey('line')]);
      expect(parseSortKeys([name])).toEqual([naturalKey('self')]);
    }
  );
});

it('orders by place as it is read: file on screen, line as a number, name', () => {
  expect(sorted([naturalKey('place')])).toBe('bacs');
});

it('turns round, with ties still in their order', () => {
  expect(sorted([{ column: 'self', descending: false }])).toBe('sacb');
});

it('puts unknown numbers last in either direction', () => {
  const values = new Map(profile.totals.values);
  values.set('primitive.calls', Float64Array.of(0, 5, 0, 2));
  const unknown = { ...profile, totals: { ...profile.totals, values } };
  const key = naturalKey('totalPerCall');
  expect(sorted([key], unknown).slice(2)).toBe('bc');
  expect(sorted([{ ...key, descending: false }], unknown).slice(2)).toBe('bc');
});

it('keeps every row once, whatever the keys', () => {
  const column = fc.constantFrom<ISortKey['column']>(
    'calls',
    'selfPerCall',
    'total',
    'file',
    'line',
    'name',
    'place',
    'standardName'
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          name: fc.string(),
          calls: fc.nat({ max: 2 }),
          self: fc.nat({ max: 3 })
        })
      ),
      fc.array(fc.record({ column, descending: fc.boolean() })),
      (functions, keys) => {
        const any = profileOf(functions);
        const order = sortRows(any, functionRows(any), keys, []);
        expect([...order].sort((a, b) => a - b)).toEqual([...functions.keys()]);
      }
    )
  );
});
