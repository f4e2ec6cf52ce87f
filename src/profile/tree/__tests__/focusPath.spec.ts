import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { focusPath, wayOf } from '../focusPath';
import {
  MOST_LEVELS,
  MOST_PATH,
  readTransforms,
  type IPathTransform
} from '../transforms';

const letters = (text: string) => text.split('');

/** As a path is when it was kept. */
function kept(path: IPathTransform): unknown {
  const stored: unknown = JSON.parse(JSON.stringify([path]));
  return readTransforms(stored)[0];
}

describe('a way that is kept', () => {
  it.each<[string, Omit<IPathTransform, 'kind'>]>([
    ['mfh', { path: ['m', 'f', 'h'] }],
    ['mfgfgfgh', { path: ['m', 'f', 'g', 'h'], runs: [[1, 2, 3]] }],
    ['mffffg', { path: ['m', 'f', 'g'], runs: [[1, 1, 4]] }],
    [
      'ffffmghghgh',
      {
        path: ['f', 'm', 'g', 'h'],
        runs: [
          [0, 1, 4],
          [2, 2, 3]
        ]
      }
    ]
  ])('has what comes again once: %s', (way, path) => {
    expect(focusPath(letters(way))).toEqual({ kind: 'focus-path', ...path });
  });

  it('is the same when it is read', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('f', 'g', 'h'), { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        (turn, times) => {
          const way = ['main', ...Array(times).fill(turn).flat(), ...turn];
          const path = focusPath(way);
          expect(wayOf(path)).toEqual(way);
          expect(kept(path)).toEqual(path);
        }
      )
    );
  });

  it('may be as deep as a recursion', () => {
    const way = ['main', ...Array(10_000).fill(['walk', 'visit']).flat()];
    const path = focusPath(way);
    expect(JSON.stringify(path).length).toBeLessThan(100);
    expect(wayOf(kept(path) as IPathTransform)).toEqual(way);
  });

  it('is one of an earlier version', () => {
    const path = { kind: 'focus-path', path: ['m', 'f', 'f'] } as const;
    expect(kept(path)).toEqual(path);
    expect(wayOf(path)).toEqual(['m', 'f', 'f']);
  });

  it.each<[string, unknown]>([
    ['no list', 7],
    ['no number', [[0, 1, 'a']]],
    ['no whole number', [[0, 1, 1.5]]],
    ['one number too few', [[0, 1]]],
    ['no key', [[0, 0, 4]]],
    ['keys behind the last one', [[1, 3, 4]]],
    [
      'keys of another run',
      [
        [0, 2, 2],
        [1, 1, 2]
      ]
    ],
    ['no time', [[0, 1, 0]]],
    ['more levels than are kept', [[0, 1, MOST_LEVELS]]],
    [
      'more levels in all',
      [
        [0, 1, MOST_LEVELS / 2],
        [1, 1, MOST_LEVELS / 2]
      ]
    ]
  ])('is none with runs of %s', (_, runs) => {
    expect(
      readTransforms([{ kind: 'focus-path', path: ['a', 'b', 'c'], runs }])
    ).toEqual([]);
  });

  it('is none where it has too many keys', () => {
    const way = Array.from({ length: MOST_PATH + 1 }, (_, i) => `f${i}`);
    expect(kept(focusPath(way))).toBeUndefined();
    expect(kept(focusPath(way.slice(1)))).toBeDefined();
  });
});
