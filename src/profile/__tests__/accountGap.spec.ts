import { describe, expect, it } from 'vitest';

import { edgesFrom, metricOf, profileOf } from './build';
import { account, graphOf } from './graphs';

describe('where the parts do not add up, the account says why:', () => {
  const gapOf = (
    functions: Parameters<typeof profileOf>[0],
    ...edges: Parameters<typeof edgesFrom>[0]
  ) => {
    const { gap, rest } = account(
      graphOf(profileOf(functions, { edges: edgesFrom(edges) })),
      0
    );
    return [gap, rest];
  };

  it('calls within calls', () => {
    const functions = [
      { name: 'f', self: 10, total: 30 },
      { name: 'g', self: 20, total: 28 }
    ];
    expect(gapOf(functions, [0, 1, 2, 28], [1, 0, 1, 20])).toEqual([
      'recursive',
      -8
    ]);
  });

  it('functions that were put together', () => {
    const functions = [
      { name: 'f', self: 10, total: 60 },
      {
        name: '(8 more functions)',
        qualified: 'folded',
        kind: 'pseudo' as const
      }
    ];
    expect(gapOf(functions, [0, 1, 2, 20])).toEqual(['folded', 30]);
  });

  it('callees that the profile does not hold', () => {
    expect(gapOf([{ name: 'f', self: 10, total: 60 }])).toEqual([
      'unrecorded',
      50
    ]);
  });

  it('numbers of the source that are more than the whole', () => {
    const functions = [{ name: 'f', self: 10, total: 20 }, { name: 'g' }];
    expect(gapOf(functions, [0, 1, 1, 30])).toEqual(['mismatch', -20]);
  });

  it('callees of which only the calls are known', () => {
    const functions = [
      { name: 'f', self: 10, total: 60 },
      { name: 'g', self: 50 },
      { name: 'h', self: 0 }
    ];
    const graph = graphOf(
      profileOf(functions, {
        edges: edgesFrom([
          [0, 2, 1, NaN],
          [0, 1, 2, 5],
          [0, 1, 3, 4]
        ])
      })
    );
    expect(account(graph, 0)).toMatchObject({
      gap: 'unrecorded',
      rest: NaN,
      callees: [
        { function: 1, value: 9, calls: 5 },
        { function: 2, value: NaN, calls: 1 }
      ]
    });
  });

  it('values that are no sums', () => {
    const metrics = [
      metricOf('time', 'bytes', { combine: 'max' }),
      metricOf('calls', 'count')
    ];
    const graph = graphOf(
      profileOf(
        [
          { name: 'f', self: 10, total: 60 },
          { name: 'g', self: 60 }
        ],
        { metrics, edges: edgesFrom([[0, 1, 1, 60]]) }
      )
    );
    expect(account(graph, 0)).toMatchObject({
      self: 10,
      total: 60,
      callees: [{ function: 1, value: 60, calls: 1 }],
      rest: NaN,
      gap: 'unsummed'
    });
  });

  it('and takes no rounding for a gap', () => {
    const functions = [{ name: 'f', self: 10, total: 20 }, { name: 'g' }];
    expect(gapOf(functions, [0, 1, 1, 8])).toEqual([null, 0]);
    expect(gapOf(functions, [0, 1, 1, 6])).toEqual(['unrecorded', 4]);
  });
});
