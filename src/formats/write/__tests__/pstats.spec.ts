import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  METRICS,
  NO_TOTALS,
  pathsOf,
  profileOf,
  type NodeSpec
} from '../../../profile/__tests__/build';
import { calledTrees } from '../../../profile/__tests__/trees';
import { edgesOf } from '../../../profile/edges';
import { NONE } from '../../../profile/indices';
import type {
  IEdges,
  IProfile,
  ITotals,
  ValueKey
} from '../../../profile/model';
import { totalsOf } from '../../../profile/totals';
import { dataFile, read } from '../../__tests__/readings';
import { CALLGRIND } from '../../callgrind';
import { CALLS, ProfileBuilder, timeMetric } from '../../profileBuilder';
import { PSTATS } from '../../pstats';
import { toPstats } from '../pstats';

const FILES = readdirSync(
  resolve(__dirname, '../../../../tests/data/pstats')
).filter(name => name.endsWith('.prof'));

const KEYS: readonly ValueKey[] = [
  'self.calls',
  'primitive.calls',
  'self.time',
  'total.time'
];

/** What pstats knows of a function. */
function placeOf({ functions, files }: IProfile, func: number): string {
  const file: number = functions.file[func];
  return file === NONE
    ? `~:0(${functions.name[func]})`
    : `${files.path[file]}:${functions.line[func]}(${functions.name[func]})`;
}

/** Four numbers for each name, times in seconds; of threads and namesakes the sums. */
function summed(
  profile: IProfile,
  { length, values }: ITotals | IEdges,
  nameOf: (row: number) => string
): Record<string, number[]> {
  const tick = profile.metrics.find(({ id }) => id === 'time')?.tick ?? NaN;
  const found: Record<string, number[]> = {};
  for (let row = 0; row < length; row++) {
    const numbers = (found[nameOf(row)] ??= [0, 0, 0, 0]);
    KEYS.forEach((key, i) => {
      const value = values.get(key)?.[row] ?? 0;
      const scale = i < 2 || tick === 1e9;
      numbers[i] += scale ? value : (value * tick) / 1e9;
    });
  }
  return found;
}

/** Rows and edges by what pstats calls functions. */
function tableOf(profile: IProfile) {
  const totals = totalsOf(profile);
  const edges = edgesOf(profile);
  const place = (func: number) => placeOf(profile, func);
  return {
    rows: summed(profile, totals, row => place(totals.function[row])),
    edges: summed(
      profile,
      edges,
      row => `${place(edges.caller[row])} > ${place(edges.callee[row])}`
    )
  };
}

describe('toPstats', () => {
  it.each(FILES)('%s is written as it was read', name => {
    const profile = read(PSTATS, dataFile(`pstats/${name}`));
    const again = read(PSTATS, toPstats(profile));
    expect(again.totals).toEqual(profile.totals);
    expect(again.edges).toEqual(profile.edges);
    expect(again.functions).toEqual(profile.functions);
    expect(again.files).toEqual(profile.files);
    expect(again.checks).toEqual(profile.checks);
    expect(again.meta).toEqual(profile.meta);
  });

  it('counts recursion as cProfile does', () => {
    const nodes: NodeSpec[] = [
      [0, 0, 1e9, 1],
      [1, 1, 2e9, 1],
      [2, 1, 4e9, 3],
      [3, 1, 8e9, 5]
    ];
    const again = read(
      PSTATS,
      toPstats(
        profileOf([{ name: 'main' }, { name: 'fib', path: '/a.py', line: 3 }], {
          totals: NO_TOTALS,
          paths: pathsOf(nodes)
        })
      )
    );
    expect(tableOf(again)).toEqual({
      rows: {
        '~:0(main)': [1, 1, 1, 15],
        '/a.py:3(fib)': [9, 1, 14, 14]
      },
      edges: {
        '~:0(main) > /a.py:3(fib)': [1, 1, 2, 14],
        '/a.py:3(fib) > /a.py:3(fib)': [8, 3, 12, 12]
      }
    });
  });

  it('gives what a callable took to its caller, as cProfile does', () => {
    const functions = [
      { name: 'main' },
      { name: 'Job', kind: 'callable' },
      { name: 'run' }
    ] as const;
    const nodes: NodeSpec[] = [
      [0, 0, 1e9, 1],
      [1, 1, 2e9, 3],
      [2, 2, 8e9, 5]
    ];
    const paths = pathsOf(nodes);
    const again = read(
      PSTATS,
      toPstats(profileOf(functions, { totals: NO_TOTALS, paths }))
    );
    expect(tableOf(again)).toEqual({
      rows: { '~:0(main)': [1, 1, 3, 11], '~:0(run)': [5, 5, 8, 8] },
      edges: { '~:0(main) > ~:0(run)': [5, 5, 8, 8] }
    });
  });

  it('writes any call tree with the rows and edges that follow from it', () => {
    const functions = [
      { name: '<module>', path: '/a.py', line: 1 },
      { name: 'f', path: '/a.py', line: 3 },
      { name: 'f', path: '/a.py', line: 3, qualified: 'C.f' },
      { name: '<built-in method builtins.len>' }
    ];
    fc.assert(
      fc.property(calledTrees, nodes => {
        const profile = profileOf(functions, {
          totals: NO_TOTALS,
          paths: pathsOf(nodes)
        });
        fc.pre(nodes.length > 0);
        const again = read(PSTATS, toPstats(profile));
        const { rows, edges } = tableOf(again);
        const wanted = tableOf(profile);
        expect(Object.keys(rows)).toEqual(Object.keys(wanted.rows));
        for (const [name, numbers] of Object.entries(wanted.rows)) {
          rows[name].forEach((n, i) => expect(n).toBeCloseTo(numbers[i], 12));
        }
        expect(Object.keys(edges).sort()).toEqual(
          Object.keys(wanted.edges).sort()
        );
        for (const [name, numbers] of Object.entries(wanted.edges)) {
          edges[name].forEach((n, i) => expect(n).toBeCloseTo(numbers[i], 12));
        }
        // What was read is written as it was, bit for bit.
        expect(toPstats(read(PSTATS, toPstats(again)))).toEqual(
          toPstats(again)
        );
      })
    );
  });

  it('writes any sums and edges, namesakes and threads together', () => {
    const functions = [
      { name: 'f', path: '/a.py', line: 3 },
      { name: 'f', path: '/a.py', line: 3, qualified: 'C.f' },
      { name: 'f', path: '/a.py', line: 2 ** 31 - 1 },
      { name: 'f', path: '/b\0é\ud83d\ude00.py', line: 3 },
      { name: '', hasFile: true },
      { name: '<built-in method builtins.len>' },
      { name: '(awaiting)' }
    ];
    const func = fc.nat(functions.length - 1);
    const numbers = fc.record({
      thread: fc.nat(2),
      calls: fc.oneof(fc.nat(300), fc.nat(2 ** 50)),
      primitive: fc.nat(300),
      own: fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
      total: fc.double({ noNaN: true, min: 0, max: 1e-3 })
    });
    const row = fc.tuple(func, numbers);
    const edge = fc.tuple(func, func, numbers);
    const ticks = fc.constantFrom(1, 100, 1e9, 1e9 / 3);
    fc.assert(
      fc.property(fc.array(row), fc.array(edge), ticks, (rows, edges, tick) => {
        const builder = new ProfileBuilder({});
        builder.metric(timeMetric(tick));
        builder.metric(CALLS);
        const funcs = functions.map(parts => builder.func(parts));
        const add = (
          table: ProfileBuilder['totals'],
          at: number,
          { calls, primitive, own, total }: (typeof rows)[number][1]
        ) => {
          table.add(at, 'self.calls', calls);
          table.add(at, 'primitive.calls', primitive);
          table.add(at, 'self.time', own);
          table.add(at, 'total.time', total);
        };
        const threads = ['a', 'b', 'c'].map(name => builder.thread({ name }));
        for (const [at, values] of rows) {
          const thread = threads[values.thread];
          add(builder.totals, builder.totals.row(funcs[at], thread), values);
        }
        for (const [from, to, values] of edges) {
          const thread = threads[values.thread];
          const one = builder.edges.row(funcs[from], funcs[to], thread);
          add(builder.edges, one, values);
        }
        fc.pre(rows.length + edges.length > 0);
        const profile = builder.done('a test', '');
        const again = tableOf(read(PSTATS, toPstats(profile)));
        const wanted = tableOf(profile);
        // What was called has a row, be it of nothing.
        for (const name of Object.keys(wanted.edges)) {
          wanted.rows[name.split(' > ')[1]] ??= [0, 0, 0, 0];
        }
        expect(again).toEqual(wanted);
      })
    );
  });

  it('writes counts of calls alone as the module profile does', () => {
    const builder = new ProfileBuilder({});
    builder.metric(timeMetric());
    builder.metric(CALLS);
    const [f, g] = ['f', 'g'].map(name => builder.func({ name }));
    const { totals, edges } = builder;
    totals.add(totals.row(g, 0), 'self.calls', 2);
    totals.add(totals.row(g, 0), 'self.time', 3);
    edges.add(edges.row(f, g, 0), 'self.calls', 2);
    const profile = read(PSTATS, toPstats(builder.done('a test', '')));
    expect([...profile.edges.values.keys()]).toEqual(['self.calls']);
    // Beside a count pstats prints what its caller took.
    expect(profile.functions.name).toEqual(['g', 'f']);
    expect(profile.totals.length).toBe(2);
  });

  it('refuses sums that are beyond all numbers', () => {
    const profile = profileOf([
      { name: 'f', calls: 1e308 },
      { name: 'f', calls: 1e308 }
    ]);
    expect(() => toPstats(profile)).toThrow(
      'Expected values whose sums are numbers, found Infinity.'
    );
  });

  it('refuses a profile of nothing, which pstats does not open', () => {
    expect(() => toPstats(profileOf([]))).toThrow(
      'This profile has no functions, and pstats opens no file without any.'
    );
  });

  it('refuses events of Callgrind, which are no times', () => {
    const profile = CALLGRIND.read(
      dataFile('callgrind/tiny.callgrind.out.gz'),
      { name: 'file', onProgress: () => undefined }
    );
    expect(() => toPstats(profile)).toThrow('This profile has no times, but ');
  });

  it('refuses samples, which were not counted', () => {
    const samples = {
      ...profileOf([{ name: 'f' }], { metrics: [METRICS[0]] }),
      totals: { ...NO_TOTALS, length: 1 }
    };
    expect(() => toPstats(samples)).toThrow(
      'This profile has no calls, but time, and a file of pstats holds calls and times of functions.'
    );
  });
});
