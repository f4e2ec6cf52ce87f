import Ajv2020 from 'ajv/dist/2020';
import { describe, expect, it } from 'vitest';

import { decode, encode, WireError } from '..';
import { edgesOf } from '../../profile/edges';
import type { IProfile } from '../../profile/model';
import { totalsOf } from '../../profile/totals';
import { readWireFile, samples } from './samples';

/** What is said of a column: two ends, and two sums that notice a changed order. */
interface IDigest {
  first: number[];
  last: number[];
  /** Sums are left out where they depend on the order of adding. */
  sum?: number;
  weighted?: number;
}

interface ITableDigest {
  rows: number;
  columns: Record<string, IDigest>;
}

interface IExpected {
  meta: { label: string; status: string; wall: number | null };
  metrics: object[];
  tables: Record<string, ITableDigest>;
  entries: Record<string, { rows: number; first: Record<string, unknown>[] }>;
  derived?: Record<string, ITableDigest>;
}

const expected = readWireFile('samples/expected.json') as Record<
  string,
  IExpected
>;
const refused = readWireFile('samples/refused.json') as {
  why: string;
  payload: unknown;
}[];
const validate = new Ajv2020({ strict: false }).compile(
  readWireFile('profile.v1.schema.json') as object
);

/** A column of the model as the payload's numbers. */
function column(table: object, name: string): number[] {
  const values: Map<string, Float64Array> | undefined = Reflect.get(
    table,
    'values'
  );
  const numbers: ArrayLike<number> =
    values?.get(name) ?? Reflect.get(table, name);
  switch (name) {
    case 'parent':
      return Array.from(numbers, (parent, row) =>
        parent < 0 ? 0 : row - parent
      );
    case 'file':
      return Array.from(numbers, index => index + 1);
    default:
      return Array.from(numbers);
  }
}

function expectTable(table: { length: number }, digest: ITableDigest): void {
  expect(table.length).toBe(digest.rows);
  for (const [name, { first, last, sum, weighted }] of Object.entries(
    digest.columns
  )) {
    // References of lines' functions are index + 1, those of totals and paths are plain.
    const numbers = column(table, name).map(number =>
      name === 'function' && 'file' in table ? number + 1 : number
    );
    expect(numbers.slice(0, 5), name).toEqual(first);
    expect(numbers.slice(-2), name).toEqual(last);
    if (sum !== undefined && weighted !== undefined) {
      const total = (weight: (row: number) => number) =>
        numbers.reduce((a, b, row) => a + b * weight(row), 0);
      expect(
        total(() => 1),
        name
      ).toBeCloseTo(sum, 6);
      expect(
        total(row => (row % 7) + 1),
        name
      ).toBeCloseTo(weighted, 6);
    }
  }
}

function entry(table: object, row: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([name]) => name !== 'length')
      .map(([name, values]) => {
        const value = values[row];
        return [name, values instanceof Int32Array && value < 0 ? null : value];
      })
  );
}

it('finds samples', () => {
  expect(samples().map(([name]) => name)).toEqual(
    expect.arrayContaining(Object.keys(expected))
  );
  expect(refused.length).toBeGreaterThan(20);
});

describe.each(samples())('sample %s', (name, payload) => {
  const what = expected[name];
  let profile: IProfile;

  it('is read as its writer meant it', async () => {
    profile = await decode(payload);
    expect(profile.meta).toMatchObject(what.meta);
    expect(profile.metrics).toEqual(what.metrics);
    for (const [table, digest] of Object.entries(what.tables)) {
      expectTable(Reflect.get(profile, table), digest);
    }
    for (const [table, { rows, first }] of Object.entries(what.entries)) {
      expect(Reflect.get(profile, table).length).toBe(rows);
      expect(
        first.map((_, row) => entry(Reflect.get(profile, table), row))
      ).toEqual(first);
    }
  });

  it('is what the JSON Schema says', () => {
    validate(payload);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('comes back equal when it is written again', async () => {
    expect(await decode(await encode(profile))).toEqual({
      ...profile,
      hasUnknownTables: false
    });
  });
});

it.each(samples().filter(([name]) => expected[name].derived))(
  'sample %s has the totals and edges that its writer meant',
  async (name, payload) => {
    const { totals, edges } = expected[name].derived ?? {};
    const profile = await decode(payload);
    expectTable(totalsOf(profile), totals);
    expectTable(edgesOf(profile), edges);
  }
);

// Node's gunzip takes what follows a member for another one, or drops it; browsers refuse it.
const inBrowsersOnly = new Set(['bytes behind the gzip member']);

it.each(refused.filter(({ why }) => !inBrowsersOnly.has(why)))(
  'refuses $why in a sentence',
  async ({ payload }) => {
    const error = await decode(payload).catch(reason => reason);
    expect(error).toBeInstanceOf(WireError);
    expect(error.message).toMatch(/^Expected .+, found .+ at .+\.$/);
  }
);
