import fc from 'fast-check';
import { expect, it } from 'vitest';

import { decode } from '../decode';
import { WireError } from '../error';
import { sample, type Json } from './samples';

const originals = ['functions', 'interrupted', 'lines', 'paths', 'negative'];

/** What a value is replaced by: other JSON, or something close to what belongs there. */
const replacement = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1,
    2 ** 53,
    1e308,
    4_194_304,
    '',
    'AAAA',
    '=',
    '__proto__',
    {},
    [],
    { enc: 'uvarint', data: 'AAAA' },
    { enc: 'f64', data: 'H4sI', gz: true }
  )
);

/** Every place in a payload, as the holder and the key. */
function places(value: unknown): [object, string][] {
  const found: [object, string][] = [];
  const open = [value];
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    if (typeof holder === 'object' && holder !== null) {
      for (const key of Object.keys(holder)) {
        found.push([holder, key]);
        open.push(Reflect.get(holder, key));
      }
    }
  }
  return found;
}

/** Replace, remove or bend a value in its place. */
function mutate(payload: Json, place: number, how: number, what: unknown) {
  const all = places(payload);
  const [holder, key] = all[place % all.length];
  const value: unknown = Reflect.get(holder, key);
  if (how === 0 && Array.isArray(holder)) {
    holder.splice(Number(key), 1);
  } else if (how === 0) {
    Reflect.deleteProperty(holder, key);
  } else if (how === 1 && typeof value === 'string' && value.length > 0) {
    const at = place % value.length;
    const character = String.fromCharCode(43 + (place % 80));
    Reflect.set(
      holder,
      key,
      value.slice(0, at) + character + value.slice(at + 1)
    );
  } else if (how === 2 && typeof value === 'number') {
    Reflect.set(holder, key, value + 1);
  } else {
    Reflect.set(holder, key, what);
  }
}

it('reads or refuses whatever a payload is changed to, and does nothing else', async () => {
  let read = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...originals),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), replacement), {
        minLength: 1,
        maxLength: 3
      }),
      async (name, changes) => {
        const payload = sample(name);
        for (const [place, how, what] of changes) {
          mutate(payload, place, how, what);
        }
        const started = performance.now();
        try {
          await decode(payload);
          read++;
        } catch (reason) {
          expect(reason).toBeInstanceOf(WireError);
          refused++;
        }
        expect(performance.now() - started).toBeLessThan(2000);
      }
    ),
    { numRuns: 1500 }
  );
  // Both must happen, or the changes would test nothing.
  expect(read).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
});

it('reads or refuses any JSON at all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async payload => {
      await expect(decode(payload)).rejects.toBeInstanceOf(WireError);
    })
  );
});

it('does not run out of stack on deep nesting', async () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  await expect(decode(deep)).rejects.toBeInstanceOf(WireError);
  const payload = sample('functions');
  payload.tables = { ...(payload.tables as object), unknown: deep };
  await expect(decode(payload)).resolves.toBeDefined();
  payload.strings = deep;
  await expect(decode(payload)).rejects.toBeInstanceOf(WireError);
});
