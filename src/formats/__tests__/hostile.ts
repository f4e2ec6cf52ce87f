import type { IProfile } from '../../profile/model';
import { checkPaths, checkSources, checkThreads } from '../../wire/order';
import { FormatError } from '../error';
import type { IFormat } from '../format';

/**
 * Read a file that may be broken: a profile, or null where it was refused in words. Anything else that is thrown is
 * thrown on, and what comes out is held against what views rely on.
 */
export function readOrRefuse(
  format: IFormat,
  bytes: Uint8Array
): IProfile | null {
  let profile: IProfile;
  try {
    profile = format.read(bytes, {
      name: 'broken',
      onProgress: () => undefined
    }) as IProfile;
  } catch (error) {
    if (error instanceof FormatError) {
      return null;
    }
    throw error;
  }
  checkPaths(profile.paths);
  checkThreads(profile.threads);
  checkSources(profile.sources);
  for (const table of ['totals', 'edges', 'paths', 'lines'] as const) {
    for (const [key, column] of profile[table].values) {
      if (
        column.length !== profile[table].length ||
        !column.every(Number.isFinite)
      ) {
        throw new Error(`${table} ${key}`);
      }
    }
  }
  return profile;
}

/** A file cut at every byte, or at `most` places. */
export function* prefixes(
  bytes: Uint8Array,
  most = 2000
): Generator<Uint8Array> {
  const step = Math.max(1, Math.floor(bytes.length / most));
  for (let end = 0; end < bytes.length; end += step) {
    yield bytes.subarray(0, end);
  }
}

/** Copies of a file with one to four bytes changed, always the same ones. */
export function* flips(
  bytes: Uint8Array,
  count: number
): Generator<Uint8Array> {
  let seed = 42;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let i = 0; i < count; i++) {
    const changed = Uint8Array.from(bytes);
    for (let n = 1 + next(4); n > 0; n--) {
      changed[next(bytes.length)] = next(256);
    }
    yield changed;
  }
}
