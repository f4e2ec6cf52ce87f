import { expect, it } from 'vitest';

import { NONE, type TreeIndex } from '../../../profile/indices';
import { FunctionKeys } from '../../../profile/keys';
import { profileWith, treeDrawn } from '../../../profile/tree/__tests__/drawn';
import { OpenNodes } from '../openNodes';

const TREE = treeDrawn(`
  main 1
    f 2
      g 5
    h 3
  f 1
`);
const [MAIN, F, G, H, SECOND] = Array.from(TREE.func.keys()) as TreeIndex[];
/** Functions of which none is like another. */
const KEYS = new FunctionKeys(profileWith([[0, 1, 2, 3]]));

function opened(areRootsOpen: boolean): OpenNodes {
  const open = new OpenNodes(KEYS);
  open.begin(TREE, areRootsOpen);
  return open;
}

const nodes = (open: OpenNodes) => [...open.all].sort((a, b) => a - b);

it('begins with all closed, or with its roots open', () => {
  expect(nodes(opened(false))).toEqual([]);
  expect(nodes(opened(true))).toEqual([MAIN, SECOND]);
});

it('opens what is above a node, and says whether that was closed', () => {
  const open = opened(false);
  expect(open.openTo(NONE)).toBe(false);
  expect(open.openTo(SECOND)).toBe(false);
  expect(open.openTo(G)).toBe(true);
  expect(nodes(open)).toEqual([MAIN, F]);
  expect(open.openTo(H)).toBe(false);
});

it('opens a way but for its end, which has nothing below', () => {
  const open = opened(false);
  open.openWay([MAIN, F, G]);
  expect(nodes(open)).toEqual([MAIN, F]);
});

it('is toggled, and cleared', () => {
  const open = opened(true);
  expect([open.toggle(MAIN), open.has(MAIN)]).toEqual([false, false]);
  expect([open.toggle(MAIN), open.has(MAIN)]).toEqual([true, true]);
  open.clear();
  expect(nodes(open)).toEqual([]);
});

it('keeps what is open when the tree has grown', () => {
  const open = opened(false);
  open.openTo(G);
  const grown = treeDrawn(`
    main 1
      h 30
      f 2
        g 5
          h 1
    f 1
  `);
  open.grow(grown);
  expect(nodes(open).map(node => grown.depth[node])).toEqual([0, 1]);
  expect(open.has(2 as TreeIndex)).toBe(true);
});
