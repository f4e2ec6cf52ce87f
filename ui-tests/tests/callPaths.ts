/**
 * Payloads with call paths, written as one would draw them.
 */
import type { Json } from './helpers';

/** A function: name, file ("" for a builtin), line. */
export type FunctionSpec = readonly [name: string, file: string, line: number];

/** A frame: depth, number of its function, own ns, calls, number of its thread. */
export type FrameSpec = readonly [
  depth: number,
  func: number,
  self: number,
  calls: number,
  thread?: number
];

/** What a payload is made of. */
export interface IPathsSpec {
  readonly functions: readonly FunctionSpec[];
  /** In pre-order. */
  readonly frames: readonly FrameSpec[];
  /** Names; those from the second on are tasks. */
  readonly threads?: readonly string[];
  /** Id of the cell, under which the view state is kept. */
  readonly cell?: string;
}

/** Files by what they begin with: the notebook's cells, packages, the standard library, the user's own. */
function originOf(file: string): readonly [origin: string, pack: string] {
  const installed = /site-packages\/(\w+)/.exec(file);
  return file.startsWith('cell')
    ? ['cell', '']
    : installed
      ? ['package', installed[1]]
      : file.includes('/lib/python')
        ? ['stdlib', '']
        : ['file', ''];
}

/** Numbers as the wire format has them: unsigned LEB128. */
export function column(values: readonly number[]): Json {
  const bytes: number[] = [];
  for (let value of values) {
    while (value >= 128) {
      bytes.push((value % 128) | 128);
      value = Math.floor(value / 128);
    }
    bytes.push(value);
  }
  return { enc: 'uvarint', data: Buffer.from(bytes).toString('base64') };
}

/** A payload of call paths. */
export function pathsPayload({
  functions,
  frames,
  threads = ['MainThread'],
  cell = 'c0'
}: IPathsSpec): Json {
  const strings: string[] = [];
  const texts = (values: readonly string[]) =>
    column(
      values.map(text => {
        if (!strings.includes(text)) {
          strings.push(text);
        }
        return strings.indexOf(text);
      })
    );
  const files = [...new Set(functions.map(([, file]) => file))].filter(Boolean);
  const parents: number[] = [];
  const open: number[] = [];
  frames.forEach(([depth], row) => {
    parents.push(depth === 0 ? 0 : row - open[depth - 1]);
    open[depth] = row;
  });
  const table = (length: number, columns: Record<string, Json>) => ({
    length,
    columns
  });
  const wall = frames.reduce((sum, frame) => sum + frame[2], 0);
  const tables = {
    files: table(files.length, {
      path: texts(
        files.map(file => (file.startsWith('cell') ? `/tmp/${file}` : file))
      ),
      label: texts(
        files.map(file => (file.startsWith('cell') ? 'Cell [1]' : ''))
      ),
      origin: texts(files.map(file => originOf(file)[0])),
      package: texts(files.map(file => originOf(file)[1])),
      cell: texts(files.map(file => (file.startsWith('cell') ? cell : ''))),
      execution: column(files.map(file => (file.startsWith('cell') ? 1 : 0)))
    }),
    objects: table(0, { path: texts([]), build_id: texts([]) }),
    functions: table(functions.length, {
      name: texts(functions.map(([name]) => name)),
      qualified: texts(functions.map(([name]) => name)),
      file: column(
        functions.map(([, file]) => (file ? files.indexOf(file) + 1 : 0))
      ),
      line: column(functions.map(([, , line]) => line)),
      kind: texts(functions.map(([, file]) => (file ? 'python' : 'builtin'))),
      object: column(functions.map(() => 0))
    }),
    threads: table(threads.length, {
      name: texts(threads),
      kind: texts(threads.map((_, i) => (i === 0 ? 'thread' : 'task'))),
      parent: column(threads.map((_, i) => (i === 0 ? 0 : 1))),
      pid: column(threads.map(() => 1)),
      tid: column(threads.map(() => 1)),
      wall: column(threads.map(() => wall))
    }),
    paths: table(frames.length, {
      parent: column(parents),
      function: column(frames.map(frame => frame[1])),
      thread: column(frames.map(frame => frame[4] ?? 0)),
      'self.time': column(frames.map(frame => frame[2])),
      'self.calls': column(frames.map(frame => frame[3]))
    })
  };
  const metric = (id: string, label: string, unit: string) => ({
    id,
    label,
    unit,
    tick: 1,
    exact: true,
    combine: 'sum'
  });
  return {
    schema: 'jupyterlab-profiler',
    version: 1,
    generator: 'tests',
    meta: {
      label: '',
      started: '2026-05-04T09:33:00+00:00',
      wall,
      status: 'ok',
      where: null,
      source: { kind: 'cell', cell, execution: 1, command: null },
      engine: { name: 'recorder', version: '1', reason: '', clock: '' },
      python: null,
      platform: null,
      warnings: []
    },
    metrics: [metric('time', 'Time', 'ns'), metric('calls', 'Calls', 'count')],
    strings,
    tables,
    checks: [],
    view: { sort: [], limits: [] }
  };
}

/** Functions of a program that reads, computes and writes. */
const PROGRAM: readonly FunctionSpec[] = [
  ['<module>', 'cell_1', 1],
  ['main', 'cell_1', 3],
  ['load', 'cell_1', 9],
  ['fit', 'cell_1', 21],
  ['report', '/home/ada/model/report.py', 5],
  ['summary', '/home/ada/model/report.py', 40],
  ['read_csv', '/v/lib/site-packages/pandas/io/parsers.py', 912],
  ['_read', '/v/lib/site-packages/pandas/io/parsers.py', 577],
  ['TextFileReader.read', '/v/lib/site-packages/pandas/io/parsers.py', 1400],
  ['DataFrame.__init__', '/v/lib/site-packages/pandas/core/frame.py', 600],
  ['concat', '/v/lib/site-packages/pandas/core/concat.py', 150],
  ['solve', '/v/lib/site-packages/numpy/linalg/_linalg.py', 330],
  ['svd', '/v/lib/site-packages/numpy/linalg/_linalg.py', 1600],
  ['minimize', '/v/lib/site-packages/scipy/optimize/_minimize.py', 53],
  ['_minimize_bfgs', '/v/lib/site-packages/scipy/optimize/_optimize.py', 1300],
  ['line_search', '/v/lib/site-packages/scipy/optimize/_linesearch.py', 180],
  ['dumps', '/usr/lib/python3.13/json/__init__.py', 183],
  ['JSONEncoder.encode', '/usr/lib/python3.13/json/encoder.py', 183],
  ['deepcopy', '/usr/lib/python3.13/copy.py', 118],
  ['_deepcopy_dict', '/usr/lib/python3.13/copy.py', 219],
  ['Pattern.match', '', 0],
  ['len', '', 0],
  ['isinstance', '', 0],
  ['dict.items', '', 0],
  ['str.join', '', 0],
  ['numpy.dot', '', 0]
];

/** Who calls whom. Builtins call nothing. */
const CALLS: Readonly<Record<number, readonly number[]>> = {
  0: [1],
  1: [2, 3, 4],
  2: [6, 10, 21],
  3: [13, 11, 18],
  4: [5, 16, 10],
  5: [16, 24, 18, 9],
  6: [7, 22],
  7: [8, 9, 22],
  8: [9, 20, 21],
  9: [10, 22, 23, 18],
  10: [9, 22, 21],
  11: [12, 25, 22],
  12: [25, 22],
  13: [14, 22],
  14: [15, 11, 25],
  15: [11, 25, 14, 22],
  16: [17, 22],
  17: [22, 24, 17, 23],
  18: [19, 18, 22],
  19: [18, 23, 22]
};

/**
 * A program's call paths, the same each time.
 *
 * @param size - of frames, about
 */
export function program(size: number, cell = 'c0'): Json {
  let seed = 20_260_504;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const frames: FrameSpec[] = [];
  const add = (depth: number, func: number, budget: number, time: number) => {
    const callees = [...(CALLS[func] ?? [])].filter(
      (_, i) => i === 0 || random() < 0.85
    );
    const parts = callees.map(() => 0.05 + random() ** 2);
    const sum = parts.reduce((all, part) => all + part, 0);
    const isLeaf = callees.length === 0 || budget < 2 || depth > 60;
    const own = isLeaf ? 1 : 0.02 + 0.2 * random() * random();
    frames.push([
      depth,
      func,
      Math.round(time * own),
      1 + Math.floor(random() * 40)
    ]);
    if (!isLeaf) {
      callees.forEach((callee, i) =>
        add(
          depth + 1,
          callee,
          ((budget - 1) * parts[i]) / sum,
          (time * (1 - own) * parts[i]) / sum
        )
      );
    }
  };
  add(0, 0, size, 8e9);
  return pathsPayload({ functions: PROGRAM, frames, cell });
}
