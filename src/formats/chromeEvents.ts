import type { FuncIndex } from '../profile/indices';
import { describe, WireError } from '../wire/error';
import { listAt, ObjectReader, property, type JsonObject } from '../wire/json';
import { ChromeThread } from './chromeThread';
import { finiteAt, wellFormed } from './jsonFile';
import {
  CALLS,
  timeMetric,
  type IFunctionParts,
  type IThreadParts,
  type ProfileBuilder
} from './profileBuilder';
import { isPythonPath, located, pythonFunction } from './pythonFrame';
import { scaled } from './times';

/** A time is off by less than this share of it. */
const ROUNDING = 2 ** -51;

/**
 * Read a list of trace events: those that begin and end (`B`, `E`) and those that have a duration (`X`). Each thread of
 * each process has its own stack.
 *
 * @param file - the object that the list is in, an empty one if there is none
 */
export function readEvents(
  list: unknown,
  where: string,
  file: ObjectReader,
  builder: ProfileBuilder
): void {
  new EventReader(file, builder).read(listAt(list, where), where);
}

class EventReader {
  constructor(
    private readonly _file: ObjectReader,
    private readonly _builder: ProfileBuilder
  ) {
    const metadata = _file.raw('viztracer_metadata');
    this._isViztracer = metadata !== undefined;
    if (this._isViztracer) {
      this._readViztracer(_file.object('viztracer_metadata'));
    }
  }

  read(events: readonly unknown[], where: string): void {
    const builder = this._builder;
    builder.metric(timeMetric());
    builder.metric(CALLS);
    this._base = firstTime(events);
    events.forEach((event, i) =>
      this._event(new ObjectReader(event, `${where}[${i}]`), i)
    );
    let unclosed = 0;
    let unopened = 0;
    let overlapping = 0;
    let first = Infinity;
    let last = 0;
    for (const [key, thread] of this._threads) {
      if (thread.length > 0) {
        thread.finish(builder.paths, builder.thread(this._partsOf(key)));
        unclosed += thread.unclosed;
        unopened += thread.unopened;
        overlapping += thread.overlapping;
        first = Math.min(first, thread.first);
        last = Math.max(last, thread.last);
      }
    }
    builder.wall = last > first ? Math.round(last - first) : null;
    this._sayWhatWasLost(unclosed, unopened, overlapping);
    this._addSources();
  }

  private _event(event: ObjectReader, order: number): void {
    const phase = event.text('ph');
    if (phase === 'M') {
      this._readName(event);
    } else if (phase === 'X' || phase === 'B' || phase === 'E') {
      const at = finiteAt(this._timeOf(event.number('ts')), () =>
        event.where('ts')
      );
      const thread = this._threadOf(event);
      const name = event.text('name', '');
      if (phase === 'E') {
        // The name of what ends need not be said again.
        thread.end(at, order, name === '' ? null : this._funcOf(name));
        return;
      }
      const duration = phase === 'X' ? event.optionalNumber('dur') : null;
      if (duration !== null && duration < 0) {
        throw new WireError(
          event.where('dur'),
          'a duration from 0 on',
          `${duration}`
        );
      }
      const func = this._funcOf(name);
      if (duration === null) {
        thread.begin(at, order, func);
      } else {
        // viztracer writes a call when it returns: what is outside comes later.
        const rank = this._isViztracer ? -order : order;
        const length = finiteAt(scaled(duration, 1000), () =>
          event.where('dur')
        );
        thread.whole(at, length, rank, func);
      }
    } else {
      this._others++;
    }
  }

  /** ns since the whole µs at which the first event is, which are exact where those since 1970 are not. */
  private _timeOf(micros: number): number {
    const product = (micros - this._base) * 1000;
    const whole = Math.round(product);
    const tolerance = Math.max(1, Math.abs(micros)) * 1000 * ROUNDING;
    return Math.abs(product - whole) <= tolerance ? whole : product;
  }

  private _threadOf(event: ObjectReader): ChromeThread {
    const key = keyOf(event);
    let thread = this._threads.get(key);
    if (!thread) {
      thread = new ChromeThread();
      this._threads.set(key, thread);
    }
    return thread;
  }

  private _readName(event: ObjectReader): void {
    const what = event.text('name', '');
    if (what === 'thread_name' || what === 'process_name') {
      const names = what === 'thread_name' ? this._names : this._processes;
      const key = what === 'thread_name' ? keyOf(event) : partOf(event, 'pid');
      names.set(key, wellFormed(event.object('args').text('name', '')));
    }
  }

  private _partsOf(key: string): IThreadParts {
    const [pid, tid] = key.split('\0');
    const name = this._names.get(key) || (tid && `Thread ${tid}`);
    const process = this._processes.get(pid);
    return {
      name: process && this._processes.size > 1 ? `${process}: ${name}` : name,
      pid: idOf(pid),
      tid: idOf(tid)
    };
  }

  private _funcOf(name: string): FuncIndex {
    let func = this._funcs.get(name);
    if (func === undefined) {
      func = this._builder.func(this._functionOf(wellFormed(name)));
      this._funcs.set(name, func);
    }
    return func;
  }

  private _functionOf(text: string): IFunctionParts {
    const place = located(text);
    if (!place) {
      return { name: text, kind: this._isViztracer ? 'builtin' : 'other' };
    }
    const { name, path, line } = place;
    return this._isViztracer || isPythonPath(path)
      ? { ...pythonFunction(name, path), line }
      : { name, path, line };
  }

  private _readViztracer(metadata: ObjectReader): void {
    this._builder.engine({
      name: 'viztracer',
      version: wellFormed(metadata.optionalText('version') ?? '')
    });
    if (metadata.optionalFlag('overflow')) {
      this._builder.warn(
        'overflow',
        'The buffer of viztracer was too small: it has overwritten the calls that ended first. Its option ' +
          '--tracer_entries makes it larger.'
      );
    }
  }

  /** viztracer keeps the text of files: `{files: {path: [text, lines]}}`. */
  private _addSources(): void {
    if (!this._isViztracer) {
      return;
    }
    const files = this._file
      .optionalObject('file_info')
      .optionalObject('files');
    for (const path of files.keys()) {
      const [text] = listAt(files.raw(path), files.where(path));
      if (typeof text !== 'string') {
        throw new WireError(files.where(path), 'a text', describe(text));
      }
      this._builder.source(wellFormed(path), 1, wellFormed(text));
    }
  }

  private _sayWhatWasLost(
    unclosed: number,
    unopened: number,
    overlapping: number
  ): void {
    if (this._others > 0) {
      this._builder.warn(
        'other-events',
        `${this._others} events are no calls: counters, flows, marks and others. They are not in the profile.`
      );
    }
    if (unclosed > 0 || unopened > 0) {
      this._builder.warn(
        'unbalanced',
        `${unclosed} events never end and are taken to end with the one around them; ${unopened} end without having ` +
          'begun, which is ignored.'
      );
    }
    if (overlapping > 0) {
      this._builder.warn(
        'overlapping',
        `${overlapping} events end later than the one that they begin in. What is beyond its end is not in the profile.`
      );
    }
  }

  private readonly _isViztracer: boolean;
  private readonly _threads = new Map<string, ChromeThread>();
  private readonly _names = new Map<string, string>();
  private readonly _processes = new Map<string, string>();
  private readonly _funcs = new Map<string, FuncIndex>();
  private _others = 0;
  private _base = 0;
}

/** The whole µs before the first event. */
function firstTime(events: readonly unknown[]): number {
  let first = Infinity;
  for (const event of events) {
    if (typeof event === 'object' && event !== null) {
      const phase = property(event as JsonObject, 'ph');
      const at = property(event as JsonObject, 'ts');
      if (
        (phase === 'X' || phase === 'B' || phase === 'E') &&
        typeof at === 'number' &&
        at < first
      ) {
        first = at;
      }
    }
  }
  return Number.isFinite(first) ? Math.floor(first) : 0;
}

function keyOf(event: ObjectReader): string {
  return `${partOf(event, 'pid')}\0${partOf(event, 'tid')}`;
}

/** The id of a process or a thread, which is a number or a text. */
function partOf(event: ObjectReader, key: 'pid' | 'tid'): string {
  const value = event.raw(key) ?? '';
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new WireError(
      event.where(key),
      'a number or a text',
      describe(value)
    );
  }
  return wellFormed(String(value)).replaceAll('\0', ' ');
}

function idOf(text: string): number {
  const id = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(id) ? id : 0;
}
