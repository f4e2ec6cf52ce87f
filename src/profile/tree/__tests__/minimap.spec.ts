import fc from 'fast-check';
import { expect, it } from 'vitest';

import { trees } from '../../__tests__/trees';
import { minimapOf } from '../minimap';
import { placesOf, type IPlaces } from '../places';
import { deepTree, treeDrawn, treeFrom } from './drawn';

function placesIn(tree: Parameters<typeof placesOf>[0]): IPlaces {
  const places = placesOf(tree);
  if (!places) {
    throw new Error('The tree cannot be drawn');
  }
  return places;
}

it('fills pixels as far as boxes cover them', () => {
  const places = placesIn(treeDrawn('main 7\n  f 3\n    g 6'));
  const { rows, depths, fill } = minimapOf(places, 4, 10);
  expect([rows, depths]).toEqual([3, 1]);
  expect(Array.from(fill)).toEqual([1, 1, 1, 1, 1, 1, 0.25, 0, 1, 0.5, 0, 0]);
});

it('puts several rows into one where the tree is deeper than the picture', () => {
  const places = placesIn(treeDrawn('main 7\n  f 3\n    g 6'));
  const { rows, depths, fill } = minimapOf(places, 4, 2);
  expect([rows, depths]).toEqual([2, 2]);
  expect(Array.from(fill)).toEqual([1, 1, 0.625, 0.5, 1, 0.5, 0, 0]);
});

it('holds what the boxes hold', () => {
  fc.assert(
    fc.property(
      trees.filter(nodes => nodes.some(node => node[2] > 0)),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 7 }),
      (nodes, columns, mostRows) => {
        const places = placesIn(treeFrom(nodes));
        const { tree } = places;
        const map = minimapOf(places, columns, mostRows);
        expect(map.rows).toBeLessThanOrEqual(mostRows);
        for (let row = 0; row < map.rows; row++) {
          const depths = Math.min(map.depths, places.rows - row * map.depths);
          let covered = 0;
          for (let column = 0; column < columns; column++) {
            const fill = map.fill[row * columns + column];
            expect(fill).toBeGreaterThanOrEqual(0);
            expect(fill).toBeLessThanOrEqual(1);
            covered += (fill * depths * tree.whole) / columns;
          }
          let value = 0;
          for (let node = 0; node < tree.length; node++) {
            if (Math.floor(tree.depth[node] / map.depths) === row) {
              value += tree.total[node];
            }
          }
          expect(Math.abs(covered - value)).toBeLessThan(1e-4 * (1 + value));
        }
      }
    )
  );
});

it('is empty where nothing was taken', () => {
  const places = placesIn(treeDrawn('main 0'));
  expect(Array.from(minimapOf(places, 3, 3).fill)).toEqual([0, 0, 0]);
});

it('stays small for a path of many frames', () => {
  const map = minimapOf(placesIn(deepTree(100_000, [0, 1])), 100, 40);
  expect(map.rows).toBe(40);
  expect(map.fill[0]).toBe(1);
  expect(map.fill.at(-1)).toBe(0);
});
