import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';

import { sameJson } from '../same';

it('agrees with deep equality', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const left = JSON.parse(JSON.stringify(a));
      const right = JSON.parse(JSON.stringify(b));
      expect(sameJson(left, right)).toBe(isDeepStrictEqual(left, right));
      expect(sameJson(left, JSON.parse(JSON.stringify(left)))).toBe(true);
    })
  );
});

it('reaches any depth', () => {
  const deep = () => JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(sameJson(deep(), deep())).toBe(true);
  expect(sameJson([deep()], deep())).toBe(false);
});
