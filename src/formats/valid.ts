import { NONE } from '../profile/indices';
import type { IProfile, ITables } from '../profile/model';
import { COLUMNS, TABLE_NAMES } from '../wire/layout';
import { MAX_ENTRIES, MAX_METRICS, MAX_ROWS } from '../wire/limits';
import { checkPaths, checkSources, checkThreads } from '../wire/order';
import { FormatError } from './error';

/** Tables of things with names, which are smaller than those of values. */
const ENTRIES: readonly (keyof ITables)[] = [
  'files',
  'objects',
  'functions',
  'threads',
  'sources'
];

/**
 * Check that a profile which a reader made is one that all views can rely on, as the payload from a kernel is checked.
 * Throws `FormatError`, or `WireError` for what rows of a table owe to each other.
 */
export function requireValid(profile: IProfile): void {
  const ids = profile.metrics.map(({ id }) => id);
  if (
    ids.length > MAX_METRICS ||
    new Set(ids).size < ids.length ||
    !ids.every(id => /^[a-z][a-z0-9_]*$/.test(id)) ||
    !profile.metrics.every(({ tick }) => tick > 0 && Number.isFinite(tick))
  ) {
    throw new FormatError(
      `Expected at most ${MAX_METRICS} metrics with ids and ticks, found ${ids.slice(0, 4).join(', ')}, …`
    );
  }
  for (const name of TABLE_NAMES) {
    requireTable(profile, name);
  }
  checkPaths(profile.paths);
  checkThreads(profile.threads);
  checkSources(profile.sources);
}

function requireTable(profile: IProfile, name: keyof ITables): void {
  const table = profile[name];
  const { length } = table;
  const most = ENTRIES.includes(name) ? MAX_ENTRIES : MAX_ROWS;
  if (length > most) {
    throw new FormatError(
      `Expected at most ${most} rows in the table of ${name}, found ${length}`
    );
  }
  const columns = table as unknown as Record<string, ArrayLike<unknown>>;
  for (const [column, layout] of Object.entries(COLUMNS[name])) {
    const values = columns[column];
    requireLength(values, length, `${name}.${column}`);
    if (typeof values[0] === 'string' || length === 0) {
      continue;
    }
    const [from, below] =
      layout.is === 'index'
        ? [0, profile[layout.into].length]
        : layout.is === 'reference'
          ? [NONE, profile[layout.into].length]
          : layout.is === 'offset'
            ? [NONE, length]
            : [layout.is === 'number' ? -Infinity : 0, Infinity];
    for (let row = 0; row < length; row++) {
      const value = values[row] as number;
      if (!(value >= from && value < below)) {
        throw new FormatError(
          `Expected ${from} to ${below} in row ${row} of ${name}.${column}, found ${value}`
        );
      }
    }
  }
  if ('values' in table) {
    for (const [key, values] of table.values) {
      requireLength(values, length, `${name}.${key}`);
      const row = values.findIndex(value => !Number.isFinite(value));
      if (row >= 0) {
        throw new FormatError(
          `Expected a number in row ${row} of ${name}.${key}, found ${values[row]}`
        );
      }
    }
  }
}

function requireLength(
  column: ArrayLike<unknown>,
  length: number,
  what: string
): void {
  if (column.length !== length) {
    throw new FormatError(
      `Expected ${length} rows of ${what}, found ${column.length}`
    );
  }
}
