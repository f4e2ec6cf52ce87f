import fc from 'fast-check';
import { expect, it } from 'vitest';

import { Rows } from '../valueRows';

it.each([2, 3, 4])(
  'has one row for each %d indices, in order of first appearance',
  width => {
    const index = fc.oneof(fc.nat({ max: 5 }), fc.nat());
    const list = fc.array(index, { minLength: width, maxLength: width });
    fc.assert(
      fc.property(fc.array(list, { maxLength: 60 }), lists => {
        const rows = new Rows(width);
        const keys = [...new Set(lists.map(one => one.join()))];
        for (const one of lists) {
          const [first, ...more] = one;
          expect(rows.row(first, ...more)).toBe(keys.indexOf(one.join()));
        }
        const { length, keys: columns } = rows.done();
        expect(
          Array.from({ length }, (_, row) =>
            columns.map(column => column[row]).join()
          )
        ).toEqual(keys);
      })
    );
  }
);

it('finds every row again when there are many, with its values', () => {
  const rows = new Rows(3);
  for (let turn = 0; turn < 2; turn++) {
    for (let i = 0; i < 5000; i++) {
      const row = rows.row(i % 70, i >> 3, i % 2);
      expect(row).toBe(i);
      rows.add(row, 'self.time', i);
    }
  }
  expect(rows.length).toBe(5000);
  expect(rows.value(4321, 'self.time')).toBe(8642);
});
