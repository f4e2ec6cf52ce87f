import { describe, expect, it } from 'vitest';

import type { RowIndex } from '../indices';
import { limitRows } from '../limits';
import type { Limit } from '../model';
import { safePattern } from '../pattern';
import { functionRows } from '../rows';
import { profileOf } from './build';

const profile = profileOf([
  { name: 'run', path: '/x/core.py', line: 1 },
  { name: 'read', path: '/x/io.py', line: 20 },
  { name: 'write', path: '/x/io.py', line: 30 },
  { name: '<built-in method io.open>', kind: 'builtin' },
  { name: 'close', path: '/x/io.py', line: 40 }
]);
const all = [0, 1, 2, 3, 4] as RowIndex[];

function limited(...limits: Limit[]) {
  return limitRows(profile, functionRows(profile), all, limits);
}

describe('restrictions of pstats', () => {
  it.each<[string, Limit[], number[]]>([
    ['a count takes the first', [{ count: 2 }], [0, 1]],
    ['a count beyond the end cuts nothing', [{ count: 9 }], all],
    ['a share is rounded as pstats does', [{ fraction: 0.5 }], [0, 1, 2]],
    ['the whole is no share', [{ fraction: 1 }], all],
    [
      'a pattern is searched in the printed name',
      [{ regex: 'io' }],
      [1, 2, 3, 4]
    ],
    [
      'a pattern sees line and brackets',
      [{ regex: String.raw`:\d0\(` }],
      [1, 2, 4]
    ],
    ['a pattern sees braces round what has no file', [{ regex: '^{b' }], [3]],
    ['they are applied in order', [{ regex: 'io' }, { count: 1 }], [1]],
    [
      'they are applied in order, the other way',
      [{ count: 1 }, { regex: 'io' }],
      []
    ]
  ])('%s', (_, limits, rows) => {
    expect(limited(...limits).order).toEqual(rows);
  });

  it('tells which pattern it did not apply, and hides nothing by it', () => {
    const { order, skipped } = limited({ regex: '(a+)+$' }, { count: 3 });
    expect(skipped).toEqual(['(a+)+$']);
    expect(order).toEqual([0, 1, 2]);
  });

  it('stops a pattern when its time is over', () => {
    let time = 0;
    const { order, skipped } = limitRows(
      profile,
      functionRows(profile),
      all,
      [{ regex: 'io' }],
      () => (time += 150)
    );
    expect(skipped).toEqual(['io']);
    expect(order).toEqual(all);
  });
});

describe('a pattern from a payload', () => {
  it.each([
    'fib',
    'numpy/.*linalg',
    String.raw`\.py:\d+\(`,
    'a|b|c|d|e|f',
    '[a-z]+_[0-9]+',
    '(?:read|write)_',
    '[*+?(|]{2}'
  ])('%s is used', pattern => {
    expect(safePattern(pattern)?.source).toBe(new RegExp(pattern).source);
  });

  it.each([
    '(a+)+$',
    '(a|a)*b',
    'a*a*a*b',
    `${'a?'.repeat(40)}${'a'.repeat(40)}`,
    `${'(a|a)'.repeat(30)}b`,
    String.raw`(a)\1`,
    '(?=a)b',
    '(?P<name>a)',
    '(?i)a',
    String.raw`a\Z`,
    '[]a]',
    '[a',
    '(',
    'x'.repeat(300)
  ])('%s is not', pattern => {
    expect(safePattern(pattern)).toBeNull();
  });

  it('ends soon on the worst that is let through', () => {
    const started = performance.now();
    safePattern('.*.*!?!')?.test('a'.repeat(256));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
