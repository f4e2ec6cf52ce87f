/**
 * `mosaic.mixed.speedscope.json`: the stacks of `../collapsed/mosaic.mixed.folded`, written by the same script.
 * `py-spy-0.4.3…`: py-spy record -t -f speedscope (200 Hz). `pyinstrument-5.1.3…`: pyinstrument -r speedscope. Others
 * are written from the schema at https://www.speedscope.app/file-format-schema.json.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { IMetric, IProfile } from '../../profile/model';
import { displayName } from '../../profile/names';
import { COLLAPSED } from '../collapsed';
import { ProfileBuilder, SAMPLES, timeMetric } from '../profileBuilder';
import { SPEEDSCOPE } from '../speedscope';
import { toSpeedscope } from '../write/speedscope';
import {
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

const SCHEMA = 'https://www.speedscope.app/file-format-schema.json';

function file(profiles: object[], frames: object[] = [], rest: object = {}) {
  const names = ['a', 'b', 'c'].map(name => ({ name }));
  return JSON.stringify({
    $schema: SCHEMA,
    shared: { frames: frames.length ? frames : names },
    profiles,
    ...rest
  });
}

const sampled = (samples: number[][], weights: number[], unit = 'none') => ({
  type: 'sampled',
  name: 'main',
  unit,
  startValue: 0,
  endValue: sumOf(weights),
  samples,
  weights
});

const evented = (events: [string, number, number][], endValue: number) => ({
  type: 'evented',
  name: 'main',
  unit: 'milliseconds',
  startValue: 0,
  endValue,
  events: events.map(([type, at, frame]) => ({ type, at, frame }))
});

describe('speedscope', () => {
  it('is known by its schema, or by how it begins', () => {
    const text = file([sampled([[0]], [1])]);
    expect(isOne(SPEEDSCOPE, text)).toBe(true);
    expect(isOne(SPEEDSCOPE, ' {"shared": {"frames": [')).toBe(true);
    expect(isOne(SPEEDSCOPE, '{"profiles":[{"type":"evented"')).toBe(true);
    expect(isOne(SPEEDSCOPE, '{"traceEvents": []}')).toBe(false);
    expect(isOne(SPEEDSCOPE, 'main;f 2\n')).toBe(false);
  });

  it('has the stacks that collapsed ones have', () => {
    const mixed = read(
      SPEEDSCOPE,
      dataFile('speedscope/mosaic.mixed.speedscope.json')
    );
    const folded = read(COLLAPSED, dataFile('collapsed/mosaic.mixed.folded'));
    const nameless = (stacks: Record<string, number>) =>
      Object.entries(stacks)
        .map(([way, value]) => `${way.replace(/^.*?: /, '')} ${value}`)
        .sort();
    expect(nameless(stacksOf(mixed, 'samples'))).toEqual(
      nameless(stacksOf(folded, 'samples'))
    );
    expect(mixed.metrics.map(({ id }) => id)).toEqual(['samples']);
  });

  it('has py-spy’s threads, weights and lines', () => {
    const text = dataText('speedscope/py-spy-0.4.3.speedscope.json');
    const profile = read(SPEEDSCOPE, text);
    const { name, tid } = profile.threads;
    expect(name).toEqual(['MainThread', 'helper']);
    expect([...tid]).toEqual([28864, 28866]);
    expect(profile.meta.engine).toMatchObject({
      name: 'py-spy',
      version: '0.4.3'
    });
    // py-spy said 268 samples of 5 ms, and no error.
    const own = profile.paths.values.get('self.time');
    expect(sumOf(own)).toBe(268 * 5_000_000);
    const { shared, profiles } = JSON.parse(text) as {
      shared: { frames: { file: string; line: number; name: string }[] };
      profiles: { samples: number[][] }[];
    };
    const wanted: Record<string, [number, number]> = {};
    for (const { samples } of profiles) {
      for (const sample of samples) {
        const lines = sample
          .map(i => shared.frames[i])
          .map(frame =>
            frame.line
              ? `${frame.file}:${frame.line} ${frame.name.replace(/^.*\./, '')}`
              : ''
          );
        for (const line of new Set(lines.filter(line => line))) {
          (wanted[line] ??= [0, 0])[1] += 5_000_000;
        }
        const last = lines[lines.length - 1];
        if (last) {
          wanted[last][0] += 5_000_000;
        }
      }
    }
    expect(linesOf(profile, 'time')).toEqual(wanted);
  });

  it('has pyinstrument’s events', () => {
    const text = dataText('speedscope/pyinstrument-5.1.3.speedscope.json');
    const profile = read(SPEEDSCOPE, text);
    const { profiles } = JSON.parse(text) as {
      profiles: { events: { at: number; frame: number }[] }[];
    };
    // Its one root, the module, is opened at 0 and closed last.
    const last = profiles[0].events[profiles[0].events.length - 1];
    expect([profiles[0].events[0].frame, last.frame]).toEqual([0, 0]);
    const totals = totalsByName(profile, 'time');
    expect(totals.get('<module>')?.total).toBeCloseTo(last.at * 1e9, 5);
    expect(profile.lines).toHaveLength(0);
    const depth = profile.functions.name.indexOf('depth');
    expect(profile.functions.line[depth]).toBe(18);
    expect(profile.meta.warnings).toEqual([]);
  });

  it('adds up events to the time between them', () => {
    const profile = read(
      SPEEDSCOPE,
      file([
        evented(
          [
            ['O', 1, 0],
            ['O', 1.5, 1],
            ['C', 2.25, 1],
            ['C', 4, 0],
            ['O', 6, 0],
            ['C', 7, 0]
          ],
          9
        )
      ])
    );
    expect(stacksOf(profile, 'time')).toEqual({
      'main: a': 3_250_000,
      'main: a > b': 750_000
    });
    expect(profile.meta.wall).toBe(9_000_000);
  });

  it('closes what was left open, and says so', () => {
    const profile = read(
      SPEEDSCOPE,
      file([
        evented(
          [
            ['C', 0, 2],
            ['O', 0, 0],
            ['O', 1, 1],
            ['C', 2, 0],
            ['O', 3, 0]
          ],
          5
        )
      ])
    );
    expect(stacksOf(profile, 'time')).toEqual({
      'main: a': 3e6,
      'main: a > b': 1e6
    });
    expect(profile.meta.warnings.map(({ text }) => text)).toEqual([
      '2 frames are never closed and end with the one around them; 1 are closed without having been opened, which is ignored.'
    ]);
  });

  it('keeps threads of one name and metrics of other units apart', () => {
    const profile = read(
      SPEEDSCOPE,
      file([
        sampled([[0], []], [1, 2]),
        sampled([[0, 1]], [4], 'bytes'),
        sampled([[0]], [0.0011], 'seconds')
      ])
    );
    expect(profile.threads.name).toEqual(['main', 'main (2)', 'main (3)']);
    expect(profile.metrics.map(({ id, unit }) => [id, unit])).toEqual([
      ['samples', 'samples'],
      ['bytes', 'bytes'],
      ['time', 'ns']
    ]);
    expect(stacksOf(profile, 'time')).toEqual({ 'main (3): a': 1_100_000 });
    expect(profile.meta.warnings.map(({ code }) => code)).toEqual([
      'empty-stacks'
    ]);
  });

  it('takes lines for first lines where no function has two', () => {
    const frames = [
      { name: 'a', file: '/a.py', line: 3 },
      { name: 'b', file: '/a.py', line: 9 }
    ];
    const profile = read(SPEEDSCOPE, file([sampled([[0, 1]], [1])], frames));
    expect([...profile.functions.line]).toEqual([3, 9]);
    const two = [...frames, { name: 'b', file: '/a.py', line: 10 }];
    const lines = read(SPEEDSCOPE, file([sampled([[0, 2]], [1])], two));
    expect([...lines.functions.line]).toEqual([0, 0]);
    expect(linesOf(lines, 'samples')).toEqual({
      '/a.py:3 a': [0, 1],
      '/a.py:10 b': [1, 1]
    });
  });

  it.each([
    ['{"profiles": [', 'Expected JSON, found its end at byte 14 (line 1).'],
    ['[1,\n "é", x]', 'Expected JSON, found "x]" at byte 11 (line 2).'],
    ['[]', 'Expected an object, found a list of 0 at the top.'],
    [
      file([{ ...sampled([[0, 7]], [1]) }]),
      'Expected an index below 3, found 7 at profiles[0].samples[0][1].'
    ],
    [
      file([sampled([[0]], [])]),
      'Expected a list of 1, as there are samples, found a list of 0 at profiles[0].weights.'
    ],
    [
      file([{ ...sampled([[0]], [1]), unit: 'days' }]),
      'Expected none, bytes or a unit of time, found the text "days" at profiles[0].unit.'
    ],
    [
      file([sampled([[0]], [1])]).replace('[1]', '[1e999]'),
      'Expected a finite number, found Infinity at profiles[0].weights[0].'
    ],
    [
      file([
        evented(
          [
            ['O', 2, 0],
            ['C', 1, 0]
          ],
          2
        )
      ]),
      'Expected a time not before the last, found 1 at profiles[0].events[1].at.'
    ]
  ])('says what is wrong: %s', (text, message) => {
    expect(() => read(SPEEDSCOPE, text)).toThrow(message);
  });

  it('reads what is written in another way as what tools write', () => {
    const profiles = [
      sampled([[0, 1], [], [0, 2], [0, 2, 1], [0, 1]], [1, 2, 0.25, 4, 5]),
      evented(
        [
          ['O', 0, 0],
          ['O', 1.5, 1],
          ['C', 2, 1],
          ['C', 4, 0]
        ],
        4
      )
    ];
    const plain = read(SPEEDSCOPE, file(profiles));
    const other = profiles.map(profile =>
      // One value more for each event, and numbers that are written longer.
      JSON.stringify(profile)
        .replaceAll('"frame":', '"note":"","frame":')
        .replace('[0,1]', '[0.0,1]')
    );
    const odd = `{"profiles":[${other.join()}],"shared":{"frames":[{"name":"a"},{"name":"b"},{"name":"c"}]},"$schema":"${SCHEMA}"}`;
    expect(read(SPEEDSCOPE, odd)).toEqual(plain);
    expect(plain.paths.length).toBeGreaterThan(4);
  });

  it.each([
    ['samples', [[0, 7]], 'an index below 3'],
    ['samples', [[0, -1]], 'an index below 3'],
    ['samples', [[0], [1]], 'a list of 2'],
    ['weights', ['1'], 'a finite number'],
    ['weights', 7, 'a list'],
    ['samples', [0], 'a list']
  ])('says what is wrong with %s %j', (key, value, expected) => {
    const one = { ...sampled([[0]], [1]), [key]: value };
    expect(() => read(SPEEDSCOPE, file([one]))).toThrow(expected);
  });

  it('says where a list of a profile that is not looked at is broken', () => {
    const text = file([{ ...sampled([[0]], [1]), events: [1] }]);
    expect(() =>
      read(SPEEDSCOPE, text.replace('"events":[1]', '"events":[1,,]'))
    ).toThrow('Expected JSON');
    expect(read(SPEEDSCOPE, text).paths.length).toBe(1);
  });

  it('reads a deep stack of events in no more than linear time', () => {
    const depth = 100_000;
    const events: [string, number, number][] = [];
    for (let i = 0; i < depth; i++) {
      events.push(['O', i, i % 3]);
    }
    for (let i = 0; i < depth; i++) {
      events.push(['O', depth + i, 0], ['C', depth + i + 1, 0]);
    }
    const profile = read(SPEEDSCOPE, file([evented(events, 2 * depth)]));
    expect(profile.paths.length).toBe(depth + 1);
    expect(sumOf(profile.paths.values.get('self.time'))).toBe(2 * depth * 1e6);
  });

  it('survives damage', () => {
    expectToSurvive(
      SPEEDSCOPE,
      bytes(
        file([
          sampled([[0], [0, 1]], [1, 2]),
          evented(
            [
              ['O', 0, 0],
              ['O', 1, 1],
              ['C', 2, 1],
              ['C', 3, 0]
            ],
            5
          )
        ])
      )
    );
    expectToSurvive(
      SPEEDSCOPE,
      dataFile('speedscope/py-spy-0.4.3.speedscope.json')
    );
  });
});

const bytes = (text: string) => new TextEncoder().encode(text);

describe('toSpeedscope', () => {
  const functions = [
    { name: 'main' },
    { name: 'read', qualified: 'Reader.read', path: '/a.py', line: 3 },
    { name: '<lambda>', path: '/a.py', line: 9 },
    { name: 'operator()', path: '/a.cpp', line: 1 },
    { name: 'é \ud83d\ude00', path: 'C:\\x.py' }
  ];
  const metrics: IMetric[] = [
    timeMetric(),
    timeMetric(100),
    SAMPLES,
    { ...SAMPLES, id: 'bytes', label: 'Bytes', unit: 'bytes' }
  ];

  /** Stacks with all that the format keeps of their functions. */
  function kept(profile: IProfile, { id, tick }: IMetric) {
    const { paths, functions: table, files, threads } = profile;
    const own = paths.values.get(`self.${id}`);
    const ways: string[] = [];
    const found = new Map<string, number>();
    for (let row = 0; row < paths.length; row++) {
      const func = paths.function[row];
      const place = `${displayName(profile, func)} (${files.path[table.file[func]]}:${table.line[func]})`;
      const parent: number = paths.parent[row];
      const thread = paths.thread[row];
      ways[row] =
        parent < 0
          ? `${threads.name[thread]} ${threads.pid[thread]} ${threads.tid[thread]}: ${place}`
          : `${ways[parent]} > ${place}`;
      if (own && own[row] !== 0) {
        found.set(ways[row], own[row] * tick);
      }
    }
    return found;
  }

  it('gives any call tree back', () => {
    const sample = fc.record({
      stack: fc.array(fc.nat(functions.length - 1), {
        minLength: 1,
        maxLength: 9
      }),
      thread: fc.nat(2),
      value: fc.nat(1000)
    });
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(...metrics),
        (samples, metric) => {
          const builder = new ProfileBuilder({});
          builder.metric(metric);
          const funcs = functions.map(parts => builder.func(parts));
          const threads = [
            builder.thread({ name: 'main' }),
            builder.thread({ name: 'a "b"', pid: 0, tid: 7 }),
            builder.thread({ name: 'c', pid: 3, tid: 8 })
          ];
          for (const { stack, thread, value } of samples) {
            builder.paths.add(
              builder.paths.stack(
                stack.map(i => funcs[i]),
                threads[thread]
              ),
              `self.${metric.id}`,
              value
            );
          }
          const profile = builder.done('a test', 'a name');
          const again = read(SPEEDSCOPE, toSpeedscope(profile));
          const wanted = kept(profile, metric);
          expect(kept(again, { ...metric, tick: 1 })).toEqual(wanted);
          expect(again.functions.kind.includes('python')).toBe(
            [...wanted.keys()].some(way => way.includes('.py:'))
          );
        }
      )
    );
  });

  it('refuses a profile without call paths', () => {
    expect(() =>
      toSpeedscope(new ProfileBuilder({}).done('a test', ''))
    ).toThrow(
      'This profile has no call paths, but sums of functions and callers, and the file would hold call paths.'
    );
  });
});
