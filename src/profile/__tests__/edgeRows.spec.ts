import fc from 'fast-check';
import { expect, it } from 'vitest';

import { EdgeRows } from '../edgeRows';

it('has one row for each caller, callee and thread, in order of first appearance', () => {
  const index = fc.nat({ max: 9 });
  fc.assert(
    fc.property(fc.array(fc.tuple(index, index, index)), edges => {
      const rows = new EdgeRows();
      const keys = [...new Set(edges.map(edge => edge.join()))];
      expect(edges.map(edge => rows.row(...edge))).toEqual(
        edges.map(edge => keys.indexOf(edge.join()))
      );
      expect(
        rows.callers.map((caller, i) =>
          [caller, rows.callees[i], rows.threads[i]].join()
        )
      ).toEqual(keys);
    })
  );
});

it('finds every row again when there are many', () => {
  const rows = new EdgeRows();
  const many = Array.from(
    { length: 5000 },
    (_, i) => [i % 70, i >> 3, i % 3] as const
  );
  const found = many.map(edge => rows.row(...edge));
  expect(found).toEqual(many.map((_, i) => i));
  expect(many.map(edge => rows.row(...edge))).toEqual(found);
  expect(rows.length).toBe(5000);
});
