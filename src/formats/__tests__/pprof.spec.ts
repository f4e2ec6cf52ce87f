/**
 * `go-symbolised.pprof.pb.gz`: a Go program's CPU profile (runtime/pprof), `go-symbolised.pprof.top.txt` what go tool pprof -top
 * prints of it. `hot.unsymbolised.pprof.pb.gz`: go tool pprof -proto of `../gperftools/hot.gperf.prof`. Others are written
 * here, from profile.proto.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PPROF } from '../pprof';
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

/** A field: a number, a text, bytes of a message. */
type Field = readonly [number, number | bigint | string | Uint8Array];

function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const found: number[] = [];
  do {
    found.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return found;
}

function message(...fields: Field[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([field, value]) => {
      if (typeof value === 'number' || typeof value === 'bigint') {
        return [...varint(field * 8), ...varint(value)];
      }
      const content = typeof value === 'string' ? bytesOf(value) : value;
      return [...varint(field * 8 + 2), ...varint(content.length), ...content];
    })
  );
}

const packed = (...values: (number | bigint)[]) =>
  Uint8Array.from(values.flatMap(varint));

const TEXTS = [
  '',
  'samples',
  'count',
  'cpu',
  'nanoseconds',
  'f',
  '/a.c',
  'g',
  '/b.py',
  '/bin/a',
  'thread',
  'main',
  'tid'
];
const texts = TEXTS.map((text): Field => [6, text]);
const types: Field[] = [
  [1, message([1, 1], [2, 2])],
  [1, message([1, 3], [2, 4])]
];
const symbols: Field[] = [
  [3, message([1, 1], [2, 0x1000], [3, 0x9000], [4, 0x200], [5, 9])],
  [5, message([1, 1], [2, 5], [4, 6], [5, 3])],
  [5, message([1, 2], [2, 7], [4, 8])],
  [4, message([1, 1], [2, 1], [3, 0x1010], [4, message([1, 1], [2, 7])])],
  [
    4,
    message([1, 2], [4, message([1, 2], [2, 9])], [4, message([1, 1], [2, 4])])
  ],
  [4, message([1, 3], [2, 1], [3, 0x1234])],
  [4, message([1, 4], [3, 0xffffffff81000000n])]
];

describe('pprof', () => {
  it('is known by its fields', () => {
    expect(isOne(PPROF, dataFile('pprof/go-symbolised.pprof.pb.gz'))).toBe(
      true
    );
    expect(isOne(PPROF, dataFile('pprof/hot.unsymbolised.pprof.pb.gz'))).toBe(
      true
    );
    for (const other of [
      'pstats/py3.13.prof',
      'lprof/v5.0.2-py3.13.lprof',
      'gperftools/hot.gperf.prof'
    ]) {
      expect(isOne(PPROF, dataFile(other))).toBe(false);
    }
    for (const text of [
      '',
      '{"a": 1}',
      '[]',
      'main;f 1\n',
      'events: Ir\n',
      'P=(HEX ID=1 N=(a) T=0.1)',
      '\n\n'
    ]) {
      expect(isOne(PPROF, text)).toBe(false);
    }
  });

  it('has what go tool pprof prints', () => {
    const profile = read(PPROF, dataFile('pprof/go-symbolised.pprof.pb.gz'));
    expect(profile.metrics.map(({ id, unit }) => [id, unit])).toEqual([
      ['time', 'ns'],
      ['samples', 'samples']
    ]);
    const totals = totalsByName(profile, 'time');
    const rows = dataText('pprof/go-symbolised.pprof.top.txt')
      .split('\n')
      .flatMap(line => {
        const parts =
          /^ +(\d+)(?:ms)? +[\d.]+%? +[\d.]+% +(\d+)ms +[\d.]+% +(\S+)/.exec(
            line
          );
        return parts ? [parts] : [];
      });
    expect(rows).toHaveLength(10);
    expect(totals.size).toBe(10);
    for (const [, flat, cum, name] of rows) {
      expect([name, totals.get(name)]).toEqual([
        name,
        { self: Number(flat) * 1e6, total: Number(cum) * 1e6 }
      ]);
    }
    // "Time: Nov 22, 2026 at 11:16am (UTC)", "Duration: 709.30ms"
    expect(profile.meta.started).toMatch(/^2026-11-22T11:16:/);
    expect((profile.meta.wall ?? 0) / 1e6).toBeCloseTo(709.3, 1);
    const inlined = profile.functions.name.indexOf('math.IsInf');
    expect(profile.paths.inlined[profile.paths.function.indexOf(inlined)]).toBe(
      1
    );
    expect(Object.keys(linesOf(profile, 'time')).length).toBeGreaterThan(10);
  });

  it('keeps object and address of what has no name', () => {
    const profile = read(PPROF, dataFile('pprof/hot.unsymbolised.pprof.pb.gz'));
    // 309 samples of 10 ms.
    expect(sumOf(profile.paths.values.get('self.samples'))).toBe(309);
    expect(sumOf(profile.paths.values.get('self.time'))).toBe(309 * 1e7);
    // The root's return address is 0x2191 in the gperftools file; pprof stores calls, one less.
    const roots = profile.functions.name.filter((_, func) =>
      [...profile.paths.function].some(
        (node, row) =>
          (node as number) === func && (profile.paths.parent[row] as number) < 0
      )
    );
    expect(roots).toContain('hot+0x2190');
    expect(profile.objects.path).toContain('./hot');
  });

  it('reads locations, inlined frames, threads and addresses', () => {
    const bytes = message(
      ...types,
      [
        2,
        message(
          [1, packed(3, 2, 1)],
          [2, packed(2, 20)],
          [3, message([1, 10], [2, 11])],
          [3, message([1, 12], [3, 77])]
        )
      ],
      [2, message([1, 4], [1, 1], [2, 1], [2, -5])],
      [2, message([2, packed(1, 1)], [3, message([1, 5], [2, 7])])],
      ...symbols,
      ...texts
    );
    const profile = read(PPROF, bytes);
    expect(isOne(PPROF, bytes)).toBe(true);
    expect(stacksOf(profile, 'time')).toEqual({
      'main: f > f > g > a+0x434': 20,
      ': f > 0xffffffff81000000': -5
    });
    expect([...profile.paths.inlined]).toEqual([0, 0, 1, 0, 0, 0]);
    expect(profile.threads.tid[0]).toBe(77);
    expect(profile.metrics.map(({ id }) => id)).toEqual(['time', 'samples']);
    expect(linesOf(profile, 'samples')).toEqual({
      '/a.c:7 f': [0, 3],
      '/a.c:4 f': [0, 2],
      '/b.py:9 g': [0, 2]
    });
    expect(profile.functions.kind).toEqual([
      'native',
      'other',
      'python',
      'native',
      'native'
    ]);
    expect(profile.meta.warnings.map(({ text }) => text)).toEqual([
      '1 samples have no stack. They are not in the profile.',
      'Labels of samples are not kept, but for threads: "f".'
    ]);
  });

  it.each([
    [message(...texts), 'Expected types of values, found none.'],
    [
      message(...types, [2, message([1, 9], [2, packed(1, 2)])], ...texts),
      'Expected a location with the number 9'
    ],
    [
      message(
        ...types,
        [2, message([1, 1], [2, packed(1)])],
        ...symbols,
        ...texts
      ),
      'Expected 2 values of a sample, found 1'
    ],
    [
      message([1, message([1, 99])], ...texts),
      'Expected one of 13 texts, found number 99.'
    ],
    [message([1, 5]), 'Expected wire type 2 for field 1, found 0 at byte 1.'],
    [
      Uint8Array.of(0x0b),
      'Expected a field, found number 1 of wire type 3 at byte 0.'
    ],
    [
      Uint8Array.of(0x0a, 0x05, 0x08),
      'Expected 5 bytes more, found 1 before the end of the message at byte 2.'
    ],
    [new Uint8Array(12).fill(0xff), 'Expected the end of a number at byte 10.']
  ])('says what is wrong', (bytes, text) => {
    expect(() => read(PPROF, bytes)).toThrow(text);
  });

  it('does not unfold more frames than a file can mean', () => {
    const lines = Array.from({ length: 20_000 }, (): Field => [
      4,
      message([1, 1], [2, 1])
    ]);
    const sample: Field = [
      2,
      message([1, packed(...new Array<number>(40).fill(1))], [2, packed(1, 1)])
    ];
    const bytes = message(
      ...types,
      [5, message([1, 1], [2, 5], [4, 6])],
      [4, message([1, 1], ...lines)],
      ...new Array<Field>(2000).fill(sample),
      ...texts
    );
    expect(() => read(PPROF, bytes)).toThrow(
      'Expected no more than 64 frames for each byte of the file'
    );
  });

  it('gives any samples back, whatever the order of what they are made of', () => {
    const sample = fc.record({
      stack: fc.array(fc.integer({ min: 1, max: 2 }), {
        minLength: 1,
        maxLength: 8
      }),
      values: fc.tuple(
        fc.maxSafeInteger(),
        fc.integer({ min: -1000, max: 1000 })
      ),
      isPacked: fc.boolean()
    });
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 20 }),
        fc.nat(3),
        (samples, turn) => {
          const parts: Field[][] = [
            [...types],
            samples.map(({ stack, values, isPacked }): Field => [
              2,
              isPacked
                ? message([1, packed(...stack)], [2, packed(...values)])
                : message(
                    ...stack.map((id): Field => [1, id]),
                    ...values.map((value): Field => [2, value])
                  )
            ]),
            [...symbols],
            texts
          ];
          const turned = [...parts.slice(turn), ...parts.slice(0, turn)].flat();
          const profile = read(PPROF, message(...turned));
          const wanted: Record<string, number> = {};
          for (const { stack, values } of samples) {
            const way = `: ${[...stack]
              .reverse()
              .map(id => (id === 1 ? 'f' : 'f > g'))
              .join(' > ')}`;
            wanted[way] = (wanted[way] ?? 0) + values[1];
          }
          const kept = Object.entries(wanted).filter(
            ([, value]) => value !== 0
          );
          expect(stacksOf(profile, 'time')).toEqual(Object.fromEntries(kept));
        }
      )
    );
  });

  it('survives damage', () => {
    expectToSurvive(PPROF, dataFile('pprof/go-symbolised.pprof.pb.gz'));
    expectToSurvive(PPROF, dataFile('pprof/hot.unsymbolised.pprof.pb.gz'));
  });
});
