/**
 * The tables and columns of version 1. Reader and writer both go by this list.
 */
import {
  FILE_ORIGINS,
  FUNCTION_KINDS,
  THREAD_KINDS,
  type ITables,
  type Role
} from '../profile/model';

/** What `schema` says in every payload. */
export const SCHEMA = 'jupyterlab-profiler';

/** The version that is written, and the newest that is read. */
export const VERSION = 1;

/** Name of a table. */
export type TableName = keyof ITables;

/** What the numbers of a column mean. */
export type ColumnType =
  /** Index into `strings`. */
  | { readonly is: 'text' }
  /** Index into `strings`; a text that is not listed counts as `other`. */
  | { readonly is: 'choice'; readonly of: readonly string[] }
  /** A whole number from 0 on. */
  | { readonly is: 'whole' }
  /** Any finite number. */
  | { readonly is: 'number' }
  /** A whole number from 0 on: 0 or not. */
  | { readonly is: 'flag' }
  /** Row of a table. */
  | { readonly is: 'index'; readonly into: TableName }
  /** Row of a table + 1, 0 = none. */
  | { readonly is: 'reference'; readonly into: TableName }
  /** Own row - the parent's, 0 for a root. */
  | { readonly is: 'offset' };

/** A column of version 1. One that is missing holds "", 0, `other` or none, unless it is required. */
export type ColumnLayout = ColumnType & { readonly required?: true };

/** Columns that every table has by name; value columns come on top. */
type StructureOf<T> = Exclude<keyof T, 'length' | 'values'>;

const text: ColumnLayout = { is: 'text' };
const whole: ColumnLayout = { is: 'whole' };
const number: ColumnLayout = { is: 'number' };
const thread: ColumnLayout = { is: 'index', into: 'threads' };

function required(column: ColumnLayout): ColumnLayout {
  return { ...column, required: true };
}

function choice(...of: readonly string[]): ColumnLayout {
  return { is: 'choice', of };
}

function index(into: TableName): ColumnLayout {
  return { is: 'index', into };
}

function reference(into: TableName): ColumnLayout {
  return { is: 'reference', into };
}

/** Columns of each table, values left out. */
export const COLUMNS: {
  readonly [T in TableName]: {
    readonly [C in StructureOf<ITables[T]>]: ColumnLayout;
  };
} = {
  files: {
    path: required(text),
    label: text,
    origin: choice(...FILE_ORIGINS),
    package: text,
    cell: text,
    execution: whole
  },
  objects: { path: required(text), build_id: text },
  functions: {
    name: required(text),
    qualified: text,
    file: reference('files'),
    line: whole,
    kind: choice(...FUNCTION_KINDS),
    object: reference('objects')
  },
  threads: {
    name: required(text),
    kind: choice(...THREAD_KINDS),
    parent: reference('threads'),
    pid: whole,
    tid: whole,
    wall: number
  },
  totals: { function: required(index('functions')), thread },
  edges: {
    caller: required(index('functions')),
    callee: required(index('functions')),
    thread
  },
  paths: {
    parent: required({ is: 'offset' }),
    function: required(index('functions')),
    thread,
    line: whole,
    address: number,
    inlined: { is: 'flag' }
  },
  lines: {
    file: required(reference('files')),
    line: required(whole),
    function: reference('functions'),
    thread
  },
  sources: {
    file: required(reference('files')),
    line: required(whole),
    text: required(text)
  }
};

/** Roles of the value columns that a table has; tables that are not here have none. */
export const VALUE_ROLES: { readonly [T in TableName]?: readonly Role[] } = {
  totals: ['self', 'total', 'primitive'],
  edges: ['self', 'total', 'primitive'],
  paths: ['self'],
  lines: ['self', 'total']
};

/** Names of the tables. */
export const TABLE_NAMES = Object.keys(COLUMNS) as readonly TableName[];
