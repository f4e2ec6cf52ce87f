import type { FuncIndex, RowIndex } from './indices';
import type { IProfile } from './model';
import { displayName, standardName } from './names';
import type { IFunctionRows } from './rows';

/** What rows can be ordered by: columns of numbers, then texts. */
export const SORT_COLUMNS = [
  'calls',
  'primitive',
  'self',
  'selfPerCall',
  'total',
  'totalPerCall',
  'line',
  'file',
  'name',
  'standardName',
  'place'
] as const;

/** What rows can be ordered by. */
export type SortColumn = (typeof SORT_COLUMNS)[number];

/** One key of an order; the ones after it break its ties. */
export interface ISortKey {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/**
 * pstats' sort keys. The numbers run downwards and the texts upwards, as in `pstats.Stats.sort_arg_dict_default`.
 */
const PSTATS_KEYS: Record<string, readonly SortColumn[]> = {
  calls: ['calls'],
  ncalls: ['calls'],
  cumtime: ['total'],
  cumulative: ['total'],
  filename: ['file'],
  line: ['line'],
  module: ['file'],
  name: ['name'],
  nfl: ['name', 'file', 'line'],
  pcalls: ['primitive'],
  stdname: ['standardName'],
  time: ['self'],
  tottime: ['self']
};

const DESCENDING: ReadonlySet<SortColumn> = new Set<SortColumn>([
  'calls',
  'primitive',
  'self',
  'selfPerCall',
  'total',
  'totalPerCall'
]);

/**
 * The direction in which a column is of most use first: numbers from the largest, texts from A.
 */
export function naturalKey(column: SortColumn): ISortKey {
  return { column, descending: DESCENDING.has(column) };
}

/**
 * Keys for names as `pstats.Stats.sort_stats` takes them, unambiguous prefixes too. Unknown names are left out;
 * where none is left the order is by own time, as `%prun` has it.
 *
 * ```
 * parseSortKeys(['cumtime', 'nf'])  // total, then name, file and line
 * ```
 */
export function parseSortKeys(names: readonly string[]): ISortKey[] {
  const keys: ISortKey[] = [];
  for (const name of names) {
    for (const column of columnsOf(name)) {
      if (!keys.some(key => key.column === column)) {
        keys.push(naturalKey(column));
      }
    }
  }
  return keys.length > 0 ? keys : [naturalKey('self')];
}

/**
 * The order of rows by several keys. Rows that are equal in all of them keep their order; unknown numbers stand last
 * in either direction.
 *
 * @param fileLabels - what files are called on screen, for the column `place`
 * @returns indices of rows, first shown first
 */
export function sortRows(
  profile: IProfile,
  rows: IFunctionRows,
  keys: readonly ISortKey[],
  fileLabels: readonly string[]
): RowIndex[] {
  // From the last key to the first: each pass keeps what the ones before it have ordered.
  return keys.reduceRight<RowIndex[]>(
    (order, { column, descending }) =>
      byRank(order, ranksOf(profile, rows, column, fileLabels), descending),
    Array.from({ length: rows.length }, (_, i) => i as RowIndex)
  );
}

/** The place of each row in a column, upwards; rows that are equal there share one. */
export interface IRanks {
  readonly of: Int32Array;
  /** No place is as high as this but that of rows whose value is not known. */
  readonly count: number;
}

/** Places in columns that were ordered; what those hold never changes. */
const found = new WeakMap<IFunctionRows, Map<SortColumn, IRanks>>();

/**
 * The places of all rows in a column, found once.
 *
 * @param fileLabels - as for `sortRows`
 */
export function ranksOf(
  profile: IProfile,
  rows: IFunctionRows,
  column: SortColumn,
  fileLabels: readonly string[]
): IRanks {
  const columns = found.get(rows) ?? new Map<SortColumn, IRanks>();
  found.set(rows, columns);
  const ranks =
    columns.get(column) ?? ranksIn(profile, rows, column, fileLabels);
  columns.set(column, ranks);
  return ranks;
}

/**
 * The order of rows by their places; rows in one place keep the order that they had.
 */
function byRank(
  order: readonly RowIndex[],
  { of, count }: IRanks,
  descending: boolean
): RowIndex[] {
  const place = (row: RowIndex) =>
    descending && of[row] < count ? count - 1 - of[row] : of[row];
  const next = new Int32Array(count + 2);
  for (const row of order) {
    next[place(row) + 1]++;
  }
  for (let i = 1; i < next.length; i++) {
    next[i] += next[i - 1];
  }
  const ordered = new Array<RowIndex>(order.length);
  for (const row of order) {
    ordered[next[place(row)]++] = row;
  }
  return ordered;
}

function columnsOf(name: string): readonly SortColumn[] {
  if (Object.hasOwn(PSTATS_KEYS, name)) {
    return PSTATS_KEYS[name];
  }
  const matches = Object.keys(PSTATS_KEYS).filter(key => key.startsWith(name));
  return name !== '' && matches.length === 1 ? PSTATS_KEYS[matches[0]] : [];
}

function ranksIn(
  profile: IProfile,
  rows: IFunctionRows,
  column: SortColumn,
  fileLabels: readonly string[]
): IRanks {
  const { functions, files } = profile;
  const texts = (textOf: (func: FuncIndex) => string) =>
    textRanks(Array.from(rows.function, i => textOf(i as FuncIndex)));
  switch (column) {
    case 'file':
      return texts(func => files.path[functions.file[func]] ?? '~');
    case 'name':
      return texts(func => functions.name[func]);
    case 'standardName':
      return texts(func => standardName(profile, func));
    case 'line':
      return numberRanks(
        Float64Array.from(rows.function, func => functions.line[func])
      );
    case 'place':
      return placeRanks(profile, rows, fileLabels);
    default:
      return numberRanks(rows[column]);
  }
}

function textRanks(texts: readonly string[]): IRanks {
  const rank = new Map<string, number>();
  for (const text of [...new Set(texts)].sort()) {
    rank.set(text, rank.size);
  }
  return {
    of: Int32Array.from(texts, text => rank.get(text) as number),
    count: rank.size
  };
}

function numberRanks(numbers: Float64Array): IRanks {
  // NaN is put last.
  const sorted = numbers.slice().sort();
  const count = sorted.length;
  const rankOf = (number: number) => {
    let low = Number.isNaN(number) ? count : 0;
    for (let high = count; low < high;) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  return { of: Int32Array.from(numbers, rankOf), count };
}

/**
 * The places by file, line and name. Few rows share a line: names are compared only of those.
 */
function placeRanks(
  profile: IProfile,
  rows: IFunctionRows,
  fileLabels: readonly string[]
): IRanks {
  const { file, line } = profile.functions;
  const ofFile = textRanks(
    Array.from(rows.function, func => fileLabels[file[func]] ?? '~')
  ).of;
  const compare = (a: RowIndex, b: RowIndex) => {
    const [one, other] = [rows.function[a], rows.function[b]];
    const difference = ofFile[a] - ofFile[b] || line[one] - line[other];
    if (difference !== 0) {
      return difference;
    }
    const [name, next] = [
      displayName(profile, one),
      displayName(profile, other)
    ];
    return name < next ? -1 : name > next ? 1 : 0;
  };
  const order = Array.from({ length: rows.length }, (_, i) => i as RowIndex);
  order.sort(compare);
  const of = new Int32Array(rows.length);
  order.forEach((row, i) => {
    const before = order[i - 1];
    of[row] = i > 0 && compare(before, row) === 0 ? of[before] : i;
  });
  return { of, count: rows.length };
}
