import { indexColumn, NONE } from '../profile/indices';
import type {
  FileIndex,
  FuncIndex,
  ObjectIndex,
  ThreadIndex
} from '../profile/indices';
import type {
  FunctionKind,
  ICheck,
  IEngine,
  ILines,
  IMetric,
  IProfile,
  ThreadKind
} from '../profile/model';
import { MAX_ENTRIES, MAX_METRICS } from '../wire/limits';
import { FormatError } from './error';
import { fileOf } from './fileOf';
import { growingFloats, growingInts } from './growing';
import { TreeBuilder } from './treeBuilder';
import { Rows } from './valueRows';

/** Time, counted in ticks of so many ns. */
export function timeMetric(tick = 1): IMetric {
  return {
    id: 'time',
    label: 'Time',
    unit: 'ns',
    tick,
    exact: true,
    combine: 'sum'
  };
}

/** How often something was called. */
export const CALLS: IMetric = {
  id: 'calls',
  label: 'Calls',
  unit: 'count',
  tick: 1,
  exact: true,
  combine: 'sum'
};

/** How often a line ran. */
export const HITS: IMetric = { ...CALLS, id: 'hits', label: 'Hits' };

/** How often a stack was seen. */
export const SAMPLES: IMetric = {
  id: 'samples',
  label: 'Samples',
  unit: 'samples',
  tick: 1,
  exact: true,
  combine: 'sum'
};

/** What is known of a function. */
export interface IFunctionParts {
  /** Bare name, as pstats has it. */
  readonly name: string;
  /** With the class or the namespace, where it is known. */
  readonly qualified?: string;
  /** Path of its file; "" or missing if it has none. */
  readonly path?: string;
  /** Whether it has a file although the path is "", as code that was compiled without a name. */
  readonly hasFile?: boolean;
  /** First line, 0 if not known. */
  readonly line?: number;
  readonly kind?: FunctionKind;
  /** Path of the library or program it lies in. */
  readonly object?: string;
}

/** A thread, task or process. */
export interface IThreadParts {
  readonly name: string;
  readonly kind?: ThreadKind;
  readonly pid?: number;
  readonly tid?: number;
}

/**
 * Makes the profile that a file holds. Every reader of a format ends in one of these.
 *
 * Functions, files and threads with equal parts are one; call {@link ProfileBuilder.newFunc} for namesakes that are to
 * be kept apart. Without a thread of its own, a profile gets one without a name.
 */
export class ProfileBuilder {
  /**
   * @param engine - name of the tool that measured, and its version where the file tells it
   */
  constructor(engine: Partial<IEngine>) {
    this._engine = {
      name: '',
      version: '',
      reason: '',
      clock: '',
      ...engine
    };
  }

  /** Say more of what measured, where the file tells it further on. */
  engine(engine: Partial<IEngine>): void {
    this._engine = { ...this._engine, ...engine };
  }

  /** The call tree. */
  readonly paths = new TreeBuilder();

  /** Totals of functions: function, thread. */
  readonly totals = new Rows(2);

  /** Of the edges: caller, callee, thread. */
  readonly edges = new Rows(3);

  /** Of the lines: file, line, function, thread. */
  readonly lines = new Rows(4);

  /** What ran, as the file tells it: a command. */
  command: string | null = null;

  /** When, in ISO 8601 with zone. */
  started: string | null = null;

  /** How long it was observed, in ns. */
  wall: number | null = null;

  /** Version of Python. */
  python: string | null = null;

  metric(metric: IMetric): void {
    if (!this._metrics.some(({ id }) => id === metric.id)) {
      if (this._metrics.length >= MAX_METRICS) {
        throw new FormatError(
          `Expected at most ${MAX_METRICS} metrics, found more`
        );
      }
      this._metrics.push(metric);
    }
  }

  /** Say something about the file. Once for each code. */
  warn(code: string, text: string): void {
    if (!this._warnings.some(warning => warning.code === code)) {
      this._warnings.push({ code, text });
    }
  }

  /** Say whether something adds up. */
  check(check: Pick<ICheck, 'id' | 'text'> & Partial<ICheck>): void {
    this._checks.push({
      ok: null,
      value: null,
      expected: null,
      tolerance: null,
      unit: null,
      ...check
    });
  }

  file(path: string): FileIndex {
    let file = this._files.get(path);
    if (file === undefined) {
      file = this._files.size as FileIndex;
      requireRoom(file, 'files');
      this._files.set(path, file);
    }
    return file;
  }

  object(path: string, buildId = ''): ObjectIndex {
    let object = this._objects.get(path);
    if (object === undefined) {
      object = this._objects.size as ObjectIndex;
      requireRoom(object, 'objects');
      this._objects.set(path, object);
      this._buildIds.push(buildId);
    }
    return object;
  }

  /** The function with these parts. */
  func(parts: IFunctionParts): FuncIndex {
    const { name, qualified = '', path = '', line = 0, object = '' } = parts;
    const key = `${line}\0${name}\0${path}\0${qualified}\0${object}\0${parts.kind ?? ''}\0${parts.hasFile ?? ''}`;
    let func = this._funcOf.get(key);
    if (func === undefined) {
      func = this.newFunc(parts);
      this._funcOf.set(key, func);
    }
    return func;
  }

  /** A further function, whatever others there are. */
  newFunc(parts: IFunctionParts): FuncIndex {
    const func = this._names.length as FuncIndex;
    requireRoom(func, 'functions');
    this._names.push(parts.name);
    this._qualified.push(parts.qualified ?? '');
    this._funcFile.push(
      parts.path || parts.hasFile ? this.file(parts.path ?? '') : NONE
    );
    this._funcLine.push(parts.line ?? 0);
    this._kinds.push(parts.kind ?? 'other');
    this._funcObject.push(parts.object ? this.object(parts.object) : NONE);
    return func;
  }

  /** The file of a function, or `NONE`. */
  fileOf(func: FuncIndex): number {
    return this._funcFile.numbers[func];
  }

  /** How many functions there are. */
  get functionCount(): number {
    return this._names.length;
  }

  thread(parts: IThreadParts): ThreadIndex {
    const { name, kind = 'thread', pid = 0, tid = 0 } = parts;
    const key = `${pid}\0${tid}\0${kind}\0${name}`;
    let thread = this._threadOf.get(key);
    if (thread === undefined) {
      thread = this._threads.length as ThreadIndex;
      requireRoom(thread, 'threads');
      this._threads.push({ name, kind, pid, tid });
      this._threadOf.set(key, thread);
    }
    return thread;
  }

  /** Source text from a line on. */
  source(path: string, line: number, text: string): void {
    this._sources.push({ file: this.file(path), line, text });
  }

  /**
   * @param generator - name and version of the writer of the file, or of its format
   * @param label - what the profile is called
   */
  done(generator: string, label: string): IProfile {
    const threads =
      this._threads.length > 0
        ? this._threads
        : [{ name: '', kind: 'thread' as const, pid: 0, tid: 0 }];
    const totals = this.totals.done();
    const edges = this.edges.done();
    const paths = [...this._files.keys()];
    const files = paths.map(fileOf);
    return {
      generator,
      meta: {
        label,
        started: this.started,
        wall: this.wall,
        status: 'ok',
        where: null,
        source: {
          kind: 'file',
          cell: null,
          execution: null,
          command: this.command
        },
        engine: this._engine,
        python: this.python,
        platform: null,
        warnings: this._warnings
      },
      metrics: this._metrics,
      files: {
        length: paths.length,
        path: paths,
        label: files.map(file => file.label),
        origin: files.map(file => file.origin),
        package: files.map(file => file.package),
        cell: paths.map(() => ''),
        execution: new Float64Array(paths.length)
      },
      objects: {
        length: this._objects.size,
        path: [...this._objects.keys()],
        build_id: this._buildIds
      },
      functions: {
        length: this._names.length,
        name: this._names,
        qualified: this._qualified,
        file: indexColumn<FileIndex>(this._funcFile.done()),
        line: this._funcLine.done(),
        kind: this._kinds,
        object: indexColumn<ObjectIndex>(this._funcObject.done())
      },
      threads: {
        length: threads.length,
        name: threads.map(thread => thread.name),
        kind: threads.map(thread => thread.kind),
        parent: indexColumn<ThreadIndex>(
          new Int32Array(threads.length).fill(NONE)
        ),
        pid: Float64Array.from(threads, thread => thread.pid),
        tid: Float64Array.from(threads, thread => thread.tid),
        wall: new Float64Array(threads.length)
      },
      totals: {
        length: totals.length,
        function: indexColumn<FuncIndex>(totals.keys[0]),
        thread: indexColumn<ThreadIndex>(totals.keys[1]),
        values: totals.values
      },
      edges: {
        length: edges.length,
        caller: indexColumn<FuncIndex>(edges.keys[0]),
        callee: indexColumn<FuncIndex>(edges.keys[1]),
        thread: indexColumn<ThreadIndex>(edges.keys[2]),
        values: edges.values
      },
      paths: this.paths.done(),
      lines: linesOf(this.lines.done()),
      sources: {
        length: this._sources.length,
        file: indexColumn<FileIndex>(
          Int32Array.from(this._sources, source => source.file)
        ),
        line: Float64Array.from(this._sources, source => source.line),
        text: this._sources.map(source => source.text)
      },
      checks: this._checks,
      view: { sort: [], limits: [] },
      hasUnknownTables: false
    };
  }

  private _engine: IEngine;
  private readonly _metrics: IMetric[] = [];
  private readonly _warnings: { code: string; text: string }[] = [];
  private readonly _checks: ICheck[] = [];
  private readonly _files = new Map<string, FileIndex>();
  private readonly _objects = new Map<string, ObjectIndex>();
  private readonly _buildIds: string[] = [];
  private readonly _funcOf = new Map<string, FuncIndex>();
  private readonly _names: string[] = [];
  private readonly _qualified: string[] = [];
  private readonly _kinds: FunctionKind[] = [];
  private readonly _funcFile = growingInts();
  private readonly _funcLine = growingFloats();
  private readonly _funcObject = growingInts();
  private readonly _threads: Required<IThreadParts>[] = [];
  private readonly _threadOf = new Map<string, ThreadIndex>();
  private readonly _sources: {
    file: FileIndex;
    line: number;
    text: string;
  }[] = [];
}

function linesOf(rows: ReturnType<Rows['done']>): ILines {
  const [file, line, func, thread] = rows.keys;
  return {
    length: rows.length,
    file: indexColumn<FileIndex>(file),
    line: Float64Array.from(line),
    function: indexColumn<FuncIndex>(func),
    thread: indexColumn<ThreadIndex>(thread),
    values: rows.values
  };
}

function requireRoom(count: number, what: string): void {
  if (count >= MAX_ENTRIES) {
    throw new FormatError(
      `Expected at most ${MAX_ENTRIES} ${what}, found more`
    );
  }
}
