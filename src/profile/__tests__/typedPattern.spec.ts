import { describe, expect, it } from 'vitest';

import { safePattern, type IPattern } from '../pattern';
import { steppedPattern, typedPattern } from '../typedPattern';

const NAMES = [
  'Cell [1]:12(burn)',
  'cell.py:3(Generator.burngen)',
  'model.py:7(afterburn)',
  'BURN.py:1(x)',
  '{built-in method math.sqrt}',
  ''
];

function pattern(read: ReturnType<typeof typedPattern>): IPattern {
  if (typeof read === 'string') {
    throw new Error(read);
  }
  return read;
}

describe('a regular expression that is typed', () => {
  it.each<[string, number[]]>([
    [String.raw`\bburn`, [0, 1]],
    ['(burn|gen)+', [0, 1, 2]],
    ['.*b.*u.*n', [0, 1, 2, 4]],
    ['(?i)BURN', [0, 1, 2, 3]],
    [String.raw`\w+\[\d+\]:\d+`, []],
    [String.raw`\w+ \[\d+\]:\d+`, [0]],
    ['(a+)+$', []],
    ['(a|a)*b', [0, 1, 2, 4]],
    ['(?=.*burn)(?!.*gen)', [0, 2]],
    [String.raw`(?<=\.)burn`, [1]],
    [String.raw`(?<!\(|r)burn`, [1]],
    ['^$', [5]],
    ['^.{17}$', [0]],
    ['(?<name>b)urn', [0, 1, 2]],
    ['[]a]', []],
    ['[^]', [0, 1, 2, 3, 4]]
  ])('%s finds what JavaScript finds', (text, found) => {
    const all = NAMES.map((_, i) => i);
    for (const read of [typedPattern, steppedPattern]) {
      const typed = pattern(read(text));
      expect(all.filter(i => typed.test(NAMES[i]))).toEqual(found);
    }
    const native = new RegExp(
      text.replace('(?i)', ''),
      text.startsWith('(?i)') ? 'i' : ''
    );
    expect(all.filter(i => native.test(NAMES[i]))).toEqual(found);
  });

  it('finds the same as JavaScript, whatever it is made of', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const one = <T>(of: readonly T[]): T => of[random(of.length)];
    const part = (depth: number): string => {
      const inner = () =>
        Array.from({ length: 1 + random(3) }, () => part(depth - 1)).join('');
      const kind = depth > 0 ? random(8) : 0;
      return kind < 4
        ? one(['a', 'b', 'A', '.', '[ab]', '[^a]', '\\w', '\\x61', '{', ']'])
        : kind === 4
          ? one(['^', '$', '\\b', '\\B'])
          : kind === 5
            ? `(${one(['', '?:'])}${inner()}|${inner()})`
            : kind === 6
              ? `(${one(['?=', '?!', '?<=', '?<!'])}${inner()})`
              : `(?:${inner()})${one(['*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'])}`;
    };
    const texts = Array.from({ length: 40 }, () =>
      Array.from({ length: random(7) }, () =>
        one(['a', 'b', 'A', ' ', '{', ']', '\n'])
      ).join('')
    );
    for (let i = 0; i < 1_000; i++) {
      const flags = one(['', 'i', 's', 'm', 'ims']);
      const source = part(3) + part(2);
      if (source.length > 200) {
        continue;
      }
      const native = new RegExp(source, flags);
      const { test } = pattern(
        steppedPattern(flags ? `(?${flags})${source}` : source)
      );
      for (const text of texts) {
        expect([source, flags, text, test(text)]).toEqual([
          source,
          flags,
          text,
          native.test(text)
        ]);
      }
    }
  });

  it.each([
    ['(', 'invalid'],
    ['[a', 'invalid'],
    ['a**', 'invalid'],
    [String.raw`a\b*`, 'invalid'],
    ['(?P<name>a)', 'invalid'],
    [String.raw`(a)\1`, 'reference'],
    [String.raw`(?<n>a)\k<n>`, 'reference'],
    ['((a{50}){50}){50}', 'large'],
    ['((((){200}){200}){200}){200}', 'large'],
    [`${'x'.repeat(300)}`, 'large']
  ])('%s is refused, as it is %s', (text, fault) => {
    expect(typedPattern(text)).toBe(fault);
  });

  // Each would take JavaScript longer than anyone waits.
  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(a*)*b',
    'a*a*a*a*a*a*b',
    '(.*)*x',
    '(?=(a+)+b)a*(?!(a|a)*c)b',
    '(?=(?=(?=(?=(a*)*b)*a*c)*a*d)*a*e)a+f',
    `${'a?'.repeat(80)}${'a'.repeat(80)}b`
  ])('%s ends', text => {
    expect(safePattern(text)).toBeNull();
    expect(pattern(typedPattern(text)).test(`${'a'.repeat(255)}!`)).toBe(false);
  });

  it.each(['load|fit', String.raw`\bburn`, '(?i)BURN'])(
    '%s is searched for by JavaScript itself, as that cannot run away',
    text => {
      expect(typedPattern(text)).toBeInstanceOf(RegExp);
    }
  );

  it.each(['x*', String.raw`a\b`, String.raw`a\\bc`, '(?i)A{2}'])(
    '%s is one expression in both ways of searching',
    text => {
      const both = [typedPattern(text), steppedPattern(text)].map(pattern);
      for (const name of ['', 'a', 'ab', 'a b', String.raw`a\bc`, 'aa']) {
        const [typed, stepped] = both.map(({ test }, i) =>
          test.call(both[i], name)
        );
        expect(typed).toBe(stepped);
      }
    }
  );
});
