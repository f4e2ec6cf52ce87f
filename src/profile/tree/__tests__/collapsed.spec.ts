import { expect, it } from 'vitest';

import { collapsedStacks } from '../collapsed';
import { parse, profileWith, TIME } from './drawn';
import { treeOf } from '../treeOf';

const tree = treeOf(
  profileWith(
    parse(`
main 1
  f 2
    g 5
  h 0`)
  ),
  TIME
);

it('has a line for each node that owns something, its way and what it owns', () => {
  expect(
    tree && collapsedStacks(tree, func => ['main', 'f', 'g', 'h'][func])
  ).toBe('main 1\nmain;f 2\nmain;f;g 5');
});

it('keeps names in one piece', () => {
  expect(tree && collapsedStacks(tree, () => 'a;\nb')).toBe(
    'a b 1\na b;a b 2\na b;a b;a b 5'
  );
});
