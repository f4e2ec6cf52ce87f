import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { trees } from '../../__tests__/trees';
import { NONE, type TreeIndex } from '../../indices';
import {
  BOX,
  boxAt,
  Boxes,
  layoutBoxes,
  REST,
  RUN,
  windowOf,
  type IWindow
} from '../boxes';
import type { ICallTree } from '../callTree';
import { buildTree } from '../forest';
import { besideInRow, nodeAtPlace, placesOf, type IPlaces } from '../places';
import { deepTree, LETTERS, near, TIME, treeDrawn, treeFrom } from './drawn';

function placesIn(tree: ICallTree): IPlaces {
  const places = placesOf(tree);
  if (!places) {
    throw new Error('The tree cannot be drawn');
  }
  return places;
}

/** The boxes of a window as text: function, left and right edge. */
function shown(places: IPlaces, window: Partial<IWindow>): string[] {
  const boxes = new Boxes();
  layoutBoxes(
    places,
    {
      from: 0,
      to: places.tree.whole,
      row: 0,
      rows: 100,
      width: places.tree.whole,
      least: 1,
      ...window
    },
    boxes
  );
  return Array.from({ length: boxes.length }, (_, i) => {
    const name = LETTERS[places.tree.func[boxes.node[i]]];
    const what = ['', `+${boxes.count[i] - 1}`, '…'][boxes.kind[i]];
    const right = boxes.x[i] + boxes.width[i];
    return `${boxes.row[i]} ${name}${what} ${boxes.x[i]}-${right}`;
  });
}

const TREE = treeDrawn(`
  main 100
    f 20
      g 50
      h 30
    g 60
      h 1
    h 3
`);

it('puts callees from the left edge on, and the own value behind them', () => {
  expect(shown(placesIn(TREE), {})).toEqual([
    '0 main 0-264',
    '1 f 0-100',
    '1 g 100-161',
    '1 h 161-164',
    '2 g 0-50',
    '2 h 50-80',
    '2 h 100-101'
  ]);
});

it('shows what is in sight, cut off at the edges', () => {
  expect(
    shown(placesIn(TREE), { from: 60, to: 110, row: 1, rows: 1, width: 500 })
  ).toEqual(['1 f 0-400', '1 g 400-500']);
});

it('makes one run of siblings that are too narrow, and of those beside it', () => {
  expect(shown(placesIn(TREE), { least: 40 })).toEqual([
    '0 main 0-264',
    '1 f 0-100',
    '1 g 100-161',
    '1 h+0 161-164',
    '2 g 0-50',
    // That of the second `h` is 20 pixels away, too little to be seen as apart.
    '2 h+1 50-101'
  ]);
});

it('looks at no more than what is in sight', () => {
  const length = 100_001;
  const { tree } = buildTree(
    {
      length,
      parent: Int32Array.from({ length }, (_, i) => (i === 0 ? NONE : 0)),
      func: Int32Array.from({ length }, (_, i) => i),
      self: new Float64Array(length).fill(1),
      calls: null,
      estimated: null,
      rest: null
    },
    TIME
  );
  const boxes = new Boxes();
  const window = { row: 0, rows: 50, width: 1000, least: 1 };
  const places = placesIn(tree);
  layoutBoxes(places, { from: 0, to: length, ...window }, boxes);
  expect(boxes.visited).toBe(2);
  expect(boxes.length).toBe(2);
  expect(boxes.kind[1]).toBe(RUN);
  expect(boxes.count[1]).toBe(length - 1);
  layoutBoxes(places, { from: 0, to: length, ...window, row: 2 }, boxes);
  expect(boxes.visited).toBe(1);
  expect(boxes.length).toBe(0);
  layoutBoxes(places, { from: 90_000, to: 90_100, ...window }, boxes);
  expect(boxes.visited).toBeLessThan(110);
  expect(boxes.length).toBe(101);
});

it('goes straight to the first row in sight', () => {
  const depth = 20_000;
  const places = placesIn(deepTree(depth, [0, 1]));
  const boxes = new Boxes();
  const window = { rows: 40, width: 1000, least: 1 };
  // The own value of a frame is behind its callee, so that the callees are at the left edge.
  layoutBoxes(places, { from: 0, to: 1000, row: 18_990, ...window }, boxes);
  expect(boxes.visited).toBeLessThan(50);
  expect(boxes.length).toBe(40);
  expect(Array.from(boxes.width.subarray(0, 12))).toEqual([
    ...Array<number>(11).fill(1000),
    999
  ]);
  layoutBoxes(places, { from: 0, to: depth, row: 15_000, ...window }, boxes);
  expect(boxes.visited).toBeLessThan(50);
  expect(boxes.width[0]).toBe(250);
  layoutBoxes(places, { from: 0, to: depth, row: depth + 5, ...window }, boxes);
  expect(boxes.length).toBe(0);
});

it('shows what is not expanded behind the callees', () => {
  const { tree } = buildTree(
    {
      length: 2,
      parent: Int32Array.of(NONE, 0),
      func: Int32Array.of(0, 1),
      self: Float64Array.of(10, 5),
      calls: null,
      estimated: null,
      rest: Float64Array.of(7, 8)
    },
    TIME
  );
  expect(placesIn(tree).rows).toBe(3);
  expect(shown(placesIn(tree), {})).toEqual([
    '0 main 0-30',
    '1 f 0-13',
    '1 main… 13-20',
    '2 f… 0-8'
  ]);
});

it('has no boxes for values that do not sum, or are below 0', () => {
  const largest = { ...TREE, metric: { ...TIME, combine: 'max' } };
  expect(placesOf(largest)).toBeNull();
  expect(placesOf(treeDrawn('main 5\n  f -1'))).toBeNull();
});

it('shows nothing of nothing', () => {
  const places = placesIn(treeDrawn('main 0\n  f 0'));
  expect(shown(places, {})).toEqual([]);
  expect(nodeAtPlace(places, 0, 0)).toBe(NONE);
});

it('zooms to a node', () => {
  const places = placesIn(TREE);
  expect(windowOf(places, 4 as TreeIndex)).toEqual({ from: 100, to: 161 });
  expect(windowOf(places, NONE)).toEqual({ from: 0, to: 264 });
});

describe('for any tree and window', () => {
  const cases = fc
    .record({
      nodes: trees.filter(nodes => nodes.some(node => node[2] > 0)),
      from: fc.double({ min: 0, max: 0.9, noNaN: true }),
      size: fc.double({ min: 0.05, max: 1, noNaN: true }),
      row: fc.nat({ max: 3 }),
      rows: fc.integer({ min: 1, max: 6 }),
      least: fc.constantFrom(0.5, 1, 7, 60)
    })
    .map(({ nodes, from, size, row, rows, least }) => {
      const places = placesIn(treeFrom(nodes));
      const { whole } = places.tree;
      const window: IWindow = {
        from: from * whole,
        to: Math.min(from + size, 1) * whole,
        row,
        rows,
        width: 500,
        least
      };
      const boxes = new Boxes();
      layoutBoxes(places, window, boxes);
      return { places, window, boxes };
    });

  it('boxes neither overlap nor reach out of the box above', () => {
    fc.assert(
      fc.property(cases, ({ places, window, boxes }) => {
        const { tree } = places;
        const boxOf = new Map<number, number>();
        for (let i = 0; i < boxes.length; i++) {
          expect(boxes.width[i]).toBeGreaterThan(0);
          expect(boxes.x[i]).toBeGreaterThanOrEqual(0);
          const right = boxes.x[i] + boxes.width[i];
          expect(right).toBeLessThanOrEqual(window.width + 1e-9);
          if (i > 0 && boxes.row[i] === boxes.row[i - 1]) {
            const before = boxes.x[i - 1] + boxes.width[i - 1];
            expect(boxes.x[i]).toBeGreaterThanOrEqual(before - 1e-9);
          }
          const parent = tree.parent[boxes.node[i]];
          if (boxes.kind[i] === BOX) {
            boxOf.set(boxes.node[i], i);
            if (parent !== NONE && boxes.row[i] > window.row) {
              const above = boxOf.get(parent) ?? NONE;
              expect(above).not.toBe(NONE);
              expect(boxes.x[i]).toBeGreaterThanOrEqual(boxes.x[above] - 1e-9);
              expect(right).toBeLessThanOrEqual(
                boxes.x[above] + boxes.width[above] + 1e-9
              );
            }
          }
        }
      })
    );
  });

  it('rows are the same whichever is the first in sight', () => {
    fc.assert(
      fc.property(cases, ({ places, window, boxes }) => {
        const all = new Boxes();
        const rows = window.row + window.rows;
        layoutBoxes(places, { ...window, row: 0, rows }, all);
        const list = (from: Boxes) =>
          Array.from({ length: from.length }, (_, i) => [
            from.kind[i],
            from.node[i],
            from.row[i],
            Math.round(from.x[i] * 1e6),
            Math.round(from.width[i] * 1e6),
            from.count[i]
          ]).filter(([, , row]) => row >= window.row);
        expect(list(boxes)).toEqual(list(all));
      })
    );
  });

  it('every node is there that is wide enough, with all above it', () => {
    fc.assert(
      fc.property(cases, ({ places, window, boxes }) => {
        const { tree, start } = places;
        const scale = window.width / (window.to - window.from);
        const isWide: boolean[] = [];
        const expected: number[] = [];
        for (let node = 0; node < tree.length; node++) {
          const parent = tree.parent[node];
          const left = start[node];
          const right = left + tree.total[node];
          isWide[node] =
            (parent === NONE || isWide[parent]) &&
            tree.total[node] * scale >= window.least * (1 + 1e-9);
          const row = tree.depth[node];
          if (
            isWide[node] &&
            left < window.to - 1e-9 &&
            right > window.from + 1e-9 &&
            row >= window.row &&
            row < window.row + window.rows
          ) {
            expected.push(node);
          }
        }
        const found = new Set<number>();
        for (let i = 0; i < boxes.length; i++) {
          if (boxes.kind[i] === BOX) {
            found.add(boxes.node[i]);
          }
        }
        expect(expected.filter(node => !found.has(node))).toEqual([]);
      })
    );
  });

  it('a point is in the box that is drawn there', () => {
    fc.assert(
      fc.property(
        cases,
        fc.nat({ max: 6 }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        ({ places, window, boxes }, row, x) => {
          const at = boxAt(boxes, row, x);
          let expected: number = NONE;
          for (let i = 0; i < boxes.length; i++) {
            const right = boxes.x[i] + boxes.width[i];
            if (boxes.row[i] === row && boxes.x[i] <= x && x < right) {
              expected = i;
            }
          }
          expect(at).toBe(expected);
          if (at !== NONE && boxes.kind[at] === BOX) {
            const value =
              window.from + (x / window.width) * (window.to - window.from);
            const node = nodeAtPlace(places, row, value);
            const distance = Math.min(
              ...[0, places.tree.total[boxes.node[at]]].map(edge =>
                Math.abs(places.start[boxes.node[at]] + edge - value)
              )
            );
            // At an edge it may be that beside it.
            expect(node === boxes.node[at] || distance < 1e-6).toBe(true);
          }
        }
      )
    );
  });

  it('a value is in the node that holds it', () => {
    fc.assert(
      fc.property(
        cases,
        fc.nat({ max: 6 }),
        fc.double({ min: -0.1, max: 1.1, noNaN: true }),
        ({ places }, row, share) => {
          const { tree, start } = places;
          const value = share * tree.whole;
          let expected: number = NONE;
          for (let node = 0; node < tree.length; node++) {
            if (
              tree.depth[node] === row &&
              start[node] <= value &&
              value < start[node] + tree.total[node]
            ) {
              expected = node;
            }
          }
          expect(nodeAtPlace(places, row, value)).toBe(expected);
        }
      )
    );
  });

  it('rows go from left to right', () => {
    fc.assert(
      fc.property(cases, ({ places }) => {
        const { tree, start } = places;
        let seen = 0;
        for (let row = 0; row < places.rows; row++) {
          let node: TreeIndex | typeof NONE =
            places.rowNodes[places.rowStart[row]];
          while (node !== NONE) {
            seen++;
            expect(tree.depth[node]).toBe(row);
            const right: TreeIndex | typeof NONE = besideInRow(places, node, 1);
            if (right !== NONE) {
              const edge = start[node] + tree.total[node];
              expect(start[right]).toBeGreaterThanOrEqual(edge - 1e-9);
              expect(besideInRow(places, right, -1)).toBe(node);
            }
            node = right;
          }
        }
        expect(seen).toBe(tree.length);
      })
    );
  });
});

it('loses nothing of a row: boxes, runs and rests are as wide as what they stand for', () => {
  const places = placesIn(TREE);
  const boxes = new Boxes();
  const window = { from: 0, to: 264, row: 1, rows: 1, width: 264, least: 5 };
  layoutBoxes(places, window, boxes);
  const sum = boxes.width
    .subarray(0, boxes.length)
    .reduce((all, width) => all + width, 0);
  expect(near(sum, 164)).toBe(true);
  expect(Array.from(boxes.kind.subarray(0, boxes.length))).not.toContain(REST);
});
