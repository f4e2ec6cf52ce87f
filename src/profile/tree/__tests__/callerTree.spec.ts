import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { trees } from '../../__tests__/trees';
import { decode } from '../../../wire';
import { sample } from '../../../wire/__tests__/samples';
import { NONE, type FuncIndex, type TreeIndex } from '../../indices';
import { totalsOf } from '../../totals';
import { invertedTree, type CallerTree } from '../callerTree';
import type { ICallTree } from '../callTree';
import type { GrowingTree } from '../growingTree';
import { sandwichOf } from '../sandwich';
import { treeOf } from '../treeOf';
import {
  deepTree,
  draw,
  drawn,
  faultsOf,
  LETTERS,
  near,
  profileWith,
  TIME,
  treeDrawn,
  treeFrom
} from './drawn';

/** Nothing but what is asked for, and no limit. */
const NO_GROWTH = { boxes: 0, share: 1, frames: 0 };
const FULL = { boxes: 1e6, share: 0, frames: 1e9 };

function inverted(tree: ICallTree, growth = FULL): CallerTree {
  const turned = invertedTree(tree, growth);
  if (!turned) {
    throw new Error('The tree cannot be turned');
  }
  return turned;
}

/** Expand whatever can be. */
function expandAll(growing: GrowingTree): void {
  for (let isDone = false; !isDone;) {
    isDone = true;
    for (let node = 0; node < growing.tree.length; node++) {
      if (growing.canExpand(node as TreeIndex)) {
        growing.expand(node as TreeIndex, NO_GROWTH);
        isDone = false;
        break;
      }
    }
  }
}

const TREE = treeDrawn(`
  main 1
    f 2
      g 5
        h 1
          g 4
    g 3
`);

it('starts with what functions own, and goes up to their callers', () => {
  const turned = inverted(TREE);
  expect(draw(turned.tree)).toBe(
    drawn(`
      g 0
        f 0
          main 5
        h 0
          g 0
            f 0
              main 4
        main 3
      f 0
        main 2
      main 1
      h 0
        g 0
          f 0
            main 1
    `)
  );
  expect(turned.tree.whole).toBe(TREE.whole);
  expect(turned.tree.calls?.[0]).toBe(3);
});

it('makes what is asked for, and keeps the value of the others as not expanded', () => {
  const turned = inverted(TREE, NO_GROWTH);
  const values = (tree: ICallTree) =>
    Array.from(
      tree.func,
      (func, node) =>
        `${'  '.repeat(tree.depth[node])}${LETTERS[func]} ${tree.self[node]}…${tree.rest?.[node]}`
    ).join('\n');
  expect(values(turned.tree)).toBe(
    drawn(`
      g 0…12
      f 0…2
      main 0…1
      h 0…1
    `)
  );
  expect(turned.canExpand(0 as TreeIndex)).toBe(true);
  turned.expand(0 as TreeIndex, NO_GROWTH);
  expect(values(turned.tree)).toBe(
    drawn(`
      g 0…0
        f 0…5
        h 0…4
        main 0…3
      f 0…2
      main 0…1
      h 0…1
    `)
  );
  expect(turned.canExpand(0 as TreeIndex)).toBe(false);
  expect(turned.canExpand(2 as TreeIndex)).toBe(true);
  const before = turned.tree;
  turned.expand(0 as TreeIndex, { ...FULL, boxes: 1 });
  expect(turned.tree).not.toBe(before);
  expect(turned.tree.depth[2]).toBe(2);
});

it('is not there where values do not sum, nor for a tree that grows', () => {
  const peak = { ...TREE, metric: { ...TIME, combine: 'max' } };
  expect(invertedTree(peak)).toBeNull();
  expect(invertedTree(inverted(TREE).tree)).toBeNull();
  expect(sandwichOf(peak, 2 as FuncIndex)?.callers).toBeNull();
});

it('stays small for a recursion of many frames', { timeout: 60_000 }, () => {
  const turned = inverted(deepTree(300_000, [1]), {
    boxes: 20_000,
    share: 1 / 4000,
    frames: 1_200_000
  });
  const { tree } = turned;
  expect(tree.length).toBeLessThan(10);
  expect(tree.total[0]).toBe(300_000);
  expect(turned.canExpand((tree.length - 1) as TreeIndex)).toBe(true);
});

it('estimates what starts from an estimate', () => {
  const estimated = Uint8Array.from(TREE.func, func => (func === 3 ? 1 : 0));
  const { tree } = inverted({ ...TREE, estimated });
  expect(
    Array.from(tree.func).filter((_, node) => tree.estimated?.[node]).length
  ).toBe(4);
});

describe('for any tree', () => {
  const filled = trees.filter(nodes => nodes.length > 0);

  it('a function has as root what it owns', () => {
    fc.assert(
      fc.property(filled, nodes => {
        const tree = treeFrom(nodes);
        const turned = inverted(tree).tree;
        expect(faultsOf(turned)).toEqual([]);
        expect(turned.whole).toBe(tree.whole);
        const totals = totalsOf(profileWith(nodes));
        const own = totals.values.get('self.time') ?? [];
        const calls = totals.values.get('self.calls') ?? [];
        const roots = new Map<number, [number, number | undefined]>();
        for (let node = 0; node < turned.length; node++) {
          if (turned.parent[node] === NONE) {
            const called = turned.calls?.[node];
            roots.set(turned.func[node], [turned.total[node], called]);
          }
        }
        expect(roots).toEqual(
          new Map(
            Array.from(totals.function, (func, row) => [
              func,
              [own[row], calls[row]]
            ])
          )
        );
      })
    );
  });

  it('a box is what its functions own on that way', () => {
    fc.assert(
      fc.property(filled, nodes => {
        const tree = treeFrom(nodes);
        const turned = inverted(tree).tree;
        const ways = new Map<string, number>();
        for (let node = 0; node < tree.length; node++) {
          let way = '';
          for (let one: number = node; one !== NONE; one = tree.parent[one]) {
            way += `/${LETTERS[tree.func[one]]}`;
            ways.set(way, (ways.get(way) ?? 0) + tree.self[node]);
          }
        }
        const found = new Map<string, number>();
        const names: string[] = [];
        for (let node = 0; node < turned.length; node++) {
          const above = turned.parent[node];
          const name = LETTERS[turned.func[node]];
          names[node] = `${above === NONE ? '' : names[above]}/${name}`;
          found.set(names[node], turned.total[node]);
        }
        for (const [way, value] of found) {
          expect(value).toBe(ways.get(way));
        }
        // What took nothing need not be expanded.
        for (const [way, value] of ways) {
          expect(value === 0 || found.has(way)).toBe(true);
        }
      })
    );
  });

  it('grows where most is, as far as it is told to', () => {
    fc.assert(
      fc.property(filled, fc.nat({ max: 20 }), (nodes, boxes) => {
        const turned = inverted(treeFrom(nodes), { ...FULL, boxes });
        const { tree } = turned;
        const opened: number[] = [];
        const waiting: number[] = [];
        tree.total.forEach((total, node) => {
          const canExpand = turned.canExpand(node as TreeIndex);
          (canExpand ? waiting : opened).push(total);
          expect(tree.rest?.[node]).toBe(canExpand ? total : 0);
        });
        expect(Math.max(0, ...waiting)).toBeLessThanOrEqual(
          Math.min(Infinity, ...opened)
        );
        const roots = tree.depth.filter(depth => depth === 0).length;
        // The last one may have several callers.
        expect(tree.length).toBeLessThan(roots + boxes + 4);
      })
    );
  });

  it('is the same when it grew bit by bit', () => {
    fc.assert(
      fc.property(filled, nodes => {
        const tree = treeFrom(nodes);
        const slow = inverted(tree, NO_GROWTH);
        expandAll(slow);
        const fast = inverted(tree);
        expandAll(fast);
        const columns = ({ parent, func, total, self }: ICallTree) =>
          [parent, func, total, self].map(column => Array.from(column));
        const sorted = (one: ICallTree) =>
          Array.from(one.total).sort((a, b) => a - b);
        expect(sorted(slow.tree)).toEqual(sorted(fast.tree));
        expect(columns(slow.tree).map(column => column.length)).toEqual(
          columns(fast.tree).map(column => column.length)
        );
        expect(slow.tree.rest?.every(value => value === 0)).toBe(true);
      })
    );
  });

  it('both halves of a sandwich have the total of its function', () => {
    fc.assert(
      fc.property(filled, fc.nat({ max: 3 }), (nodes, func) => {
        const tree = treeFrom(nodes);
        const totals = totalsOf(profileWith(nodes));
        const row = totals.function.indexOf(func as FuncIndex);
        const sandwich = sandwichOf(tree, func as FuncIndex, FULL);
        if (row < 0) {
          expect(sandwich).toBeNull();
          return;
        }
        const total = totals.values.get('total.time')?.[row];
        expect(sandwich?.total).toBe(total);
        expect(sandwich?.callees.whole).toBe(total);
        expect(sandwich?.callees.func[0]).toBe(func);
        const callers = sandwich?.callers?.tree;
        expect(callers?.whole).toBe(total);
        expect(callers?.func[0]).toBe(func);
        for (const half of [sandwich?.callees, callers]) {
          expect(half && faultsOf(half)).toEqual([]);
          expect(half?.end[0]).toBe(half?.length);
        }
      })
    );
  });
});

it('is a sandwich', () => {
  const sandwich = sandwichOf(TREE, 2 as FuncIndex, FULL);
  expect(sandwich?.places).toBe(2);
  expect(sandwich && draw(sandwich.callees)).toBe(
    drawn(`
      g 8
        h 1
          g 4
    `)
  );
  expect(sandwich?.callers && draw(sandwich.callers.tree)).toBe(
    drawn(`
      g 0
        f 0
          main 10
        main 3
    `)
  );
});

it.each(['paths', 'both'])('turns the sample %s', async name => {
  const profile = await decode(sample(name));
  for (const metric of profile.metrics) {
    const tree = treeOf(profile, metric);
    const turned = tree && invertedTree(tree);
    if (turned) {
      expandAll(turned);
      expect(faultsOf(turned.tree)).toEqual([]);
      expect(near(turned.tree.whole, tree.whole)).toBe(true);
    }
  }
});
