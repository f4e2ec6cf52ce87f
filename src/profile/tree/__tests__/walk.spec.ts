import fc from 'fast-check';
import { expect, it } from 'vitest';

import { trees } from '../../__tests__/trees';
import { NONE, type TreeIndex } from '../../indices';
import { FunctionKeys } from '../../keys';
import {
  breadcrumbsOf,
  childrenOf,
  heaviestWay,
  nodeAtPath,
  pathOf,
  stepFrom,
  wayTo
} from '../walk';
import { profileWith, treeDrawn, treeFrom } from './drawn';

const TREE = treeDrawn(`
  main 1
    f 2
      g 50
      h 3
    g 6
    h 3
  f 1
`);
const [MAIN, F, , H_IN_F, G, H, SECOND] = Array.from(
  TREE.func.keys()
) as TreeIndex[];
const KEYS = new FunctionKeys(profileWith([[0, 0, 1, 1]]));

it('goes to the caller, the largest callee, and to siblings', () => {
  expect(stepFrom(TREE, F, 'caller')).toBe(MAIN);
  expect(stepFrom(TREE, MAIN, 'caller')).toBe(NONE);
  expect(stepFrom(TREE, MAIN, 'callee')).toBe(F);
  expect(stepFrom(TREE, G, 'callee')).toBe(NONE);
  expect(stepFrom(TREE, F, 'next')).toBe(G);
  expect(stepFrom(TREE, H, 'next')).toBe(NONE);
  expect(stepFrom(TREE, H, 'previous')).toBe(G);
  expect(stepFrom(TREE, F, 'previous')).toBe(NONE);
  expect(stepFrom(TREE, MAIN, 'next')).toBe(SECOND);
  expect(stepFrom(TREE, SECOND, 'previous')).toBe(MAIN);
  expect(stepFrom(TREE, SECOND, 'next')).toBe(NONE);
});

it('comes back from where it went', () => {
  fc.assert(
    fc.property(trees, nodes => {
      fc.pre(nodes.length > 0);
      const tree = treeFrom(nodes);
      for (let i = 0; i < tree.length; i++) {
        const node = i as TreeIndex;
        const next = stepFrom(tree, node, 'next');
        if (next !== NONE) {
          expect(tree.parent[next]).toBe(tree.parent[node]);
          expect(stepFrom(tree, next, 'previous')).toBe(node);
        }
        const callee = stepFrom(tree, node, 'callee');
        if (callee !== NONE) {
          expect(stepFrom(tree, callee, 'caller')).toBe(node);
        }
        const found = nodeAtPath(tree, pathOf(tree, node, KEYS), KEYS);
        expect(found).toEqual({ node, isWhole: true });
        for (const child of childrenOf(tree, node)) {
          expect(tree.parent[child]).toBe(node);
        }
      }
    })
  );
});

it('names a node by the functions on its way', () => {
  expect(wayTo(TREE, H_IN_F)).toEqual([MAIN, F, H_IN_F]);
  expect(pathOf(TREE, H_IN_F, KEYS)).toEqual(['|main', '|f', '|h']);
});

it('follows a path as far as it is there', () => {
  const follow = (...path: string[]) => nodeAtPath(TREE, path, KEYS);
  expect(follow('|main', '|f', '|h')).toEqual({ node: H_IN_F, isWhole: true });
  expect(follow('|main', '|f', '|main')).toEqual({ node: F, isWhole: false });
  expect(follow('|gone')).toEqual({ node: NONE, isWhole: false });
  expect(follow()).toEqual({ node: NONE, isWhole: false });
});

it('has roots as the children of none', () => {
  expect(childrenOf(TREE, NONE)).toEqual([MAIN, SECOND]);
});

it('shortens a long way in the middle', () => {
  const deep = treeDrawn(
    ['main', 'f', 'g', 'h', 'f', 'g', 'h', 'main']
      .map((name, depth) => `${'  '.repeat(depth)}${name} 1`)
      .join('\n')
  );
  expect(breadcrumbsOf(deep, 7 as TreeIndex, 8).hidden).toBe(0);
  expect(breadcrumbsOf(deep, 7 as TreeIndex, 5)).toEqual({
    first: [0],
    hidden: 3,
    last: [4, 5, 6, 7]
  });
  expect(breadcrumbsOf(deep, 7 as TreeIndex, 2)).toEqual({
    first: [0],
    hidden: 6,
    last: [7]
  });
});

it('goes down where most was taken, until it is shared out', () => {
  expect(heaviestWay(TREE, MAIN)).toEqual([0, 1, 2]);
  expect(heaviestWay(TREE, MAIN, 0.95)).toEqual([0]);
  expect(heaviestWay(TREE, SECOND)).toEqual([SECOND]);
});
