/**
 * `hot` and `tiny`: valgrind --tool=callgrind 3.19.0 of a C++ program and of `tiny.c.txt` (`tiny` with --cache-sim, --branch-sim
 * and --collect-jumps; `tiny.instr` with --dump-instr and --collect-systime; `tiny.parts` with --dump-every-bb and --combine-dumps).
 * `*.inclusive.txt` and `*.tree.txt`: callgrind_annotate --threshold=100 --auto=no --show-percs=no of them, with
 * --inclusive=yes and with --tree=calling. `hot.gperf.callgrind.txt`: google-pprof --callgrind (gperftools 2.10).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NONE } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import { CALLGRIND } from '../callgrind';
import {
  bytesOf,
  dataFile,
  dataText,
  expectToSurvive,
  isOne,
  linesOf,
  read,
  sumOf
} from './readings';

const SAMPLES = ['tiny', 'tiny.instr', 'tiny.parts', 'hot'];

const sample = (name: string) =>
  read(CALLGRIND, dataFile(`callgrind/${name}.callgrind.out.gz`));

/**
 * Without the calls that were under way when a part was written, `calls=0`: callgrind_annotate takes them for own costs.
 * The reports of `tiny.parts` are made without them, too.
 */
const settled = (name: string) =>
  read(
    CALLGRIND,
    dataText(`callgrind/${name}.callgrind.out.gz`).replace(
      /calls=0 [^\n]*\n[^\n]*\n/g,
      ''
    )
  );

/** A function as callgrind_annotate prints it, but for the object. */
function placed(profile: IProfile, func: number): string {
  const { name, file } = profile.functions;
  const path =
    (file[func] as number) === NONE ? '???' : profile.files.path[file[func]];
  return `${path}:${name[func]}`;
}

/** Rows of a report: costs, a mark, and the rest of the line without object. */
function rowsOf(
  report: string
): { costs: number[]; mark: string; text: string }[] {
  return report.split('\n').flatMap(line => {
    const parts = /^ *((?:[\d,.]+ +)+) ([*>] )? *(\S.*?)(?: \[\S*\])?$/.exec(
      line
    );
    return parts && !parts[3].startsWith('PROGRAM')
      ? [
          {
            costs: parts[1]
              .trim()
              .split(/ +/)
              .map(cost => Number(cost.replace(/,/g, '').replace('.', '0'))),
            mark: (parts[2] ?? '').trim(),
            text: parts[3]
          }
        ]
      : [];
  });
}

/** Lists of numbers by name, added up where a name comes again. */
class Sums {
  add(key: string, numbers: readonly number[]): void {
    const old = this.of[key];
    this.of[key] = old ? old.map((sum, i) => sum + numbers[i]) : [...numbers];
  }

  of: Record<string, number[]> = {};
}

describe('Callgrind', () => {
  it('is known by its first line, or by events and functions', () => {
    expect(isOne(CALLGRIND, '# callgrind format\nversion: 1\n')).toBe(true);
    expect(isOne(CALLGRIND, 'events: Hits\n\nfl=(1) a.c\nfn=(1) f\n')).toBe(
      true
    );
    expect(isOne(CALLGRIND, 'events: none of ours\n')).toBe(false);
  });

  it.each(SAMPLES)('has the own costs and the calls of %s', name => {
    const profile = settled(name);
    const events = profile.metrics
      .map(({ id }) => id)
      .filter(id => id !== 'calls');
    // The report has a row for each file of a function, and calls below each: add up by function.
    const own = new Sums();
    const calls = new Sums();
    let caller = '';
    for (const { costs, mark, text } of rowsOf(
      dataText(`callgrind/${name}.tree.txt.gz`)
    )) {
      if (mark === '*') {
        caller = text.replace(/^.*?:/, '');
        own.add(caller, costs);
      } else {
        const [, callee, count] = /^(.*) \(([\d,]+)x\)$/.exec(text) ?? [];
        calls.add(`${caller} > ${callee}`, [
          Number(count.replace(/,/g, '')),
          ...costs
        ]);
      }
    }
    const ownFound = new Sums();
    const { totals, edges, functions } = profile;
    for (let row = 0; row < totals.length; row++) {
      ownFound.add(
        functions.name[totals.function[row]],
        events.map(id => totals.values.get(`self.${id}`)?.[row] ?? 0)
      );
    }
    const callsFound = new Sums();
    for (let row = 0; row < edges.length; row++) {
      callsFound.add(
        `${functions.name[edges.caller[row]]} > ${placed(profile, edges.callee[row])}`,
        [
          edges.values.get('self.calls')?.[row] ?? 0,
          ...events.map(id => edges.values.get(`total.${id}`)?.[row] ?? 0)
        ]
      );
    }
    expect(Object.keys(own.of).length).toBeGreaterThan(100);
    expect(Object.keys(calls.of).length).toBeGreaterThan(100);
    expect(ownFound.of).toEqual(own.of);
    expect(callsFound.of).toEqual(calls.of);
  });

  it.each(SAMPLES)('has the inclusive costs of %s', name => {
    const profile = settled(name);
    const events = profile.metrics
      .map(({ id }) => id)
      .filter(id => id !== 'calls');
    const { totals, functions } = profile;
    const byPlace = new Sums();
    const roots = new Sums();
    for (let row = 0; row < totals.length; row++) {
      const func = totals.function[row];
      const costs = events.map(
        id => totals.values.get(`total.${id}`)?.[row] ?? 0
      );
      const isCalled = (totals.values.get('self.calls')?.[row] ?? 0) > 0;
      (isCalled ? byPlace : roots).add(
        isCalled ? placed(profile, func) : functions.name[func],
        costs
      );
    }
    let compared = 0;
    const rootsSaid = new Sums();
    for (const { costs, text } of rowsOf(
      dataText(`callgrind/${name}.inclusive.txt.gz`)
    )) {
      if (byPlace.of[text]) {
        expect([text, byPlace.of[text]]).toEqual([text, costs]);
        compared++;
      } else if (roots.of[text.replace(/^.*?:/, '')]) {
        rootsSaid.add(text.replace(/^.*?:/, ''), costs);
      }
    }
    expect(compared).toBe(Object.keys(byPlace.of).length);
    expect(rootsSaid.of).toEqual(roots.of);
  });

  it.each(SAMPLES)('adds up to what %s says', name => {
    const { checks, meta } = sample(name);
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.map(({ ok }) => ok)).toEqual(checks.map(() => true));
    expect(meta.warnings.map(({ code }) => code)).toEqual(['recursive-totals']);
    expect(meta.engine).toMatchObject({ name: 'callgrind', version: '3.19.0' });
  });

  it('tells of functions that call themselves, also through others, and of no others', () => {
    const recursive = sample('tiny').meta.warnings[0].text;
    expect(recursive).toMatch(/counts them \(".+" and \d more\)/);
    const of = (...calls: string[]) =>
      read(
        CALLGRIND,
        `events: Ir\n${calls
          .map(call => call.split('>'))
          .map(([f, g]) => `fl=a\nfn=${f}\n1 1\ncfn=${g}\ncalls=1 1\n1 5\n`)
          .join('')}`
      ).meta.warnings.map(({ text }) => text);
    expect(of('f>g', 'g>h')).toEqual([]);
    expect(of('f>g', 'g>g')).toEqual([
      expect.stringMatching(/counts them \("g"\)\.$/)
    ]);
    expect(of('f>g', 'g>h', 'h>g')).toEqual([
      expect.stringMatching(/counts them \("g" and 1 more\)\.$/)
    ]);
  });

  it('has the costs of lines, in whatever file they are', () => {
    const profile = sample('hot');
    const { lines, files, functions } = profile;
    const own = lines.values.get('self.ir') ?? new Float64Array();
    // callgrind_annotate: 116,126,776 in hot.cpp and 921,600 in stl_vector.h are matmul's.
    const byFile = new Sums();
    for (let row = 0; row < lines.length; row++) {
      if (functions.name[lines.function[row]].startsWith('lin::matmul(')) {
        byFile.add(files.path[lines.file[row]], [own[row]]);
      }
    }
    expect(byFile.of).toEqual({
      '/opt/demo/hot.cpp': [116_126_776],
      '/usr/include/c++/12/bits/stl_vector.h': [921_600]
    });
  });

  it('reads google-pprof’s files', () => {
    const profile = read(
      CALLGRIND,
      dataFile('callgrind/hot.gperf.callgrind.txt')
    );
    expect(profile.metrics.map(({ id, unit }) => [id, unit])).toEqual([
      ['samples', 'samples'],
      ['calls', 'count']
    ]);
    // callgrind_annotate: 349 PROGRAM TOTALS (calculated), 144 of lin::matmul. There were 309 samples: google-pprof
    // writes those with inlined frames more than once.
    const own = profile.totals.values.get('self.samples') ?? new Float64Array();
    expect(sumOf(own)).toBe(349);
    const matmul = profile.functions.name.indexOf('lin::matmul');
    expect(own[profile.totals.function.indexOf(matmul)]).toBe(144);
  });

  it('takes names, positions and events as the grammar has them', () => {
    const profile = read(
      CALLGRIND,
      `version: 1
creator: xdebug 3.1.0 (PHP 8.1)
cmd: /a/main.php
positions: instr line
event: Cy : Cycles
events: Cy Time_(10ns) 1x

ob=(1) /bin/a
fl=(1) a.c
fn=(1) main
0x10 16 400 7
+4 +2 0x10
cob=(2) /lib/b.so
cfi=(2) b.c
cfn=(2) f
calls=2 0x100 30
+4 -1 50 3 1
fi=(3) a.h
* 5 1
fe=(1)
jump=3 0x20 20
+1 *
jcnd=1/2 +1 +2
* *

thread: 2
ob=(2)
fl=(2)
fn=(2)
0x100 30 50 3
`
    );
    expect(
      profile.metrics.map(({ id, label, unit, tick }) => [
        id,
        label,
        unit,
        tick
      ])
    ).toEqual([
      ['cy', 'Cycles', 'count', 1],
      ['time', 'Time', 'ns', 10],
      ['x', '1x', 'count', 1],
      ['calls', 'Calls', 'count', 1]
    ]);
    expect(linesOf(profile, 'cy')).toEqual({
      'a.c:16 main': [400, 0],
      'a.c:18 main': [16, 0],
      'a.h:5 main': [1, 0],
      'b.c:30 f': [50, 0]
    });
    expect(profile.meta.engine).toMatchObject({
      name: 'xdebug',
      version: '3.1.0 (PHP 8.1)'
    });
    expect(profile.objects.path).toEqual(['/bin/a', '/lib/b.so']);
    expect(profile.threads.name).toEqual(['', 'Thread 2']);
    expect([...(profile.totals.values.get('total.cy') ?? [])]).toEqual([
      467, 50, 50
    ]);
  });

  it('says when costs are missing', () => {
    const { checks, meta } = read(
      CALLGRIND,
      'events: Ir\nsummary: 9\nfl=a\nfn=f\n1 4\n'
    );
    expect(checks).toMatchObject([
      { id: 'summary', ok: false, value: 4, expected: 9 }
    ]);
    expect(meta.warnings.map(({ code }) => code)).toEqual(['incomplete']);
  });

  it.each([
    ['', 'Expected a line with events, found none at byte 0 (line 0).'],
    [
      'events: Ir\nfn=(3)\n',
      'Expected a name for the number "3" at byte 11 (line 2).'
    ],
    [
      'events: Ir\nfn=f\n1 x\n',
      'Expected a cost, found "x" at byte 16 (line 3).'
    ],
    [
      'events: Ir\nfn=f\n1 2 3\n',
      'Expected at most 1 costs, found 2 at byte 16 (line 3).'
    ],
    [
      'events: Ir\nfn=f\n1z 2\n',
      'Expected a position, found "1z" at byte 16 (line 3).'
    ],
    [
      'events: Ir\n1 2\n',
      'Expected a function before costs, found "1 2" at byte 11 (line 2).'
    ],
    [
      'fn=f\n1 2\n',
      'Expected a line with events before costs, found "1 2" at byte 5 (line 2).'
    ],
    [
      'events: Ir\nfn=f\ncfn=g\ncalls=1 1\nfn=h\n',
      'Expected the cost of a call, found "fn=h" at byte 32 (line 5).'
    ],
    [
      'events: Ir\nfn=f\ncfn=g\ncalls=1 1\n',
      'Expected the cost of a call, found the end'
    ],
    [
      'events: Ir\nfn=f\ncalls=1 1\n1 1\n',
      'Expected a called function before the cost of a call'
    ],
    [
      'events: Ir\nfn=f\ncalls=\n',
      'Expected a number of calls, found "calls="'
    ],
    [
      'events: Ir\nwhat is this\n',
      'Expected a name, a cost or a header, found "what is this"'
    ],
    ['version: 2\n', 'Expected version 1, found "2" at byte 0 (line 1).'],
    [
      'events: Ir\nevents: Dr\n',
      'Expected the events "Ir" in each part, found "Dr"'
    ],
    [`events: Ir\nfn=f\n1 ${'9'.repeat(400)}\n`, 'Expected a cost, found "999'],
    [
      `events: Ir\nfl=a\nfn=f\n${'9'.repeat(20)} 1\n`,
      'Expected the number of a line, found 100000000000000000000'
    ]
  ])('says what is wrong: %j', (text, message) => {
    expect(() => read(CALLGRIND, text)).toThrow(message);
  });

  it('gives any costs and calls back, however they are written', () => {
    const cost = fc.record({
      func: fc.nat(4),
      line: fc.integer({ min: 1, max: 60 }),
      value: fc.nat(1000),
      callee: fc.option(fc.nat(4), { nil: null }),
      style: fc.nat(2)
    });
    fc.assert(
      fc.property(fc.array(cost, { minLength: 1, maxLength: 40 }), costs => {
        const known = new Set<string>();
        const name = (kind: string, i: number) => {
          const key = `${kind}${i}`;
          const text = known.has(key) ? `(${i})` : `(${i}) ${key}`;
          known.add(key);
          return text;
        };
        let text = 'positions: line\nevents: Ir\n';
        let last = 0;
        const own = new Sums();
        const calls = new Sums();
        for (const { func, line, value, callee, style } of costs) {
          text += `fl=${name('file', func)}\nfn=${name('fn', func)}\n`;
          if (callee !== null) {
            text += `cfi=${name('file', callee)}\ncfn=${name('fn', callee)}\ncalls=${value} +1\n`;
            calls.add(`fn${func} fn${callee}`, [value, value]);
          } else {
            own.add(`file${func}:${line} fn${func}`, [value, 0]);
          }
          const step = line - last;
          text += [
            `${line}`,
            `0x${line.toString(16)}`,
            step === 0 ? '*' : step > 0 ? `+${step}` : `${step}`
          ][style];
          text += ` ${value}\n`;
          last = line;
        }
        const profile = read(CALLGRIND, text);
        expect(linesOf(profile, 'ir')).toEqual(own.of);
        const found = new Sums();
        const { edges, functions } = profile;
        for (let row = 0; row < edges.length; row++) {
          found.add(
            `${functions.name[edges.caller[row]]} ${functions.name[edges.callee[row]]}`,
            ['self.calls', 'total.ir'].map(
              key => edges.values.get(key as 'self.calls')?.[row] ?? 0
            )
          );
        }
        expect(found.of).toEqual(calls.of);
      })
    );
  });

  it('survives damage', () => {
    expectToSurvive(CALLGRIND, dataFile('callgrind/hot.gperf.callgrind.txt'));
    const text = dataText('callgrind/tiny.instr.callgrind.out.gz');
    expectToSurvive(
      CALLGRIND,
      bytesOf(text.slice(0, 9000).replace(/calls=[^\n]*\n[^\n]*$|[^\n]*$/, ''))
    );
  });
});
