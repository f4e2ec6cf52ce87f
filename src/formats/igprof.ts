import { NONE, type FuncIndex } from '../profile/indices';
import type { IMetric, IProfile } from '../profile/model';
import { FormatError, shown } from './error';
import type { IFormat, IReading } from './format';
import { growingFloats } from './growing';
import { countersOf, type ICounter } from './igprofCounters';
import { filtered } from './igprofFilters';
import { IgprofLine } from './igprofLine';
import { ProfileBuilder } from './profileBuilder';
import { TextLines } from './textLines';

/** First line: base of the numbers, process, program, seconds of a tick. */
const HEADER = /^P=\((HEX )?ID=([0-9a-f]+) N=\((.*)\) T=(\d+(?:\.\d+)?)\)$/;

/** Under this all stacks stand in what igprof-analyse prints. */
const SPONTANEOUS = '<spontaneous>';

/** What a node stands for of which the file has no definition, or no longer. */
const LOST = '(lost)';

/**
 * Dumps of igprof: a call tree in pre-order, a node a line, with its depth, the address it is at, and counters.
 *
 * ```
 * P=(HEX ID=1c3 N=(./hot) T=0.005000)
 * C1 FN0=(F0=(./hot)+2191 N=(_start))+21
 * C2 FN1=(F0+2a3a N=(main))+23 V0=(PERF_TICKS):(10,10,10)
 * ```
 *
 * Addresses of one function are nodes of their own, with the function in common: functions are told apart by name, as
 * igprof-analyse does. That tool's filters are applied (`igprofFilters.ts`). Names are as they are in the file, mangled:
 * `named.ts` has those for people.
 * A function without a name is called as there, `@{libm.so.6+459483}`, by library and offset, the same in every run.
 */
export const IGPROF: IFormat = {
  id: 'igprof',
  label: 'igprof',
  isByName: true,
  sniff: head =>
    /^P=\((?:HEX )?ID=[0-9a-f]+ N=\(/.test(
      String.fromCharCode(...head.subarray(0, 64))
    ),
  read(bytes, reading) {
    const isCut = bytes.length > 0 && bytes[bytes.length - 1] !== 10;
    return new Dump(bytes, isCut, reading).read();
  }
};

/** Of an address: its function, and where it is in the library and in the function. */
interface IPlace {
  readonly func: FuncIndex;
  readonly address: number;
  readonly offset: number;
}

class Dump {
  constructor(
    bytes: Uint8Array,
    private readonly _isCut: boolean,
    private readonly _reading: IReading
  ) {
    this._lines = new TextLines(bytes, _reading.onProgress);
    this._size = bytes.length;
  }

  read(): IProfile {
    const { _lines: lines, builder } = this;
    const first = lines.next();
    if (first === null || !this._header(first)) {
      throw first === null
        ? new FormatError('Expected the first line of an igprof dump', 0)
        : lines.error(
            `Expected the first line of an igprof dump, found ${shown(first)}`
          );
    }
    const root = builder.newFunc({
      name: SPONTANEOUS,
      qualified: 'spontaneous',
      kind: 'pseudo'
    });
    this._stack.push(builder.paths.append(NONE, root));
    lines.each(text => {
      // A last line without its end may have been longer.
      const next = this._isCut ? lines.next() : '';
      if (next === null || !this._line(text)) {
        this._lose(text, next === null);
      }
      if (this._isCut && next !== null) {
        lines.back();
      }
    });
    if (this._lostLines > 0 && this._readLines === 0) {
      throw new FormatError(
        'Expected nodes of a call tree behind the first line, found none',
        this._size
      );
    }
    this._finish();
    return filtered(builder.done('igprof', this._reading.name), [
      ...this._byName.keys()
    ]);
  }

  private _header(text: string): boolean {
    const parts = HEADER.exec(text);
    if (!parts) {
      return false;
    }
    const [, hex, , program, seconds] = parts;
    this._scan = new IgprofLine(hex ? 16 : 10);
    this._files.clear();
    this._places.clear();
    this._counters.clear();
    this._stack.length = Math.min(this._stack.length, 1);
    this.builder.command ??= program || null;
    const period = Number(seconds);
    if (this._period >= 0 && this._period !== period) {
      throw this._lines.error(
        `Expected ticks of ${this._period} s in the whole file, found ${seconds}`
      );
    }
    this._period = period;
    return true;
  }

  /** Read a node. False if the line is none. */
  private _line(text: string): boolean {
    if (text.startsWith('P=(')) {
      return this._header(text);
    }
    const scan = this._scan;
    scan.start(text);
    const depth = scan.take('C') ? scan.number() : NaN;
    const place = depth >= 1 && scan.take(' FN') ? this._place() : null;
    if (!place) {
      return false;
    }
    const values: [ICounter, number, number, number][] = [];
    while (!scan.isEnd) {
      const counter = this._counter();
      if (counter === null || !scan.take(':(')) {
        return false;
      }
      const count = scan.number();
      const value = scan.take(',') ? scan.number() : NaN;
      const peak = scan.take(',') ? scan.number() : NaN;
      if (!scan.take(')') || Number.isNaN(count + value + peak)) {
        return false;
      }
      values.push([counter, count, value, peak]);
      while (scan.take(';LK=(0x')) {
        scan.hexadecimal();
        if (!scan.take(',') || Number.isNaN(scan.number()) || !scan.take(')')) {
          return false;
        }
        this._resources++;
      }
    }
    this._node(depth, place, values);
    return true;
  }

  private _node(
    depth: number,
    place: IPlace,
    values: readonly [ICounter, number, number, number][]
  ): void {
    const { paths } = this.builder;
    if (depth > this._stack.length) {
      // Its caller was on a line that is lost; it goes to the nearest that is known.
      this._moved++;
    }
    const level = Math.min(depth, this._stack.length);
    this._stack.length = level;
    const node = paths.append(
      this._stack[level - 1],
      place.func,
      0,
      Math.max(0, place.address)
    );
    this._stack.push(node);
    // Levels that are missing are those of the node above.
    while (this._stack.length <= depth && depth - level < MOST_MISSING) {
      this._stack.splice(-1, 0, this._stack[this._stack.length - 2]);
    }
    for (const [counter, count, value, peak] of values) {
      counter.values.add(node, value);
      counter.counts.add(node, count);
      counter.peaks.add(node, peak);
    }
    this._readLines++;
  }

  /** `N+n`, or with a definition; null if it is neither. */
  private _place(): IPlace | null {
    const scan = this._scan;
    const id = scan.number();
    if (Number.isNaN(id)) {
      return null;
    }
    if (!scan.take('=(')) {
      const offset = scan.take('+') ? scan.signed() : NaN;
      if (Number.isNaN(offset)) {
        return null;
      }
      const place = this._places.get(id);
      if (!place) {
        this._undefined++;
        return { func: this._lostFunc(), address: 0, offset };
      }
      return {
        ...place,
        address: place.address + offset - place.offset
      };
    }
    const path = scan.take('F') ? this._file() : null;
    const address = path !== null && scan.take('+') ? scan.signed() : NaN;
    const name = scan.take(' N=(') ? scan.until('))+') : null;
    const offset = name !== null ? scan.signed() : NaN;
    if (path === null || name === null || Number.isNaN(address + offset)) {
      return null;
    }
    const place = { func: this._func(name, path, address), address, offset };
    this._places.set(id, place);
    return place;
  }

  private _file(): string | null {
    const scan = this._scan;
    const id = scan.number();
    if (scan.take('=(')) {
      const path = scan.until(')', '+');
      if (path !== null && !Number.isNaN(id)) {
        this._files.set(id, path);
      }
      return path;
    }
    return this._files.get(id) ?? null;
  }

  private _counter(): ICounter | null {
    const scan = this._scan;
    const id = scan.take(' V') ? scan.number() : NaN;
    if (Number.isNaN(id)) {
      return null;
    }
    if (!scan.take('=(')) {
      return this._counters.get(id) ?? null;
    }
    const name = scan.until(')', ':');
    if (name === null || !/^\w{1,60}$/.test(name)) {
      return null;
    }
    let counter = this._byName.get(name);
    if (!counter) {
      if (this._byName.size >= MOST_COUNTERS) {
        return null;
      }
      counter = {
        name,
        values: growingFloats(),
        counts: growingFloats(),
        peaks: growingFloats()
      };
      this._byName.set(name, counter);
    }
    this._counters.set(id, counter);
    return counter;
  }

  private _func(raw: string, path: string, address: number): FuncIndex {
    const isUnknown = raw.startsWith('@?') && path !== '';
    const name = isUnknown
      ? `@{${path.slice(path.lastIndexOf('/') + 1)}+${address}}`
      : raw;
    let func = this._funcs.get(name);
    if (func === undefined) {
      func = this.builder.newFunc({
        name,
        object: path,
        kind: path === '' ? 'jit' : 'native'
      });
      this._funcs.set(name, func);
    }
    return func;
  }

  private _lostFunc(): FuncIndex {
    return this.builder.func({ name: LOST, kind: 'other' });
  }

  /** Leave a line out. Where it tells its depth, nothing goes below what stood there before. */
  private _lose(text: string, isLast: boolean): void {
    if (text === '' && !isLast) {
      return;
    }
    this._lostLines++;
    this._scan.start(text);
    const depth = this._scan.take('C') ? this._scan.number() : NaN;
    if (depth >= 1 && depth < this._stack.length) {
      this._stack.length = depth;
    }
  }

  private _finish(): void {
    const { builder } = this;
    for (const { metric, column } of countersOf(
      [...this._byName.values()],
      this._period
    )) {
      builder.metric(metric);
      for (let node = 0; node < column.length; node++) {
        builder.paths.add(node, selfOf(metric), column.numbers[node]);
      }
    }
    const say = (count: number, code: string, text: string) => {
      if (count > 0) {
        builder.warn(code, text);
      }
    };
    say(
      this._lostLines,
      'lost',
      `${this._lostLines} lines of this dump cannot be read, as those that two processes wrote at a time. What they ` +
        'counted is missing.'
    );
    say(
      this._moved,
      'moved',
      `The callers of ${this._moved} nodes are on lines that cannot be read. These nodes stand below the nearest ` +
        'caller that is known.'
    );
    say(
      this._undefined,
      'undefined',
      `${this._undefined} nodes are of functions of which the names are on lines that cannot be read: ${LOST}.`
    );
    say(
      this._resources,
      'resources',
      `The dump lists ${this._resources} live resources one by one. Their addresses are not kept.`
    );
  }

  readonly builder = new ProfileBuilder({ name: 'igprof' });

  private readonly _lines: TextLines;
  private readonly _size: number;
  private _scan = new IgprofLine(10);
  private _period = -1;
  private readonly _files = new Map<number, string>();
  private readonly _places = new Map<number, IPlace>();
  private readonly _counters = new Map<number, ICounter>();
  private readonly _byName = new Map<string, ICounter>();
  private readonly _funcs = new Map<string, FuncIndex>();
  /** Node by depth; the first is the root of all. */
  private readonly _stack: number[] = [];
  private _readLines = 0;
  private _lostLines = 0;
  private _moved = 0;
  private _undefined = 0;
  private _resources = 0;
}

const MOST_COUNTERS = 64;

/** Levels that are filled in. A line that tells a greater depth is broken. */
const MOST_MISSING = 1000;

function selfOf({ id }: IMetric): `self.${string}` {
  return `self.${id}`;
}
