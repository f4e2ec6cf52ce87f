import { NONE } from '../profile/indices';
import type { FuncIndex } from '../profile/indices';
import type { IProfile, ValueKey } from '../profile/model';
import { MAX_DEPTH } from '../wire/limits';
import { freeId } from './callgrindEvents';
import type { IFormat, IReading } from './format';
import {
  perfFrame,
  perfFunction,
  perfHeader,
  perfInlined,
  type IPerfFrame,
  type IPerfHeader
} from './perfLines';
import { CALLS, ProfileBuilder, SAMPLES, timeMetric } from './profileBuilder';
import { StackTree } from './stackTree';
import { TextLines } from './textLines';

/** Events that count nanoseconds. */
const CLOCKS = /^(?:cpu-clock|task-clock)$/;

/** A place in a source file below a frame. */
const SOURCE = /^\s{1,64}(\S.{0,4000}):(\d{1,9})( \(inlined\))?$/;

/** The same where there is no source: `[kernel.kallsyms][ffffffff813a2413]`. */
const NO_SOURCE = /^\s{1,64}\S{1,4000}\[[\da-f]{1,16}\]$/;

/** Lines that are looked at to tell the kind. */
const LOOKED_AT = 40;

/** Addresses above are not exact as numbers. */
const MOST_ADDRESS = Number.MAX_SAFE_INTEGER;

/**
 * What `perf script` prints: samples with their stacks, leaf first, a blank line behind each.
 *
 * Every event has a count of samples, and the sum of their periods where these are printed: time for clocks.
 */
export const PERF_SCRIPT: IFormat = {
  id: 'perf',
  label: 'perf script',
  sniff(head) {
    const lines = new TextDecoder().decode(head).split('\n', LOOKED_AT);
    const at = lines.findIndex(line => perfHeader(line) !== null);
    if (at < 0 || lines.slice(0, at).some(line => !isIgnored(line))) {
      return false;
    }
    const { rest } = perfHeader(lines[at]) as IPerfHeader;
    const next = lines[at + 1] ?? '';
    return (
      perfFrame(rest) !== null ||
      perfFrame(next) !== null ||
      perfInlined(next) !== null ||
      perfHeader(next) !== null ||
      next.trim() === ''
    );
  },
  read: (bytes, reading) => new PerfReader(bytes, reading).read()
};

function isIgnored(line: string): boolean {
  return line.trim() === '' || line.startsWith('#');
}

/** Values that a sample adds to. */
interface IEventKeys {
  readonly samples: ValueKey;
  /** `null` until a sample has a period. */
  period: ValueKey | null;
}

class PerfReader {
  constructor(
    bytes: Uint8Array,
    private readonly _reading: IReading
  ) {
    this._lines = new TextLines(bytes, _reading.onProgress);
  }

  read(): IProfile {
    const { _lines: lines, _builder: builder } = this;
    lines.each(text => this._readLine(text));
    this._endSample();
    if (this._count === 0) {
      throw lines.error(
        'Expected samples as perf script prints them, found none'
      );
    }
    this._warn();
    this._stacks.finish();
    if (this._last > this._first) {
      builder.wall = Math.round((this._last - this._first) * 1e9);
    }
    return builder.done('perf script', this._reading.name);
  }

  private _readLine(text: string): void {
    if (this._frames.length > MAX_DEPTH) {
      throw this._lines.error(
        `Expected a stack of at most ${MAX_DEPTH} frames, found a deeper one`
      );
    }
    if (isIgnored(text)) {
      this._endSample();
      return;
    }
    if (!/^\s/.test(text) || this._header === null) {
      const header = perfHeader(text);
      if (header) {
        this._endSample();
        this._begin(header);
        return;
      }
    }
    if (this._header === null) {
      this._skipped++;
      return;
    }
    const frame = perfFrame(text);
    if (frame && !this._isOpen) {
      this._frames.push({ ...frame, file: '', line: 0 });
      return;
    }
    // With -F +srcline the source stands below its frame, and says there whether that was inlined.
    const source = SOURCE.exec(text);
    const last = this._frames[this._frames.length - 1];
    if (source && last) {
      last.file = source[1];
      last.line = Number(source[2]);
      this._isOpen = this._isOpen && source[3] === undefined;
      return;
    }
    if (last && NO_SOURCE.test(text)) {
      return;
    }
    const inlined = this._isOpen ? null : perfInlined(text);
    if (inlined) {
      this._frames.push({ ...inlined, file: '', line: 0 });
      this._isOpen = true;
      return;
    }
    this._isBroken = true;
  }

  private _begin(header: IPerfHeader): void {
    if (header.event.startsWith('PERF_RECORD_')) {
      if (header.event.startsWith('PERF_RECORD_LOST')) {
        this._lost += Number(
          /\blost[: ]+(\d{1,15})/.exec(header.rest)?.[1] ?? 1
        );
      }
      return;
    }
    this._header = header;
    const frame = perfFrame(header.rest);
    if (frame) {
      this._frames.push({ ...frame, file: '', line: 0 });
    }
  }

  private _endSample(): void {
    const { _header: header, _frames: frames } = this;
    if (header === null) {
      return;
    }
    if (this._isBroken || this._isOpen) {
      this._broken++;
    } else if (frames.length === 0) {
      this._empty++;
    } else {
      this._addSample(header);
    }
    this._count++;
    this._header = null;
    this._frames = [];
    this._isBroken = false;
    this._isOpen = false;
  }

  private _addSample(header: IPerfHeader): void {
    const { comm, pid, tid, time, period } = header;
    const thread = this._builder.thread({ name: comm, pid, tid });
    const tree = this._stacks.frames;
    let object = '';
    const { _frames: frames } = this;
    const numbers = this._numbers;
    numbers.length = frames.length;
    // The root comes last. An inlined frame lies where the one that it is part of does, which stands behind it.
    for (let i = frames.length - 1; i >= 0; i--) {
      object = frames[i].isInlined ? object : frames[i].object;
      numbers[i] = this._frame(frames[i], object);
    }
    let node: number = NONE;
    for (let i = frames.length - 1; i >= 0; i--) {
      node = tree.child(node, numbers[i], thread);
    }
    const keys = this._keysOf(header);
    tree.add(node, keys.samples, 1);
    if (keys.period) {
      if (Number.isFinite(period)) {
        tree.add(node, keys.period, period);
      } else {
        this._noPeriod++;
      }
    }
    this._first = Math.min(this._first, time);
    this._last = Math.max(this._last, time);
  }

  private _frame(frame: ISourceFrame, object: string): FuncIndex {
    const { symbol, address, isInlined, file, line } = frame;
    const isNameless = symbol === '' || symbol === '[unknown]';
    const place = isNameless ? address : 0;
    const key = `${place},${isInlined ? 1 : 0},${line},${file}\0${symbol}\0${object}`;
    let number = this._known.get(key);
    if (number === undefined) {
      number = this._stacks.frame({
        func: this._builder.func(perfFunction(frame, object)),
        line,
        file: line > 0 ? this._builder.file(file) : NONE,
        address: place <= MOST_ADDRESS ? place : 0,
        inlined: isInlined
      });
      this._known.set(key, number);
    }
    return number;
  }

  private _keysOf({ event, period }: IPerfHeader): IEventKeys {
    let keys = this._keys.get(event);
    if (!keys) {
      const id = freeId(
        this._keys.size === 0 ? SAMPLES.id : `${SAMPLES.id} ${event}`,
        this._ids
      );
      this._ids.add(id);
      this._builder.metric({ ...SAMPLES, id, label: `Samples (${event})` });
      keys = { samples: `self.${id}`, period: null };
      this._keys.set(event, keys);
    }
    if (keys.period === null && Number.isFinite(period)) {
      const isClock = CLOCKS.test(event);
      const id = freeId(isClock ? 'time' : event, this._ids);
      this._ids.add(id);
      this._builder.metric(
        isClock
          ? { ...timeMetric(), id, label: `Time (${event})` }
          : { ...CALLS, id, label: event }
      );
      keys.period = `self.${id}`;
    }
    return keys;
  }

  private _warn(): void {
    const said: [number, string, string][] = [
      [
        this._empty,
        'empty-stacks',
        'samples have no stack. They are not in the profile.'
      ],
      [
        this._broken,
        'broken-stacks',
        'samples have lines that are no frames, or were cut. They are not in the profile.'
      ],
      [
        this._noPeriod,
        'no-period',
        'samples have no period. They are counted, and add nothing to what their event measures.'
      ],
      [this._lost, 'lost-samples', 'records were lost while perf recorded.'],
      [
        this._skipped,
        'skipped-lines',
        'lines belong to no sample and were skipped.'
      ]
    ];
    for (const [count, code, text] of said) {
      if (count > 0) {
        this._builder.warn(code, `${count} ${text}`);
      }
    }
  }

  private readonly _lines: TextLines;
  private readonly _builder = new ProfileBuilder({ name: 'perf' });
  private readonly _stacks = new StackTree(this._builder);
  private readonly _keys = new Map<string, IEventKeys>();
  private readonly _ids = new Set<string>();
  private readonly _known = new Map<string, FuncIndex>();
  private readonly _numbers: FuncIndex[] = [];
  private _header: IPerfHeader | null = null;
  private _frames: ISourceFrame[] = [];
  private _isBroken = false;
  /** Whether the last frame has yet to say that it was inlined. */
  private _isOpen = false;
  private _count = 0;
  private _empty = 0;
  private _broken = 0;
  private _noPeriod = 0;
  private _lost = 0;
  private _skipped = 0;
  private _first = Infinity;
  private _last = -Infinity;
}

interface ISourceFrame extends IPerfFrame {
  file: string;
  line: number;
}
