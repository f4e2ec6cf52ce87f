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
  const compares = keys.map(key => {
    const compare = comparison(profile, rows, key.column, fileLabels);
    return compare(key.descending ? -1 : 1);
  });
  const order = Array.from({ length: rows.length }, (_, i) => i as RowIndex);
  return order.sort((a, b) => {
    for (const compare of compares) {
      const sign = compare(a, b);
      if (sign !== 0) {
        return sign;
      }
    }
    return a - b;
  });
}

type Compare = (a: RowIndex, b: RowIndex) => number;

function columnsOf(name: string): readonly SortColumn[] {
  if (Object.hasOwn(PSTATS_KEYS, name)) {
    return PSTATS_KEYS[name];
  }
  const matches = Object.keys(PSTATS_KEYS).filter(key => key.startsWith(name));
  return name !== '' && matches.length === 1 ? PSTATS_KEYS[matches[0]] : [];
}

/**
 * How two rows compare in a column, made for a direction: 1 upwards, -1 downwards.
 */
function comparison(
  profile: IProfile,
  rows: IFunctionRows,
  column: SortColumn,
  fileLabels: readonly string[]
): (sign: 1 | -1) => Compare {
  const { functions, files } = profile;
  const textsOf = (textOf: (func: FuncIndex) => string) =>
    Array.from(rows.function, i => textOf(i as FuncIndex));
  const texts =
    (column: string[]) =>
    (sign: 1 | -1): Compare =>
    (a, b) =>
      column[a] === column[b] ? 0 : column[a] < column[b] ? -sign : sign;
  /** Of texts that many rows share: each is compared with the others once. */
  const sharedTexts = (column: string[]) => {
    const rank = new Map(
      [...new Set(column)].sort().map((text, i) => [text, i])
    );
    return numbers(Float64Array.from(column, text => rank.get(text) ?? NaN));
  };
  switch (column) {
    case 'file':
      return sharedTexts(
        textsOf(func => files.path[functions.file[func]] ?? '~')
      );
    case 'name':
      return texts(textsOf(func => functions.name[func]));
    case 'standardName':
      return texts(textsOf(func => standardName(profile, func)));
    case 'line':
      return numbers(
        Float64Array.from(rows.function, func => functions.line[func])
      );
    case 'place': {
      const parts = [
        sharedTexts(textsOf(func => fileLabels[functions.file[func]] ?? '~')),
        comparison(profile, rows, 'line', fileLabels),
        texts(textsOf(func => displayName(profile, func)))
      ];
      return sign => {
        const [file, line, name] = parts.map(part => part(sign));
        return (a, b) => file(a, b) || line(a, b) || name(a, b);
      };
    }
    default:
      return numbers(rows[column]);
  }
}

function numbers(column: Float64Array): (sign: 1 | -1) => Compare {
  return sign => (a, b) => {
    const difference = column[a] - column[b];
    if (difference === 0) {
      return 0;
    }
    // One of them is not known, or both: a comparison with NaN would not be an order.
    if (Number.isNaN(difference)) {
      return Number(Number.isNaN(column[a])) - Number(Number.isNaN(column[b]));
    }
    return difference * sign;
  };
}
