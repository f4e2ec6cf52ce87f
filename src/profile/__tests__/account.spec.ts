import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { accountOf, type IAccount, type IAccountEntry } from '../account';
import type { CallGraph } from '../callGraph';
import { edgesOfPaths } from '../edges';
import { NONE, type FuncIndex } from '../indices';
import type { IPaths } from '../model';
import { totalsOfPaths } from '../totals';
import {
  edgesFrom,
  metricOf,
  METRICS,
  NO_TOTALS,
  pathsOf,
  profileOf
} from './build';
import { account, find, graphOf, sampleGraph } from './graphs';
import { calledTrees, trees } from './trees';

const FUNCTIONS = ['main', 'f', 'g', 'h'].map(name => ({ name }));

const treeGraph = (paths: IPaths) =>
  graphOf(profileOf(FUNCTIONS, { paths, totals: NO_TOTALS }));

/** The same program as cProfile would write it: totals and edges, and no tree. */
const edgeGraph = (paths: IPaths) =>
  graphOf(
    profileOf(FUNCTIONS, {
      totals: totalsOfPaths(paths, FUNCTIONS.length, METRICS),
      edges: edgesOfPaths(paths, METRICS)
    })
  );

function accounts(graph: CallGraph): IAccount[] {
  return Array.from(graph.rows.function, func => account(graph, func));
}

/** Value and calls by function, in the order of functions. */
function byFunction(entries: readonly IAccountEntry[]): number[][] {
  return entries
    .map(({ function: func, value, calls }) => [func, value, calls])
    .sort((a, b) => a[0] - b[0]);
}

const sum = (entries: readonly IAccountEntry[]) =>
  entries.reduce((all, { value }) => all + value, 0);

describe('an account from a call tree', () => {
  it('gives each frame to the nearest frame of the function above it', () => {
    const [main, f, g, h] = [0, 1, 2, 3];
    const graph = treeGraph(
      pathsOf([
        [0, main, 1, 1],
        [1, f, 2, 1],
        [2, g, 3, 1],
        [3, f, 6, 1],
        [4, h, 4, 1]
      ])
    );
    expect(account(graph, f)).toMatchObject({
      self: 8,
      total: 15,
      callees: [
        { function: h, value: 4, calls: 1 },
        { function: g, value: 3, calls: 1 }
      ],
      rest: 0,
      gap: null,
      callers: [
        { function: main, value: 15, calls: 1 },
        { function: g, value: 0, calls: 1 }
      ],
      recursiveCalls: 0
    });
  });

  it('counts calls of itself apart', () => {
    const graph = treeGraph(
      pathsOf([
        [0, 0, 1, 1],
        [1, 1, 2, 1],
        [2, 1, 4, 176]
      ])
    );
    expect(account(graph, 1)).toMatchObject({
      self: 6,
      total: 6,
      callees: [],
      callers: [{ function: 0, value: 6, calls: 1 }],
      recursiveCalls: 176
    });
  });

  it('is in the unit of the metric, not in ticks', () => {
    const paths = pathsOf([
      [0, 0, 1, 1],
      [1, 1, 2, 1]
    ]);
    const graph = graphOf(
      profileOf(FUNCTIONS, {
        paths,
        totals: NO_TOTALS,
        metrics: [
          metricOf('time', 'ns', { tick: 100 }),
          metricOf('calls', 'count')
        ]
      })
    );
    expect(account(graph, 0)).toMatchObject({
      self: 100,
      total: 300,
      callees: [{ function: 1, value: 200, calls: 1 }],
      callers: [{ function: NONE, value: 300, calls: 1 }]
    });
  });

  it('adds up, always: own, callees and nothing else are the total, and so are the callers', () => {
    fc.assert(
      fc.property(trees, nodes => {
        for (const one of accounts(treeGraph(pathsOf(nodes)))) {
          expect(one.gap).toBeNull();
          expect(one.rest).toBe(0);
          expect(one.self + sum(one.callees)).toBe(one.total);
          expect(sum(one.callers)).toBe(one.total);
        }
      })
    );
  });

  it('has all calls of a function among its callers and itself', () => {
    fc.assert(
      fc.property(trees, nodes => {
        const graph = treeGraph(pathsOf(nodes));
        for (const one of accounts(graph)) {
          const calls = one.callers.reduce(
            (all, entry) => all + entry.calls,
            0
          );
          expect(calls + one.recursiveCalls).toBe(graph.rows.calls[one.row]);
        }
      })
    );
  });

  it('agrees with asking every frame on whose behalf it ran', () => {
    fc.assert(
      fc.property(trees, fc.nat({ max: 3 }), (nodes, func) => {
        const paths = pathsOf(nodes);
        const expected = new Map<number, number>();
        nodes.forEach(([, , self], node) => {
          let below: number = NONE;
          let at: number = node;
          while (at !== NONE && paths.function[at] !== func) {
            below = at;
            at = paths.parent[at];
          }
          if (at !== NONE && below !== NONE) {
            const callee = paths.function[below];
            expected.set(callee, (expected.get(callee) ?? 0) + self);
          }
        });
        const found = accountOf(treeGraph(paths), func as FuncIndex);
        expect(
          new Map(
            found?.callees.map(entry => [entry.function, entry.value] as const)
          )
        ).toEqual(expected);
      })
    );
  });
});

describe('an account from edges', () => {
  it('has the calls that no caller made from outside of the profile', () => {
    const graph = graphOf(
      profileOf(
        [
          { name: 'main', calls: 1, self: 10, total: 40 },
          { name: 'f', calls: 5, self: 50, total: 50 }
        ],
        { edges: edgesFrom([[0, 1, 3, 30]]) }
      )
    );
    expect(account(graph, 1).callers).toEqual([
      { function: 0, value: 30, calls: 3 },
      { function: NONE, value: 20, calls: 2 }
    ]);
    expect(account(graph, 0).callers).toEqual([
      { function: NONE, value: 40, calls: 1 }
    ]);
  });

  it('has the largest first', () => {
    const graph = graphOf(
      profileOf(
        [
          { name: 'main', self: 0, total: 60 },
          { name: 'f', self: 10, total: 10 },
          { name: 'g', self: 30, total: 30 },
          { name: 'h', self: 20, total: 20 }
        ],
        {
          edges: edgesFrom([
            [0, 1, 1, 10],
            [0, 2, 1, 30],
            [0, 3, 1, 20]
          ])
        }
      )
    );
    expect(account(graph, 0).callees.map(({ value }) => value)).toEqual([
      30, 20, 10
    ]);
  });

  it('sums the threads of a pair', () => {
    const graph = graphOf(
      profileOf(FUNCTIONS, {
        edges: edgesFrom([
          [0, 1, 1, 30],
          [0, 1, 2, 5]
        ])
      })
    );
    expect(graph.callees(0 as FuncIndex)).toEqual([
      { caller: 0, callee: 1, calls: 3, primitive: 3, self: NaN, total: 35 }
    ]);
  });

  it('adds up with its rest, whatever the numbers are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 90 }), fc.nat({ max: 90 })), {
          minLength: 4,
          maxLength: 4
        }),
        fc.array(
          fc.tuple(
            fc.nat({ max: 3 }),
            fc.nat({ max: 3 }),
            fc.nat({ max: 9 }),
            fc.nat({ max: 90 })
          )
        ),
        (values, edges) => {
          const graph = graphOf(
            profileOf(
              values.map(([self, total], i) => ({
                name: `f${i}`,
                self,
                total
              })),
              { edges: edgesFrom(edges) }
            )
          );
          for (const one of accounts(graph)) {
            const known = one.self + sum(one.callees);
            if (one.gap) {
              expect(known + one.rest).toBe(one.total);
            } else {
              // Each part may be off by the rounding to a tick.
              const parts = one.callees.length + 2;
              expect(Math.abs(one.total - known)).toBeLessThan(parts + 0.001);
            }
          }
        }
      )
    );
  });

  it('is that from the tree for what is not recursive, and says so of the rest', () => {
    fc.assert(
      fc.property(calledTrees, nodes => {
        const paths = pathsOf(nodes);
        const graph = edgeGraph(paths);
        const exact = treeGraph(paths);
        for (const one of accounts(graph)) {
          if (graph.isRecursive(one.function)) {
            expect([null, 'recursive']).toContain(one.gap);
            continue;
          }
          const other = account(exact, one.function);
          expect(one).toMatchObject({
            self: other.self,
            total: other.total,
            gap: null,
            rest: 0,
            recursiveCalls: 0
          });
          expect(byFunction(one.callees)).toEqual(byFunction(other.callees));
          expect(byFunction(one.callers)).toEqual(byFunction(other.callers));
        }
      })
    );
  });
});

it('has no account of what was not measured', () => {
  const graph = graphOf(profileOf(FUNCTIONS, { totals: NO_TOTALS }));
  expect(accountOf(graph, 0 as FuncIndex)).toBeNull();
});

describe('the sample `functions`, written by cProfile in a kernel', () => {
  it('sees recursion at once and through others', async () => {
    const graph = await sampleGraph('functions');
    expect(graph.isRecursive(find(graph, '(fib)'))).toBe(true);
    expect(graph.isRecursive(find(graph, '(is_even)'))).toBe(true);
    expect(graph.isRecursive(find(graph, '(simulate)'))).toBe(false);
    const fib = accountOf(graph, find(graph, '(fib)'));
    // fib(10) makes 177 calls, all but the first by itself.
    expect(fib?.recursiveCalls).toBe(176);
    expect(fib?.callers.map(({ calls }) => calls)).toEqual([1]);
  });

  it('adds up for all that is not recursive', async () => {
    const graph = await sampleGraph('functions');
    for (const one of accounts(graph)) {
      if (!graph.isRecursive(one.function)) {
        expect(one.gap).toBeNull();
      }
    }
  });
});

it('adds up for each function of the sample `paths`, whose threads share functions', async () => {
  const graph = await sampleGraph('paths');
  for (const one of accounts(graph)) {
    expect(one.gap).toBeNull();
    expect(sum(one.callers)).toBeCloseTo(one.total, 6);
  }
});
