import fc from 'fast-check';
import { expect, it } from 'vitest';

import { sortFalling } from '../sortFalling';

it('sorts a part by falling key and leaves equals in their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 20 }), { maxLength: 200, size: 'max' }),
      fc.nat({ max: 20 }),
      fc.nat({ max: 20 }),
      (keys, before, behind) => {
        const items = Int32Array.from(keys.keys());
        const [from, to] = [before, Math.max(before, keys.length - behind)];
        const expected = [
          ...items.slice(0, from),
          ...Array.from(items.slice(from, to)).sort(
            (a, b) => keys[b] - keys[a] || a - b
          ),
          ...items.slice(to)
        ];
        sortFalling(
          items,
          from,
          to,
          Float64Array.from(keys),
          new Int32Array(keys.length)
        );
        expect(Array.from(items)).toEqual(expected);
      }
    )
  );
});
