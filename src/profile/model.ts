/**
 * The profile in memory: tables of columns, nothing derived.
 *
 * Every table is a struct of arrays of one length. Text columns hold the strings themselves (equal strings are one
 * object, so a column costs a pointer a row). Values are kept as stored; value x `IMetric.tick` is in `IMetric.unit`.
 */
import type {
  FileIndex,
  FuncIndex,
  IndexColumn,
  ObjectIndex,
  PathIndex,
  ThreadIndex
} from './indices';

/** A time in nanoseconds. */
export type Nanoseconds = number;

/** Where a file's code came from: `file` is the user's own, `package` an installed one. */
export const FILE_ORIGINS = [
  'cell',
  'file',
  'package',
  'stdlib',
  'frozen',
  'native',
  'none',
  'other'
] as const;

/** Where a file's code came from. */
export type FileOrigin = (typeof FILE_ORIGINS)[number];

/**
 * What sort of code a function is. `callable` is a class, a ufunc, a partial: what cProfile does not see. `pseudo`
 * stands for something that is no function, as *(awaiting)*.
 */
export const FUNCTION_KINDS = [
  'python',
  'builtin',
  'callable',
  'native',
  'jit',
  'generated',
  'pseudo',
  'other'
] as const;

/** What sort of code a function is. */
export type FunctionKind = (typeof FUNCTION_KINDS)[number];

/** What a root of the profile is. */
export const THREAD_KINDS = ['thread', 'task', 'process', 'other'] as const;

/** What a root of the profile is. */
export type ThreadKind = (typeof THREAD_KINDS)[number];

/** How the profiled code ended. */
export const STATUSES = [
  'ok',
  'error',
  'interrupted',
  'exit',
  'other'
] as const;

/** How the profiled code ended. */
export type Status = (typeof STATUSES)[number];

/** What was profiled. */
export const SOURCE_KINDS = [
  'cell',
  'statement',
  'code',
  'script',
  'file',
  'other'
] as const;

/** What was profiled. */
export type SourceKind = (typeof SOURCE_KINDS)[number];

/**
 * What a value counts: `self` the row's own, `total` with callees at outermost activations, `primitive` only at
 * outermost activations.
 */
export const ROLES = ['self', 'total', 'primitive'] as const;

/** What a value counts. */
export type Role = (typeof ROLES)[number];

/** Name of a value column: role and metric id, as `self.time`. */
export type ValueKey = `${Role}.${string}`;

/** Value columns of a table. A column that is missing is not known; it is not zero. */
export type Values = ReadonlyMap<ValueKey, Float64Array>;

/** Something that was measured. */
export interface IMetric {
  /** `[a-z][a-z0-9_]*`, as `time`. */
  readonly id: string;
  readonly label: string;
  /** `ns`, `count`, `bytes`, `samples`; further ones may come. */
  readonly unit: string;
  /** Stored value x tick = value in `unit`. Positive and finite. */
  readonly tick: number;
  /** False marks an estimate. */
  readonly exact: boolean;
  /** How values of rows, threads and subtrees go together: `sum`, `max`; further words may come. */
  readonly combine: string;
}

/** A place in the profiled code. */
export interface IWhere {
  /** `NONE` if the file is not known. */
  readonly file: FileIndex;
  /** 0 if not known. */
  readonly line: number;
  /** As `ZeroDivisionError: division by zero`. */
  readonly text: string;
}

/** What was profiled. */
export interface ISource {
  readonly kind: SourceKind;
  /** The cell's id. */
  readonly cell: string | null;
  /** The cell's execution count. */
  readonly execution: number | null;
  readonly command: string | null;
}

/** What measured, and why this engine was taken. */
export interface IEngine {
  readonly name: string;
  readonly version: string;
  readonly reason: string;
  readonly clock: string;
}

/** A sentence for the reader. */
export interface IWarning {
  readonly code: string;
  readonly text: string;
}

/** What ran, when, how it ended, and what measured it. */
export interface IMeta {
  readonly label: string;
  /** ISO 8601 with zone. */
  readonly started: string | null;
  readonly wall: Nanoseconds | null;
  readonly status: Status;
  /** Where it ended when `status` is not `ok`. */
  readonly where: IWhere | null;
  readonly source: ISource;
  readonly engine: IEngine;
  readonly python: string | null;
  readonly platform: string | null;
  readonly warnings: readonly IWarning[];
}

/** Something that adds up, or does not; `ok: null` is a remark with no verdict. */
export interface ICheck {
  readonly id: string;
  readonly text: string;
  readonly ok: boolean | null;
  readonly value: number | null;
  readonly expected: number | null;
  readonly tolerance: number | null;
  readonly unit: string | null;
}

/** A pstats restriction: the first N rows, a share of the rows, or those whose printed name matches. */
export type Limit =
  | { readonly count: number }
  | { readonly fraction: number }
  | { readonly regex: string };

/** What the first view shows. Never what is stored. */
export interface IViewHints {
  /** pstats sort keys. */
  readonly sort: readonly string[];
  /** pstats restrictions, applied in order. */
  readonly limits: readonly Limit[];
}

/** Source files, cells, and what stands for them. */
export interface IFiles {
  readonly length: number;
  readonly path: readonly string[];
  /** Short name for people, as `Cell [5]`; "" if none. */
  readonly label: readonly string[];
  readonly origin: readonly FileOrigin[];
  /** First part of the import path, "" if none. */
  readonly package: readonly string[];
  /** The cell's id, "" if none. */
  readonly cell: readonly string[];
  /** The cell's execution count, 0 if none. */
  readonly execution: Float64Array;
}

/** Shared libraries and executables. */
export interface IObjects {
  readonly length: number;
  readonly path: readonly string[];
  readonly build_id: readonly string[];
}

/** Functions, one row a code object. */
export interface IFunctions {
  readonly length: number;
  readonly name: readonly string[];
  readonly qualified: readonly string[];
  readonly file: IndexColumn<FileIndex>;
  /** First line, 0 if none. */
  readonly line: Float64Array;
  readonly kind: readonly FunctionKind[];
  readonly object: IndexColumn<ObjectIndex>;
}

/** Threads, tasks and processes, one row a root. */
export interface IThreads {
  readonly length: number;
  readonly name: readonly string[];
  readonly kind: readonly ThreadKind[];
  readonly parent: IndexColumn<ThreadIndex>;
  readonly pid: Float64Array;
  readonly tid: Float64Array;
  /** How long it was observed, in ns. */
  readonly wall: Float64Array;
}

/** What a function took in all, as its source stored it. */
export interface ITotals {
  readonly length: number;
  readonly function: IndexColumn<FuncIndex>;
  readonly thread: IndexColumn<ThreadIndex>;
  readonly values: Values;
}

/** What a callee took under one caller. */
export interface IEdges {
  readonly length: number;
  readonly caller: IndexColumn<FuncIndex>;
  readonly callee: IndexColumn<FuncIndex>;
  readonly thread: IndexColumn<ThreadIndex>;
  readonly values: Values;
}

/** The call tree in pre-order: a parent stands before its children, a subtree is one run of rows. */
export interface IPaths {
  readonly length: number;
  /** `NONE` for a root. */
  readonly parent: IndexColumn<PathIndex>;
  readonly function: IndexColumn<FuncIndex>;
  readonly thread: IndexColumn<ThreadIndex>;
  /** Line of the frame, 0 if unknown. */
  readonly line: Float64Array;
  /** Offset in the function's object. */
  readonly address: Float64Array;
  /** 1 for an inlined frame. */
  readonly inlined: Uint8Array;
  /** Of role `self`. */
  readonly values: Values;
}

/** Hits and time of lines. */
export interface ILines {
  readonly length: number;
  readonly file: IndexColumn<FileIndex>;
  readonly line: Float64Array;
  readonly function: IndexColumn<FuncIndex>;
  readonly thread: IndexColumn<ThreadIndex>;
  readonly values: Values;
}

/** Source text as it was when it ran, from `line` on. */
export interface ISources {
  readonly length: number;
  readonly file: IndexColumn<FileIndex>;
  readonly line: Float64Array;
  readonly text: readonly string[];
}

/** The tables of a profile. */
export interface ITables {
  readonly files: IFiles;
  readonly objects: IObjects;
  readonly functions: IFunctions;
  readonly threads: IThreads;
  readonly totals: ITotals;
  readonly edges: IEdges;
  readonly paths: IPaths;
  readonly lines: ILines;
  readonly sources: ISources;
}

/** A profile: what the kernel measured, before anything is derived from it. */
export interface IProfile extends ITables {
  /** Name and version of the writer. */
  readonly generator: string;
  readonly meta: IMeta;
  readonly metrics: readonly IMetric[];
  readonly checks: readonly ICheck[];
  readonly view: IViewHints;
  /** Whether the payload had tables that are not known here. What they held is not kept. */
  readonly hasUnknownTables: boolean;
}
