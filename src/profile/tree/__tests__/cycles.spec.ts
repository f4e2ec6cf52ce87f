import fc from 'fast-check';
import { expect, it } from 'vitest';

import { edgesFrom, profileOf, type EdgeSpec } from '../../__tests__/build';
import { graphOf } from '../../__tests__/graphs';
import { inCycles } from '../cycles';

const graph = (count: number, edges: readonly EdgeSpec[]) =>
  graphOf(
    profileOf(
      Array.from({ length: count }, (_, i) => ({
        name: `f${i}`,
        self: 1,
        total: 1
      })),
      { edges: edgesFrom(edges) }
    )
  );

/** By looking for a way back from each function. */
function slowly(count: number, edges: readonly EdgeSpec[]): number[] {
  return Array.from({ length: count }, (_, func) => {
    const seen = new Set<number>();
    const open = [func];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      for (const [caller, callee] of edges) {
        if (caller === one && callee !== caller && !seen.has(callee)) {
          seen.add(callee);
          open.push(callee);
        }
      }
    }
    return seen.has(func) ? 1 : 0;
  });
}

it('finds the functions that call themselves through others', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 25 }),
      pairs => {
        const edges = pairs.map(([a, b]): EdgeSpec => [a, b, 1, 1]);
        expect([...inCycles(graph(10, edges))]).toEqual(slowly(10, edges));
      }
    )
  );
});

it('goes as deep as calls do, and looks at each once', () => {
  const count = 50_000;
  // A chain of calls, whose second half leads back to its middle.
  const edges = Array.from({ length: count - 1 }, (_, i): EdgeSpec => [
    i,
    i + 1,
    1,
    1
  ]);
  edges.push([count - 1, count / 2, 1, 1]);
  const found = inCycles(graph(count, edges));
  expect(found.indexOf(1)).toBe(count / 2);
  expect(found.reduce((sum, one) => sum + one, 0)).toBe(count / 2);
});
