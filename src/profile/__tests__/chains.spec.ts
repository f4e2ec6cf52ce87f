import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { CallGraph } from '../callGraph';
import { spineOf } from '../chains';
import { edgesOfPaths } from '../edges';
import type { FuncIndex } from '../indices';
import { wholeOf } from '../rows';
import { totalsOfPaths } from '../totals';
import { wrapperChain } from '../wrapperChain';
import {
  edgesFrom,
  METRICS,
  pathsOf,
  profileOf,
  type EdgeSpec,
  type IFunctionSpec
} from './build';
import { graphOf } from './graphs';
import { trees } from './trees';

/** Functions as `name: [own, total]`, and who calls whom as `'a b'`: calls and total. */
function drawn(
  functions: Record<string, [self: number, total: number]>,
  calls: Record<string, number>,
  kinds: Record<string, IFunctionSpec['kind']> = {}
): CallGraph {
  const names = Object.keys(functions);
  return graphOf(
    profileOf(
      names.map(name => ({
        name,
        kind: kinds[name],
        self: functions[name][0],
        total: functions[name][1]
      })),
      {
        edges: edgesFrom(
          Object.entries(calls).map(([pair, total]): EdgeSpec => {
            const [caller, callee] = pair
              .split(' ')
              .map(name => names.indexOf(name));
            return [caller, callee, 1, total];
          })
        )
      }
    )
  );
}

const namesOf = (graph: CallGraph, functions: readonly FuncIndex[]) =>
  functions.map(func => graph.profile.functions.name[func]).join(' ');

function chain(graph: CallGraph, from: string, caller = from): string {
  const { name } = graph.profile.functions;
  const [func, other] = [from, caller].map(
    one => name.indexOf(one) as FuncIndex
  );
  return namesOf(graph, wrapperChain(graph, func, other));
}

function spine(graph: CallGraph, whole = wholeOf(graph.profile, graph.rows)) {
  const found = spineOf(graph, whole);
  return found && namesOf(graph, found.functions);
}

describe('a chain of wrappers', () => {
  it('leads to the function that does the work', () => {
    const graph = drawn(
      { get: [1, 100], read: [1, 99], work: [98, 98] },
      { 'get read': 99, 'read work': 98 }
    );
    expect(chain(graph, 'get')).toBe('get read work');
    expect(chain(graph, 'work')).toBe('work');
  });

  it.each([
    ['owns 5 % and gives 80 % away', 5, 80, 'get work'],
    ['owns more than 5 %', 6, 80, 'get'],
    ['gives less than 80 % to one callee', 5, 79, 'get']
  ])('of a frame that %s', (_, self, given, expected) => {
    const graph = drawn(
      { get: [self, 100], work: [given, given], other: [1, 1] },
      { 'get work': given, 'get other': 100 - self - given }
    );
    expect(chain(graph, 'get')).toBe(expected);
  });

  it('is none where calls come back, to what is on it or to the caller', () => {
    const graph = drawn(
      { a: [0, 100], b: [0, 100], c: [0, 100], main: [0, 100] },
      { 'a b': 100, 'b c': 100, 'c a': 100, 'main a': 100 }
    );
    expect(chain(graph, 'a', 'main')).toBe('a');
    expect(chain(graph, 'b', 'a')).toBe('b');
  });

  it('does not lead from a function to itself', () => {
    const graph = drawn({ f: [0, 100] }, { 'f f': 100 });
    expect(chain(graph, 'f')).toBe('f');
  });

  it('leads nowhere from what took no time', () => {
    const graph = drawn({ f: [0, 0], g: [0, 0] }, { 'f g': 0 });
    expect(chain(graph, 'f')).toBe('f');
  });
});

describe('the spine', () => {
  it('goes from the root to where the time is shared out', () => {
    const graph = drawn(
      {
        exec: [0, 100],
        main: [1, 100],
        run: [2, 99],
        read: [60, 60],
        merge: [37, 37]
      },
      { 'exec main': 100, 'main run': 99, 'run read': 60, 'run merge': 37 }
    );
    expect(spine(graph)).toBe('exec main run');
    expect(spineOf(graph, 100)).toMatchObject({ self: 3, total: 100 });
  });

  it('is not worth folding below three frames', () => {
    const graph = drawn(
      { main: [1, 100], run: [2, 99], read: [60, 60], merge: [37, 37] },
      { 'main run': 99, 'run read': 60, 'run merge': 37 }
    );
    expect(spine(graph)).toBeNull();
  });

  it('ends before a frame that works itself', () => {
    const graph = drawn(
      { a: [1, 100], b: [1, 99], c: [1, 98], work: [97, 97] },
      { 'a b': 99, 'b c': 98, 'c work': 97 }
    );
    expect(spine(graph)).toBe('a b c');
  });

  it('ends before a frame that is called from elsewhere, too', () => {
    // read has 100 in all, of which the spine gave 90.
    const graph = drawn(
      {
        a: [0, 110],
        b: [0, 110],
        c: [0, 110],
        read: [0, 100],
        leaf: [100, 100],
        other: [10, 20]
      },
      {
        'a b': 110,
        'b c': 110,
        'c read': 90,
        'c other': 20,
        'other read': 10,
        'read leaf': 100
      }
    );
    expect(spine(graph)).toBe('a b c');
  });

  it('is of nearly the whole, or there is none', () => {
    const graph = drawn(
      { a: [0, 50], b: [0, 50], c: [0, 50], d: [50, 50], other: [50, 50] },
      { 'a b': 50, 'b c': 50, 'c d': 50 }
    );
    expect(spine(graph)).toBeNull();
    expect(spine(graph, 60)).toBe('a b c');
  });

  it('starts at a function that nothing calls but itself', () => {
    const graph = drawn(
      { a: [0, 100], b: [0, 100], c: [0, 100], d: [100, 100] },
      { 'a a': 50, 'a b': 100, 'b c': 100, 'c d': 100 }
    );
    expect(spine(graph)).toBe('a b c');
  });

  it('does not start at what is no function', () => {
    const graph = drawn(
      { a: [0, 100], b: [0, 100], c: [0, 100], d: [100, 100] },
      { 'a b': 100, 'b c': 100, 'c d': 100 },
      { a: 'pseudo' }
    );
    expect(spine(graph)).toBeNull();
  });

  it.each<[string, Record<string, number>]>([
    ['all call each other', { 'a b': 100, 'b c': 100, 'c a': 100 }],
    ['nobody calls anybody', {}]
  ])('is none, and its search ends, where %s', (_, calls) => {
    const graph = drawn({ a: [0, 100], b: [0, 100], c: [0, 100] }, calls);
    expect(spine(graph, 100)).toBeNull();
  });

  it('ends where its way comes back', () => {
    const graph = drawn(
      { a: [0, 100], b: [0, 100], c: [0, 100] },
      { 'a b': 100, 'b c': 100, 'c b': 100 }
    );
    expect(spine(graph, 100)).toBe('a b c');
  });

  it('is none where the whole is not known', () => {
    const graph = drawn(
      { a: [0, 100], b: [0, 100], c: [0, 100], d: [100, 100] },
      { 'a b': 100, 'b c': 100, 'c d': 100 }
    );
    expect(spine(graph, NaN)).toBeNull();
  });
});

it('holds each frame once, in any tree, and owns little of it', () => {
  fc.assert(
    fc.property(trees, nodes => {
      const paths = pathsOf(nodes);
      const graph = graphOf(
        profileOf(
          ['main', 'f', 'g', 'h'].map(name => ({ name })),
          {
            totals: totalsOfPaths(paths, 4, METRICS),
            edges: edgesOfPaths(paths, METRICS)
          }
        )
      );
      const whole = wholeOf(graph.profile, graph.rows);
      for (const func of graph.rows.function) {
        const way = wrapperChain(graph, func as FuncIndex, func as FuncIndex);
        expect(new Set(way).size).toBe(way.length);
        expect(way[0]).toBe(func);
      }
      const found = spineOf(graph, whole);
      if (found) {
        expect(new Set(found.functions).size).toBe(found.functions.length);
        expect(found.self).toBeLessThanOrEqual(
          0.05 * whole * found.functions.length
        );
        expect(found.total).toBeLessThanOrEqual(whole);
      }
    })
  );
});
