/**
 * Payloads with lines, written as one would draw them.
 */
import { column } from './callPaths';
import type { Json } from './helpers';

/** A line that ran: number, hits, ns, and own ns where it calls what is timed too. */
export type LineSpec = readonly [
  line: number,
  hits: number,
  time: number,
  own?: number
];

/** A function with its lines. */
export interface ILinedFunction {
  readonly name: string;
  /** With what is around it, where that is another name. */
  readonly qualified?: string;
  /** Number of its file. */
  readonly file: number;
  readonly line: number;
  readonly lines: readonly LineSpec[];
  /** Calls, own ns and ns in all, where functions were measured, too. */
  readonly called?: readonly [calls: number, self: number, total: number];
}

/** A file with its source. */
export interface ISourceFile {
  readonly path: string;
  /** What it is called on screen. */
  readonly shown?: string;
  readonly cell?: string;
  /** As it ran, from line 1 on; none: it is not in the profile. */
  readonly text?: string;
}

/** A payload of lines. */
export function linesPayload(
  files: readonly ISourceFile[],
  functions: readonly ILinedFunction[],
  wall: number
): Json {
  const strings: string[] = [];
  const numberOf = new Map<string, number>();
  const texts = (values: readonly string[]) =>
    column(
      values.map(text => {
        const known = numberOf.get(text) ?? strings.length;
        if (known === strings.length) {
          strings.push(text);
          numberOf.set(text, known);
        }
        return known;
      })
    );
  const rows = functions.flatMap((one, func) =>
    one.lines.map(line => ({ func, file: one.file, line }))
  );
  const called = functions.flatMap(({ called }, func) =>
    called ? [{ func, called }] : []
  );
  const known = files.flatMap(({ text }, file) =>
    text === undefined ? [] : [{ text, file }]
  );
  const table = (length: number, columns: Record<string, Json>) => ({
    length,
    columns
  });
  const metric = (id: string, unit: string) => ({ id, unit });
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
      source: { kind: 'cell', cell: 'c0', execution: 1, command: null },
      engine: { name: 'lines', version: '1', reason: '', clock: '' },
      python: null,
      platform: null,
      warnings: []
    },
    metrics: [
      metric('time', 'ns'),
      metric('hits', 'count'),
      metric('calls', 'count')
    ],
    tables: {
      files: table(files.length, {
        path: texts(files.map(({ path }) => path)),
        label: texts(files.map(({ shown }) => shown ?? '')),
        origin: texts(files.map(({ cell }) => (cell ? 'cell' : 'file'))),
        cell: texts(files.map(({ cell }) => cell ?? ''))
      }),
      functions: table(functions.length, {
        name: texts(functions.map(({ name }) => name)),
        qualified: texts(
          functions.map(({ name, qualified }) => qualified ?? name)
        ),
        file: column(functions.map(({ file }) => file + 1)),
        line: column(functions.map(({ line }) => line)),
        kind: texts(functions.map(() => 'python'))
      }),
      threads: table(1, { name: texts(['MainThread']) }),
      totals: table(called.length, {
        function: column(called.map(({ func }) => func)),
        'self.calls': column(called.map(one => one.called[0])),
        'primitive.calls': column(called.map(one => one.called[0])),
        'self.time': column(called.map(one => one.called[1])),
        'total.time': column(called.map(one => one.called[2]))
      }),
      lines: table(rows.length, {
        file: column(rows.map(({ file }) => file + 1)),
        line: column(rows.map(({ line }) => line[0])),
        function: column(rows.map(({ func }) => func + 1)),
        'self.hits': column(rows.map(({ line }) => line[1])),
        'self.time': column(rows.map(({ line }) => line[3] ?? line[2])),
        'total.time': column(rows.map(({ line }) => line[2]))
      }),
      sources: table(known.length, {
        file: column(known.map(({ file }) => file + 1)),
        line: column(known.map(() => 1)),
        text: texts(known.map(({ text }) => text))
      })
    },
    strings,
    checks: [],
    view: { sort: [], limits: [] }
  };
}

/** A cell that clusters points, as it stands. */
export const CLUSTER = `import math
import random

def distance(a, b):
    """How far two points are apart."""
    dx = a[0] - b[0]
    dy = a[1] - b[1]
    return math.sqrt(dx * dx + dy * dy)

def nearest(point, centres):
    best, least = 0, float("inf")
    for i, centre in enumerate(centres):
        d = distance(point, centre)
        if d < least:
            best, least = i, d
    return best

def cluster(points, k, rounds=20):
    centres = random.sample(points, k)
    for _ in range(rounds):
        groups = [[] for _ in centres]
        for point in points:
            groups[nearest(point, centres)].append(point)
        for i, group in enumerate(groups):
            if not group:
                centres[i] = random.choice(points)  # an empty one begins anew
                continue
            x = sum(p[0] for p in group) / len(group)
            y = sum(p[1] for p in group) / len(group)
            centres[i] = (x, y)
    return centres

def plot(centres):
    for x, y in centres:
        print(f"{x:8.3f} {y:8.3f}")

points = [(random.random(), random.random()) for _ in range(2_000)]
centres = cluster(points, 8)
`;

/** What it took, by line. */
export function clusterPayload(withFunctions = false): Json {
  const ms = 1e6;
  const called = (calls: number, self: number, total: number) =>
    withFunctions
      ? { called: [calls, self * ms, total * ms] as const }
      : undefined;
  return linesPayload(
    [
      {
        path: '/tmp/ipykernel_7/42.py',
        shown: 'Cell [1]',
        cell: 'c0',
        text: CLUSTER
      }
    ],
    [
      {
        name: '<module>',
        file: 0,
        line: 1,
        ...called(1, 2, 912),
        lines: [
          [1, 1, 4_000],
          [2, 1, 3_100],
          [4, 1, 900],
          [10, 1, 700],
          [18, 1, 800],
          [33, 1, 650],
          [37, 1, 1.9 * ms, 0.4 * ms],
          [38, 1, 909 * ms, 0.01 * ms]
        ]
      },
      {
        name: 'distance',
        file: 0,
        line: 4,
        ...called(320_000, 246, 302),
        lines: [
          [6, 320_000, 74 * ms],
          [7, 320_000, 71 * ms],
          [8, 320_000, 157 * ms, 101 * ms]
        ]
      },
      {
        name: 'nearest',
        file: 0,
        line: 10,
        ...called(40_000, 500, 802),
        lines: [
          [11, 40_000, 11.8 * ms],
          [12, 360_000, 92 * ms],
          [13, 320_000, 563 * ms, 261 * ms],
          [14, 320_000, 86 * ms],
          [15, 108_700, 37 * ms],
          [16, 40_000, 9.4 * ms]
        ]
      },
      {
        name: 'cluster',
        file: 0,
        line: 18,
        ...called(1, 80, 909),
        lines: [
          [19, 1, 0.03 * ms],
          [20, 21, 0.01 * ms],
          [21, 20, 0.09 * ms, 0.05 * ms],
          [22, 40_020, 12 * ms],
          [23, 40_000, 861 * ms, 62 * ms],
          [24, 180, 0.05 * ms],
          [25, 160, 0.02 * ms],
          [26, 0, 0],
          [27, 0, 0],
          [28, 160, 18 * ms, 7 * ms],
          [29, 160, 17.4 * ms, 7 * ms],
          [30, 160, 0.06 * ms],
          [31, 1, 300]
        ]
      },
      {
        name: '<genexpr>',
        qualified: 'cluster.<locals>.<genexpr>',
        file: 0,
        line: 28,
        ...called(160, 11, 11),
        lines: [[28, 40_160, 11 * ms]]
      },
      {
        name: 'plot',
        file: 0,
        line: 33,
        lines: [
          [34, 0, 0],
          [35, 0, 0]
        ]
      }
    ],
    912 * ms
  );
}

/** A file of many lines, each of which ran. */
export function longPayload(count: number): Json {
  const body = Array.from({ length: count }, (_, i) =>
    i % 9 === 0
      ? `    # step ${i}`
      : `    x[${i}] = combine(x[${i}], "part ${i}") + len(x)`
  );
  return linesPayload(
    [
      {
        path: '/home/ada/long.py',
        text: `def long(x):\n${body.join('\n')}\n`
      }
    ],
    [
      {
        name: 'long',
        file: 0,
        line: 1,
        lines: body.flatMap((_, i): LineSpec[] =>
          i % 9 === 0 ? [] : [[i + 2, 10, 1_000 + ((i * 7919) % 997) * 1_000]]
        )
      }
    ],
    9e9
  );
}
