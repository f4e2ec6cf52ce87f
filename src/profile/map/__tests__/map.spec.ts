import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { trees } from '../../__tests__/trees';
import {
  deepTree,
  treeDrawn,
  treeFrom,
  wideTree
} from '../../tree/__tests__/drawn';
import { NONE } from '../../indices';
import { History, MOST_STEPS } from '../history';
import { MapBoxes, NODE, SMALL } from '../mapBoxes';
import { canBeMapped, layoutMap } from '../mapLayout';
import { DEFAULT_MAP_STATE, readMapState } from '../mapState';
import { squarify, type IRectangle } from '../squarify';

const ROOM: IRectangle = { left: 10, top: 20, width: 300, height: 200 };

/** Parts of a rectangle, with what is left. */
function partsOf(values: readonly number[], least = 0, room = ROOM) {
  const parts: (IRectangle & { part: number })[] = [];
  let at = 0;
  const sum = values.reduce((all, value) => all + value, 0);
  const rest = squarify(
    room,
    sum,
    least,
    () => (at < values.length ? at++ : -1),
    part => values[part],
    (part, left, top, width, height) =>
      parts.push({ part, left, top, width, height })
  );
  return { parts, rest, asked: at, sum };
}

/** The area that two rectangles share, but for dust. */
function shared(a: IRectangle, b: IRectangle): number {
  const across =
    Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const down =
    Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return across > 1e-6 && down > 1e-6 ? across * down : 0;
}

function isInside(one: IRectangle, around: IRectangle): boolean {
  const dust = 1e-6;
  return (
    one.left >= around.left - dust &&
    one.top >= around.top - dust &&
    one.left + one.width <= around.left + around.width + dust &&
    one.top + one.height <= around.top + around.height + dust
  );
}

const falling = fc
  .array(fc.integer({ min: 1, max: 1_000_000 }), {
    minLength: 1,
    maxLength: 40
  })
  .map(values => values.sort((a, b) => b - a));

describe('squarify', () => {
  it('gives areas in proportion, which fill the room without overlap', () => {
    fc.assert(
      fc.property(falling, values => {
        const { parts, sum } = partsOf(values);
        expect(parts.length).toBe(values.length);
        const scale = (ROOM.width * ROOM.height) / sum;
        parts.forEach((one, i) => {
          expect(one.width * one.height).toBeCloseTo(values[i] * scale, 3);
          expect(isInside(one, ROOM)).toBe(true);
          for (const other of parts.slice(i + 1)) {
            expect(shared(one, other)).toBeLessThan(1e-3);
          }
        });
      })
    );
  });

  it('makes equal parts of a square squares', () => {
    const { parts } = partsOf([1, 1, 1, 1], 0, {
      left: 0,
      top: 0,
      width: 100,
      height: 100
    });
    expect(parts.map(({ width, height }) => [width, height])).toEqual(
      Array.from({ length: 4 }, () => [50, 50])
    );
  });

  it('never asks for what stands behind a part that is too small', () => {
    const values = [1000, ...Array.from({ length: 1000 }, () => 0.001)];
    const { parts, asked, rest } = partsOf(values, 3);
    expect(parts.length).toBe(1);
    expect(asked).toBe(2);
    expect(rest.width * rest.height).toBeGreaterThan(0);
  });

  it('draws nothing of values that are no numbers', () => {
    for (const value of [NaN, Infinity, 0, -1]) {
      expect(partsOf([value]).parts).toEqual([]);
    }
  });
});

/** Boxes of a tree in a window of 400 by 300 px. */
function boxesOf(
  tree: ReturnType<typeof treeDrawn>,
  depth: number | null = null
) {
  const boxes = new MapBoxes();
  layoutMap(tree, { width: 400, height: 300, depth }, boxes);
  return boxes;
}

describe('a map', () => {
  it('has boxes within boxes, none over another one beside it', () => {
    fc.assert(
      fc.property(trees, nodes => {
        const tree = nodes.length > 0 ? treeFrom(nodes) : null;
        if (!tree || !canBeMapped(tree)) {
          return;
        }
        const boxes = boxesOf(tree);
        const of = (box: number): IRectangle => ({
          left: boxes.left[box],
          top: boxes.top[box],
          width: boxes.width[box],
          height: boxes.height[box]
        });
        for (let box = 0; box < boxes.length; box++) {
          const around = boxes.around[box];
          if (around === NONE) {
            continue;
          }
          expect(isInside(of(box), of(around))).toBe(true);
          // What is called lies below what the caller owns.
          expect(boxes.top[box]).toBeGreaterThanOrEqual(
            boxes.stripTop[around] + boxes.strip[around] - 1e-6
          );
          for (let other = box + 1; other < boxes.last[around]; other++) {
            expect(shared(of(box), of(other))).toBeLessThan(1e-3);
          }
          if (boxes.kind[box] === NODE) {
            expect(tree.parent[boxes.node[box]]).toBe(boxes.node[around]);
          }
        }
      })
    );
  });

  it('gives the own part the share of the height that it is', () => {
    const boxes = boxesOf(
      treeDrawn(`
        main 50
          f 30
          g 20
      `)
    );
    // A frame of 3 px on both sides.
    expect(boxes.strip[0]).toBeCloseTo((300 - 6) / 2);
    expect(boxes.length).toBe(3);
    expect(
      (boxes.width[1] * boxes.height[1]) / (boxes.width[2] * boxes.height[2])
    ).toBeCloseTo(1.5);
  });

  it('ends at a depth, and says that there is more', () => {
    const tree = treeDrawn(`
      main 10
        f 10
          g 10
    `);
    const boxes = boxesOf(tree, 1);
    expect([boxes.deepest, boxes.isCut, boxes.length]).toEqual([1, true, 2]);
    const all = boxesOf(tree);
    expect([all.deepest, all.isCut]).toEqual([2, false]);
  });

  it('finds the innermost box at a place', () => {
    const boxes = boxesOf(
      treeDrawn(`
        main 50
          f 50
      `)
    );
    expect(boxes.node[boxes.at(200, 10)]).toBe(0);
    expect(boxes.node[boxes.at(200, 290)]).toBe(1);
    expect(boxes.at(500, 10)).toBe(NONE);
  });

  it('looks only at what can be seen of deep and wide trees', () => {
    const deep = boxesOf(deepTree(100_000, [0, 1, 2]));
    expect(deep.length).toBeLessThan(200);
    const wide = boxesOf(wideTree(100_000));
    expect(wide.length).toBeLessThan(400 * 300);
    expect(wide.kind[wide.length - 1]).toBe(SMALL);
  });
});

describe('what a reader chose of a map', () => {
  it('is made valid, whatever was stored', () => {
    fc.assert(
      fc.property(fc.anything(), stored => {
        const { mode, root, depth, list } = readMapState(stored);
        expect([null, 'calls', 'location']).toContain(mode);
        expect(root === null || root.length <= 4_000).toBe(true);
        expect(depth === null || (depth >= 0 && depth <= 1_000)).toBe(true);
        expect(typeof list).toBe('string');
      })
    );
    expect(readMapState({ mode: 'x', depth: -1, list: 5, root: {} })).toEqual(
      DEFAULT_MAP_STATE
    );
  });

  it('comes back as it was stored', () => {
    const state = {
      mode: 'location',
      root: '=files',
      depth: 3,
      list: 'callers'
    } as const;
    expect(readMapState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });
});

it('goes back up to 200 steps', () => {
  const history = new History<number>();
  for (let i = 0; i < MOST_STEPS + 50; i++) {
    history.leave(i);
  }
  expect(history.back()).toBe(249);
  let steps = 1;
  let last = 249;
  for (let one = history.back(); one !== undefined; one = history.back()) {
    steps++;
    last = one;
  }
  expect([steps, last, history.isEmpty]).toEqual([200, 50, true]);
});
