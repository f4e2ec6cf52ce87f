import { edgesOf } from '../../profile/edges';
import { NONE } from '../../profile/indices';
import type { IMetric, IProfile, ValueKey, Values } from '../../profile/model';
import { totalsOf } from '../../profile/totals';
import { asCProfileHasIt } from '../../profile/without';

/** What pstats takes as the file of a function that has none. */
const NO_FILE = '~';

/** What pstats calls a function. Several functions may have one key. */
export interface IStatsKey {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** What a function took, or took under a caller; times in seconds. */
export interface ICounts {
  readonly calls: number;
  readonly primitive: number;
  readonly own: number;
  readonly total: number;
}

/** A function's row. */
export interface IStatsEntry {
  counts: ICounts;
  /** By key. */
  readonly callers: Map<number, ICounts>;
}

/** The dictionary that pstats works on. */
export interface IStatsTable {
  readonly keys: readonly IStatsKey[];
  /** By key, in order. */
  readonly entries: ReadonlyMap<number, IStatsEntry>;
  /** Whether of callers calls are all that is known, as in files of the module `profile`. */
  readonly areCounts: boolean;
}

const NOTHING: ICounts = { calls: 0, primitive: 0, own: 0, total: 0 };

/**
 * The table of a profile, as `table_of` of the Python package makes it: rows of functions with one key are summed,
 * threads too.
 */
export function pstatsTable(measured: IProfile): IStatsTable {
  const profile = asCProfileHasIt(measured);
  const totals = totalsOf(profile);
  const edges = edgesOf(profile);
  const { keys, keyOf } = keysOf(profile);
  const entries = new Map<number, IStatsEntry>();
  const entry = (key: number): IStatsEntry => {
    let known = entries.get(key);
    if (!known) {
      known = { counts: NOTHING, callers: new Map() };
      entries.set(key, known);
    }
    return known;
  };
  const ofTotals = reader(totals.values, profile.metrics);
  for (let row = 0; row < totals.length; row++) {
    const found = entry(keyOf[totals.function[row]]);
    found.counts = sum(found.counts, ofTotals(row));
  }
  const areCounts =
    edges.values.has('self.calls') && !TIMED.some(key => edges.values.has(key));
  const ofEdges = reader(edges.values, profile.metrics);
  for (let row = 0; row < edges.length; row++) {
    const caller = keyOf[edges.caller[row]];
    // An edge may lead to what has no row of its own.
    const { callers } = entry(keyOf[edges.callee[row]]);
    if (areCounts) {
      entry(caller); // beside a count pstats prints what its caller took
    }
    callers.set(caller, sum(callers.get(caller) ?? NOTHING, ofEdges(row)));
  }
  return { keys, entries, areCounts };
}

/** What more than calls may be known of an edge. */
const TIMED: readonly ValueKey[] = [
  'primitive.calls',
  'self.time',
  'total.time'
];

/** Key of each function. */
function keysOf({ functions, files }: IProfile): {
  keys: IStatsKey[];
  keyOf: Int32Array;
} {
  const keys: IStatsKey[] = [];
  const known = new Map<string, number>();
  const keyOf = new Int32Array(functions.length);
  for (let func = 0; func < functions.length; func++) {
    const place: number = functions.file[func];
    const file = place === NONE ? NO_FILE : files.path[place];
    const line = place === NONE ? 0 : functions.line[func];
    const name = functions.name[func];
    const text = `${line} ${file.length} ${file}${name}`;
    let key = known.get(text);
    if (key === undefined) {
      key = keys.length;
      known.set(text, key);
      keys.push({ file, line, name });
    }
    keyOf[func] = key;
  }
  return { keys, keyOf };
}

/** Reads the four numbers of a row; what is not known is 0. */
function reader(
  values: Values,
  metrics: readonly IMetric[]
): (row: number) => ICounts {
  const tick = metrics.find(({ id }) => id === 'time')?.tick ?? 1;
  const calls = values.get('self.calls');
  const primitive = values.get('primitive.calls');
  const own = values.get('self.time');
  const total = values.get('total.time');
  // Where a tick is a second, the very number that is stored.
  const seconds = (value: number) =>
    tick === 1e9 ? value : (value * tick) / 1e9;
  return row => ({
    calls: Math.trunc(calls?.[row] ?? 0),
    primitive: Math.trunc(primitive?.[row] ?? 0),
    own: seconds(own?.[row] ?? 0),
    total: seconds(total?.[row] ?? 0)
  });
}

function sum(one: ICounts, two: ICounts): ICounts {
  return one === NOTHING
    ? two
    : {
        calls: one.calls + two.calls,
        primitive: one.primitive + two.primitive,
        own: one.own + two.own,
        total: one.total + two.total
      };
}
