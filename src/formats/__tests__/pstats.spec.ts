import { readdirSync, readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { standardName } from '../../profile/names';
import type { FuncIndex } from '../../profile/indices';
import type { IProfile, ValueKey } from '../../profile/model';
import { FormatError } from '../error';
import { PSTATS } from '../pstats';
import { flips, prefixes, readOrRefuse } from './hostile';

/** Files that cProfile of Pythons 2.7 to 3.13 wrote, and what their own pstats printed of them (README.md there). */
const DATA = new URL('../../../tests/data/pstats/', import.meta.url);

const FILES = readdirSync(DATA).filter(name => name.endsWith('.prof'));

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(name, DATA)));
const textOf = (name: string) => readFileSync(new URL(name, DATA), 'utf8');
const reading = { name: 'a.prof', onProgress: () => undefined };
const read = (bytes: Uint8Array) => PSTATS.read(bytes, reading) as IProfile;

/** Numbers of one row, as pstats prints them. */
const printed = (
  calls: number,
  primitive: number,
  own: number,
  total: number
) => {
  const count = calls === primitive ? `${calls}` : `${calls}/${primitive}`;
  const perCall = (time: number, n: number) =>
    n === 0 ? '' : (time / n).toFixed(3);
  return [
    count,
    own.toFixed(3),
    perCall(own, calls),
    total.toFixed(3),
    perCall(total, primitive)
  ].join(' ');
};

const KEYS: readonly ValueKey[] = [
  'self.calls',
  'primitive.calls',
  'self.time',
  'total.time'
];

/** By printed name, what pstats would print. Code objects of `profile` are printed there with their address. */
function rowsOf(profile: IProfile): Map<string, string> {
  const { totals } = profile;
  const columns = KEYS.map(key => totals.values.get(key) as Float64Array);
  return new Map(
    [...totals.function].map((func, row) => {
      const [calls, primitive, own, total] = columns.map(c => c[row]);
      return [
        standardName(profile, func as FuncIndex),
        printed(calls, primitive, own, total)
      ];
    })
  );
}

/** `caller > callee` and their numbers, as pstats prints them. */
function edgesOf(profile: IProfile): Map<string, string> {
  const { edges } = profile;
  const columns = KEYS.map(key => edges.values.get(key) as Float64Array);
  return new Map(
    [...edges.caller].map((caller, row) => {
      const [calls, primitive, own, total] = columns.map(c => c[row]);
      const count = calls === primitive ? `${calls}` : `${calls}/${primitive}`;
      return [
        `${standardName(profile, caller as FuncIndex)} > ${standardName(profile, edges.callee[row])}`,
        `${count} ${own.toFixed(3)} ${total.toFixed(3)}`
      ];
    })
  );
}

describe('every sample of pstats', () => {
  it.each(FILES)('%s is known and read', name => {
    const bytes = bytesOf(name);
    expect(PSTATS.sniff(bytes.subarray(0, 65536), bytes.length)).toBe(true);
    const { totals, edges, paths } = read(bytes);
    expect(totals.length).toBeGreaterThan(5);
    expect(edges.length).toBeGreaterThan(3);
    expect(paths.length).toBe(0);
  });

  it.each(FILES.filter(name => !name.startsWith('py')))('%s adds up', name => {
    expect(read(bytesOf(name)).checks.map(({ ok }) => ok)).toEqual([
      true,
      true,
      true
    ]);
  });
});

describe('what pstats printed', () => {
  const reports = readdirSync(DATA).filter(name =>
    /(?:\.stats|\.report|mosaic.*\.(?:cumulative|ncalls))\.txt$/.test(name)
  );

  it.each(reports)('%s: the rows', name => {
    const profile = read(
      bytesOf(
        name.replace(/\.(?:stats|report|cumulative|ncalls)\.txt$/, '.prof')
      )
    );
    const rows = rowsOf(profile);
    // A report of several tables may have lists of callees behind the first.
    const text = textOf(name).split('Function  ')[0];
    const lines = text.matchAll(
      /^ *(\d+(?:\/\d+)?) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) (.+)$/gm
    );
    let count = 0;
    for (const [, calls, own, each, total, all, at] of lines) {
      const called = at.replace(/ at 0x[0-9a-f]+, /, ', ');
      expect([called, rows.get(called)]).toEqual([
        called,
        [calls, own, each, total, all].join(' ')
      ]);
      count++;
    }
    expect(count).toBeGreaterThan(3);
    const head =
      /(\d+) function calls (?:\((\d+) prim\w+ calls\) )?in ([\d.]+)/.exec(
        text
      );
    const sum = (key: ValueKey) =>
      (profile.totals.values.get(key) as Float64Array).reduce(
        (a, b) => a + b,
        0
      );
    expect(head?.slice(1)).toEqual([
      `${sum('self.calls')}`,
      sum('self.calls') === sum('primitive.calls')
        ? undefined
        : `${sum('primitive.calls')}`,
      sum('self.time').toFixed(3)
    ]);
  });

  it.each(readdirSync(DATA).filter(name => /\.calle[er]s\.txt$/.test(name)))(
    '%s: the edges',
    name => {
      const edges = edgesOf(
        read(bytesOf(name.replace(/\.calle[er]s\.txt$/, '.prof')))
      );
      const isCallers = name.endsWith('callers.txt');
      let first = '';
      let count = 0;
      for (const line of textOf(name).split('\n')) {
        const begin = /^(\S.*?) +(?:<-|->) (.*)$/.exec(line);
        first = begin?.[1] ?? first;
        const edge = /^ *(\d+(?:\/\d+)?) +([\d.]+) +([\d.]+) {2}(.+)$/.exec(
          begin?.[2] ?? line
        );
        if (edge) {
          const pair = isCallers
            ? `${edge[4]} > ${first}`
            : `${first} > ${edge[4]}`;
          expect([pair, edges.get(pair)]).toEqual([
            pair,
            edge.slice(1, 4).join(' ')
          ]);
          count++;
        }
      }
      expect(count).toBeGreaterThan(20);
    }
  );

  it.each(['py3.13', 'mosaic.py3.13'])(
    '%s.truth.json: every number, bit for bit',
    name => {
      type Key = [string, number, string];
      type Numbers = [number, number, number, number];
      const truth = JSON.parse(textOf(`${name}.truth.json`)) as [
        Key,
        Numbers,
        [Key, Numbers][]
      ][];
      const profile = read(bytesOf(`${name}.prof`));
      const { functions, files, totals, edges } = profile;
      const keyOf = (func: number) =>
        JSON.stringify([
          functions.file[func] < 0 ? '~' : files.path[functions.file[func]],
          functions.line[func],
          functions.name[func]
        ]);
      const numbers = (table: typeof totals | typeof edges, row: number) =>
        KEYS.map(key => table.values.get(key)?.[row]);
      const rows = [...totals.function].map(
        (func, row) => [keyOf(func), numbers(totals, row)] as const
      );
      const ofEdges = [...edges.caller].map(
        (caller, row) =>
          [
            `${keyOf(caller)} ${keyOf(edges.callee[row])}`,
            numbers(edges, row)
          ] as const
      );
      expect(new Map(rows)).toEqual(
        new Map(
          truth.map(([key, [primitive, calls, own, total]]) => [
            JSON.stringify(key),
            [calls, primitive, own, total]
          ])
        )
      );
      expect(new Map(ofEdges)).toEqual(
        new Map(
          truth.flatMap(([key, , callers]) =>
            callers.map(([caller, values]) => [
              `${JSON.stringify(caller)} ${JSON.stringify(key)}`,
              values
            ])
          )
        )
      );
    }
  );
});

describe('what a file of pstats says of itself', () => {
  it('names the Python, where a path does', () => {
    expect(read(bytesOf('py2.7.prof')).meta.python).toBe('Python 2.7');
    expect(read(bytesOf('py3.8.prof')).meta.python).toBe('Python 3.8');
    expect(read(bytesOf('notebook-cell.py3.13.prof')).meta.python).toBe(null);
  });

  it('warns of mixed threads since 3.12, and not before', () => {
    const codes = (name: string) =>
      read(bytesOf(name)).meta.warnings.map(({ code }) => code);
    expect(codes('py3.12.prof')).toEqual(['threads']);
    expect(codes('py3.13.prof')).toEqual(['threads']);
    expect(codes('py3.11.prof')).toEqual([]);
    expect(codes('py3.7.prof')).toEqual([]);
    expect(codes('mosaic.py3.13.prof')).toEqual([]);
  });

  it('knows that a namesake took part of the calls away', () => {
    // The program makes two dataclasses: both have <string>:2(__init__), and main calls both.
    const checks = read(bytesOf('py3.10.prof')).checks;
    expect(checks.find(({ id }) => id === 'callees')).toMatchObject({
      ok: false,
      value: 1,
      text: expect.stringContaining('sample_program.py:125(main)') as string
    });
  });

  it('has calls, but no times, of callers in files of the module profile', () => {
    const { edges, meta, functions, checks } = read(
      bytesOf('py3.13.pure-python-profile.prof')
    );
    expect([...edges.values.keys()]).toEqual(['self.calls']);
    expect(meta.engine.name).toBe('profile');
    expect(functions.name).toContain(
      '<code object <module>, file "legacy_program.py", line 1>'
    );
    expect(checks.map(({ id }) => id)).toEqual(['edges']);
  });

  it.each(['py2.7', 'py3.6', 'py3.8', 'py3.11', 'py3.12'])(
    'skips the code object in a file of profile of %s',
    name => {
      const { functions } = read(bytesOf(`${name}.profile-module.prof`));
      expect(functions.name).toContain(
        '<code object <module>, file "made.py", line 1>'
      );
    }
  );

  it('knows builtins, cells and what is installed', () => {
    const { functions, files } = read(bytesOf('notebook-cell.py3.13.prof'));
    expect(functions.kind).toContain('builtin');
    expect(files.origin).toContain('cell');
  });
});

/** Written from the grammar (CPython's Python/marshal.c). */
const ascii = (text: string) => [...text].map(c => c.charCodeAt(0));
const u32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
const int = (n: number) => [0x69, ...u32(n)];
const float = (n: number) => [
  0x67,
  ...new Uint8Array(new Float64Array([n]).buffer)
];
const text = (t: string) => [0x7a, t.length, ...ascii(t)];
const key = (path: string, line: number, name: string) => [
  0x29,
  3,
  ...text(path),
  ...int(line),
  ...text(name)
];
const entry = (callers: number[] = []) => [
  0x29,
  5,
  ...int(1),
  ...int(2),
  ...float(0.5),
  ...float(1.5),
  0x7b,
  ...callers,
  0x30
];
const file = (...parts: number[][]) =>
  Uint8Array.from([0x7b, ...parts.flat(), 0x30]);

describe('made-up files of pstats', () => {
  it('may be empty', () => {
    expect(PSTATS.sniff(Uint8Array.of(0x7b, 0x30), 2)).toBe(true);
    expect(read(Uint8Array.of(0x7b, 0x30)).totals.length).toBe(0);
  });

  it('are not JSON', () => {
    for (const json of ['{"a": 1}', '{}', '{ }', '{\n', '[]', '']) {
      const bytes = new TextEncoder().encode(json);
      expect(PSTATS.sniff(bytes, bytes.length)).toBe(false);
    }
  });

  it('keep a function whose file has no name apart from a builtin', () => {
    const profile = read(
      file(key('', 1, '<module>'), entry(), key('~', 0, '<len>'), entry())
    );
    expect(
      [...profile.totals.function].map(f =>
        standardName(profile, f as FuncIndex)
      )
    ).toEqual([':1(<module>)', '{len}']);
  });

  it('keep names that are no text as escapes', () => {
    const name = [0x73, ...u32(2), 0x66, 0xe9];
    const lone = [0x75, ...u32(4), 0x66, 0xed, 0xb3, 0xa9];
    const profile = read(
      file(
        [0x29, 3, ...name, ...int(1), ...lone],
        entry([0x29, 3, ...name, ...int(1), ...lone, ...int(4)])
      )
    );
    expect(profile.files.path).toEqual(['f\\udce9']);
    expect(profile.functions.name).toEqual(['f\\udce9']);
  });

  it('have numbers of every kind', () => {
    const numbers = [
      0x29,
      5,
      0x6c,
      ...u32(2),
      1,
      0,
      2,
      0, // 1 + 2 * 2^15
      0x49,
      7,
      0,
      0,
      0,
      1,
      0,
      0,
      0, // 7 + 2^32
      0x66,
      4,
      ...ascii('1e-3'),
      0x69,
      ...u32(3),
      0x7b,
      0x30
    ];
    const { totals } = read(file(key('a', 1, 'f'), numbers));
    expect(KEYS.map(k => totals.values.get(k)?.[0])).toEqual([
      7 + 2 ** 32,
      1 + 2 * 2 ** 15,
      0.001,
      3
    ]);
  });

  it('mix threads where a cell is timed and a kernel waits', () => {
    const codes = (path: string) =>
      read(
        file(
          key(path, 1, '<module>'),
          entry(),
          key('/usr/lib/python3.12/selectors.py', 451, 'select'),
          entry()
        )
      ).meta.warnings.map(({ code }) => code);
    expect(codes('/tmp/ipykernel_1/2.py')).toEqual(['threads']);
    expect(codes('serve.py')).toEqual([]);
  });

  it('have the times of callers only where all have', () => {
    const { edges, meta } = read(
      file(
        key('a', 1, 'f'),
        entry([...key('a', 2, 'g'), ...int(2)]),
        key('a', 2, 'g'),
        entry([
          ...key('a', 3, 'h'),
          0x29,
          4,
          ...int(1),
          ...int(1),
          ...float(1),
          ...float(1)
        ])
      )
    );
    expect([...edges.values.keys()]).toEqual(['self.calls']);
    expect(meta.warnings.map(({ code }) => code)).toEqual(['edges']);
  });

  it.each<[string, Uint8Array, string]>([
    [
      'cut',
      file(key('a', 1, 'f')).slice(0, 5),
      'Expected at most 2 values in the bytes that are left, found a size of 3 at byte 1.'
    ],
    [
      'a key twice',
      file(key('a', 1, 'f'), entry(), key('a', 1, 'f'), entry()),
      'Expected each function once, found one twice at byte 46.'
    ],
    [
      'a caller twice',
      file(
        key('a', 1, 'f'),
        entry([...key('a', 2, 'g'), ...int(1), ...key('a', 2, 'g'), ...int(1)])
      ),
      'Expected each caller of a function once'
    ],
    [
      'a time that is no number',
      file(key('a', 1, 'f'), [
        0x29,
        5,
        ...int(1),
        ...int(1),
        ...float(NaN),
        ...float(1),
        0x7b,
        0x30
      ]),
      'Expected a time in seconds, found NaN at byte 1.'
    ],
    [
      'a count below 0',
      file(key('a', 1, 'f'), [
        0x29,
        5,
        ...int(-1),
        ...int(1),
        ...float(1),
        ...float(1),
        0x7b,
        0x30
      ]),
      'Expected a count of calls, found -1'
    ],
    [
      'a reference to nothing',
      file([0x72, ...u32(9)], entry()),
      'Expected a reference to one of 0 values before it, found 9 at byte 1.'
    ],
    [
      'a tuple within itself',
      file([0xa9, 3, 0x72, ...u32(0)], entry()),
      'Expected a reference to a whole value, found one to what it is in at byte 3.'
    ],
    [
      'a size beyond the file',
      file([0x28, ...u32(0x7fffffff)]),
      'found a size of 2147483647 at byte 1.'
    ],
    [
      'depth',
      file(Array.from({ length: 5000 }, () => [0x29, 1]).flat()),
      'Expected at most 1000 containers within each other'
    ],
    [
      'an unknown type',
      file([0x1b]),
      'Expected a value, found the type "\\u001b" at byte 1.'
    ],
    ['no dict', Uint8Array.of(0x4e), 'Expected a dict, found the type "N"'],
    ['nothing', new Uint8Array(0), 'Expected 1 bytes more, found 0'],
    [
      'something else for a function',
      file(int(3), entry()),
      'Expected file, line and name of a function at byte 1.'
    ]
  ])('%s is refused', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(FormatError);
    expect(() => read(bytes)).toThrow(message);
  });

  it('say what is behind the end', () => {
    const bytes = Uint8Array.from([...file(), 1, 2, 3]);
    expect(read(bytes).meta.warnings[0].text).toContain('3 bytes');
  });

  it('are read in time where one value is repeated many times', () => {
    // A dict of callers that 20 000 functions share, with 2 000 callers of its own: 40 million if copied.
    const callers = Array.from({ length: 2000 }, (_, i) => [
      ...key('c', i, 'f'),
      ...int(1)
    ]).flat();
    const functions = Array.from({ length: 20_000 }, (_, i) => [
      ...key('a', i, 'f'),
      0x29,
      5,
      ...int(1),
      ...int(1),
      ...float(1),
      ...float(1),
      ...(i === 0 ? [0xfb, ...callers, 0x30] : [0x72, ...u32(0)])
    ]);
    const bytes = new Uint8Array(
      2 + functions.reduce((n, f) => n + f.length, 0)
    );
    bytes[0] = 0x7b;
    let at = 1;
    for (const one of functions) {
      bytes.set(one, at);
      at += one.length;
    }
    bytes[at] = 0x30;
    expect(() => read(bytes)).toThrow('repeated');
  });

  it('give a profile or a sentence, wherever they are cut', () => {
    const bytes = bytesOf('notebook-cell.py3.13.prof');
    let refused = 0;
    for (const cut of prefixes(bytes)) {
      refused += readOrRefuse(PSTATS, cut) ? 0 : 1;
    }
    expect(refused).toBe(bytes.length);
  });

  it.each([
    'notebook-cell.py3.13.prof',
    'py3.13.pure-python-profile.prof',
    'py2.7.prof'
  ])('%s gives a profile or a sentence, whatever bytes are changed', name => {
    let refused = 0;
    for (const changed of flips(bytesOf(name), 300)) {
      refused += readOrRefuse(PSTATS, changed) ? 0 : 1;
    }
    expect(refused).toBeGreaterThan(20);
  });

  it('give any seconds back as they were', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.nat(),
        fc.nat({ max: 2 ** 31 - 1 }),
        (seconds, calls, line) => {
          const { totals, functions } = read(
            file(key('a', line, 'f'), [
              0x29,
              5,
              ...int(1),
              ...int(calls),
              ...float(seconds),
              ...float(-seconds),
              0x7b,
              0x30
            ])
          );
          expect(totals.values.get('self.time')?.[0]).toBe(seconds + 0);
          expect(totals.values.get('total.time')?.[0]).toBe(-seconds + 0);
          expect(totals.values.get('self.calls')?.[0]).toBe(calls);
          expect(functions.line[0]).toBe(line);
        }
      )
    );
  });
});
