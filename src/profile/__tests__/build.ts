/**
 * Small profiles, written as one would draw them.
 */
import { indexColumn, NONE } from '../indices';
import type {
  FileOrigin,
  FunctionKind,
  IEdges,
  ILines,
  IMeta,
  IMetric,
  IPaths,
  IProfile,
  ISources,
  ITotals,
  ValueKey
} from '../model';

/** A function and what it took: calls, primitive calls, own and total ns. */
export interface IFunctionSpec {
  readonly name: string;
  readonly qualified?: string;
  readonly path?: string;
  readonly line?: number;
  readonly kind?: FunctionKind;
  /** Of the file, `file` if no function of it says otherwise. */
  readonly origin?: FileOrigin;
  /** Of the file. */
  readonly package?: string;
  /** Id of the cell that the file stands for. */
  readonly cell?: string;
  readonly calls?: number;
  readonly primitive?: number;
  readonly self?: number;
  readonly total?: number;
}

/** A node of a call tree: depth, function, own ns, calls. */
export type NodeSpec = readonly [
  depth: number,
  func: number,
  self: number,
  calls: number
];

/** What a callee took under a caller: calls and total ns, and where they differ from these, primitive calls. */
export type EdgeSpec = readonly [
  caller: number,
  callee: number,
  calls: number,
  total: number,
  primitive?: number
];

/** A row of lines: file, line, function, hits, total ns, and thread where it is not the first. */
export type LineSpec = readonly [
  file: number,
  line: number,
  func: number,
  hits: number,
  total: number,
  thread?: number
];

export const META: IMeta = {
  label: '',
  started: null,
  wall: null,
  status: 'ok',
  where: null,
  source: { kind: 'cell', cell: null, execution: 5, command: null },
  engine: { name: 'cprofile', version: '', reason: '', clock: '' },
  python: null,
  platform: null,
  warnings: []
};

const NO_VALUES: ReadonlyMap<ValueKey, Float64Array> = new Map();

/** A metric that is called as its id is. */
export function metricOf(
  id: string,
  unit: string,
  { tick = 1, combine = 'sum' }: Partial<IMetric> = {}
): IMetric {
  return { id, label: id, unit, tick, exact: true, combine };
}

/** What `profileOf` and `pathsOf` have values of. */
export const METRICS: readonly IMetric[] = [
  metricOf('time', 'ns'),
  metricOf('calls', 'count')
];

/** No totals, so that they follow from the paths. */
export const NO_TOTALS: ITotals = {
  length: 0,
  function: indexColumn(new Int32Array(0)),
  thread: indexColumn(new Int32Array(0)),
  values: new Map()
};

/** A profile of totals. Every path is a file. */
export function profileOf(
  functions: readonly IFunctionSpec[],
  more: Partial<IProfile> = {}
): IProfile {
  const paths = [...new Set(functions.flatMap(f => f.path ?? []))];
  const column = (value: (f: IFunctionSpec) => number) =>
    Float64Array.from(functions, value);
  const ofFile = <T>(value: (f: IFunctionSpec) => T | undefined, other: T) =>
    paths.map(
      path =>
        functions
          .filter(f => f.path === path)
          .map(value)
          .find(found => found !== undefined) ?? other
    );
  const totals: ITotals = {
    length: functions.length,
    function: indexColumn(Int32Array.from(functions.keys())),
    thread: indexColumn(new Int32Array(functions.length)),
    values: new Map<ValueKey, Float64Array>([
      ['self.calls', column(f => f.calls ?? 1)],
      ['primitive.calls', column(f => f.primitive ?? f.calls ?? 1)],
      ['self.time', column(f => f.self ?? 0)],
      ['total.time', column(f => f.total ?? f.self ?? 0)]
    ])
  };
  return {
    generator: 'test',
    meta: META,
    metrics: METRICS,
    files: {
      length: paths.length,
      path: paths,
      label: paths.map(() => ''),
      origin: ofFile<FileOrigin>(f => f.origin, 'file'),
      package: ofFile(f => f.package, ''),
      cell: ofFile(f => f.cell, ''),
      execution: new Float64Array(paths.length)
    },
    objects: { length: 0, path: [], build_id: [] },
    functions: {
      length: functions.length,
      name: functions.map(f => f.name),
      qualified: functions.map(f => f.qualified ?? f.name),
      file: indexColumn(
        Int32Array.from(functions, f =>
          f.path === undefined ? NONE : paths.indexOf(f.path)
        )
      ),
      line: column(f => f.line ?? 0),
      kind: functions.map(f => f.kind ?? 'python'),
      object: indexColumn(new Int32Array(functions.length).fill(NONE))
    },
    threads: {
      length: 1,
      name: ['MainThread'],
      kind: ['thread'],
      parent: indexColumn(Int32Array.of(NONE)),
      pid: new Float64Array(1),
      tid: new Float64Array(1),
      wall: new Float64Array(1)
    },
    totals,
    edges: edgesFrom([]),
    paths: pathsOf([]),
    lines: {
      length: 0,
      file: indexColumn(new Int32Array(0)),
      line: new Float64Array(0),
      function: indexColumn(new Int32Array(0)),
      thread: indexColumn(new Int32Array(0)),
      values: NO_VALUES
    },
    sources: {
      length: 0,
      file: indexColumn(new Int32Array(0)),
      line: new Float64Array(0),
      text: []
    },
    checks: [],
    view: { sort: [], limits: [] },
    hasUnknownTables: false,
    ...more
  };
}

/** A call tree from its nodes in pre-order. */
export function pathsOf(
  nodes: readonly NodeSpec[],
  thread: (node: number) => number = () => 0
): IPaths {
  const parent = new Int32Array(nodes.length);
  const lastAt: number[] = [];
  nodes.forEach(([depth], node) => {
    parent[node] = depth === 0 ? NONE : lastAt[depth - 1];
    lastAt[depth] = node;
  });
  return {
    length: nodes.length,
    parent: indexColumn(parent),
    function: indexColumn(Int32Array.from(nodes, node => node[1])),
    thread: indexColumn(Int32Array.from(nodes, (_, node) => thread(node))),
    line: new Float64Array(nodes.length),
    address: new Float64Array(nodes.length),
    inlined: new Uint8Array(nodes.length),
    values: new Map<ValueKey, Float64Array>([
      ['self.time', Float64Array.from(nodes, node => node[2])],
      ['self.calls', Float64Array.from(nodes, node => node[3])]
    ])
  };
}

/** Hits and time of a line. */
export interface ILineSpec {
  /** Number of its function; `NONE` if there is none. */
  readonly func: number;
  readonly line: number;
  readonly hits?: number;
  readonly time?: number;
  /** As long as `time` where it is not given. */
  readonly own?: number;
  readonly file?: number;
  readonly thread?: number;
}

/** Lines as one would draw them, of file 0 where they do not say otherwise. */
export function linesFrom(rows: readonly ILineSpec[]): ILines {
  const column = (value: (row: ILineSpec) => number) =>
    Float64Array.from(rows, value);
  const indices = (value: (row: ILineSpec) => number) =>
    Int32Array.from(rows, value);
  return {
    length: rows.length,
    file: indexColumn(indices(row => row.file ?? 0)),
    line: column(row => row.line),
    function: indexColumn(indices(row => row.func)),
    thread: indexColumn(indices(row => row.thread ?? 0)),
    values: new Map<ValueKey, Float64Array>([
      ['self.hits', column(row => row.hits ?? 1)],
      ['self.time', column(row => row.own ?? row.time ?? 0)],
      ['total.time', column(row => row.time ?? 0)]
    ])
  };
}

/** A profile of lines alone: functions of the file /tmp/c.py, its source, its lines. */
export function linedProfile(
  functions: readonly IFunctionSpec[],
  rows: readonly ILineSpec[],
  text: string | null = null,
  more: Partial<IProfile> = {}
): IProfile {
  const profile = profileOf(
    functions.map(one => ({ path: '/tmp/c.py', ...one })),
    { metrics: [metricOf('hits', 'count'), metricOf('time', 'ns')] }
  );
  return {
    ...profile,
    totals: NO_TOTALS,
    lines: linesFrom(rows),
    sources: {
      length: text === null ? 0 : 1,
      file: indexColumn(new Int32Array(text === null ? 0 : 1)),
      line: new Float64Array(text === null ? 0 : 1).fill(1),
      text: text === null ? [] : [text]
    },
    ...more
  };
}

/** Edges as one would draw them. */
export function edgesFrom(edges: readonly EdgeSpec[]): IEdges {
  const column = (value: (edge: EdgeSpec) => number) =>
    Float64Array.from(edges, value);
  return {
    length: edges.length,
    caller: indexColumn(Int32Array.from(edges, edge => edge[0])),
    callee: indexColumn(Int32Array.from(edges, edge => edge[1])),
    thread: indexColumn(new Int32Array(edges.length)),
    values: new Map<ValueKey, Float64Array>([
      ['self.calls', column(edge => edge[2])],
      ['primitive.calls', column(edge => edge[4] ?? edge[2])],
      ['total.time', column(edge => edge[3])]
    ])
  };
}

/** What a profile of lines has values of. */
export const LINE_METRICS: readonly IMetric[] = [
  metricOf('hits', 'count'),
  metricOf('time', 'ns')
];

/** Rows of lines, whatever they hold. */
export function linesOf(rows: readonly LineSpec[]): ILines {
  const column = (value: (row: LineSpec) => number) =>
    Float64Array.from(rows, value);
  const index = (value: (row: LineSpec) => number) =>
    Int32Array.from(rows, value);
  return {
    length: rows.length,
    file: indexColumn(index(row => row[0])),
    line: column(row => row[1]),
    function: indexColumn(index(row => row[2])),
    thread: indexColumn(index(row => row[5] ?? 0)),
    values: new Map<ValueKey, Float64Array>([
      ['self.hits', column(row => row[3])],
      ['total.time', column(row => row[4])]
    ])
  };
}

/** Blocks of source: file, first line, text. */
export function sourcesFrom(
  blocks: readonly (readonly [file: number, line: number, text: string])[]
): ISources {
  return {
    length: blocks.length,
    file: indexColumn(Int32Array.from(blocks, block => block[0])),
    line: Float64Array.from(blocks, block => block[1]),
    text: blocks.map(block => block[2])
  };
}
