/**
 * `viztracer-1.1.1.json` and `node.cpuprofile` are made by the tools (tests/data/chrome/README.md). Others are written
 * from "Trace Event Format" and from V8's `Profiler.Profile`.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CHROME_TRACE } from '../chromeTrace';
import {
  bytesOf,
  dataFile,
  dataText,
  expectToSurvive,
  isOne,
  linesOf,
  read,
  stacksOf,
  sumOf,
  totalsByName
} from './readings';

const VIZTRACER = 'chrome/viztracer-1.1.1.json';
const NODE = 'chrome/node.cpuprofile';

type Event = Record<string, unknown>;

const event = (ph: string, ts: number, name?: string, rest: Event = {}) => ({
  ph,
  ts,
  pid: 1,
  tid: 2,
  ...(name === undefined ? {} : { name }),
  ...rest
});

const warningsOf = (text: string) =>
  read(CHROME_TRACE, text).meta.warnings.map(warning => warning.text);

/** µs in decimals as ns, without binary fractions. */
function nanoseconds(micros: number): bigint {
  const [whole, part = ''] = String(micros).split('.');
  expect(part.length).toBeLessThanOrEqual(3);
  return BigInt(whole) * 1000n + BigInt(part.padEnd(3, '0'));
}

describe('a Chrome trace', () => {
  it('is known by its events', () => {
    expect(isOne(CHROME_TRACE, dataFile(VIZTRACER))).toBe(true);
    expect(isOne(CHROME_TRACE, dataFile(NODE))).toBe(true);
    expect(isOne(CHROME_TRACE, JSON.stringify([event('B', 1, 'f')]))).toBe(
      true
    );
    expect(isOne(CHROME_TRACE, '{"a": {"b": "\\"{"}, "traceEvents": [\n')).toBe(
      true
    );
    for (const text of [
      '{"a": {"traceEvents": []}}',
      '{"a": "traceEvents"}',
      '[{"a": {"ph": 1, "name": 2}}]',
      '{"nodes": [1, 2]}',
      'ph;name 2\n'
    ]) {
      expect(isOne(CHROME_TRACE, text)).toBe(false);
    }
  });

  it('has viztracer’s calls and times, to the nanosecond', () => {
    const { traceEvents } = JSON.parse(dataText(VIZTRACER)) as {
      traceEvents: {
        ph: string;
        tid: number;
        name: string;
        ts: number;
        dur: number;
      }[];
    };
    const calls = traceEvents
      .filter(({ ph }) => ph === 'X')
      .map(({ tid, name, ts, dur }) => ({
        thread: tid === 28870 ? 'helper' : 'MainThread',
        name: name.replace(/ \(.*\)$/, ''),
        from: nanoseconds(ts),
        to: nanoseconds(ts) + nanoseconds(dur)
      }));
    type Call = (typeof calls)[number];
    // The shortest call around a call is its caller.
    const callerOf = (call: Call) =>
      calls
        .filter(
          other =>
            other !== call &&
            other.thread === call.thread &&
            other.from <= call.from &&
            other.to >= call.to
        )
        .sort((a, b) => Number(a.to - a.from - (b.to - b.from)))[0] as
        Call | undefined;
    const bare = (name: string) =>
      name.includes('builtins') || /^(?:_thread|set|collections)\./.test(name)
        ? name
        : name.slice(name.lastIndexOf('.') + 1);
    const wayOf = (call: Call): string => {
      const caller = callerOf(call);
      return caller
        ? `${wayOf(caller)} > ${bare(call.name)}`
        : `${call.thread}: ${bare(call.name)}`;
    };
    const times: Record<string, number> = {};
    const counts: Record<string, number> = {};
    for (const call of calls) {
      const way = wayOf(call);
      const inner = calls.filter(other => callerOf(other) === call);
      const own = inner.reduce(
        (sum, { from, to }) => sum - (to - from),
        call.to - call.from
      );
      times[way] = (times[way] ?? 0) + Number(own);
      counts[way] = (counts[way] ?? 0) + 1;
    }
    const profile = read(CHROME_TRACE, dataFile(VIZTRACER));
    expect(stacksOf(profile, 'time')).toEqual(times);
    expect(stacksOf(profile, 'calls')).toEqual(counts);
    // 84 calls; builtins.exec is around all of the main thread, 539.216 µs.
    expect(sumOf(profile.paths.values.get('self.calls'))).toBe(84);
    expect(totalsByName(profile, 'time').get('builtins.exec')?.total).toBe(
      539_216
    );
    const from = calls.map(call => Number(call.from));
    const to = calls.map(call => Number(call.to));
    expect(profile.meta).toMatchObject({
      wall: Math.max(...to) - Math.min(...from),
      engine: { name: 'viztracer', version: '1.1.1' },
      warnings: []
    });
  });

  it('has viztracer’s threads, functions and text', () => {
    const profile = read(CHROME_TRACE, dataFile(VIZTRACER));
    const { functions, files, threads, sources } = profile;
    const at = functions.qualified.indexOf('Thread._stop');
    expect(functions.name[at]).toBe('_stop');
    expect(functions.line[at]).toBe(1051);
    expect(functions.kind[at]).toBe('python');
    expect(files.path[functions.file[at]]).toBe(
      '/usr/lib/python3.11/threading.py'
    );
    expect(functions.kind[functions.name.indexOf('builtins.sum')]).toBe(
      'builtin'
    );
    expect([...threads.name].sort()).toEqual(['MainThread', 'helper']);
    expect([...threads.tid].sort()).toEqual([28868, 28870]);
    const leaf = functions.line[functions.name.indexOf('leaf')];
    expect(sources.text[0].split('\n')[leaf - 1]).toBe('def leaf(n):');
  });

  it('says that viztracer’s buffer was too small', () => {
    const text = dataText(VIZTRACER).replace(
      '"overflow": false',
      '"overflow": true'
    );
    expect(warningsOf(text)).toEqual([
      expect.stringMatching(/buffer of viztracer was too small/)
    ]);
  });

  it('nests by begin and end, also where no time passes', () => {
    const events = [
      event('B', 1.5, 'f'),
      event('B', 2, 'g', { tid: 3 }),
      event('B', 2, 'g'),
      event('B', 2, 'h'),
      event('E', 2),
      event('E', 4, 'g'),
      event('E', 4),
      event('E', 7, 'g', { tid: 3 })
    ];
    const profile = read(CHROME_TRACE, JSON.stringify(events));
    expect(stacksOf(profile, 'time')).toEqual({
      'Thread 2: f': 500,
      'Thread 2: f > g': 2000,
      'Thread 3: g': 5000
    });
    expect(stacksOf(profile, 'calls')).toEqual({
      'Thread 2: f': 1,
      'Thread 2: f > g': 1,
      'Thread 2: f > g > h': 1,
      'Thread 3: g': 1
    });
    expect(profile.meta.wall).toBe(5500);
  });

  it('is exact for times since 1970', () => {
    const events = [
      event('X', 1_700_000_000_000_000, 'f', { dur: 10.125 }),
      event('X', 1_700_000_000_000_002, 'g', { dur: 3.001 })
    ];
    const profile = read(CHROME_TRACE, JSON.stringify(events));
    expect(stacksOf(profile, 'time')).toEqual({
      'Thread 2: f': 7124,
      'Thread 2: f > g': 3001
    });
  });

  it('says what does not fit', () => {
    const text = JSON.stringify({
      traceEvents: [
        event('E', 0, 'f'),
        event('X', 1, 'f', { dur: 4 }),
        event('X', 3, 'g', { dur: 5 }),
        event('B', 10, 'h'),
        event('i', 11, 'mark'),
        event('X', 12, 'k', { dur: 2 })
      ]
    });
    const profile = read(CHROME_TRACE, text);
    expect(stacksOf(profile, 'time')).toEqual({
      'Thread 2: f': 2000,
      'Thread 2: f > g': 2000,
      'Thread 2: h': 2000,
      'Thread 2: h > k': 2000
    });
    expect(profile.meta.warnings.map(({ text }) => text)).toEqual([
      '1 events are no calls: counters, flows, marks and others. They are not in the profile.',
      '1 events never end and are taken to end with the one around them; 1 end without having begun, which is ignored.',
      '1 events end later than the one that they begin in. What is beyond its end is not in the profile.'
    ]);
  });

  it('tells processes and threads of one id apart', () => {
    const name = (what: string, pid: unknown, text: string) =>
      event('M', 0, what, { pid, args: { name: text } });
    const call = (pid: unknown) => event('X', 1, 'f', { pid, dur: 1 });
    const events = [
      call(1),
      call(5),
      call('gpu'),
      name('process_name', 1, 'one'),
      name('process_name', 5, 'two'),
      name('thread_name', 5, 'worker')
    ];
    const { threads } = read(CHROME_TRACE, JSON.stringify(events));
    expect(threads.name).toEqual(['one: Thread 2', 'two: worker', 'Thread 2']);
    expect([...threads.pid]).toEqual([1, 5, 0]);
  });

  it('may be a list without an end', () => {
    const whole = JSON.stringify([event('X', 1, 'f', { dur: 1, args: {} })]);
    const open = whole.slice(0, -1);
    const wanted = read(CHROME_TRACE, whole);
    expect(read(CHROME_TRACE, open)).toEqual(wanted);
    expect(read(CHROME_TRACE, `${open},\n`)).toEqual(wanted);
    const cut = open.slice(0, -1);
    expect(() => read(CHROME_TRACE, cut)).toThrow(
      `Expected JSON, found its end at byte ${cut.length} (line 1).`
    );
  });

  it.each([
    ['[1]', 'Expected an object, found 1 at [0].'],
    ['{"traceEvents": 5}', 'Expected a list, found 5 at traceEvents.'],
    [
      JSON.stringify([event('X', 1, 'f', { dur: -1 })]),
      'Expected a duration from 0 on, found -1 at [0].dur.'
    ],
    [
      JSON.stringify({ traceEvents: [{ ph: 'B', name: 'f' }] }),
      'Expected a finite number, found nothing at traceEvents[0].ts.'
    ],
    [
      JSON.stringify([event('X', 1, 'f', { dur: 1e307 })]),
      'Expected a finite number, found Infinity at [0].dur.'
    ],
    [
      JSON.stringify([event('B', 1, 'f', { pid: {} })]),
      'Expected a number or a text, found an object at [0].pid.'
    ]
  ])('says what is wrong: %s', (text, message) => {
    expect(() => read(CHROME_TRACE, text)).toThrow(message);
  });

  it('reads deep stacks in no more than linear time', () => {
    const depth = 50_000;
    const events = Array.from({ length: depth }, (_, i) => event('B', i, 'f'));
    const text = JSON.stringify(events);
    const profile = read(CHROME_TRACE, text);
    expect(profile.paths.length).toBe(depth);
    expect(sumOf(profile.paths.values.get('self.time'))).toBe(
      (depth - 1) * 1000
    );
  });

  it('is the same by beginnings and ends and by durations, in any order', () => {
    const step = fc.record({
      // Open one of these, or close.
      name: fc.constantFrom('f', 'g', 'f (/a.py:3)', null),
      ticks: fc.integer({ min: 1, max: 9 })
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const pairs: Event[] = [];
        const wholes: Event[] = [];
        const open: { name: string; from: number }[] = [];
        const wanted: Record<string, number> = {};
        let now = 0;
        const pass = (ticks: number) => {
          if (open.length > 0) {
            const names = open.map(({ name }) => name.replace(/ .*/, ''));
            const way = `Thread 2: ${names.join(' > ')}`;
            wanted[way] = (wanted[way] ?? 0) + ticks;
          }
          now += ticks;
        };
        const close = () => {
          const last = open.pop();
          if (last) {
            pairs.push(event('E', now / 1000, last.name));
            const dur = (now - last.from) / 1000;
            wholes.push(event('X', last.from / 1000, last.name, { dur }));
          }
        };
        for (const { name, ticks } of steps) {
          if (name === null) {
            close();
          } else {
            open.push({ name, from: now });
            pairs.push(event('B', now / 1000, name));
          }
          pass(ticks);
        }
        while (open.length > 0) {
          close();
          pass(1);
        }
        for (const events of [pairs, wholes, wholes.slice().reverse()]) {
          const profile = read(CHROME_TRACE, JSON.stringify(events));
          expect(stacksOf(profile, 'time')).toEqual(wanted);
          expect(sumOf(profile.paths.values.get('self.calls'))).toBe(
            wholes.length
          );
          expect(profile.meta.warnings).toEqual([]);
        }
      })
    );
  });

  it('survives damage', () => {
    const events = [
      event('B', 1.5, 'f'),
      event('X', 2, 'g (/a.py:3)', { dur: 1 }),
      event('E', 4),
      event('M', 0, 'thread_name', { args: { name: 'main' } })
    ];
    expectToSurvive(CHROME_TRACE, bytesOf(JSON.stringify(events)));
    expectToSurvive(CHROME_TRACE, dataFile(VIZTRACER));
  });
});

interface IV8Node {
  readonly id: number;
  readonly callFrame: { functionName: string; url: string; lineNumber: number };
  readonly hitCount: number;
  readonly children?: number[];
  readonly positionTicks?: { line: number; ticks: number }[];
}

interface IV8Profile {
  readonly nodes: IV8Node[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: number[];
  readonly timeDeltas: number[];
}

describe('a profile of V8', () => {
  const raw = JSON.parse(dataText(NODE)) as IV8Profile;
  const nameOf = ({ callFrame: { functionName } }: IV8Node) =>
    functionName || '(anonymous)';
  const small = (rest: object) =>
    JSON.stringify({
      nodes: [
        { id: 1, callFrame: { functionName: '(root)' }, children: [2] },
        { id: 2, callFrame: { functionName: 'f', url: 'file:///C:/a%20b.js' } }
      ],
      startTime: 10,
      endTime: 20,
      samples: [2, 2],
      timeDeltas: [4, 3],
      ...rest
    });

  it('has the samples and times of each stack', () => {
    const ways = new Map<number, string>([[1, ':']]);
    for (const node of raw.nodes) {
      for (const child of node.children ?? []) {
        const name = nameOf(raw.nodes.find(({ id }) => id === child) ?? node);
        const above = ways.get(node.id) ?? '';
        ways.set(child, node.id === 1 ? `: ${name}` : `${above} > ${name}`);
      }
    }
    const hits: Record<string, number> = {};
    for (const { id, hitCount } of raw.nodes) {
      if (hitCount > 0) {
        hits[ways.get(id) ?? ''] = hitCount;
      }
    }
    const times: Record<string, number> = {};
    raw.samples.forEach((id, i) => {
      const way = ways.get(id) ?? '';
      const until =
        raw.timeDeltas[i + 1] ??
        raw.endTime - raw.startTime - sumOf(raw.timeDeltas);
      times[way] = (times[way] ?? 0) + until * 1000;
    });
    const profile = read(CHROME_TRACE, dataFile(NODE));
    expect(stacksOf(profile, 'samples')).toEqual(hits);
    expect(stacksOf(profile, 'time')).toEqual(times);
    expect(profile.checks[0]).toMatchObject({ id: 'hits', ok: true });
    expect(profile.meta.wall).toBe((raw.endTime - raw.startTime) * 1000);
  });

  it('has the lines, and functions where they begin', () => {
    const wanted: Record<string, [number, number]> = {};
    for (const node of raw.nodes) {
      for (const { line, ticks } of node.positionTicks ?? []) {
        const path = node.callFrame.url.replace('file://', '');
        const key = `${path}:${line} ${nameOf(node)}`;
        wanted[key] = [(wanted[key]?.[0] ?? 0) + ticks, 0];
      }
    }
    const profile = read(CHROME_TRACE, dataFile(NODE));
    expect(linesOf(profile, 'samples')).toEqual(wanted);
    const { name, line, kind, file } = profile.functions;
    const fib = name.indexOf('fib');
    expect([line[fib], kind[fib]]).toEqual([1, 'other']);
    expect(profile.files.path[file[fib]]).toBe('/home/user/v8.js');
    expect(kind[name.indexOf('(idle)')]).toBe('pseudo');
    expect(name.filter(one => one === 'fib')).toHaveLength(1);
  });

  it('sorts samples by time, and does without them', () => {
    const sorted = read(CHROME_TRACE, small({ timeDeltas: [4, -1] }));
    expect(stacksOf(sorted, 'time')).toEqual({ ': f': 7000 });
    expect(sorted.files.path).toEqual(['C:/a b.js']);
    expect(sorted.checks[0]).toMatchObject({
      ok: false,
      value: 2,
      expected: 0
    });
    const text = small({ samples: undefined }).replace(
      '"id":2',
      '"hitCount":3,"id":2'
    );
    const counted = read(CHROME_TRACE, text);
    expect(stacksOf(counted, 'samples')).toEqual({ ': f': 3 });
    expect(counted.checks).toEqual([]);
  });

  it.each([
    [
      small({ samples: [2, 9] }),
      'Expected the id of a node, found 9 at samples[1].'
    ],
    [
      small({ timeDeltas: [1] }),
      'Expected a list of 2, as there are samples, found a list of 1 at timeDeltas.'
    ],
    [
      small({}).replace('[2]', '[1]'),
      'Expected a tree, found 1 nodes that no root leads to at nodes.'
    ],
    [
      small({}).replace('[2]', '[2,2]'),
      'Expected a node that has no parent yet, found 2 at nodes[0].children[1].'
    ],
    [
      small({}).replace('"id":2', '"id":1'),
      'Expected an id of its own, found 1 again at nodes[1].id.'
    ]
  ])('says what is wrong: %s', (text, message) => {
    expect(() => read(CHROME_TRACE, text)).toThrow(message);
  });

  it('survives damage', () => {
    expectToSurvive(CHROME_TRACE, bytesOf(small({})));
    expectToSurvive(CHROME_TRACE, dataFile(NODE));
  });
});
