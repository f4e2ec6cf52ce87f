import { NONE } from '../profile/indices';
import type { FuncIndex, ThreadIndex } from '../profile/indices';
import type { IMetric, IProfile } from '../profile/model';
import { describe, WireError } from '../wire/error';
import { listAt, ObjectReader } from '../wire/json';
import type { IFormat } from './format';
import { finiteAt, indexAt, jsonHead, readJson, wellFormed } from './jsonFile';
import { NotPlain, parseAround } from './jsonSpans';
import { withNativeKinds } from './nativeKinds';
import {
  CALLS,
  ProfileBuilder,
  SAMPLES,
  timeMetric,
  type IFunctionParts,
  type IThreadParts
} from './profileBuilder';
import { isObjectPath, isPythonPath, pythonFunction } from './pythonFrame';
import { PlainLists, readEvents, readSamples } from './speedscopePlain';
import { StackTree } from './stackTree';
import { NANOSECONDS, scaled } from './times';

/** What {@link toSpeedscope} writes as the exporter. */
export const OUR_EXPORTER = 'jupyterlab-profiler';

/** Exporters whose lines are those that a frame was at. */
const RUNNING_LINES = /^(?:py-spy|austin)/i;

/** Exporters whose lines are those that a function begins at. */
const FIRST_LINES = /^(?:jupyterlab-profiler|pyinstrument)/i;

const STARTS = [
  /^\{\s*"shared"\s*:\s*\{\s*"frames"\s*:/,
  /^\{\s*"profiles"\s*:\s*\[\s*\{\s*"type"\s*:\s*"(?:sampled|evented)"/
];

/**
 * speedscope's own JSON: sampled and evented profiles, each a thread.
 *
 * A line of a frame is where a function begins for some tools and where it was for others, and the format does not tell
 * which. It is taken for the latter where the exporter is known for it, or where some function of a sampled profile
 * has several lines.
 *
 * How often a frame was opened is no number of calls: tools that sample write events, too.
 */
export const SPEEDSCOPE: IFormat = {
  id: 'speedscope',
  label: 'speedscope',
  sniff(head) {
    const text = jsonHead(head);
    return (
      text.startsWith('{') &&
      (text.includes('speedscope.app/file-format-schema.json') ||
        STARTS.some(start => start.test(text)))
    );
  },
  read(bytes, { name, onProgress }) {
    const profile =
      readPlain(bytes, name) ??
      readJson(bytes, value => profileOf(value, name, null));
    onProgress(bytes.length);
    return profile;
  }
};

/** The lists of a profile that are long. */
const LISTS = ['samples', 'weights', 'events'];

/**
 * Read a file without objects for all of its samples and events; null where it is not as tools write it, or wrong.
 */
function readPlain(bytes: Uint8Array, name: string): IProfile | null {
  try {
    // The file, its profiles, one of them.
    const { value, spans } = parseAround(bytes, 3, LISTS);
    const lists = new PlainLists(bytes, spans);
    const profile = profileOf(value, name, lists);
    lists.requireAllRead();
    return profile;
  } catch {
    return null;
  }
}

/**
 * @param lists - what stands for lists that were not parsed; null where all were
 */
function profileOf(
  value: unknown,
  name: string,
  lists: PlainLists | null
): IProfile {
  const file = new ObjectReader(value, '');
  const exporter = wellFormed(file.optionalText('exporter') ?? '');
  const [tool, version = ''] = exporter.split('@');
  const builder = new ProfileBuilder({ name: tool, version });
  readFile(file, exporter, builder, lists);
  return withNativeKinds(builder.done(exporter || 'speedscope', name));
}

/** A profile of the file before its stacks are read. */
interface IPart {
  readonly reader: ObjectReader;
  readonly where: string;
  readonly isSampled: boolean;
  readonly unit: string;
  readonly thread: ThreadIndex;
}

function readFile(
  file: ObjectReader,
  exporter: string,
  builder: ProfileBuilder,
  lists: PlainLists | null
): void {
  const threads = new Threads(builder);
  const parts = listAt(file.raw('profiles'), 'profiles').map((item, i) =>
    readPart(new ObjectReader(item, `profiles[${i}]`), threads)
  );
  const stacks = new StackTree(builder);
  const frames = readFrames(
    file.object('shared'),
    exporter,
    parts.some(part => part.isSampled),
    stacks,
    builder
  );
  const reader = new StackReader(stacks, frames, builder, lists);
  for (const part of parts) {
    reader.read(part);
  }
  reader.sayWhatWasLost();
  stacks.finish();
}

function readPart(reader: ObjectReader, threads: Threads): IPart {
  const type = reader.text('type');
  if (type !== 'sampled' && type !== 'evented') {
    throw new WireError(
      reader.where('type'),
      '"sampled" or "evented"',
      describe(type)
    );
  }
  const unit = reader.text('unit', 'none');
  if (unit !== 'none' && unit !== 'bytes' && !NANOSECONDS.has(unit)) {
    throw new WireError(
      reader.where('unit'),
      'none, bytes or a unit of time',
      describe(unit)
    );
  }
  return {
    reader,
    where: reader.where(''),
    isSampled: type === 'sampled',
    unit,
    thread: threads.add(wellFormed(reader.text('name', '')))
  };
}

/** Makes threads of the names of profiles. */
class Threads {
  constructor(private readonly _builder: ProfileBuilder) {}

  /** A further thread, also for a name that was there. */
  add(name: string): ThreadIndex {
    const count = (this._counts.get(name) ?? 0) + 1;
    this._counts.set(name, count);
    const parts = threadOf(name);
    return this._builder.thread(
      count === 1 ? parts : { ...parts, name: `${parts.name} (${count})` }
    );
  }

  private readonly _counts = new Map<string, number>();
}

/** py-spy's names, which are written here as well. */
const THREAD =
  /^(?:Process (\d{1,10}) )?Thread (0x[\da-fA-F]{1,13}|\d{1,15})(?: "(.*)")?$/;

function threadOf(name: string): IThreadParts {
  const parts = THREAD.exec(name);
  return parts
    ? {
        name: parts[3] ?? name,
        pid: Number(parts[1] ?? 0),
        tid: Number(parts[2])
      }
    : { name };
}

/** For each frame of the file its number in `stacks`. */
function readFrames(
  shared: ObjectReader,
  exporter: string,
  isSampled: boolean,
  stacks: StackTree,
  builder: ProfileBuilder
): FuncIndex[] {
  const frames = shared.objects('frames', frame => {
    const line = frame.optionalNumber('line') ?? 0;
    return {
      name: wellFormed(frame.text('name')),
      path: wellFormed(frame.optionalText('file') ?? ''),
      line: Number.isSafeInteger(line) && line > 0 ? line : 0
    };
  });
  const atLines =
    RUNNING_LINES.test(exporter) ||
    (isSampled && !FIRST_LINES.test(exporter) && haveSeveralLines(frames));
  return frames.map(({ name, path, line }) => {
    const parts: IFunctionParts = isPythonPath(path)
      ? pythonFunction(name, path)
      : isObjectPath(path)
        ? { name, object: path, kind: 'native' }
        : { name, path };
    return stacks.frame(
      atLines && parts.path && line > 0
        ? { func: builder.func(parts), line, file: builder.file(path) }
        : { func: builder.func({ ...parts, line }) }
    );
  });
}

/** Whether a function has several lines; those without a name may be several functions. */
function haveSeveralLines(
  frames: readonly { name: string; path: string; line: number }[]
): boolean {
  const lines = new Map<string, number>();
  return frames.some(({ name, path, line }) => {
    if (line === 0 || path === '' || /^\W|^anonymous|\W$/.test(name)) {
      return false;
    }
    const key = `${name}\0${path}`;
    const first = lines.get(key) ?? line;
    lines.set(key, first);
    return first !== line;
  });
}

/** Reads the stacks of one profile after the other. */
class StackReader {
  constructor(
    private readonly _stacks: StackTree,
    private readonly _frames: readonly FuncIndex[],
    private readonly _builder: ProfileBuilder,
    private readonly _lists: PlainLists | null
  ) {}

  read(part: IPart): void {
    const factor = NANOSECONDS.get(part.unit) ?? 1;
    const metric = metricOf(part);
    this._builder.metric(metric);
    const { reader } = part;
    if (metric.id === 'time') {
      const wall =
        scaled(reader.number('endValue', 0), factor) -
        scaled(reader.number('startValue', 0), factor);
      const { wall: longest } = this._builder;
      this._builder.wall = Math.max(longest ?? 0, Math.round(wall));
    }
    if (part.isSampled) {
      this._readSampled(part, `self.${metric.id}`, factor);
    } else {
      this._readEvented(part, `self.${metric.id}`, factor);
    }
  }

  /** Warn of what is in no stack. */
  sayWhatWasLost(): void {
    if (this._empty > 0) {
      this._builder.warn(
        'empty-stacks',
        `${this._empty} samples have no stack. They are not in the profile.`
      );
    }
    if (this._unclosed > 0 || this._unopened > 0) {
      this._builder.warn(
        'unbalanced',
        `${this._unclosed} frames are never closed and end with the one around them; ` +
          `${this._unopened} are closed without having been opened, which is ignored.`
      );
    }
  }

  private _readSampled(
    { reader, thread }: IPart,
    key: `self.${string}`,
    factor: number
  ): void {
    const tree = this._stacks.frames;
    if (this._lists) {
      readSamples(
        this._lists.cursor(reader.raw('samples')),
        this._lists.cursor(reader.raw('weights')),
        this._frames,
        tree,
        thread,
        (node, weight) => {
          if (node === NONE) {
            this._empty++;
          } else {
            tree.add(node, key, scaled(weight, factor));
          }
        }
      );
      return;
    }
    const where = reader.where('samples');
    const samples = listAt(reader.raw('samples'), where);
    const weights = listAt(reader.raw('weights'), reader.where('weights'));
    if (weights.length !== samples.length) {
      throw new WireError(
        reader.where('weights'),
        `a list of ${samples.length}, as there are samples`,
        describe(weights)
      );
    }
    for (let i = 0; i < samples.length; i++) {
      const stack = listAt(samples[i] ?? null, `${where}[${i}]`);
      const weight = finiteAt(
        weights[i],
        () => `${reader.where('weights')}[${i}]`
      );
      if (stack.length === 0) {
        this._empty++;
        continue;
      }
      let node: number = NONE;
      for (let j = 0; j < stack.length; j++) {
        const frame = indexAt(
          stack[j],
          this._frames.length,
          () => `${where}[${i}][${j}]`
        );
        node = tree.child(node, this._frames[frame], thread);
      }
      tree.add(node, key, scaled(weight, factor));
    }
  }

  private _readEvented(
    { reader, thread }: IPart,
    key: `self.${string}`,
    factor: number
  ): void {
    const tree = this._stacks.frames;
    const open: number[] = [];
    const openOf = new Map<number, number>();
    let node: number = NONE;
    let last = scaled(reader.number('startValue', 0), factor);
    const passTo = (at: number): void => {
      if (node !== NONE) {
        tree.add(node, key, at - last);
      }
      last = at;
    };
    const close = (): void => {
      const frame = open.pop() as number;
      openOf.set(frame, (openOf.get(frame) as number) - 1);
      node = tree.parentOf(node);
    };
    const take = (isOpened: boolean, frame: number, at: number): void => {
      passTo(at);
      if (isOpened) {
        node = tree.child(node, this._frames[frame], thread);
        open.push(frame);
        openOf.set(frame, (openOf.get(frame) ?? 0) + 1);
      } else if ((openOf.get(frame) ?? 0) === 0) {
        this._unopened++;
      } else {
        for (; open[open.length - 1] !== frame; close()) {
          this._unclosed++;
        }
        close();
      }
    };
    if (this._lists) {
      let isFirst = true;
      readEvents(
        this._lists.cursor(reader.raw('events')),
        this._frames.length,
        (isOpened, frame, time) => {
          const at = scaled(time, factor);
          if (at < last && !isFirst) {
            throw new NotPlain();
          }
          isFirst = false;
          take(isOpened, frame, at);
        }
      );
    }
    const where = reader.where('events');
    const events = this._lists ? [] : listAt(reader.raw('events'), where);
    for (let i = 0; i < events.length; i++) {
      const event = new ObjectReader(events[i], `${where}[${i}]`);
      const type = event.text('type');
      const at = scaled(event.number('at'), factor);
      const frame = indexAt(event.raw('frame'), this._frames.length, () =>
        event.where('frame')
      );
      if (at < last && i > 0) {
        throw new WireError(
          event.where('at'),
          'a time not before the last',
          `${event.number('at')}`
        );
      }
      if (type !== 'O' && type !== 'C') {
        throw new WireError(event.where('type'), '"O" or "C"', describe(type));
      }
      take(type === 'O', frame, at);
    }
    if (open.length > 0) {
      passTo(Math.max(last, scaled(reader.number('endValue', last), factor)));
      this._unclosed += open.length;
    }
  }

  private _empty = 0;
  private _unclosed = 0;
  private _unopened = 0;
}

function metricOf({ unit, isSampled }: IPart): IMetric {
  if (NANOSECONDS.has(unit)) {
    return timeMetric();
  }
  if (unit === 'bytes') {
    return { ...SAMPLES, id: 'bytes', label: 'Bytes', unit: 'bytes' };
  }
  return isSampled
    ? SAMPLES
    : { ...CALLS, id: 'weight', label: 'Weight', unit: 'count' };
}
