import { describe, expect, it } from 'vitest';

import type { FuncIndex } from '../indices';
import { fileLabels } from '../names';
import { findFunctions, searchFunctions } from '../search';
import { profileOf } from './build';

const profile = profileOf([
  { name: 'run', qualified: 'Job.run', path: '/home/ada/core.py', line: 12 },
  { name: 'read', path: '/usr/lib/python3.13/io.py', line: 20 },
  { name: 'Straße', path: '/home/ada/core.py', line: 3 },
  { name: '<built-in method math.sqrt>', qualified: 'math.sqrt' }
]);

const NAMES = ['run', 'read', 'Straße', 'sqrt'];

function found(text: string, isPattern = false): string[] | null {
  const { matches, isApplied } = searchFunctions(
    profile,
    fileLabels(profile),
    text,
    isPattern
  );
  return isApplied
    ? NAMES.filter((_, func) => matches[func as FuncIndex])
    : null;
}

describe('a text', () => {
  it.each<[string, string, string[]]>([
    ['a name, whatever its case', 'JOB.R', ['run']],
    ['a name beyond ASCII', 'straß', ['Straße']],
    ['a file as the table shows it', 'core.py:12(', ['run']],
    ['a whole path', '/home/ada', ['run', 'Straße']],
    ['what pstats prints of C', '{built-in', ['sqrt']],
    ['what the table shows of C', 'math.sqrt', ['sqrt']],
    ['what a pattern would take otherwise', '.*', []],
    ['nothing of what is there', 'nowhere', []]
  ])('finds %s', (_, text, names) => {
    expect(found(text)).toEqual(names);
  });
});

describe('a regular expression', () => {
  it.each<[string, string[]]>([
    ['^core', ['run', 'Straße']],
    [String.raw`:\d0\(`, ['read']],
    ['Job|sqrt', ['run', 'sqrt']],
    ['JOB', []]
  ])('%s is searched as it is written', (text, names) => {
    expect(found(text, true)).toEqual(names);
  });

  it.each(['(', '(a+)+$', '(?i)a', 'x'.repeat(300)])(
    '%s is refused, and hides nothing',
    text => {
      expect(found(text, true)).toBeNull();
      expect(
        Array.from(
          searchFunctions(profile, fileLabels(profile), text, true).matches
        )
      ).toEqual([1, 1, 1, 1]);
    }
  );

  it('ends when its time is over, and hides nothing', () => {
    let time = 0;
    const { matches, isApplied } = searchFunctions(
      profile,
      fileLabels(profile),
      'Job',
      true,
      () => (time += 600)
    );
    expect(isApplied).toBe(false);
    expect(Array.from(matches)).toEqual([1, 1, 1, 1]);
  });

  it('looks at the end of a name that is too long to be looked at', () => {
    const long = profileOf([{ name: `${'a'.repeat(100_000)}end` }]);
    const search = (text: string) =>
      searchFunctions(long, [], text, true).matches[0];
    expect(search('end$')).toBe(1);
    expect(search('a.*a.*x')).toBe(0);
  });
});

describe('functions that the settings hide', () => {
  const hidden = (...patterns: string[]) =>
    NAMES.filter((_, func) => findFunctions(profile, patterns).matches[func]);

  it('are those that one of the patterns finds', () => {
    expect(hidden()).toEqual([]);
    expect(hidden('/ada/', 'sqrt')).toEqual(['run', 'Straße', 'sqrt']);
    // As in pstats, the name is the bare one.
    expect(hidden('Job')).toEqual([]);
  });

  it('are none of a pattern that is not safe, beside others that are', () => {
    const patterns = ['(a+)+$', '[', 'io.py', '\\bread'];
    expect(hidden(...patterns)).toEqual(['read']);
    expect(findFunctions(profile, patterns).unusable).toEqual([
      '(a+)+$',
      '[',
      '\\bread'
    ]);
  });

  it('are looked for in the end of a name that is too long', () => {
    const long = profileOf([{ name: `${'a'.repeat(100_000)}end` }]);
    expect(Array.from(findFunctions(long, ['a.*a.*x', 'end']).matches)).toEqual(
      [1]
    );
  });

  it('are none of the patterns for which there is no time', () => {
    let time = 0;
    // The clock is asked at the start, and before and after each function.
    const found = findFunctions(profile, ['sqrt', 'run'], () => (time += 30));
    expect(Array.from(found.matches)).toEqual([0, 0, 0, 1]);
    expect(found.unusable).toEqual(['run']);
  });
});
