import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  edgesFrom,
  profileOf,
  type EdgeSpec,
  type IFunctionSpec
} from '../../__tests__/build';
import { graphOf, sampleGraph } from '../../__tests__/graphs';
import { trees } from '../../__tests__/trees';
import { NONE, type FuncIndex, type TreeIndex } from '../../indices';
import type { ICallTree } from '../callTree';
import { estimatedTree, type EstimatedTree } from '../estimatedTree';
import { GROWTH, type IGrowth } from '../growingTree';
import { drawn, faultsOf, LETTERS, near, profileWith } from './drawn';

function estimate(
  functions: readonly IFunctionSpec[],
  edges: readonly EdgeSpec[],
  growth?: IGrowth
): EstimatedTree {
  const tree = estimatedTree(
    graphOf(profileOf(functions, { edges: edgesFrom(edges) })),
    growth
  );
  if (!tree) {
    throw new Error('Nothing to estimate from');
  }
  return tree;
}

/** A tree with totals: `~` for an estimate, `…` for what is not expanded. */
function show(tree: ICallTree): string {
  return Array.from(tree.func, (func, node) => {
    const mark = tree.estimated?.[node] ? '~' : '';
    const rest = tree.rest?.[node] ? ` …${round(tree.rest[node])}` : '';
    return `${'  '.repeat(tree.depth[node])}${LETTERS[func]} ${mark}${round(tree.total[node])}${rest}`;
  }).join('\n');
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}

const [MAIN, F, G, H] = [0, 1, 2, 3];

describe('an estimated tree', () => {
  it('divides what a function took as it was over all its calls', () => {
    const { tree } = estimate(
      [
        { name: 'main', self: 0, total: 12 },
        { name: 'f', self: 3, total: 8 },
        { name: 'g', self: 1, total: 4 },
        { name: 'h', self: 6, total: 8 }
      ],
      [
        [MAIN, F, 1, 8],
        [MAIN, G, 1, 4],
        [F, H, 3, 5],
        [G, H, 1, 3]
      ]
    );
    expect(show(tree)).toBe(
      drawn(`
        main 12
          f 8
            h ~5
          g 4
            h ~3
      `)
    );
    expect(Array.from(tree.calls ?? [])).toEqual([1, 1, 3, 1, 1]);
    expect(tree.self[0]).toBe(0);
  });

  it('ends cycles, and keeps what they took as not expanded', () => {
    const { tree } = estimate(
      [
        { name: 'main', self: 2, total: 10 },
        { name: 'f', self: 6, total: 8 },
        { name: 'g', self: 2, total: 4 }
      ],
      [
        [MAIN, F, 1, 8],
        [F, F, 1, 3],
        [F, G, 2, 4],
        [G, F, 1, 2]
      ]
    );
    expect(faultsOf(tree)).toEqual([]);
    // f and its callees took 10 within the 8 of its outermost call, half of what g took was in f.
    expect(show(tree)).toBe(
      drawn(`
        main 10
          f ~8
            g ~3.2 …1.6
      `)
    );
  });

  it('scales down what recursion counted twice', () => {
    const { tree } = estimate(
      [
        { name: 'main', self: 0, total: 10 },
        { name: 'f', self: 5, total: 10 },
        { name: 'g', self: 5, total: 10 }
      ],
      [
        [MAIN, F, 1, 10],
        [F, G, 1, 15]
      ]
    );
    expect(faultsOf(tree)).toEqual([]);
    expect(show(tree)).toBe('main 10\n  f 10\n    g ~7.5');
  });

  it('has roots for what nothing called, and for what callers did not give', () => {
    const { tree } = estimate(
      [
        { name: 'main', self: 2, total: 5 },
        { name: 'f', self: 9, total: 9 },
        { name: 'g', self: 1, total: 4 },
        { name: 'h', self: 1, total: 4 }
      ],
      [
        [MAIN, F, 1, 3],
        [H, G, 1, 3],
        [G, H, 1, 4]
      ]
    );
    expect(faultsOf(tree)).toEqual([]);
    expect(show(tree)).toBe(
      drawn(`
        f ~6
        main 5
          f ~3
        g ~4
          h ~3.2 …2.4
      `)
    );
  });

  it('is not there without callers', () => {
    expect(estimatedTree(graphOf(profileOf([{ name: 'main' }])))).toBeNull();
  });

  it('does not explode', () => {
    const layers = 40;
    const width = 10;
    const functions = Array.from({ length: layers * width }, (_, i) => ({
      name: `f${i}`,
      self: 1,
      total: layers - Math.floor(i / width)
    }));
    const edges: EdgeSpec[] = [];
    for (let i = 0; i < (layers - 1) * width; i++) {
      const below = (Math.floor(i / width) + 1) * width;
      for (let j = 0; j < width; j++) {
        edges.push([i, below + j, 1, (functions[i].total - 1) / width]);
      }
    }
    const growing = estimate(functions, edges);
    const { tree } = growing;
    expect(tree.length).toBeLessThan(GROWTH.boxes + width);
    expect(near(tree.whole, layers * width)).toBe(true);
    expect(faultsOf(tree)).toEqual([]);
    const node = tree.func.findIndex((_, one) =>
      growing.canExpand(one as TreeIndex)
    ) as TreeIndex;
    expect(tree.rest?.[node]).toBeGreaterThan(0);
    const before = tree.total[node];
    const more = growing.expand(node);
    expect(more.length).toBeGreaterThan(tree.length);
    expect(near(more.total[node], before)).toBe(true);
  });

  it('never gives callees more than their caller has, and tells what is certain', () => {
    fc.assert(
      fc.property(
        trees.filter(nodes => nodes.length > 0),
        nodes => {
          const graph = graphOf(profileWith(nodes));
          const tree = estimatedTree(graph)?.tree;
          if (!tree) {
            expect(graph.hasEdges).toBe(false);
            return;
          }
          expect(faultsOf(tree)).toEqual([]);
          for (let node = 0; node < tree.length; node++) {
            const func = tree.func[node] as FuncIndex;
            expect(tree.self[node]).toBeGreaterThanOrEqual(0);
            expect(tree.rest?.[node]).toBeGreaterThanOrEqual(0);
            const callers = graph
              .callers(func)
              .filter(edge => edge.caller !== func);
            if (!tree.estimated?.[node]) {
              const parent = tree.parent[node];
              expect(callers.length).toBe(parent === NONE ? 0 : 1);
              expect(parent === NONE || !tree.estimated?.[parent]).toBe(true);
              const total = graph.rows.total[graph.rowOf(func)];
              expect(near(tree.total[node], total)).toBe(true);
            }
          }
        }
      )
    );
  });

  it.each(['functions', 'both', 'paths', 'guide'])(
    'is made of the sample %s',
    async name => {
      const graph = await sampleGraph(name);
      const tree = estimatedTree(graph)?.tree;
      expect(tree === undefined).toBe(!graph.hasEdges);
      expect(tree ? faultsOf(tree) : []).toEqual([]);
    }
  );
});
