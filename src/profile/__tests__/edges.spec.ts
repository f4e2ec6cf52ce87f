import fc from 'fast-check';
import { expect, it } from 'vitest';

import { edgesOf, edgesOfPaths } from '../edges';
import { NONE } from '../indices';
import type { IEdges, IPaths } from '../model';
import { totalsOfPaths } from '../totals';
import {
  edgesFrom,
  metricOf,
  METRICS,
  NO_TOTALS,
  pathsOf,
  profileOf
} from './build';
import { trees } from './trees';

/** Caller and callee by name of row: own, total, calls, primitive calls. */
function table(edges: IEdges): Record<string, number[]> {
  const column = (key: Parameters<IEdges['values']['get']>[0]) =>
    edges.values.get(key) ?? new Float64Array(edges.length);
  return Object.fromEntries(
    Array.from(edges.caller, (caller, i) => [
      `${caller} → ${edges.callee[i]}`,
      [
        column('self.time')[i],
        column('total.time')[i],
        column('self.calls')[i],
        column('primitive.calls')[i]
      ]
    ])
  );
}

const ofTree = (paths: IPaths) => table(edgesOfPaths(paths, METRICS));

it('has a row for each caller and callee, with all that the callee took there', () => {
  const [main, f, g] = [0, 1, 2];
  const paths = pathsOf([
    [0, main, 1, 1],
    [1, f, 2, 3],
    [2, g, 4, 5],
    [1, g, 8, 7]
  ]);
  expect(ofTree(paths)).toEqual({
    '0 → 1': [2, 6, 3, 3],
    '1 → 2': [4, 4, 5, 5],
    '0 → 2': [8, 8, 7, 7]
  });
});

it('counts a pair once a path, at its outermost place', () => {
  const [main, f, g] = [0, 1, 2];
  const paths = pathsOf([
    [0, main, 1, 1],
    [1, f, 2, 1],
    [2, f, 4, 2],
    [3, f, 3, 3],
    [4, g, 1, 1]
  ]);
  expect(ofTree(paths)).toEqual({
    '0 → 1': [2, 10, 1, 1],
    '1 → 1': [7, 8, 5, 2],
    '1 → 2': [1, 1, 1, 1]
  });
});

it('forgets a pair when its path has ended', () => {
  const [main, f, g] = [0, 1, 2];
  const paths = pathsOf([
    [0, main, 0, 1],
    [1, f, 1, 1],
    [2, g, 1, 1],
    [3, f, 1, 1],
    [4, g, 1, 1],
    [1, f, 1, 1],
    [2, g, 1, 1]
  ]);
  expect(ofTree(paths)['1 → 2']).toEqual([3, 4, 3, 2]);
});

it('keeps threads apart', () => {
  const paths = pathsOf(
    [
      [0, 0, 1, 1],
      [1, 1, 2, 1],
      [0, 0, 1, 1],
      [1, 1, 4, 1]
    ],
    node => (node < 2 ? 0 : 1)
  );
  const edges = edgesOfPaths(paths, METRICS);
  expect(Array.from(edges.thread)).toEqual([0, 1]);
  expect(edges.values.get('total.time')).toEqual(Float64Array.of(2, 4));
});

it('takes the largest where that is how values go together, and nothing where it is not known', () => {
  const paths = pathsOf([
    [0, 0, -5, 1],
    [1, 1, -3, 1],
    [2, 0, -9, 1],
    [1, 1, -4, 1]
  ]);
  const of = (combine: string) =>
    edgesOfPaths(paths, [metricOf('time', 'bytes', { combine })]).values;
  expect(of('max').get('self.time')).toEqual(Float64Array.of(-3, -9));
  expect(of('max').get('total.time')).toEqual(Float64Array.of(-3, -9));
  expect(of('median').size).toBe(0);
});

it('takes what the source stored where it stored totals', () => {
  const edges = edgesFrom([[0, 1, 1, 5]]);
  const paths = pathsOf([
    [0, 0, 1, 1],
    [1, 1, 2, 1]
  ]);
  const functions = [{ name: 'main' }, { name: 'f' }];
  expect(edgesOf(profileOf(functions, { edges, paths }))).toBe(edges);
  expect(edgesOf(profileOf(functions, { edges }))).toBe(edges);
  expect(
    table(edgesOf(profileOf(functions, { paths, totals: NO_TOTALS })))
  ).toEqual({ '0 → 1': [2, 2, 1, 1] });
});

it('agrees with asking every frame for those above it', () => {
  fc.assert(
    fc.property(trees, nodes => {
      const paths = pathsOf(nodes);
      const expected: Record<string, number[]> = {};
      const pairOf = (node: number) =>
        paths.parent[node] === NONE
          ? ''
          : `${paths.function[paths.parent[node]]} → ${paths.function[node]}`;
      nodes.forEach(([, , self, calls], node) => {
        const pair = pairOf(node);
        const above: string[] = [];
        for (let at: number = node; at !== NONE; at = paths.parent[at]) {
          above.push(pairOf(at));
        }
        if (pair) {
          const row = (expected[pair] ??= [0, 0, 0, 0]);
          row[0] += self;
          row[2] += calls;
          row[3] += above.indexOf(pair, 1) < 0 ? calls : 0;
        }
        for (const one of new Set(above)) {
          if (one) {
            (expected[one] ??= [0, 0, 0, 0])[1] += self;
          }
        }
      });
      expect(ofTree(paths)).toEqual(expected);
    })
  );
});

it('sums, over the callers of a function, to its own value less what its roots own', () => {
  fc.assert(
    fc.property(trees, nodes => {
      const paths = pathsOf(nodes);
      const edges = edgesOfPaths(paths, METRICS);
      const totals = totalsOfPaths(paths, 4, METRICS);
      for (const key of ['self.time', 'self.calls'] as const) {
        totals.function.forEach((func, row) => {
          const fromCallers = Array.from(edges.callee.keys())
            .filter(i => edges.callee[i] === func)
            .reduce((sum, i) => sum + (edges.values.get(key)?.[i] ?? NaN), 0);
          const ofRoots = nodes
            .filter(([depth, root]) => depth === 0 && root === func)
            .reduce((sum, node) => sum + node[key === 'self.time' ? 2 : 3], 0);
          expect(fromCallers + ofRoots).toBe(totals.values.get(key)?.[row]);
        });
      }
    })
  );
});
