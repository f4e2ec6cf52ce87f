import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { FileIndex } from '../indices';
import { blocksOf, placeLines } from '../placeLines';
import { profileOf, sourcesFrom } from './build';

/** Where lines of a cell stand in a text. */
function inCell(text: readonly string[], source: readonly string[]): number[] {
  return [...placeLines(text, [{ line: 1, lines: source }], true)];
}

/** Lines of which one is another. */
function changed(lines: readonly string[], at: number, line: string) {
  return lines.map((one, i) => (i === at ? line : one));
}

const SOURCE = ['def f():', '  a', '  b', '  c', '  return a'];

describe('in a cell', () => {
  it('a text that was not changed has all its lines', () => {
    expect(inCell(SOURCE, SOURCE)).toEqual([1, 2, 3, 4, 5]);
  });

  it('empty lines at the top do not count', () => {
    expect(inCell(['', '  ', ...SOURCE], SOURCE)).toEqual([
      0, 0, 1, 2, 3, 4, 5
    ]);
  });

  it('a line that was changed has no place, and only that', () => {
    const text = changed(SOURCE, 2, '  b2');
    expect(inCell(text, SOURCE)).toEqual([1, 2, 0, 4, 5]);
    expect(inCell(changed(text, 0, 'def g():'), SOURCE)).toEqual([
      0, 2, 0, 4, 5
    ]);
  });

  it('lines that were added or taken away, at several places, move the others', () => {
    const text = ['new', ...SOURCE.slice(0, 3), 'new', ...SOURCE.slice(4)];
    expect(inCell([...text, 'new'], SOURCE)).toEqual([0, 1, 2, 3, 0, 5, 0]);
  });

  it('another text has none', () => {
    expect(inCell(['x', 'y'], SOURCE)).toEqual([0, 0]);
    expect(inCell([], SOURCE)).toEqual([]);
    expect(inCell(['x'], [])).toEqual([0]);
  });

  it('lines that were exchanged for many others leave those that are the same at the same place', () => {
    const many = Array.from({ length: 400 }, (_, i) => `line ${i}`);
    const other = many.map((line, i) => (i % 5 === 2 ? line : `${line} new`));
    const places = inCell(other, many);
    expect(places.filter(place => place > 0).length).toBe(80);
    expect(places.every((place, i) => place === 0 || place === i + 1)).toBe(
      true
    );
    expect(inCell([...other, 'more'], many).every(place => place === 0)).toBe(
      true
    );
  });
});

describe('in a file', () => {
  const text = [
    'import a',
    '',
    'def f():',
    '  return 1',
    '',
    'def g():',
    '  return 1'
  ];
  const f = { line: 3, lines: ['def f():', '  return 1'] };
  const g = { line: 6, lines: ['def g():', '  return 1'] };

  it('functions are where they were', () => {
    expect([...placeLines(text, [f, g], false)]).toEqual([0, 0, 3, 4, 0, 6, 7]);
  });

  it('functions are found where they have moved to', () => {
    const moved = ['# new', '# new', ...changed(text, 4, '# more')];
    expect([...placeLines(moved, [f, g], false)]).toEqual([
      0, 0, 0, 0, 3, 4, 0, 6, 7
    ]);
  });

  it('a function that was changed keeps the lines that are the same', () => {
    const added = [...text.slice(0, 3), '  x = 2', ...text.slice(3)];
    expect([...placeLines(added, [f, g], false)]).toEqual([
      0, 0, 3, 0, 4, 0, 6, 7
    ]);
  });

  it('a function that is gone has no place', () => {
    const gone = [...text.slice(0, 2), ...text.slice(5)];
    expect([...placeLines(gone, [f, g], false)].slice(2)).toEqual([6, 7]);
  });

  it('of namesakes the nearest is it', () => {
    const init = ['  def __init__(self):', '    self.a = 1'];
    const twice = [
      'class A:',
      ...init,
      'class B:',
      ...changed(init, 1, '    b')
    ];
    const b = { line: 5, lines: [init[0], '    b'] };
    expect([...placeLines(twice, [b], false)]).toEqual([0, 0, 0, 0, 5, 6]);
    expect([...placeLines(['# new', ...twice], [b], false)]).toEqual([
      0, 0, 0, 0, 0, 5, 6
    ]);
  });
});

/** How many lines two texts have in common, in order, at most. */
function common(a: readonly string[], b: readonly string[]): number {
  const best = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0)
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      best[i][j] =
        a[i - 1] === b[j - 1]
          ? best[i - 1][j - 1] + 1
          : Math.max(best[i - 1][j], best[i][j - 1]);
    }
  }
  return best[a.length][b.length];
}

const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), {
  maxLength: 24
});

it('a cell keeps as many lines as two texts have in common, in order, each the same', () => {
  fc.assert(
    fc.property(texts, texts, (text, source) => {
      const places = inCell(text, source);
      const found = places.filter(place => place > 0);
      expect(found.length).toBe(common(text, source));
      expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
      places.forEach((place, i) => {
        if (place > 0) {
          expect(source[place - 1]).toBe(text[i]);
        }
      });
    })
  );
});

it('lines of a file are the same in both texts, in order, whatever the blocks are', () => {
  const blocks = fc.array(
    fc.record({
      line: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(2 ** 52)),
      lines: texts
    }),
    { maxLength: 5 }
  );
  fc.assert(
    fc.property(texts, blocks, (text, some) => {
      const places = placeLines(text, some, false);
      expect(places.length).toBe(text.length);
      places.forEach((place, i) => {
        if (place > 0) {
          expect(
            some.some(({ line, lines }) => lines[place - line] === text[i])
          ).toBe(true);
        }
      });
    })
  );
});

it('blocks are those of the file, without the end that is no line', () => {
  const profile = profileOf([{ name: 'f', path: '/a.py' }], {
    sources: sourcesFrom([
      [0, 1, 'a\r\nb\r\n'],
      [1, 1, 'x'],
      [0, 9, 'c\rd'],
      [0, 0, 'no place'],
      [0, 2 ** 60, 'too far']
    ])
  });
  expect(blocksOf(profile, 0 as FileIndex)).toEqual([
    { line: 1, lines: ['a', 'b'] },
    { line: 9, lines: ['c', 'd'] }
  ]);
});
