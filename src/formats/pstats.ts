import type { FuncIndex } from '../profile/indices';
import type { IProfile, ValueKey } from '../profile/model';
import { FormatError, placed, shown } from './error';
import { fileOf } from './fileOf';
import type { IFormat, IReading } from './format';
import {
  CODE_LAYOUTS,
  MarshalCode,
  MarshalDict,
  MarshalItems,
  MarshalReader,
  type MarshalValue
} from './marshal';
import { CALLS, ProfileBuilder, timeMetric } from './profileBuilder';
import { sumChecks } from './sums';

/** What stands for the file of a function that has none. */
const NO_FILE = '~';

/** Entries between two reports of progress. */
const BETWEEN_PROGRESS = 4096;

const MOST_LINE = 2 ** 31;

const THREADS =
  'This file may mix threads: since Python 3.12 cProfile also sees the calls of other threads, such as those of a ' +
  'notebook kernel, and takes them for calls of what just ran. Times and callers near them may be wrong.';

/** File and name of functions that run in threads of their own, or in a kernel's. */
const OTHER_THREADS: readonly (readonly [RegExp, RegExp])[] = [
  [/(?:^|[\\/])threading\.py$/, /^(?:_bootstrap|_bootstrap_inner|run)$/],
  [/(?:^|[\\/])ipykernel[\\/](?:iostream|heartbeat|control|thread)\.py$/, /./],
  [/(?:^|[\\/])zmq[\\/].*(?:ioloop|zmqstream|_future)\.py$/, /./]
];

/** A kernel waits there in another thread; a program of its own may do so as well. */
const WAITS = /(?:^|[\\/])selectors\.py$/;

/** The first Python with that fault: cProfile on sys.monitoring. */
const MIXES_THREADS = 12;

/**
 * Files of cProfile, of Python 2 and 3, and of the module `profile`: a marshalled dict,
 *
 * ```
 * {(file, line, name): (primitive calls, calls, own seconds, total seconds, callers)}
 * callers = {(file, line, name): (calls, primitive calls, own seconds, total seconds)}     cProfile
 * callers = {(file, line, name): calls}                                                    profile
 * ```
 *
 * Seconds are kept as they were read, as ticks of 1e9 ns.
 */
export const PSTATS: IFormat = {
  id: 'pstats',
  label: 'cProfile / pstats',
  sniff(head, size) {
    // JSON begins with a brace, too, but none of these can follow there.
    const [first, second] = head;
    if ((first & 0x7f) !== 0x7b || size < 2) {
      return false;
    }
    return (
      (second === 0x30 && size === 2) ||
      ((second & 0x7f) === 0x29 && head[2] === 3) ||
      ((second & 0x7f) === 0x28 &&
        head[2] === 3 &&
        !head[3] &&
        !head[4] &&
        !head[5])
    );
  },
  read(bytes, reading) {
    let furthest: FormatError | null = null;
    for (const layout of CODE_LAYOUTS) {
      const reader = new MarshalReader(bytes, layout);
      try {
        return readAll(reader, reading);
      } catch (error) {
        if (!(error instanceof FormatError)) {
          throw error;
        }
        if (!furthest || (error.at ?? 0) > (furthest.at ?? 0)) {
          furthest = error;
        }
        // Only how code objects are laid out is not known beforehand.
        if (!reader.hasCode || reader.isFull) {
          break;
        }
      }
    }
    throw furthest ?? new FormatError('Expected a marshalled dict');
  }
};

function readAll(reader: MarshalReader, reading: IReading): IProfile {
  const table = new Table();
  reader.openDict();
  for (let count = 0; !reader.isDictEnd(); count++) {
    const at = reader.at;
    const key = reader.value();
    const value = reader.value();
    placed(
      () => [at, null],
      () => table.entry(key, value, at)
    );
    if (count % BETWEEN_PROGRESS === 0) {
      reading.onProgress(reader.at);
    }
  }
  if (reader.left > 0) {
    table.builder.warn(
      'rest',
      `${reader.left} bytes behind the end of the profile were not read.`
    );
  }
  reading.onProgress(reader.at);
  return table.done(reading.name);
}

/** The profile that the entries make. */
class Table {
  constructor() {
    this.builder.metric(timeMetric(1e9));
    this.builder.metric(CALLS);
  }

  readonly builder = new ProfileBuilder({ name: 'cProfile' });

  /**
   * @param at - byte where the entry begins
   */
  entry(key: MarshalValue, value: MarshalValue, at: number): void {
    const func = this._func(key, at);
    const parts = value instanceof MarshalItems ? value.items : [];
    const callers = parts[4];
    if (parts.length !== 5 || !(callers instanceof MarshalDict)) {
      throw new FormatError(
        'Expected two counts, two times and callers for a function',
        at
      );
    }
    if (this._callers.has(callers)) {
      // Otherwise a small file could hold any number of rows.
      throw new FormatError(
        'Expected callers of its own for each function, found repeated ones',
        at
      );
    }
    this._callers.add(callers);
    const { totals, edges } = this.builder;
    const rows = totals.length;
    const row = totals.row(func, 0);
    if (row < rows) {
      throw new FormatError('Expected each function once, found one twice', at);
    }
    totals.add(row, 'primitive.calls', countOf(parts[0], at));
    totals.add(row, 'self.calls', countOf(parts[1], at));
    totals.add(row, 'self.time', timeOf(parts[2], at));
    totals.add(row, 'total.time', timeOf(parts[3], at));
    const { items } = callers;
    for (let i = 0; i < items.length; i += 2) {
      const before = edges.length;
      const edge = edges.row(this._func(items[i], at), func, 0);
      if (edge < before) {
        throw new FormatError(
          'Expected each caller of a function once, found one twice',
          at
        );
      }
      this._edge(edge, items[i + 1], at);
    }
  }

  done(name: string): IProfile {
    const { builder } = this;
    builder.python = this._minor >= 0 ? `Python ${this._python}` : null;
    if (
      (this._hasOtherThreads || (this._hasCell && this._waits)) &&
      !(this._python.startsWith('3.') && this._minor < MIXES_THREADS) &&
      !this._python.startsWith('2.')
    ) {
      builder.warn('threads', THREADS);
    }
    const isOfProfile = this._counted > 0;
    if (isOfProfile && this._timed > 0) {
      builder.warn(
        'edges',
        'Some callers have no times in this file. Times under a caller are left out.'
      );
    }
    const profile = builder.done('pstats', name);
    const values = new Map(profile.edges.values);
    if (isOfProfile) {
      EDGE_TIMES.forEach(key => values.delete(key));
    }
    const { meta, edges } = profile;
    const whole = {
      ...profile,
      edges: { ...edges, values },
      meta: {
        ...meta,
        engine: {
          ...meta.engine,
          name: isOfProfile && !this._timed ? 'profile' : 'cProfile'
        }
      }
    };
    return { ...whole, checks: [...profile.checks, ...sumChecks(whole)] };
  }

  private _edge(edge: number, value: MarshalValue, at: number): void {
    const { edges } = this.builder;
    if (value instanceof MarshalItems && value.items.length === 4) {
      const [calls, primitive, own, total] = value.items;
      edges.add(edge, 'self.calls', countOf(calls, at));
      edges.add(edge, 'primitive.calls', countOf(primitive, at));
      edges.add(edge, 'self.time', timeOf(own, at));
      edges.add(edge, 'total.time', timeOf(total, at));
      this._timed++;
    } else {
      edges.add(edge, 'self.calls', countOf(value, at));
      this._counted++;
    }
  }

  private _func(key: MarshalValue, at: number): FuncIndex {
    const known = this._funcs.get(key as object);
    if (known !== undefined) {
      return known;
    }
    if (!(key instanceof MarshalItems)) {
      throw new FormatError('Expected file, line and name of a function', at);
    }
    const parts = key.items;
    const [path, line, code] = parts;
    const name = code instanceof MarshalCode ? nameOfCode(code) : code;
    if (
      parts.length !== 3 ||
      typeof path !== 'string' ||
      typeof line !== 'number' ||
      typeof name !== 'string'
    ) {
      throw new FormatError('Expected file, line and name of a function', at);
    }
    if (!Number.isInteger(line) || line < 0 || line >= MOST_LINE) {
      throw new FormatError(
        `Expected a line from 0 on for ${shown(name)}, found ${line}`,
        at
      );
    }
    this._look(path, name);
    const func =
      path === NO_FILE
        ? this.builder.func({ name, line, kind: 'builtin' })
        : this.builder.func({
            name,
            line,
            path,
            hasFile: true,
            kind: path === '' && line === 0 ? 'builtin' : 'python'
          });
    // Keys are repeated by reference: the same object.
    this._funcs.set(key, func);
    return func;
  }

  /** What a function tells of the Python that it ran on. */
  private _look(path: string, name: string): void {
    const version = /[\\/]python(\d)\.(\d+)t?[\\/]/.exec(path);
    if (version && this._minor < 0) {
      this._python = `${version[1]}.${version[2]}`;
      this._minor = Number(version[2]);
    }
    this._hasCell ||= fileOf(path).origin === 'cell';
    this._waits ||= WAITS.test(path);
    this._hasOtherThreads ||= OTHER_THREADS.some(
      ([file, func]) => file.test(path) && func.test(name)
    );
  }

  private readonly _funcs = new WeakMap<object, FuncIndex>();
  private readonly _callers = new WeakSet<MarshalDict>();
  private _timed = 0;
  private _counted = 0;
  private _python = '';
  private _minor = -1;
  private _hasOtherThreads = false;
  private _hasCell = false;
  private _waits = false;
}

const EDGE_TIMES: readonly ValueKey[] = [
  'primitive.calls',
  'self.time',
  'total.time'
];

/** As `profile` shows the code that it was told to run, without its address, which says nothing. */
function nameOfCode({ name, path, line }: MarshalCode): string {
  return `<code object ${name}, file "${path}", line ${line}>`;
}

function countOf(value: MarshalValue, at: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new FormatError(
      `Expected a count of calls, found ${wordFor(value)}`,
      at
    );
  }
  return value;
}

function timeOf(value: MarshalValue, at: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new FormatError(
      `Expected a time in seconds, found ${wordFor(value)}`,
      at
    );
  }
  return value;
}

function wordFor(value: MarshalValue): string {
  return typeof value === 'number'
    ? String(value)
    : typeof value === 'string'
      ? shown(value)
      : 'something else';
}
