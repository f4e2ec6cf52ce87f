/**
 * The samples are made with pyinstrument 4.6.2 and 5.1.3 (tests/data/pyinstrument/README.md). What else there is of
 * version 4 (no class, no line, `[await]` with a place) is written from the sources of 4.0.4.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PYINSTRUMENT } from '../pyinstrument';
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

const SESSIONS = ['v4.6.2', 'v5.1.3', 'v5.1.3-async'];

interface ISession {
  readonly frame_records: [string[], number][];
  readonly sample_count: number;
  readonly duration: number;
  readonly start_time: number;
}

interface INode {
  readonly function: string;
  readonly time: number;
  readonly children: INode[];
}

const sessionOf = (name: string) =>
  JSON.parse(dataText(`pyinstrument/${name}.pyisession`)) as ISession;

const functionOf = (frame: string) => /^[^\0\x01]*/.exec(frame)?.[0] ?? '';

function session(records: [string[], unknown][], rest: object = {}): string {
  return JSON.stringify({
    frame_records: records,
    start_time: 1.5,
    duration: 2,
    sample_count: records.length,
    start_call_stack: [],
    program: 'a.py',
    cpu_time: null,
    ...rest
  });
}

const frame = (name: string, attributes = '', path = '/a.py') =>
  `${name}\0${path}\u00007${attributes}`;

function report(root: object | null): string {
  return JSON.stringify({
    start_time: 1,
    duration: 2,
    sample_count: 3,
    target_description: 'Program: a.py 1',
    cpu_time: 0.5,
    root_frame: root
  });
}

const node = (
  name: string,
  time: number,
  children: object[] = [],
  rest = {}
) => ({
  function: name,
  file_path: name.startsWith('[') ? '' : '/a.py',
  line_no: 3,
  time,
  children,
  ...rest
});

describe('pyinstrument', () => {
  it('is known by how it begins', () => {
    for (const name of SESSIONS) {
      for (const ending of ['.pyisession', '.report.json']) {
        const bytes = dataFile(`pyinstrument/${name}${ending}`);
        expect(isOne(PYINSTRUMENT, bytes)).toBe(true);
      }
    }
    expect(isOne(PYINSTRUMENT, session([]))).toBe(true);
    expect(isOne(PYINSTRUMENT, '{"start_time": 1, "rows": []}')).toBe(false);
    expect(isOne(PYINSTRUMENT, 'main;f 2\n')).toBe(false);
  });

  it.each(SESSIONS)('has every sample of the session %s', name => {
    const raw = sessionOf(name);
    const profile = read(
      PYINSTRUMENT,
      dataFile(`pyinstrument/${name}.pyisession`)
    );
    const samples: Record<string, number> = {};
    const times: Record<string, number> = {};
    for (const [stack, time] of raw.frame_records) {
      const [thread, ...frames] = stack.map(functionOf);
      const way = `${thread}: ${frames.join(' > ')}`;
      samples[way] = (samples[way] ?? 0) + 1;
      times[way] = (times[way] ?? 0) + time;
    }
    expect(stacksOf(profile, 'samples')).toEqual(samples);
    const read_ = stacksOf(profile, 'time');
    expect(Object.keys(read_).sort()).toEqual(Object.keys(times).sort());
    for (const [way, time] of Object.entries(times)) {
      // Sums of the same numbers in another unit: 1/1000 ns.
      expect(read_[way]).toBeCloseTo(time * 1e9, 3);
    }
    expect(profile.meta.wall).toBe(Math.round(raw.duration * 1e9));
    expect(profile.meta.started).toBe(
      new Date(raw.start_time * 1000).toISOString()
    );
    expect(profile.checks.find(({ id }) => id === 'samples')).toMatchObject({
      ok: true,
      value: raw.sample_count
    });
    expect(profile.threads.name).toEqual(['MainThread']);
    expect(profile.threads.tid[0]).toBe(
      Number(raw.frame_records[0][0][0].split('\0')[2])
    );
    expect(profile.meta.warnings).toEqual([]);
  });

  it.each(SESSIONS)('has every line of the session %s', name => {
    const wanted: Record<string, [number, number]> = {};
    for (const [stack] of sessionOf(name).frame_records) {
      const lines = stack.map(text => {
        const line = /\x01l(\d+)/.exec(text)?.[1];
        return line ? `${text.split('\0')[1]}:${line} ${functionOf(text)}` : '';
      });
      for (const line of new Set(lines.filter(line => line))) {
        (wanted[line] ??= [0, 0])[1]++;
      }
      const last = lines[lines.length - 1];
      if (last) {
        wanted[last][0]++;
      }
    }
    const bytes = dataFile(`pyinstrument/${name}.pyisession`);
    expect(linesOf(read(PYINSTRUMENT, bytes), 'samples')).toEqual(wanted);
  });

  it.each(SESSIONS)('has the times that the report of %s prints', name => {
    const text = dataText(`pyinstrument/${name}.report.json`);
    const profile = read(PYINSTRUMENT, text);
    const { root_frame: root } = JSON.parse(text) as { root_frame: INode };
    const wanted: Record<string, number> = {};
    const micros = ({ time }: INode) => Math.round(time * 1e6);
    const visit = (at: INode, way: string): void => {
      const calls = at.children.filter(child => child.function !== '[self]');
      const own = micros(at) - sumOf(calls.map(micros));
      // Half a digit for each number that is printed; the rest is of frames that were left out.
      const selves = at.children.filter(child => !calls.includes(child));
      const said = sumOf(selves.map(micros));
      const isNoise = Math.abs(own - said) <= (at.children.length + 1) / 2;
      const value = calls.length > 0 && isNoise ? said : own;
      if (value !== 0) {
        wanted[way] = (wanted[way] ?? 0) + value * 1000;
      }
      calls.forEach(child => visit(child, `${way} > ${child.function}`));
    };
    visit(root, `: ${root.function}`);
    expect(stacksOf(profile, 'time')).toEqual(wanted);
    expect(profile.meta.warnings.map(({ code }) => code)).toEqual(['report']);
  });

  it.each(['v4.6.2', 'v5.1.3'])(
    'agrees with the report of %s about functions of the script',
    name => {
      const [whole, printed] = ['.pyisession', '.report.json'].map(ending =>
        read(PYINSTRUMENT, dataFile(`pyinstrument/${name}${ending}`))
      );
      const all = totalsByName(whole, 'time');
      const some = totalsByName(printed, 'time');
      for (const func of ['Merger.merge', 'depth', 'read', 'parse']) {
        const { self, total } = all.get(func) as {
          self: number;
          total: number;
        };
        // Each of its times is rounded to 1 µs.
        expect(Math.abs((some.get(func)?.total ?? 0) - total)).toBeLessThan(
          2e4
        );
        // What took less than 1 % is with its caller.
        const more = (some.get(func)?.self ?? 0) - self;
        expect(more).toBeGreaterThan(-2e4);
        expect(more).toBeLessThan((whole.meta.wall ?? 0) * 0.01);
      }
      expect(whole.meta.source.command).toMatch(/demo\.py 0\.4$/);
    }
  );

  it('knows built-ins, and what stands for waiting', () => {
    const profile = read(
      PYINSTRUMENT,
      dataFile('pyinstrument/v5.1.3-async.pyisession')
    );
    const kindOf = (name: string) =>
      profile.functions.kind[profile.functions.name.indexOf(name)];
    expect(kindOf('[await]')).toBe('pseudo');
    expect(kindOf('len')).toBe('builtin');
    expect(kindOf('go')).toBe('python');
    const waits = sessionOf('v5.1.3-async').frame_records.filter(([stack]) =>
      stack.includes('[await]')
    );
    expect(totalsByName(profile, 'samples').get('[await]')).toEqual({
      self: waits.length,
      total: waits.length
    });
  });

  it('takes the class of self for that of a method unless there are several', () => {
    const profile = read(
      PYINSTRUMENT,
      session([
        [[frame('f', '\x01cA\x01l8'), frame('g', '\x01cA\x01l9\x01h1')], 0.25],
        [[frame('f', '\x01cB\x01l8'), '[self]'], 0.5],
        [[frame('g', '\x01l12'), frame('[await]', '', '<await>')], 0.125]
      ])
    );
    expect(profile.functions.name).toEqual(['f', 'g', '[await]']);
    expect(profile.functions.qualified).toEqual(['', 'A.g', '']);
    expect([...profile.functions.line]).toEqual([7, 7, 0]);
    expect(profile.functions.kind[2]).toBe('pseudo');
    expect(stacksOf(profile, 'time')).toEqual({
      ': f > g': 25e7,
      ': f': 5e8,
      ': g > [await]': 125e6
    });
  });

  it('keeps threads apart, and says which samples have no stack', () => {
    const main = 'Main\0<thread>\u00005';
    const profile = read(
      PYINSTRUMENT,
      session([
        [[main, frame('f')], 1],
        [['Main\0<thread>\u00006', frame('f')], 2],
        [[main], 0.5],
        [[], 0.25]
      ])
    );
    expect([...profile.threads.tid]).toEqual([5, 6]);
    expect([...(profile.paths.values.get('self.time') ?? [])]).toEqual([
      1e9, 2e9
    ]);
    expect(profile.checks[0]).toMatchObject({ id: 'samples', ok: true });
    expect(profile.meta.warnings.map(({ text }) => text)).toEqual([
      '2 samples, of 0.75 s in all, have no stack. They are not in the profile.'
    ]);
  });

  it('says how many samples a cut file should have', () => {
    const [check] = read(
      PYINSTRUMENT,
      session([[['f'], 1]], { sample_count: 3 })
    ).checks;
    expect(check).toMatchObject({ ok: false, value: 1, expected: 3 });
    expect(check.text).toBe('The file says that it has 3 samples, and has 1.');
  });

  it('gives a frame of a report what its children do not have', () => {
    const profile = read(
      PYINSTRUMENT,
      report(
        node('f', 1, [
          node('g', 0.25, [node('[self]', 0.2500005)], { class_name: 'A' }),
          node('h', 0.125),
          node('g', 0.125, [node('h', 0.25)])
        ])
      )
    );
    expect(stacksOf(profile, 'time')).toEqual({
      ': f': 5e8,
      ': f > g': 250_000_500,
      ': f > h': 125e6,
      ': f > g > h': 25e7
    });
    expect(profile.meta.warnings.map(({ code }) => code)).toEqual([
      'report',
      'more-than-whole'
    ]);
    expect(profile.meta.source.command).toBe('a.py 1');
  });

  it('reads a report of several threads, and one of nothing', () => {
    const thread = (name: string, tid: number, time: number) =>
      node(name, time, [node('f', time)], {
        file_path: '<thread>',
        line_no: tid
      });
    const profile = read(
      PYINSTRUMENT,
      report(node('[root]', 3, [thread('a', 5, 1), thread('b', 6, 2)]))
    );
    expect(stacksOf(profile, 'time')).toEqual({ 'a: f': 1e9, 'b: f': 2e9 });
    expect(read(PYINSTRUMENT, report(null)).paths.length).toBe(0);
  });

  it.each([
    [
      '{"frame_records": [',
      'Expected JSON, found its end at byte 19 (line 1).'
    ],
    [
      session([[['f'], 'long']]),
      'Expected a finite number, found the text "long" at frame_records[0][1].'
    ],
    [
      session([[['f'], 1e307]]),
      'Expected a finite number, found Infinity at frame_records[0][1].'
    ],
    [
      session([[[7 as unknown as string], 1]]),
      'Expected a text, found 7 at frame_records[0][0][0].'
    ],
    [
      session([[['f']] as unknown as [string[], number]]),
      'Expected a stack and its time, found a list of 1 at frame_records[0].'
    ],
    [
      '{"start_time": 1, "duration": 2, "sample_count": 3}',
      'Expected frame_records or a root_frame, found neither at the top.'
    ],
    [
      report(node('f', 1, [node('g', 1), { function: 'h' }])),
      'Expected a finite number, found nothing at root_frame.children[1].time.'
    ]
  ])('says what is wrong: %s', (text, message) => {
    expect(() => read(PYINSTRUMENT, text)).toThrow(message);
  });

  it('reads a report as deep as it may be', () => {
    const depth = 20_000;
    const text = report({})
      .slice(0, -3)
      .concat(
        '{"function":"f","time":1,"children":['.repeat(depth),
        ']}'.repeat(depth),
        '}'
      );
    const profile = read(PYINSTRUMENT, text);
    expect(profile.paths.length).toBe(depth);
    expect(sumOf(profile.paths.values.get('self.time'))).toBe(1e9);
  });

  it('counts any stacks', () => {
    const stack = fc.array(fc.constantFrom('a', 'b', 'a b', 'é\u2028'), {
      minLength: 1,
      maxLength: 8
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(stack, fc.nat(9)), { maxLength: 40 }),
        records => {
          const wanted: Record<string, number> = {};
          for (const [names, time] of records) {
            const way = `: ${names.join(' > ')}`;
            if (time > 0) {
              wanted[way] = (wanted[way] ?? 0) + time * 1e9;
            }
          }
          const profile = read(
            PYINSTRUMENT,
            session(
              records.map(([names, time]) => [
                names.map((name, i) => frame(name, `\x01l${i + 1}`)),
                time
              ])
            )
          );
          expect(stacksOf(profile, 'time')).toEqual(wanted);
          expect(sumOf(profile.lines.values.get('self.samples'))).toBe(
            records.length
          );
        }
      )
    );
  });

  it('survives damage', () => {
    const main = 'Main\0<thread>\u00005';
    expectToSurvive(
      PYINSTRUMENT,
      bytesOf(session([[[main, frame('f', '\x01cA\x01l8')], 0.5]]))
    );
    expectToSurvive(PYINSTRUMENT, dataFile('pyinstrument/v5.1.3.report.json'));
    expectToSurvive(PYINSTRUMENT, dataFile('pyinstrument/v4.6.2.pyisession'));
  });
});
