import { describe, expect, it } from 'vitest';

import type { ISpine } from '../chains';
import { SPINE_KEY } from '../functionList';
import type { FuncIndex } from '../indices';
import type { SortColumn } from '../sort';
import type { IViewState } from '../viewState';
import { profileOf, type IFunctionSpec } from './build';
import { MINE, TOO, listOf, show } from './lists';

describe('the spine', () => {
  const specs: IFunctionSpec[] = [
    { name: 'exec', kind: 'builtin', calls: 1, self: 0, total: 100 },
    { name: 'main', ...MINE, line: 1, calls: 1, self: 2, total: 100 },
    { name: 'run', ...MINE, line: 5, calls: 1, self: 1, total: 98 },
    { name: 'read', ...TOO, line: 2, calls: 9, self: 60, total: 60 },
    { name: 'sort', ...TOO, line: 8, calls: 9, self: 35, total: 35 },
    { name: 'tidy', ...TOO, line: 9, calls: 50, self: 2, total: 2 }
  ];
  const profile = profileOf(specs);
  const spine: ISpine = {
    functions: [0, 1, 2] as FuncIndex[],
    self: 3,
    total: 100
  };
  const list = listOf(profile, { spine });
  const shown = (change: Partial<IViewState>) => show(change, list, profile);

  it('is one row, where what it owns belongs', () => {
    expect(shown({})).toEqual(['read', 'sort', '+ spine', 'tidy']);
    expect(shown({ sort: [{ column: 'self', descending: false }] })).toEqual([
      'tidy',
      '+ spine',
      'sort',
      'read'
    ]);
  });

  it.each<[SortColumn, boolean, string[]]>([
    ['total', true, ['+ spine', 'read', 'sort', 'tidy']],
    ['total', false, ['tidy', 'sort', 'read', '+ spine']],
    ['calls', true, ['tidy', 'read', 'sort', '+ spine']],
    ['name', false, ['+ spine', 'read', 'sort', 'tidy']],
    ['name', true, ['tidy', 'sort', 'read', '+ spine']]
  ])(
    'stands where its first frame does, ordered by %s',
    (column, descending, names) => {
      expect(shown({ sort: [{ column, descending }] })).toEqual(names);
    }
  );

  it('opens in the order of calls', () => {
    expect(shown({ open: [SPINE_KEY] })).toEqual([
      'read',
      'sort',
      '- spine',
      '  exec',
      '  main',
      '  run',
      'tidy'
    ]);
  });

  it.each<[string, Partial<IViewState>, string[]]>([
    [
      'the reader wants',
      { spine: false },
      ['read', 'sort', 'main', 'tidy', 'run', 'exec']
    ],
    ['something is searched', { search: 'r' }, ['read', 'sort', 'main', 'run']],
    [
      'all of it is found',
      { search: '.', regex: true },
      ['read', 'sort', 'main', 'tidy', 'run', 'exec']
    ],
    [
      'a part of it is not listed',
      { hidden: ['compiled'] },
      ['read', 'sort', 'main', 'tidy', 'run']
    ]
  ])('is frames where %s', (_, change, names) => {
    expect(shown(change)).toEqual(names);
  });

  it('is frames where restrictions cut it', () => {
    const cut = {
      ...profile,
      view: { sort: ['cumtime'], limits: [{ count: 2 }] }
    };
    const cutList = listOf(cut, { spine });
    expect(show({}, cutList, cut)).toEqual(['exec', 'main']);
    expect(show({ limited: false }, cutList, cut)[0]).toBe('+ spine');
  });

  it('is in its groups where functions are grouped', () => {
    expect(shown({ group: 'file' })).toEqual([
      '+ io.py',
      '+ core.py',
      '+ compiled'
    ]);
  });
});
