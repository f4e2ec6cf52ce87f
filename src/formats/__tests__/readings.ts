import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

import fc from 'fast-check';
import { expect } from 'vitest';

import { NONE } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import { totalsOf } from '../../profile/totals';
import { checkPaths } from '../../wire/order';
import { FormatError } from '../error';
import { HEAD, type IFormat } from '../format';

export const bytesOf = (text: string): Uint8Array =>
  new TextEncoder().encode(text);

/** A file of `tests/data`, unpacked where it is gzip. */
export function dataFile(path: string): Uint8Array {
  const bytes = readFileSync(resolve(__dirname, '../../../tests/data', path));
  return Uint8Array.from(
    bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
  );
}

export const dataText = (path: string): string =>
  new TextDecoder().decode(dataFile(path));

export function read(format: IFormat, bytes: Uint8Array | string): IProfile {
  const content = typeof bytes === 'string' ? bytesOf(bytes) : bytes;
  const profile = format.read(content, {
    name: 'file',
    onProgress: () => undefined
  });
  checkProfile(profile);
  return profile;
}

export const isOne = (format: IFormat, bytes: Uint8Array | string): boolean => {
  const content = typeof bytes === 'string' ? bytesOf(bytes) : bytes;
  return format.sniff(content.subarray(0, HEAD), content.length);
};

/** Names of the functions, and what each took. */
export function totalsByName(
  profile: IProfile,
  metric: string
): Map<string, { self: number; total: number }> {
  const { length, function: func, values } = totalsOf(profile);
  const found = new Map<string, { self: number; total: number }>();
  for (let row = 0; row < length; row++) {
    const name =
      profile.functions.qualified[func[row]] ||
      profile.functions.name[func[row]];
    const sum = found.get(name) ?? { self: 0, total: 0 };
    found.set(name, {
      self: sum.self + (values.get(`self.${metric}`)?.[row] ?? 0),
      total: sum.total + (values.get(`total.${metric}`)?.[row] ?? 0)
    });
  }
  return found;
}

/** Each node of the call tree with values of its own: `thread: root > leaf` and the values. */
export function stacksOf(
  profile: IProfile,
  metric: string
): Record<string, number> {
  const { paths, functions, threads } = profile;
  const own = paths.values.get(`self.${metric}`);
  const ways: string[] = [];
  const found: Record<string, number> = {};
  for (let row = 0; row < paths.length; row++) {
    const name = functions.name[paths.function[row]];
    const parent: number = paths.parent[row];
    ways[row] =
      parent === NONE
        ? `${threads.name[paths.thread[row]]}: ${name}`
        : `${ways[parent]} > ${name}`;
    if (own && own[row] !== 0) {
      found[ways[row]] = (found[ways[row]] ?? 0) + own[row];
    }
  }
  return found;
}

/** Each line, as `file:line function`, with its own value and its total. */
export function linesOf(
  profile: IProfile,
  metric: string
): Record<string, [number, number]> {
  const { lines, files, functions } = profile;
  const found: Record<string, [number, number]> = {};
  for (let row = 0; row < lines.length; row++) {
    const key = `${files.path[lines.file[row]]}:${lines.line[row]} ${functions.name[lines.function[row]]}`;
    const [self, total] = found[key] ?? [0, 0];
    found[key] = [
      self + (lines.values.get(`self.${metric}`)?.[row] ?? 0),
      total + (lines.values.get(`total.${metric}`)?.[row] ?? 0)
    ];
  }
  return found;
}

export const sumOf = (column: ArrayLike<number> | undefined): number =>
  Array.from(column ?? []).reduce((sum, value) => sum + value, 0);

/** What every profile must be: columns of one length, indices in range, finite numbers, pre-order. */
export function checkProfile(profile: IProfile): void {
  const { files, functions, threads, totals, edges, paths, lines } = profile;
  const within = (column: Int32Array, length: number, least: number) =>
    column.every(index => index >= least && index < length);
  checkPaths(paths);
  const tables = [totals, edges, paths, lines];
  for (const { length, values } of tables) {
    for (const [key, column] of values) {
      expect(column).toHaveLength(length);
      expect(column.every(Number.isFinite)).toBe(true);
      const metric = key.slice(key.indexOf('.') + 1);
      expect(profile.metrics.map(({ id }) => id)).toContain(metric);
    }
  }
  expect(
    within(functions.file, files.length, NONE) &&
      within(functions.object, profile.objects.length, NONE) &&
      within(paths.function, functions.length, 0) &&
      within(paths.thread, threads.length, 0) &&
      within(totals.function, functions.length, 0) &&
      within(edges.caller, functions.length, 0) &&
      within(edges.callee, functions.length, 0) &&
      within(lines.function, functions.length, NONE) &&
      within(lines.file, files.length, NONE)
  ).toBe(true);
  const isWhole = (column: Float64Array) =>
    column.every(value => Number.isSafeInteger(value) && value >= 0);
  expect([functions.line, lines.line, threads.pid].every(isWhole)).toBe(true);
  profile.metrics.forEach(({ id }) => expect(id).toMatch(/^[a-z][a-z0-9_]*$/));
}

/**
 * Give a reader what is left of a file that was cut, and the file with other bytes in it: it reads a profile, or it
 * says what is wrong.
 */
export function expectToSurvive(format: IFormat, bytes: Uint8Array): void {
  const attempt = (damaged: Uint8Array): boolean => {
    try {
      read(format, damaged);
      return true;
    } catch (error) {
      if (!(error instanceof FormatError)) {
        throw error;
      }
      expect(error.message).toMatch(/^[A-Z].*\.$/s);
      return false;
    }
  };
  expect(attempt(bytes)).toBe(true);
  const step = Math.max(1, Math.floor(bytes.length / 250));
  for (let end = 0; end < bytes.length; end += step) {
    attempt(bytes.subarray(0, end));
  }
  const change = fc.record({
    at: fc.nat(bytes.length - 1),
    to: fc.oneof(
      fc.nat(255),
      fc.constantFrom(...bytesOf('0123456789-+*.,;:"{}[]()<> \n\0'))
    )
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), changes => {
      const damaged = bytes.slice();
      changes.forEach(({ at, to }) => (damaged[at] = to));
      attempt(damaged);
    }),
    { numRuns: 250 }
  );
}
