import fc from 'fast-check';
import { expect, it } from 'vitest';

import { trees } from '../../__tests__/trees';
import { NONE, type TreeIndex } from '../../indices';
import { rowOfNode, treeRows } from '../treeRows';
import { wayTo } from '../walk';
import { treeDrawn, treeFrom } from './drawn';

it('shows what lies below open nodes', () => {
  const tree = treeDrawn(`
    main 1
      f 2
        g 5
      h 3
    f 1
  `);
  const rows = (...open: number[]) =>
    Array.from(treeRows(tree, new Set(open as TreeIndex[])));
  expect(rows()).toEqual([0, 4]);
  expect(rows(0)).toEqual([0, 1, 3, 4]);
  expect(rows(1)).toEqual([0, 4]);
  expect(rows(0, 1, 2)).toEqual([0, 1, 2, 3, 4]);
});

it('shows a node when all above it are open, and finds its row', () => {
  fc.assert(
    fc.property(
      trees.filter(nodes => nodes.length > 0),
      fc.array(fc.nat({ max: 40 })),
      (nodes, open) => {
        const tree = treeFrom(nodes);
        const opened = new Set(open as TreeIndex[]);
        const rows = treeRows(tree, opened);
        for (let i = 0; i < tree.length; i++) {
          const node = i as TreeIndex;
          const isShown = wayTo(tree, node)
            .slice(0, -1)
            .every(one => opened.has(one));
          const row = rowOfNode(rows, node);
          expect(row !== NONE).toBe(isShown);
          expect(row === NONE || rows[row] === node).toBe(true);
        }
      }
    )
  );
});
