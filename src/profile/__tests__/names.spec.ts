import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { FuncIndex } from '../indices';
import {
  displayName,
  fileLabels,
  nameOfLines,
  shortenPaths,
  standardName
} from '../names';
import { profileOf } from './build';

const profile = profileOf([
  { name: 'get', qualified: 'Butler.get', path: '/x/butler.py', line: 209 },
  { name: '<built-in method math.sqrt>', qualified: 'math.sqrt' },
  { name: 'sum', qualified: '' }
]);

it('has the names that pstats prints', () => {
  const names = [0, 1, 2].map(i => standardName(profile, i as FuncIndex));
  expect(names).toEqual([
    '/x/butler.py:209(get)',
    '{built-in method math.sqrt}',
    'sum'
  ]);
});

it('shows qualified names, and bare ones where there are none', () => {
  const names = [0, 1, 2].map(i => displayName(profile, i as FuncIndex));
  expect(names).toEqual(['Butler.get', 'math.sqrt', 'sum']);
});

it('has bare names beside lines, but not those of object files', () => {
  const mixed = profileOf([
    { name: 'get', qualified: 'Butler.get', path: '/x/butler.py', line: 209 },
    { name: '_Z1fv', qualified: 'f()', kind: 'native' }
  ]);
  const names = [0, 1].map(i => nameOfLines(mixed, i as FuncIndex));
  expect(names).toEqual(['get', 'f()']);
});

it.each([
  [
    ['/a/x/util.py', '/a/y/util.py', '/a/y/main.py'],
    ['x/util.py', 'y/util.py', 'main.py']
  ],
  [
    ['/util.py', '/a/util.py'],
    ['util.py', 'a/util.py']
  ],
  [
    ['C:\\p\\a.py', 'C:\\q\\a.py'],
    ['p/a.py', 'q/a.py']
  ],
  [
    ['/a.py', '/a.py'],
    ['a.py', 'a.py']
  ],
  [
    ['<string>', '', '/'],
    ['<string>', '', '/']
  ],
  [[], []]
])('shortens %j', (paths, short) => {
  expect(shortenPaths(paths)).toEqual(short);
});

it('shortens nothing to the same text that differs', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 12 })
    .map(parts => `/${parts.join('/')}`);
  fc.assert(
    fc.property(fc.uniqueArray(path), paths => {
      expect(new Set(shortenPaths(paths)).size).toBe(paths.length);
    })
  );
});

it('takes the labels of the kernel where they tell files apart', () => {
  const files = {
    ...profileOf([]).files,
    length: 4,
    path: ['/tmp/1.py', '/a/io.py', '/b/io.py', '/c/x.py'],
    label: ['Cell [5]', 'io.py', 'io.py', '']
  };
  expect(fileLabels({ ...profile, files })).toEqual([
    'Cell [5]',
    'a/io.py',
    'b/io.py',
    'x.py'
  ]);
});
