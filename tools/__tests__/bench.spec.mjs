// What stands in the tables of docs/benchmarks.md is what was measured.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { median, number, slowest, spread } from '../../benchmarks/figures.mjs';
import {
  beginMark,
  between,
  document,
  endMark,
  kernelTables,
  table,
  visibleTable
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

  it('takes the place of the one before, and nothing else', () => {
    const text = `# T\n\n${beginMark}\n\nold\n\n${endMark}\n\nrest\n`;
    const once = between(text, 'new\n');
    expect(once).toBe(`# T\n\n${beginMark}\n\nnew\n\n${endMark}\n\nrest\n`);
    expect(between(once, 'new')).toBe(once);
  });

  it('is not written where its marks are missing or the wrong way round', () => {
    expect(() => between('# T', 'new')).toThrow(beginMark);
    expect(() => between(`${endMark}${beginMark}`, 'new')).toThrow(endMark);
  });

  it('has a place in docs/benchmarks.md', () => {
    const text = readFileSync(join(root, 'docs/benchmarks.md'), 'utf8');
    expect(between(text, 'new')).toContain(`${beginMark}\n\nnew\n\n${endMark}`);
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
    ours: { bytes: 32279, names: true },
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

  it('are all in the document, with the command, the date and the machine', () => {
    const clicks = [{ work: 3, paint: 12 }];
    const text = document({
      tools,
      command: 'npm run bench -- --rounds 3',
      date: '2026-01-02',
      rounds: 3,
      machine: {
        cores: 2,
        model: 'a processor',
        memory: 8,
        system: 'a system',
        load: '0.1'
      },
      kernel: [kernel],
      saved: browser.saved,
      browser,
      views: [
        {
          functions: 100000,
          edges: 400000,
          first: 30,
          show: [20],
          sort: { ncalls: clicks },
          scroll: [{ frames: [16.7, 33.3, 16.7], blank: 0 }]
        }
      ],
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
        node: { node: '20.20.2', times: [40] }
      }
    });
    for (const part of [
      '`npm run bench -- --rounds 3`, on 2026-01-02; 3 rounds (a quick run',
      '2 cores (a processor), 8 GB, a system; load when it began 0.1',
      'Python 3.11.7; peer 1.0',
      'JupyterLab 4.6.6, Chromium 156.0',
      '| this package | 32 279 B | 32 279 B |',
      '| a peer | 9 B, without the profile | 9 B, without the profile |',
      '| 100 000 functions, 400 000 edges |  |',
      '| sort, slowest column (ncalls): to the next paint | 12.0 ms |',
      '| scroll: the longest frame of a run | 33.3 ms |',
      '| decode | 2.0 ms | 40.0 ms |',
      '| start and stop the profiler | 30 µs |  |'
    ]) {
      expect(text).toContain(part);
    }
  });
});
