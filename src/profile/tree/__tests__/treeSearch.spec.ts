import fc from 'fast-check';
import { expect, it } from 'vitest';

import { trees } from '../../__tests__/trees';
import { NONE } from '../../indices';
import { searchTree } from '../treeSearch';
import { treeDrawn, treeFrom } from './drawn';

it('counts a match within a match once', () => {
  const tree = treeDrawn(`
    main 1
      f 2
        f 5
          g 1
      g 4
        f 3
  `);
  const found = searchTree(tree, Uint8Array.of(0, 1, 0, 0));
  expect(found).toMatchObject({ nodes: 3, value: 11 });
  expect(found.share).toBe(11 / 16);
});

it('finds nothing where there is nothing', () => {
  const tree = treeDrawn('main 1');
  expect(searchTree(tree, new Uint8Array(4))).toMatchObject({
    nodes: 0,
    value: 0,
    share: 0
  });
  expect(searchTree(treeDrawn('main 0'), Uint8Array.of(1)).share).toBeNaN();
});

it('takes the largest where values go together like that', () => {
  const tree = { ...treeDrawn('main 1\n  f 2\n  g 5') };
  const peak = { ...tree, metric: { ...tree.metric, combine: 'max' } };
  const found = searchTree(peak, Uint8Array.of(0, 1, 1, 0));
  expect(found.value).toBe(5);
  expect(found.share).toBeNaN();
});

it('is what asking every node for its callers finds, and no more than the whole', () => {
  fc.assert(
    fc.property(
      trees.filter(nodes => nodes.length > 0),
      fc.uint8Array({ minLength: 4, maxLength: 4, max: 1 }),
      (nodes, matches) => {
        const tree = treeFrom(nodes);
        let value = 0;
        for (let node = 0; node < tree.length; node++) {
          let is = false;
          for (let one: number = node; one !== NONE; one = tree.parent[one]) {
            is ||= matches[tree.func[one]] === 1;
          }
          value += is ? tree.self[node] : 0;
        }
        const found = searchTree(tree, matches);
        expect(found.value).toBe(value);
        expect(found.value).toBeLessThanOrEqual(tree.whole);
        expect(found.nodes).toBe(
          Array.from(tree.func).filter(func => matches[func]).length
        );
      }
    )
  );
});
