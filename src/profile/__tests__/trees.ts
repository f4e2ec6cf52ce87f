import fc from 'fast-check';

import type { NodeSpec } from './build';

/** Call trees of four functions, in pre-order; several roots, recursion of every kind. */
export const trees = fc
  .array(
    fc.tuple(
      fc.nat({ max: 5 }),
      fc.nat({ max: 3 }),
      fc.nat({ max: 50 }),
      fc.nat({ max: 9 })
    ),
    { maxLength: 40 }
  )
  .map(nodes => {
    let above = -1;
    return nodes.map(([depth, ...rest]): NodeSpec => {
      above = Math.min(depth, above + 1);
      return [above, ...rest];
    });
  });

/** Call trees in which each frame was called at least once, as in a tree that was recorded. */
export const calledTrees = trees.map(nodes =>
  nodes.map(([depth, func, self, calls]): NodeSpec => [
    depth,
    func,
    self,
    calls + 1
  ])
);
