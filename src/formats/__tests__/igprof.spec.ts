import { readdirSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NONE } from '../../profile/indices';
import type { IProfile, ValueKey } from '../../profile/model';
import { totalsOf } from '../../profile/totals';
import { FormatError } from '../error';
import { IGPROF } from '../igprof';
import { flips, prefixes, readOrRefuse } from './hostile';
import {
  analysed,
  bytesOf,
  DATA,
  demangled,
  flatTables,
  grouped,
  read,
  seconds,
  textOf
} from './igprofAnalyse';

const DUMPS = readdirSync(DATA).filter(name => /\.(?:gz|pp)$/.test(name));

const sumOf = (profile: IProfile, key: ValueKey) =>
  [...(profile.paths.values.get(key) ?? [])].reduce((a, b) => a + b, 0);

const isFrameOf = (profile: IProfile, name: RegExp) => (func: number) =>
  name.test(profile.functions.name[func]);

describe('every dump of igprof', () => {
  it.each(DUMPS)('%s is known and read without a loss', name => {
    const bytes = bytesOf(name);
    expect(IGPROF.sniff(bytes.subarray(0, 65536), bytes.length)).toBe(true);
    const profile = read(bytes);
    const nodes = new TextDecoder().decode(bytes).split('\n').length - 2;
    const filters = profile.meta.warnings.find(w => w.code === 'filters');
    const filtered = Number(/^\d+/.exec(filters?.text ?? '0')?.[0]);
    expect(profile.paths.length).toBe(nodes + 1 - filtered); // and the root of all
    const codes = profile.meta.warnings.map(({ code }) => code);
    expect(
      codes.filter(code => !['resources', 'filters'].includes(code))
    ).toEqual([]);
  });
});

describe('what igprof-analyse printed', () => {
  it.each([['hot.pp.gz', 'hot.pp.no-g.txt', 28]])(
    '%s: every row of %s',
    (dump, report, least) => {
      const rows = analysed(read(bytesOf(dump)), 'samples');
      const [totals, selves] = flatTables(textOf(report));
      expect(totals.length).toBeGreaterThanOrEqual(least);
      expect(selves.length).toBeGreaterThanOrEqual(least);
      for (const { name, value } of totals) {
        expect([name, seconds(rows.get(name)?.total ?? NaN)]).toEqual([
          name,
          value
        ]);
      }
      for (const { name, value } of selves) {
        expect([name, seconds(rows.get(name)?.self ?? NaN)]).toEqual([
          name,
          value
        ]);
      }
    }
  );

  it.each([
    ['hot.pp.gz', 'hot.pp.txt', 'samples', 30],
    ['threads.pp.gz', 'threads.pp.txt', 'samples', 5],
    ['hot.mp.gz', 'hot.mp.MEM_TOTAL.txt', 'bytes', 7],
    ['hot.mp.gz', 'hot.mp.MEM_LIVE.txt', 'live_bytes', 2],
    ['hot.mp.gz', 'hot.mp.MEM_LIVE.peak.txt', 'live_bytes_peak', 6],
    ['mosaic.mp.gz', 'mosaic.mp.MEM_TOTAL.first300lines.txt', 'bytes', 30]
  ])(
    '%s: rows of %s whose names the dump has, too',
    (dump, report, metric, least) => {
      // This report was made with -g: names come from the programs and their debugging symbols.
      const rows = analysed(read(bytesOf(dump)), metric);
      const print = metric === 'samples' ? seconds : grouped;
      const [totals, selves] = flatTables(textOf(report));
      let count = 0;
      for (const [list, role] of [
        [totals, 'total'],
        [selves, 'self']
      ] as const) {
        for (const { name, value } of list) {
          const row = rows.get(name);
          if (row) {
            expect([name, role, print(row[role])]).toEqual([name, role, value]);
            count++;
          }
        }
      }
      expect(count).toBeGreaterThanOrEqual(least);
    }
  );

  it('hot.pp.json: the numbers of all rows', () => {
    const { mainrows, summary } = JSON.parse(textOf('hot.pp.json')) as {
      mainrows: number[][];
      summary: { total_counts: number };
    };
    const rows = [...analysed(read(bytesOf('hot.pp.gz')), 'samples').values()];
    const inOrder = (pairs: (readonly [number, number])[]) =>
      pairs.map(pair => pair.join(' ')).sort();
    expect(inOrder(rows.map(({ self, total }) => [self, total]))).toEqual(
      inOrder(mainrows.map(row => [row[3], row[4]]))
    );
    expect(sumOf(read(bytesOf('hot.pp.gz')), 'self.samples')).toBe(
      summary.total_counts
    );
  });

  it('mosaic.pp.json: the whole', () => {
    const { summary } = JSON.parse(textOf('mosaic.pp.json')) as {
      summary: { total_counts: number; tick_period: number };
    };
    const profile = read(bytesOf('mosaic.pp.gz'));
    expect(sumOf(profile, 'self.samples')).toBe(summary.total_counts);
    expect(profile.metrics[0]).toMatchObject({
      id: 'time',
      unit: 'ns',
      tick: summary.tick_period * 1e9
    });
  });

  it('mosaic.pp.json: the rows whose names the dump has, too', () => {
    const { mainrows, symbols } = JSON.parse(textOf('mosaic.pp.json')) as {
      mainrows: number[][];
      symbols: string[];
    };
    const rows = analysed(read(bytesOf('mosaic.pp.gz')), 'samples');
    let count = 0;
    for (const [, symbol, , self, total] of mainrows) {
      const row = rows.get(symbols[symbol]);
      // Rows of one name are several there where debugging symbols gave it.
      if (
        row &&
        symbols.indexOf(symbols[symbol]) ===
          symbols.lastIndexOf(symbols[symbol])
      ) {
        expect([symbols[symbol], row.self, row.total]).toEqual([
          symbols[symbol],
          self,
          total
        ]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(50);
  });

  it('hot.plain.pp: cumulative, own and count as igprof-query prints them', () => {
    const profile = read(bytesOf('hot.plain.pp'));
    const { function: func, values } = totalsOf(profile);
    const rows = new Map(
      [...func].map((f, row) => [
        demangled(profile.functions.name[f]),
        [values.get('total.samples')?.[row], values.get('self.samples')?.[row]]
      ])
    );
    let count = 0;
    for (const [, total, self, events, name] of textOf(
      'hot.plain.igprof-query-top.txt'
    ).matchAll(/^ +\d+ +(\d+) +(\d+) +(\d+) {2}(.+)$/gm)) {
      if (!name.startsWith('@?')) {
        expect([name, ...(rows.get(name) ?? [])]).toEqual([
          name,
          Number(total),
          Number(self)
        ]);
        expect(events).toBe(self);
        count++;
      }
    }
    expect(count).toBeGreaterThan(8);
  });

  it('has allocations as the column of calls', () => {
    const rows = analysed(read(bytesOf('hot.mp.gz')), 'allocations');
    const [totals] = flatTables(textOf('hot.mp.MEM_TOTAL.txt'));
    let count = 0;
    for (const { name, calls } of totals) {
      const row = rows.get(name);
      if (row) {
        expect([name, grouped(row.total)]).toEqual([name, calls]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(3);
  });

  it('leaves out what igprof-analyse leaves out, and says how much', () => {
    const profile = read(bytesOf('hot.mp.gz'));
    const [totals] = flatTables(textOf('hot.mp.MEM_TOTAL.txt'));
    expect(totals[0].name).toBe('<spontaneous>');
    expect(grouped(sumOf(profile, 'self.bytes'))).toBe(totals[0].value);
    expect(grouped(sumOf(profile, 'self.allocations'))).toBe(totals[0].calls);
    const { text } = profile.meta.warnings.filter(
      ({ code }) => code === 'filters'
    )[0];
    // 2 x 1 048 544 bytes of the profiler's own.
    expect(text).toContain('Bytes allocated (MEM_TOTAL) 2097088 bytes');
    expect(text).toMatch(
      /^\d+ frames of the profiler itself and of malloc and its like are counted to their callers, as igprof-analyse does\. /
    );
    expect(profile.paths.function.some(isFrameOf(profile, /alloc$|^_Zn/))).toBe(
      false
    );
  });

  it('keeps malloc where something else than memory is counted', () => {
    const profile = read(bytesOf('hot.pp.gz'));
    expect(codesOf(profile)).toEqual([]);
    expect(profile.paths.function.some(isFrameOf(profile, /^malloc$/))).toBe(
      true
    );
  });

  it('has the largest allocation of each function', () => {
    // Of several places in one function igprof-analyse adds up the largest ones: 4 x 204 800 for readCatalog.
    const rows = analysed(read(bytesOf('hot.mp.gz')), 'max_bytes', Math.max);
    const [, selves] = flatTables(textOf('hot.mp.MEM_MAX.txt'));
    const printed = new Map(selves.map(({ name, value }) => [name, value]));
    expect(printed.get('leak(int)')).toBe('299');
    expect(rows.get('leak(int)')?.total).toBe(299);
    expect(printed.get('readCatalog(int)')).toBe("819'200");
    expect(rows.get('readCatalog(int)')?.total).toBe(204_800);
  });
});

describe('a dump of igprof', () => {
  it('has ticks as samples and as time', () => {
    const { metrics, paths, meta } = read(bytesOf('hot.pp.gz'));
    expect(metrics.map(({ id, unit, tick }) => [id, unit, tick])).toEqual([
      ['time', 'ns', 5_000_000],
      ['samples', 'samples', 1]
    ]);
    expect(paths.values.get('self.time')).toEqual(
      paths.values.get('self.samples')
    );
    expect(meta.source.command).toBe('./hot');
  });

  it('has every counter of memory', () => {
    const { metrics, meta } = read(bytesOf('hot.mp.gz'));
    expect(metrics.map(({ id, unit, combine }) => [id, unit, combine])).toEqual(
      [
        ['bytes', 'bytes', 'sum'],
        ['allocations', 'count', 'sum'],
        ['max_bytes', 'bytes', 'max'],
        ['live_bytes', 'bytes', 'sum'],
        ['live_allocations', 'count', 'sum'],
        ['live_bytes_peak', 'bytes', 'sum']
      ]
    );
    expect(meta.warnings.map(({ code }) => code)).toContain('filters');
  });

  it('has counters that are not known here by their names', () => {
    const { metrics } = read(bytesOf('mosaic.fd.gz'));
    expect(metrics.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['fd_used', 'fd_live'])
    );
  });

  it('keeps addresses, which are call addresses in the library', () => {
    const { paths, functions, objects } = read(bytesOf('hot.pp.gz'));
    expect(functions.name[paths.function[0]]).toBe('<spontaneous>');
    expect(paths.parent[0]).toBe(NONE);
    expect(functions.name[paths.function[1]]).toBe('_start');
    expect(paths.address[1]).toBe(0x2191);
    expect(objects.path[functions.object[paths.function[1]]]).toBe('./hot');
  });
});

const HEAD = 'P=(HEX ID=1 N=(./a) T=0.010000)\n';
const dump = (...lines: string[]) =>
  new TextEncoder().encode(HEAD + lines.map(line => `${line}\n`).join(''));
const MAIN = 'C1 FN0=(F0=(./a)+10 N=(main))+0 V0=(PERF_TICKS):(1,1,1)';
const codesOf = (profile: IProfile) =>
  profile.meta.warnings.map(({ code }) => code);
const namesOf = ({ paths, functions }: IProfile) =>
  [...paths.function].map(func => functions.name[func]);

/** Written from the grammar. */
describe('made-up dumps of igprof', () => {
  it('may have decimal numbers, and one definition for many places in a function', () => {
    const bytes = new TextEncoder().encode(
      'P=(ID=7 N=(a (b)) T=0.005000)\nC1 FN0=(F0=(/l (x)/a)+100 N=(f))+10 V0=(PERF_TICKS):(10,10,10)\nC1 FN0+14 V0:(2,2,2)\n'
    );
    const profile = read(bytes);
    expect([...profile.paths.address]).toEqual([0, 100, 104]);
    expect(sumOf(profile, 'self.samples')).toBe(12);
    expect(profile.objects.path).toEqual(['/l (x)/a']);
    expect(profile.meta.source.command).toBe('a (b)');
    expect(profile.functions.length).toBe(2);
  });

  it('know names with a bracket, code without a file, and offsets below 0', () => {
    const profile = read(
      dump(
        'C1 FN0=(F0=()+-5 N=(@?(nil)))+0',
        'C2 FN1=(F0+7f0012 N=(@?0x7f0012))+-2 V0=(FD_USED):(2,2,2)'
      )
    );
    expect(namesOf(profile)).toEqual([
      '<spontaneous>',
      '@?(nil)',
      '@?0x7f0012'
    ]);
    expect(profile.functions.kind).toEqual(['pseudo', 'jit', 'jit']);
    expect([...profile.paths.address]).toEqual([0, 0, 0x7f0012]);
    expect(profile.metrics.map(({ id }) => id)).toEqual(['fd_used']);
  });

  it('have one metric for a counter that is defined twice', () => {
    const profile = read(dump(MAIN, 'C1 FN0+0 V1=(PERF_TICKS):(2,2,2)'));
    expect(profile.metrics.length).toBe(2);
    expect(sumOf(profile, 'self.samples')).toBe(3);
  });

  it('list live resources, which are counted', () => {
    const profile = read(
      dump(
        'C1 FN0=(F0=(./a)+10 N=(main))+0 V0=(MEM_LIVE):(2,30,40);LK=(0x7f,10);LK=(0x9f,20)'
      )
    );
    expect(sumOf(profile, 'self.live_bytes')).toBe(0x30);
    expect(sumOf(profile, 'self.live_bytes_peak')).toBe(0x40);
    expect(profile.meta.warnings[0].text).toContain('lists 2 live resources');
  });

  it('give what the profiler called to its callers, and not what it took', () => {
    const own = 'C2 FN1=(F1=(/opt/lib/libigprof.so)+20 N=(hook))+0 V0:(4,4,4)';
    const below = 'C3 FN2=(F0+30 N=(g))+0 V0:(8,8,8)';
    const profile = read(dump(MAIN, own, below));
    expect(namesOf(profile)).toEqual(['<spontaneous>', 'main', 'g']);
    expect([...profile.paths.parent]).toEqual([NONE, 0, 1]);
    expect(sumOf(profile, 'self.samples')).toBe(9);
    expect(profile.meta.warnings[0]).toEqual({
      code: 'filters',
      text:
        '1 frame of the profiler itself is counted to its caller, as igprof-analyse does. Left out, as there, is what the ' +
        'profiler took itself: Time 40000000 ns, Samples 4 samples.'
    });
  });

  it('take allocators for their callers, of the largest allocation the largest', () => {
    const main =
      'C1 FN0=(F0=(./a)+10 N=(main))+0 V0=(MEM_TOTAL):(1,5,5) V1=(MEM_MAX):(1,5,5)';
    const call = (at: number, name: string, bytes: string) =>
      `C2 FN${at}=(F0+${at}0 N=(${name}))+0 V0:(1,${bytes},${bytes}) V1:(1,${bytes},${bytes})`;
    const profile = read(
      dump(main, call(1, 'malloc', '8'), call(2, '_Znwm', '3'))
    );
    expect(namesOf(profile)).toEqual(['<spontaneous>', 'main']);
    expect(sumOf(profile, 'self.bytes')).toBe(16);
    expect(sumOf(profile, 'self.allocations')).toBe(3);
    expect(sumOf(profile, 'self.max_bytes')).toBe(8);
  });

  it('leave out what is live in the pools of old libraries', () => {
    const pool = '_ZNSt24__default_alloc_templateILb1ELi0EE9_S_refillEj';
    const profile = read(
      dump(
        'C1 FN0=(F0=(./a)+10 N=(main))+0 V0=(MEM_TOTAL):(1,5,5) V1=(MEM_LIVE):(1,5,5)',
        `C2 FN1=(F0+20 N=(${pool}))+0 V0:(1,7,7) V1:(1,7,7)`,
        'C3 FN2=(F0+30 N=(below))+0 V1:(1,2,2)'
      )
    );
    expect(sumOf(profile, 'self.bytes')).toBe(12);
    expect(sumOf(profile, 'self.live_bytes')).toBe(5);
    expect(profile.meta.warnings.map(({ text }) => text)).toEqual([
      'Left out, as igprof-analyse does, is what is live in pools of old C++ libraries: Bytes not freed (MEM_LIVE) 9 bytes, ' +
        'Allocations not freed (MEM_LIVE) 2, MEM_LIVE at its peak 9 bytes.'
    ]);
  });

  it('lose a spliced line, and nothing else', () => {
    const profile = read(
      dump(
        MAIN,
        'C2 FN1=(F0+20 N=(f))+0 V0:(1,C2 FN1+4',
        'C3 FN2=(F0+30 N=(g))+0 V0:(4,4,4)',
        'C2 FN1+0 V0:(8,8,8)'
      )
    );
    expect(sumOf(profile, 'self.samples')).toBe(13);
    expect(codesOf(profile)).toEqual(['lost', 'moved']);
    // g, whose caller is lost, stands below the nearest that is known.
    expect([...profile.paths.parent]).toEqual([NONE, 0, 1, 1]);
    expect(namesOf(profile)).toEqual(['<spontaneous>', 'main', 'g', 'f']);
  });

  it('keep what functions took whose definition is lost', () => {
    const profile = read(dump(MAIN, 'C2 FN9+0 V0:(5,5,5)'));
    expect(sumOf(profile, 'self.samples')).toBe(6);
    expect(namesOf(profile)).toEqual(['<spontaneous>', 'main', '(lost)']);
    expect(codesOf(profile)).toEqual(['undefined']);
  });

  it('do not take the rest of a number for the number', () => {
    const bytes = dump(MAIN, 'C2 FN1=(F0+20 N=(f))+123');
    const profile = read(bytes.subarray(0, bytes.length - 3));
    expect(codesOf(profile)).toEqual(['lost']);
    expect(profile.paths.length).toBe(2);
  });

  it('may stand one behind the other, each with its own definitions', () => {
    const profile = read(
      dump(
        MAIN,
        HEAD.trim(),
        'C1 FN0=(F0=(./b)+10 N=(other))+0 V0=(PERF_TICKS):(5,5,5)'
      )
    );
    expect(namesOf(profile)).toEqual(['<spontaneous>', 'main', 'other']);
    expect(codesOf(profile)).toEqual([]);
  });

  it.each([
    ['', 'Expected the first line of an igprof dump at byte 0.'],
    ['P=(HEX ID=1 N=(a)', 'Expected the first line of an igprof dump, found'],
    [
      `${HEAD}a\nb\n`,
      'Expected nodes of a call tree behind the first line, found none'
    ]
  ])('%j is refused', (text, message) => {
    const bytes = new TextEncoder().encode(text);
    expect(() => read(bytes)).toThrow(FormatError);
    expect(() => read(bytes)).toThrow(message);
  });

  it('are a profile without nodes where there is the first line alone', () => {
    expect(read(dump()).paths.length).toBe(1);
  });

  it('with a very long line, or great depths, are read in time', () => {
    const resources = ';LK=(0x1,1)'.repeat(1_000_000);
    const profile = read(
      dump(
        `C1 FN0=(F0=(./a)+10 N=(main))+0 V0=(MEM_LIVE):(1,1,1)${resources}`,
        'C1fffffffffff FN0+0',
        `C2 FN1=(F0+1 N=(${'('.repeat(100_000)}`
      )
    );
    expect(profile.paths.length).toBe(3);
    expect(codesOf(profile)).toEqual(['lost', 'moved', 'resources']);
  });

  it.each(['hot.plain.pp', 'hot.mp.gz'])(
    '%s gives a profile or a sentence, wherever it is cut',
    name => {
      let read = 0;
      for (const cut of prefixes(bytesOf(name), 400)) {
        read += readOrRefuse(IGPROF, cut) ? 1 : 0;
      }
      expect(read).toBeGreaterThan(300);
    }
  );

  it.each(['hot.plain.pp', 'hot.mp.gz'])(
    '%s gives a profile or a sentence, whatever bytes are changed',
    name => {
      let lost = 0;
      for (const changed of flips(bytesOf(name), 200)) {
        const profile = readOrRefuse(IGPROF, changed);
        lost += profile && codesOf(profile).includes('lost') ? 1 : 0;
      }
      expect(lost).toBeGreaterThan(20);
    }
  );

  it('keep the sum of what is counted, whatever the tree', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 4 }), fc.nat()), {
          minLength: 1
        }),
        nodes => {
          let depth = 0;
          const lines = nodes.map(([at, func, ticks]) => {
            depth = Math.min(at, depth) + 1;
            const n = ticks.toString(16);
            return `C${depth.toString(16)} FN${func}=(F0=(./a)+${func} N=(f${func}))+0 V0=(PERF_TICKS):(${n},${n},${n})`;
          });
          const profile = read(dump(...lines));
          expect(profile.paths.length).toBe(nodes.length + 1);
          expect(codesOf(profile)).toEqual([]);
          expect(sumOf(profile, 'self.samples')).toBe(
            nodes.reduce((sum, [, , ticks]) => sum + ticks, 0)
          );
        }
      )
    );
  });
});
