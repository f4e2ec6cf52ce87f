/**
 * `hot.gperf.prof` (a C++ program), `mosaic.gperf.prof` (python3.11 with a C extension): gperftools 2.10 on x86_64.
 * `../pprof/hot.unsymbolised.pprof.pb.gz` is what go tool pprof made of the first. Other words are written here.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { GPERFTOOLS } from '../gperftools';
import { PPROF } from '../pprof';
import {
  bytesOf,
  dataFile,
  dataText,
  expectToSurvive,
  isOne,
  read,
  stacksOf,
  sumOf
} from './readings';

type Word = 4 | 8;

function words(word: Word, isLittle: boolean, ...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * word);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) =>
    word === 8
      ? view.setBigUint64(i * 8, BigInt(value), isLittle)
      : view.setUint32(i * 4, value, isLittle)
  );
  return bytes;
}

const join = (...parts: Uint8Array[]) =>
  Uint8Array.from(parts.flatMap(part => [...part]));

const MAP =
  '1000-3000 r-xp 00000200 00:00 1          /bin/a b\n4000-5000 rw-p 00000000 00:00 0\n5000-6000 r-xp 00000000 00:00 2 /lib/c.so (deleted)\n';

describe('gperftools', () => {
  it('has all samples, with the places that pprof finds', () => {
    const bytes = dataFile('gperftools/hot.gperf.prof');
    expect(isOne(GPERFTOOLS, bytes)).toBe(true);
    const profile = read(GPERFTOOLS, bytes);
    const total = Number(
      /Total: (\d+) samples/.exec(
        dataText('gperftools/hot.gperf.text.txt')
      )?.[1]
    );
    expect(sumOf(profile.paths.values.get('self.samples'))).toBe(total);
    expect(profile.metrics.map(({ id, tick }) => [id, tick])).toEqual([
      ['samples', 1],
      ['time', 1e7]
    ]);
    // pprof stores addresses of calls: of all frames but the leaf one less than what is returned to.
    const pprof = read(PPROF, dataFile('pprof/hot.unsymbolised.pprof.pb.gz'));
    const callOf = (place: string) =>
      place.replace(/[\da-f]+$/, hex => (parseInt(hex, 16) - 1).toString(16));
    const calls = (
      stacks: Record<string, number>,
      fix: (place: string) => string
    ) =>
      Object.entries(stacks)
        .map(([way, value]) => {
          const places = way.replace(/^: /, '').split(' > ');
          const leaf = places.pop() ?? '';
          return `${places.map(fix).join()} ${leaf} ${value}`;
        })
        .sort();
    // It left the names of some functions empty: their stacks cannot be compared.
    const wanted = calls(stacksOf(pprof, 'samples'), place => place).filter(
      stack => !/,,|, |sorted_median/.test(stack)
    );
    const found = calls(stacksOf(profile, 'samples'), callOf);
    expect(wanted.length).toBeGreaterThan(40);
    expect(found).toEqual(expect.arrayContaining(wanted));
  });

  it('reads a program with many libraries', () => {
    const profile = read(GPERFTOOLS, dataFile('gperftools/mosaic.gperf.prof'));
    expect(profile.meta.warnings).toEqual([]);
    expect(profile.objects.path.some(path => path.includes('_starlib'))).toBe(
      true
    );
  });

  it.each([
    [8, true],
    [8, false],
    [4, true],
    [4, false]
  ] as const)(
    'takes words of %i bytes, little-endian: %s',
    (word, isLittle) => {
      const stack = fc.array(fc.integer({ min: 0x1000, max: 0x6fff }), {
        minLength: 1,
        maxLength: 6
      });
      const sample = fc.tuple(fc.integer({ min: 1, max: 99 }), stack);
      fc.assert(
        fc.property(fc.array(sample, { maxLength: 10 }), samples => {
          const bytes = join(
            words(word, isLittle, 0, 3, 0, 500, 0),
            ...samples.map(([count, places]) =>
              words(word, isLittle, count, places.length, ...places)
            ),
            words(word, isLittle, 0, 1, 0),
            bytesOf(MAP)
          );
          expect(isOne(GPERFTOOLS, bytes)).toBe(true);
          const wanted: Record<string, number> = {};
          for (const [count, places] of samples) {
            const names = places.map(place =>
              place < 0x3000
                ? `a b+0x${(place - 0x1000 + 0x200).toString(16)}`
                : place >= 0x5000 && place < 0x6000
                  ? `c.so+0x${(place - 0x5000).toString(16)}`
                  : `0x${place.toString(16)}`
            );
            const way = `: ${names.reverse().join(' > ')}`;
            wanted[way] = (wanted[way] ?? 0) + count;
          }
          const profile = read(GPERFTOOLS, bytes);
          expect(stacksOf(profile, 'samples')).toEqual(wanted);
          expect(profile.metrics[1].tick).toBe(500_000);
          expect(profile.meta.warnings).toEqual([]);
        })
      );
    }
  );

  it('says what is missing', () => {
    expect(() => read(GPERFTOOLS, bytesOf('what is this'))).toThrow(
      'Expected the header of a CPU profile of gperftools, found none at byte 0.'
    );
    const cut = join(
      words(8, true, 0, 3, 0, 500, 0),
      words(8, true, 2, 1, 0x1234, 1, 4, 0x99)
    );
    const profile = read(GPERFTOOLS, cut);
    expect(stacksOf(profile, 'samples')).toEqual({ ': 0x1234': 2 });
    expect(profile.meta.warnings.map(({ text }) => text)).toEqual([
      'The file has no end record and no memory map: it was cut at byte 64. Addresses are those of the process.'
    ]);
    const deep = join(
      words(8, true, 0, 3, 0, 500, 0),
      words(8, true, 2, 2 ** 40)
    );
    expect(() => read(GPERFTOOLS, deep)).toThrow('Expected a stack of at most');
  });

  it('survives damage', () => {
    expectToSurvive(GPERFTOOLS, dataFile('gperftools/hot.gperf.prof'));
  });
});
