import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NONE, type FuncIndex } from '../indices';
import { FunctionKeys, viewKey } from '../keys';
import type { IMeta, Limit } from '../model';
import { META, profileOf, type IFunctionSpec } from './build';

const keysOf = (functions: readonly IFunctionSpec[]) => {
  const keys = new FunctionKeys(profileOf(functions));
  return functions.map((_, func) => keys.keyOf(func as FuncIndex));
};

const CELL = { path: '/tmp/ipykernel_1/2.py', cell: 'c0ffee' };

describe('a key of a function', () => {
  it('is made of its place and its qualified name', () => {
    expect(
      keysOf([
        { name: 'run', qualified: 'Job.run', ...CELL, line: 3 },
        { name: 'main', path: '/a/b.py', line: 9 },
        { name: 'len', kind: 'builtin' },
        { name: 'f', qualified: '', path: '/a/b.py' }
      ])
    ).toEqual(['#c0ffee|Job.run', '/a/b.py|main', '|len', '/a/b.py|f']);
  });

  it('stays when lines move, the order changes, or the cell runs under another path', () => {
    const before = keysOf([
      { name: 'f', ...CELL, line: 1 },
      { name: 'g', ...CELL, line: 5 },
      { name: 'h', path: '/a/b.py', line: 7 }
    ]);
    const after = keysOf([
      { name: 'h', path: '/a/b.py', line: 70 },
      { name: 'g', cell: 'c0ffee', path: '/tmp/ipykernel_9/8.py', line: 15 },
      { name: 'f', cell: 'c0ffee', path: '/tmp/ipykernel_9/8.py', line: 21 }
    ]);
    expect(after).toEqual(before.reverse());
  });

  it('counts namesakes as they stand in the file', () => {
    const lambda = (line: number) => ({
      name: '<lambda>',
      path: '/a/b.py',
      line
    });
    expect(keysOf([lambda(9), lambda(2), lambda(5)])).toEqual([
      '/a/b.py|<lambda>|3',
      '/a/b.py|<lambda>',
      '/a/b.py|<lambda>|2'
    ]);
    expect(keysOf([lambda(20), lambda(22), lambda(29)])).toEqual([
      '/a/b.py|<lambda>',
      '/a/b.py|<lambda>|2',
      '/a/b.py|<lambda>|3'
    ]);
  });

  it('leads back to its function, and to no other', () => {
    const names = fc.constantFrom('f', 'f|2', 'f|2|2', '', '|');
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            name: names,
            path: fc.constantFrom('/a', '/a|f'),
            line: fc.nat({ max: 3 })
          }),
          { maxLength: 12 }
        ),
        functions => {
          const keys = new FunctionKeys(profileOf(functions));
          functions.forEach((_, func) =>
            expect(keys.find(keys.keyOf(func as FuncIndex))).toBe(func)
          );
        }
      )
    );
  });

  it('that this profile does not have leads nowhere', () => {
    const keys = new FunctionKeys(profileOf([{ name: 'f' }]));
    expect(keys.find('|g')).toBe(NONE);
  });
});

describe('the key of a view state', () => {
  const source = { ...META.source, cell: 'c0ffee' };
  const label = 'first try';
  const key = (
    meta: Partial<IMeta>,
    sort: string[] = [],
    limits: Limit[] = []
  ) =>
    viewKey(
      profileOf([], {
        meta: { ...META, source, ...meta },
        view: { sort, limits }
      })
    );

  it('is the same for each run of a cell', () => {
    expect(key({ wall: 1, started: '2026-05-04T09:30:00Z' })).toBe(
      key({ wall: 2, source: { ...source, execution: 9 } })
    );
  });

  it('is another one for other code of the cell, another label, order or restriction', () => {
    const keys = [
      key({}),
      key({ label }),
      key({ source: { ...source, cell: 'beef' } }),
      key({ source: { ...source, kind: 'statement', command: 'f()' } }),
      key({ source: { ...source, kind: 'statement', command: 'g()' } }),
      key({}, ['calls']),
      key({}, [], [{ count: 5 }])
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is empty where a payload makes it long: it would fill the storage', () => {
    expect(key({ label: 'x'.repeat(5_000) }).length).toBeLessThan(500);
    expect(key({}, ['x'.repeat(5_000)])).toBe('');
    expect(key({ source: { ...source, cell: 'x'.repeat(5_000) } })).toBe('');
  });

  it('is empty where there is no cell', () => {
    expect(key({ source: { ...source, cell: null } })).toBe('');
  });
});
