import { expect, it } from 'vitest';

import { WireError } from '../error';
import type { JsonObject } from '../json';
import { VERSION } from '../layout';
import { upgrade, UPGRADES } from '../upgrade';

const steps = [
  (payload: JsonObject) => ({ ...payload, version: 2, path: [1] }),
  (payload: JsonObject) => ({ ...payload, version: 3, path: [payload.path, 2] })
];

it('takes one step a version', () => {
  expect(upgrade({ version: 1 }, 1, steps)).toEqual({
    version: 3,
    path: [[1], 2]
  });
  expect(upgrade({ version: 2, path: 0 }, 2, steps)).toEqual({
    version: 3,
    path: [0, 2]
  });
});

it('leaves the newest version as it is', () => {
  const payload = { version: 3 };
  expect(upgrade(payload, 3, steps)).toBe(payload);
});

it('refuses a version that is newer still', () => {
  expect(() => upgrade({ version: 4 }, 4, steps)).toThrow(WireError);
});

it('has a step for every version but the newest', () => {
  expect(UPGRADES.length).toBe(VERSION - 1);
});
