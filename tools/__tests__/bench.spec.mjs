// What stands in the tables of docs/benchmarks.md is what was measured.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { median, number, slowest, spread } from '../../benchmarks/figures.mjs';
import { TooLong, within } from '../../benchmarks/limit.mjs';
import { filesTables } from '../../benchmarks/filesTables.mjs';
import { table } from '../../benchmarks/markdown.mjs';
import {
  chances,
  collapsedLines,
  igprofLines,
  sampledPieces,
  walk
} from '../../benchmarks/madeUp.mjs';
import { nativeTables } from '../../benchmarks/nativeTables.mjs';
import { openingTable } from '../../benchmarks/openingTable.mjs';
import { bytesIn } from '../../benchmarks/processes.mjs';
import { treesTables } from '../../benchmarks/treesTables.mjs';
import { between, provenance } from '../benchPage.mjs';
import {
  chunksTable,
  kernelTables,
  overheadTables,
  savedTable,
  viewsTable,
  visibleTable,
  wireTable
} from '../benchTable.mjs';
import { root } from '../paths.mjs';

describe('a figure', () => {
  it('is the median, whatever the order, and of an even number the mean of two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 1, 2])).toBe(5.5);
    expect(median([10, 9, 100])).toBe(10);
    expect(() => median([])).toThrow(RangeError);
  });

  it('leaves the values as they are', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('tells what the rounds lay between, if there was more than one', () => {
    expect(spread([2, 1, 4], { unit: 'x', digits: 1 })).toBe('2.0x (1.0–4.0)');
    expect(spread([2.25], { unit: ' ms', digits: 2 })).toBe('2.25 ms');
  });

  it('has groups of three digits from 10 000 on, and no minus before nothing', () => {
    expect(number(9272)).toBe('9272');
    expect(number(1027308)).toBe('1 027 308');
    expect(number(-12345.67, 1)).toBe('-12 345.7');
    expect(number(-0.04, 1)).toBe('0.0');
  });

  it('of sorting is that of the column whose median is the largest', () => {
    const clicks = (...works) => works.map(work => ({ work, paint: work }));
    const sort = { name: clicks(1, 5, 5), calls: clicks(2, 2, 90) };
    expect(slowest(sort).label).toBe('name');
  });
});

describe('a table', () => {
  it('keeps its columns when a cell holds a bar', () => {
    expect(table(['', 'a'], [['x|y', 1]])).toBe(
      '|  | a |\n|---|---:|\n| x\\|y | 1 |'
    );
  });
});

describe('a section of the document', () => {
  const [begin, end] = ['<!-- trees: begin -->', '<!-- trees: end -->'];

  it('takes the place of the one before, and nothing else', () => {
    const others = '<!-- wire: begin -->\n\nw\n\n<!-- wire: end -->';
    const text = `# T\n\n${begin}\n\nold\n\n${end}\n\n${others}\n`;
    const once = between(text, 'trees', 'new\n');
    expect(once).toBe(`# T\n\n${begin}\n\nnew\n\n${end}\n\n${others}\n`);
    expect(between(once, 'trees', 'new')).toBe(once);
  });

  it('is not written where its marks are missing or the wrong way round', () => {
    expect(() => between('# T', 'trees', 'new')).toThrow(begin);
    expect(() => between(`${end}${begin}`, 'trees', 'new')).toThrow(end);
  });

  it.each([
    'kernel',
    'overhead',
    'browser',
    'opening',
    'views',
    'trees',
    'files',
    'chunks',
    'wire'
  ])('has a place in docs/benchmarks.md: %s', part => {
    const text = readFileSync(join(root, 'docs/benchmarks.md'), 'utf8');
    expect(between(text, part, 'new')).toContain(
      `<!-- ${part}: begin -->\n\nnew\n\n<!-- ${part}: end -->`
    );
  });
});

const tools = [
  { name: 'bare', label: 'no profiler' },
  { name: 'ours', label: 'this package' },
  { name: 'peer', label: 'a peer' }
];

const kernel = {
  python: '3.11.7',
  versions: { peer: '1.0' },
  cells: Object.fromEntries(
    ['call_heavy', 'realistic'].map(name => [
      name,
      {
        bare: { cpu: [0.1, 0.2, 0.3], wall: [0.2, 0.2, 0.2] },
        ratios: { ours: { cpu: [2, 3, 4], wall: [5, 5, 6] } }
      }
    ])
  ),
  empty: {
    bare: { wall: [0.2], trip: [4] },
    extra: { ours: { wall: [2.5], trip: [-0.1] } }
  },
  failed: { peer: 'ValueError: no' }
};

const browser = {
  lab: '4.6.6',
  browser: '156.0',
  visible: {
    ours: {
      cold: [{ toIdle: 500, toVisible: 100 }],
      warm: [{ toIdle: 400, toVisible: -20 }]
    },
    peer: { cold: [], warm: [], failed: 'nothing', said: ['null `is` null'] }
  },
  saved: {
    ours: {
      bytes: 32279,
      names: true,
      payload: 21000,
      nodes: 12345,
      functions: 321
    },
    peer: { bytes: 9, names: false }
  }
};

describe('the figures of a run', () => {
  it('name a profiler that failed, with its reason, instead of a figure', () => {
    const text = kernelTables({ tools, kernel: [kernel] });
    expect(text).toContain('| no profiler | 200 ms (100–300) |');
    expect(text).toContain('| this package | 3.00x (2.00–4.00) |');
    expect(text).toContain('| a peer | failed | failed |');
    expect(text).toContain('- a peer failed on Python 3.11.7: ValueError: no');
  });

  it('say of what did not show what the page said', () => {
    const text = visibleTable({ tools, browser });
    expect(text).toContain('| this package | 100 ms | -20 ms | 380 ms |');
    expect(text).toContain(
      "- a peer: nothing. The page's console: `null 'is' null`."
    );
    expect(text).not.toContain('| a peer |');
  });

  it('tell the bytes in the file, and those of the payload', () => {
    const text = savedTable({ tools, saved: browser.saved, browser });
    expect(text).toContain('| this package | 32 279 B | 32 279 B |');
    expect(text).toContain(
      '| a peer | 9 B, without the profile | 9 B, without the profile |'
    );
    expect(text).toContain(
      '21 000 B of JSON: 12 345 call paths of 321 functions'
    );
  });

  it('tell of views what the slowest column takes', () => {
    const text = viewsTable({
      views: {
        sizes: [
          {
            functions: 100000,
            edges: 400000,
            bare: [2],
            first: 30,
            show: [20],
            sort: { ncalls: [{ work: 3, paint: 12 }] },
            scroll: [{ frames: [16.7, 33.3, 16.7], blank: 0 }]
          }
        ]
      }
    });
    for (const part of [
      '| 100 000 functions, 400 000 edges |  |',
      '| a bare HTML table of 40 rows: layout | 2.0 ms |',
      '| sort, slowest column (ncalls): to the next paint | 12.0 ms |',
      '| scroll: the longest frame of a run | 33.3 ms |'
    ]) {
      expect(text).toContain(part);
    }
  });

  it('tell of tables what each Python takes', () => {
    const text = wireTable({
      wire: {
        pythons: [
          {
            python: '3.11.7',
            nodes: 100000,
            bytes: 906327,
            encode: [1],
            decode: [2],
            start_stop_us: [30]
          }
        ],
        large: [
          {
            nodes: 1111111,
            functions: 880,
            edges: 8000,
            columns: [100, 120],
            derive: [60, 70],
            tables: [160, 190]
          }
        ],
        node: { node: '20.20.2', times: [40] }
      }
    });
    for (const part of [
      '| decode | 2.0 ms | 40.0 ms |',
      '| large tree: all tables | 175.0 ms (160.0–190.0) |  |',
      '| start and stop the profiler | 30 µs |  |'
    ]) {
      expect(text).toContain(part);
    }
  });

  it('compare a recorder with cProfile, on both clocks', () => {
    const of = clock_name => ({
      python: '3.13.0',
      clock_name,
      bare_ms: { fib: 10 },
      slow_down: { fib: { 'plain cProfile': 4, recorder: 2 } },
      to_cprofile: { fib: [0.5, 0.4, 0.6] },
      geometric_mean: 0.5
    });
    const [counter, system] = [of('a counter'), of('a clock')];
    const text = overheadTables({ overhead: [{ counter, system }] });
    expect(text).toContain('| fib | 0.50x (0.40–0.60) | 0.50x (0.40–0.60) |');
    expect(text).toContain('| geometric mean | **0.50x** | **0.50x** |');
    expect(text).toContain('| fib | 10.0 ms | 4.00x | 2.00x | 2.00x |');
    expect(text).not.toContain('cannot be used');
    expect(
      overheadTables({ overhead: [{ counter: system, system }] })
    ).toContain('cannot be used');
  });

  it('compare a notebook of results with one of texts round by round', () => {
    const opened = seen => ({ seen, rest: seen + 100, drawn: 50 });
    const text = openingTable({
      opening: {
        outputs: 50,
        written: { texts: 1000, results: 20000, payload: 300 },
        rounds: [
          {
            texts: { cold: opened(500), warm: opened(400) },
            results: { cold: opened(700), warm: opened(450) }
          },
          {
            texts: { cold: opened(900), warm: opened(400) },
            results: { cold: opened(1000), warm: opened(470) }
          }
        ]
      }
    });
    expect(text).toContain(
      '| what is in sight is drawn, later | 400 ms (400–400) | 460 ms (450–470) | 60 ms (50–70) |'
    );
    expect(text).toContain('150 ms (100–200)');
  });

  it('of compiled code name who failed, and say how many samples are mixed', () => {
    const seconds = { code: [2, 3], all: [2.5, 3.5] };
    const cell = {
      bare: seconds,
      ratios: { native: { code: [1.1, 1.2], all: [1.3, 1.4] } },
      labels: { bare: 'no profiler', native: '%%native', pyspy: 'py-spy' },
      failed: { pyspy: 'Permission\n denied' },
      seen: { native: [400, 399] }
    };
    const opened = [{ seconds: 8, peak: 512e6, rows: 12345 }];
    const python = { python: '3.13.0', rate: 25, hot: cell, memory: cell };
    const text = nativeTables({
      native: [{ ...python, dump: { bytes: 50000000, opened } }]
    });
    expect(text).toContain('| no profiler | 2500 ms (2000–3000) |');
    expect(text).toContain(
      '| %%native | 1.15x (1.10–1.20) | 1.35x (1.30–1.40) |'
    );
    expect(text).toContain('| py-spy | failed | failed |');
    expect(text).toContain('py-spy failed on Python 3.13.0: Permission denied');
    expect(text).toContain('| %%native | 399 of 400, 99.8 % |');
    expect(text).toContain('| load() | 8.0 s |');
    expect(text).toContain('| peak of the process | 512 MB |');
    expect(nativeTables({ native: [python] })).not.toContain('load()');
  });

  it('name a viewer that did not end, beside what it did before', () => {
    const round = {
      ...{ idle: 33, picture: 20, file: 30, zoom: [5, 7], search: [6] },
      ...{ glide: [1, 2, 9], zoomWork: [3], zoomKey: 1, searchWork: [4] },
      ...{
        marks: [2],
        searchCount: [3],
        hover: [0.5, 0.1, 0.2],
        hitMicroseconds: 0.3
      },
      ...{ redraws: 0, read: 1, decode: 2, order: 3, places: 4, draw: 5 },
      ...{ derived: 6, shown: 7 }
    };
    const done = { rounds: [round, round] };
    const text = treesTables({
      trees: {
        sizes: [1000, 10000],
        bytes: { 1000: 21578, 10000: 212090 },
        cases: {
          ours: { 1000: done, 10000: done },
          d3_0: {
            1000: { rounds: [round], failed: 'not done within 45 s' },
            10000: { rounds: [], failed: 'not tried' }
          },
          d3_1: { 1000: done, 10000: done },
          speedscope: { 1000: { rounds: [round] }, 10000: done }
        }
      }
    });
    for (const part of [
      '| d3-flame-graph, the picture from objects | 20 ms, then not done within 45 s | not tried |',
      '| zoom: a frame of a glide | 2.0 ms (2.0–2.0) |',
      '| zoom: the longest frame of a glide | 9.0 ms (9.0–9.0) |',
      '| hover: finding the box, and its tooltip | 0.20 ms (0.20–0.20) |',
      '| hover: pictures drawn anew in all | 0 | 0 |',
      'speedscope with 1000 nodes 1'
    ]) {
      expect(text).toContain(part);
    }
  });

  it('say when, how and under what load they were measured', () => {
    const figures = {
      command: 'npm run bench -- kernel --rounds 3',
      date: '2026-01-02',
      rounds: 3,
      machine: {
        cores: 2,
        model: 'a processor',
        memory: 8,
        system: 'a system'
      },
      load: { before: 0.1, after: 1.5 },
      kernel: [kernel]
    };
    const text = provenance(figures);
    for (const part of [
      'on 2026-01-02 by `npm run bench -- kernel --rounds 3`: 3 rounds (a quick run',
      '2 cores (a processor), 8 GB, a system',
      'Python 3.11.7; peer 1.0',
      'Load of the machine: 0.1 when it began'
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('busy');
    expect(
      provenance({ ...figures, load: { before: 7.5, after: 8 } })
    ).toContain('busy');
  });
});

describe('a limit of time', () => {
  it('leaves what is done in time as it is', async () => {
    expect(await within(5, Promise.resolve(3))).toBe(3);
    await expect(within(5, Promise.reject(new Error('no')))).rejects.toThrow(
      'no'
    );
  });

  it('names what does not end', async () => {
    await expect(within(0.01, new Promise(() => {}))).rejects.toThrow(TooLong);
  });
});

describe('a made-up file', () => {
  const take = (pieces, count) => {
    const found = [];
    for (const piece of pieces) {
      found.push(piece);
      if (found.length === count) {
        break;
      }
    }
    return found;
  };

  it('is the same each time', () => {
    const [one, other] = [chances(7), chances(7)];
    const numbers = Array.from({ length: 100 }, one);
    expect(Array.from({ length: 100 }, other)).toEqual(numbers);
    expect(numbers.every(value => value >= 0 && value < 1)).toBe(true);
    expect(new Set(numbers).size).toBe(100);
    expect(take(collapsedLines(), 50)).toEqual(take(collapsedLines(), 50));
  });

  it('has a tree in pre-order, at most 40 deep, with known functions', () => {
    let before = -1;
    for (const { depth, func } of take(walk(1, 300), 5000)) {
      expect(depth).toBeLessThanOrEqual(before + 1);
      expect(depth).toBeLessThan(40);
      expect(func).toBeLessThan(300);
      before = depth;
    }
  });

  it('of stacks begins each with the same root and ends it with a count', () => {
    for (const line of take(collapsedLines(), 300)) {
      expect(line).toMatch(/^read_rows_0 \(.+\)(;[^;]+ \([^;]+:\d+\))* \d+\n$/);
    }
  });

  it('of igprof defines an address, a library and the counter once', () => {
    const text = take(igprofLines(), 3000).join('');
    const defined = [...text.matchAll(/ FN(\w+)=/g)].map(([, id]) => id);
    expect(new Set(defined).size).toBe(defined.length);
    const used = [...text.matchAll(/ FN(\w+)/g)].map(([, id]) => id);
    expect(new Set(used)).toEqual(new Set(defined));
    expect(text.split('V0=').length).toBe(2);
  });

  it('of speedscope has a weight for each sample', () => {
    const file = JSON.parse([...sampledPieces(20_000, 500, 100)].join(''));
    const [{ samples, weights, endValue }] = file.profiles;
    expect(weights.length).toBe(samples.length);
    expect(endValue).toBeCloseTo(samples.length / 100);
    expect(Math.max(...samples.flat())).toBeLessThan(file.shared.frames.length);
  });
});

describe('the figures of files', () => {
  const round = more => ({
    table: 1000,
    tree: 200,
    map: 300,
    peak: 400e6,
    rest: 300e6,
    heap: 20e6,
    before: 200e6,
    ...more
  });
  const text = filesTables({
    files: {
      files: [
        {
          label: 'stacks',
          bytes: 12345,
          ours: { rounds: [round({}), round({ table: 1200 })] },
          speedscope: {
            rounds: [{ tree: 5000, peak: 900e6, rest: 1e6, heap: 1e6 }],
            failed: 'its page crashed'
          }
        },
        {
          label: 'functions',
          bytes: 2,
          lacks: 'does not read them',
          ours: { rounds: [round({ tree: null, map: null })] }
        }
      ]
    }
  });

  it('add up what leads to the call tree, and name what became of speedscope', () => {
    expect(text).toContain(
      '| stacks | 12 345 B | 1100 ms (1000–1200) | 200 ms (200–200) | 1300 ms (1200–1400) | 5000 ms, then its page crashed | 300 ms (300–300) |'
    );
  });

  it('have a dash where there is nothing to measure, with the reason', () => {
    expect(text).toContain(
      '| functions | 2 B | 1000 ms | – | – | – does not read them | – |'
    );
  });

  it('tell memory of both, in MB', () => {
    expect(text).toContain(
      '| stacks | 400 MB (400–400) | 900 MB, then its page crashed |'
    );
  });
});

it('memory is read from what Linux says of a process', () => {
  const status = 'Name:\tchrome\nVmHWM:\t  412340 kB\nVmRSS:\t 100 kB\n';
  expect(bytesIn(status, 'VmHWM')).toBe(412340 * 1024);
  expect(bytesIn(status, 'VmRSS')).toBe(102400);
  expect(bytesIn('', 'VmRSS')).toBe(0);
});

it('chunks say what loads them', () => {
  const chunk = (name, more) => ({
    name,
    bytes: 20000,
    packed: 7000,
    isAtStart: false,
    isWorker: false,
    by: [],
    ...more
  });
  const text = chunksTable({
    chunks: [
      chunk('384', { isAtStart: true }),
      chunk('177', { isWorker: true, by: ['600'] })
    ]
  });
  expect(text).toContain(
    '| 384 | 20 000 B | 7000 B | when JupyterLab starts |'
  );
  expect(text).toContain('| 177 | 20 000 B | 7000 B | worker, by 600 |');
  expect(text).toContain('| all | 40 000 B | 14 000 B |  |');
});
