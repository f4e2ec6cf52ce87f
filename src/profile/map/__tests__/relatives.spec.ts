import { describe, expect, it } from 'vitest';

import { edgesFrom, profileOf } from '../../__tests__/build';
import { graphOf } from '../../__tests__/graphs';
import type { FuncIndex } from '../../indices';
import {
  LETTERS,
  parse,
  profileWith,
  TIME,
  drawn
} from '../../tree/__tests__/drawn';
import { treeOf } from '../../tree/treeOf';
import {
  besideOf,
  heaviestCaller,
  ownOf,
  relativesOf,
  type Relation
} from '../relatives';

/** Names, calls, own and total of relatives. */
function listed(text: string, name: string, relation: Relation): string[] {
  const profile = profileWith(parse(drawn(text)));
  return relativesOf(
    graphOf(profile),
    treeOf(profile, TIME),
    LETTERS.indexOf(name) as FuncIndex,
    relation
  )
    .map(
      ({ func, calls, self, total }) =>
        `${LETTERS[func]} ${calls} ${self} ${total}`
    )
    .sort();
}

const PROGRAM = `
  main 1
    f 2
      g 3
        h 4
    h 5
`;

describe('relatives by call paths', () => {
  it('are what was called, at once and through others', () => {
    expect(listed(PROGRAM, 'f', 'callees')).toEqual(['g 1 3 7']);
    expect(listed(PROGRAM, 'f', 'allCallees')).toEqual(['g 1 3 7', 'h 1 4 4']);
  });

  it('are what called, with what the function took below each', () => {
    expect(listed(PROGRAM, 'h', 'callers')).toEqual(['g 1 4 4', 'main 1 5 5']);
    expect(listed(PROGRAM, 'h', 'allCallers')).toEqual([
      'f 1 4 4',
      'g 1 4 4',
      'main 2 9 9'
    ]);
  });

  it('count once what is within itself', () => {
    const recursive = `
      main 0
        f 1
          g 2
            f 3
              g 4
    `;
    // Below the outer f: g 2+4 of its own, in all 9; the inner f is in it.
    expect(listed(recursive, 'f', 'allCallees')).toEqual([
      'f 1 3 7',
      'g 2 6 9'
    ]);
    expect(listed(recursive, 'g', 'allCallers')).toEqual([
      'f 2 6 9',
      'main 2 6 9'
    ]);
  });
});

describe('relatives by a tree alone', () => {
  const recursive = `
      main 0
        f 1
          f 2
            g 5
          g 2
            f 3
              g 4
        g 7
    `;

  it.each(['callees', 'callers'] as const)(
    'are the %s that edges tell',
    relation => {
      for (const text of [PROGRAM, recursive]) {
        const profile = profileWith(parse(drawn(text)));
        const tree = treeOf(profile, TIME);
        for (const name of ['main', 'f', 'g', 'h']) {
          const func = LETTERS.indexOf(name) as FuncIndex;
          const byFunction = (a: { func: number }, b: { func: number }) =>
            a.func - b.func;
          expect(
            tree && [...besideOf(tree, func, relation)].sort(byFunction)
          ).toEqual(
            [...relativesOf(graphOf(profile), tree, func, relation)].sort(
              byFunction
            )
          );
        }
      }
    }
  );

  it('have what they own, which adds up to all', () => {
    const tree = treeOf(profileWith(parse(drawn(recursive))), TIME);
    const own = tree ? ownOf(tree) : [];
    expect(own.map(({ func, self }) => `${LETTERS[func]} ${self}`)).toEqual([
      'main 0',
      'f 6',
      'g 18'
    ]);
    expect(own.reduce((sum, { self }) => sum + self, 0)).toBe(tree?.whole);
  });
});

describe('relatives by sums', () => {
  const graph = graphOf(
    profileOf(
      [
        { name: 'main', total: 10 },
        { name: 'f', total: 6, self: 2 },
        { name: 'g', total: 4, self: 4 }
      ],
      {
        edges: edgesFrom([
          [0, 1, 1, 6],
          [1, 2, 2, 3],
          [2, 1, 1, 1],
          [0, 2, 1, 1]
        ])
      }
    )
  );

  it('have totals of their own, and end in cycles', () => {
    expect(
      relativesOf(graph, null, 0 as FuncIndex, 'allCallees')
        .map(({ func, total }) => [func, total])
        .sort()
    ).toEqual([
      [1, 6],
      [2, 4]
    ]);
    expect(relativesOf(graph, null, 2 as FuncIndex, 'allCallers').length).toBe(
      3
    );
  });

  it('tell who gave most', () => {
    expect(
      heaviestCaller(
        relativesOf(graph, null, 2 as FuncIndex, 'callers'),
        2 as FuncIndex
      )
    ).toBe(1);
    expect(
      heaviestCaller(
        relativesOf(graph, null, 0 as FuncIndex, 'callers'),
        0 as FuncIndex
      )
    ).toBe(-1);
  });
});
