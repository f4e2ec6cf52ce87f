import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { demangling } from '../demangle';
import { Demangler } from '../demangler';

const ROOT = new URL('../../../', import.meta.url);

/** The library's own file. */
const BYTES = new Uint8Array(
  readFileSync(
    new URL('node_modules/gecko-profiler-demangle/index_bg.wasm', ROOT)
  )
);
const bytesOf = () => Promise.resolve(BYTES);

/** Mangled names of the dumps of igprof and of libstdc++, and what c++filt 2.40 prints. */
const tableOf = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`tests/data/igprof/${name}.json`, ROOT), 'utf8')
  ) as Record<string, string>;

async function allOf(names: readonly string[]): Promise<(string | null)[]> {
  const demangler = await Demangler.of(BYTES);
  const texts: (string | null)[] = [];
  for (const name of names) {
    texts.push(await demangler.read(name));
  }
  return texts;
}

/** What c++filt prints in full and the library does not. */
const ABBREVIATED: readonly (readonly [string, string])[] = [
  [
    'std::basic_string<char, std::char_traits<char>, std::allocator<char> >',
    'std::string'
  ],
  ['std::basic_istream<char, std::char_traits<char> >', 'std::istream'],
  ['std::basic_ostream<char, std::char_traits<char> >', 'std::ostream'],
  ['std::basic_iostream<char, std::char_traits<char> >', 'std::iostream']
];

/** Tables and thunks, and constructors that are templates, of which the library takes the first parameter for a result. */
const OTHERWISE =
  /^_ZT|C2IN9__gnu_cxx17__normal_iteratorIPcS4_EEvEET_SA_RKS3_$/;

/** Without what the library prints otherwise: it loses `&&` behind what a pack stands for. */
function alike(name: string): string {
  return ABBREVIATED.reduce(
    (text, [whole, short]) => text.replaceAll(whole, short),
    name
  )
    .replaceAll('&&', '')
    .replace(/::(~?)basic_([io]{1,2}stream)\(/, '::$1$2(');
}

describe('names for people', () => {
  /** Mangled, by the library, by c++filt where that is something else. */
  const NAMES: readonly (readonly [string, string | null, string?])[] = [
    ['_Z4leaki', 'leak(int)'],
    [
      '_ZN3lin6matmulERKNS_6MatrixES2_RS0_',
      'lin::matmul(lin::Matrix const&, lin::Matrix const&, lin::Matrix&)'
    ],
    [
      '_Z13sorted_medianIdEdSt6vectorIT_SaIS1_EE',
      'sorted_median<double>(std::vector<double, std::allocator<double> >)',
      'double sorted_median<double>(std::vector<double, std::allocator<double> >)'
    ],
    ['_Znwm', 'operator new(unsigned long)'],
    ['_Z4leaki.part.0', 'leak(int) [clone .part.0]'],
    ['_Z4leaki@plt', 'leak(int)@plt'],
    ['_Z4leaki@@LIB_1.0', 'leak(int)@@LIB_1.0'],
    ['_Z9histogramB5cxx11i', 'histogram[abi:cxx11](int)'],
    ['_Z1gB5cxx11v.cold', 'g[abi:cxx11]() [clone .cold]'],
    ['_Z1gB1aB1bi', 'g[abi:a][abi:b](int)'],
    ['_ZN1A3fooB5cxx11Ei', 'A::foo[abi:cxx11](int)'],
    [
      '_ZNSsC1Ev',
      'std::string::string()',
      'std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string()'
    ],
    ['_ZN1AC2IiEET_i', 'A::A<int>(int)', 'A::A<int>(int, int)'],
    ['_ZTV1A', '{vtable(A)}', 'vtable for A'],
    [
      '_ZThn16_N1A1fEv',
      '{virtual override thunk({offset(-16)}, A::f())}',
      'non-virtual thunk to A::f()'
    ],
    // As macOS and blocks have them.
    ['__Z4leaki', 'leak(int)'],
    ['___ZN1a1bEv_block_invoke', 'invocation function for block in a::b()'],
    // Rust, as it was and as it is.
    ['_ZN4core3fmt5write17h0123456789abcdefE', 'core::fmt::write'],
    [
      '_RNvMs_NtCs4fqI2P2rA04_4core3fmtNtB4_9Formatter9write_str',
      '<core::fmt::Formatter>::write_str'
    ],
    // No mangled names, whatever they look like.
    ['_Z', null],
    ['_R', null],
    ['_ZN3lin', null],
    ['main', null],
    ['', null]
  ];

  it.each(NAMES.map(([mangled, text]) => [mangled, text] as const))(
    'of %s: %s',
    async (mangled, text) => {
      expect(await allOf([mangled])).toEqual([text]);
    }
  );

  it.each([
    ['demangled', 16],
    ['demangled-libstdc++', 320]
  ])(
    '%s: c++filt prints the same, but for return types, std::string in full, and && of packs',
    async (file, count) => {
      const table = Object.entries(tableOf(file));
      expect(table.length).toBe(count);
      const texts = await allOf(table.map(([mangled]) => mangled));
      table.forEach(([mangled, filtered], i) => {
        if (OTHERWISE.test(mangled)) {
          expect(texts[i]).not.toBeNull();
          return;
        }
        const text = alike(texts[i] ?? 'none');
        const whole = alike(filtered);
        expect([mangled, whole.slice(-text.length)]).toEqual([mangled, text]);
        expect(whole.slice(0, -text.length)).toMatch(/^(?:.* )?$/);
      });
    }
  );
});

/** `f(A, void (*)(A, …), …)`: each parameter is many times as long as the one before. */
function wide(depth: number, width: number): string {
  let name = '_Z1f1A';
  for (let i = 0; i < depth; i++) {
    const before = i === 0 ? 'S_' : `S${(2 * i - 1).toString(36)}_`;
    name += `PFv${before.toUpperCase().repeat(width)}E`;
  }
  return name;
}

describe('hostile names', () => {
  it('that stand for more than fits are left, and others are read after them', async () => {
    expect(
      await allOf([
        wide(3, 2000), // 8 000 000 000 parameters
        '_Z4leaki',
        wide(12, 2), // 100 000 characters
        'x'.repeat(20_001),
        `_Z1f${'P'.repeat(19_000)}i`,
        `_Z1f${'1aI'.repeat(6000)}i${'E'.repeat(600)}`,
        '_Z4leaki'
      ])
    ).toEqual([null, 'leak(int)', null, null, null, null, 'leak(int)']);
  });

  it('end the library some times, and then nothing is read any more', async () => {
    const names = Array.from({ length: 8 }, () => wide(3, 2000));
    expect(await allOf([...names, '_Z4leaki'])).toEqual(Array(9).fill(null));
    const { found, fault } = await demangling(bytesOf)([...names, '_Z4leaki']);
    expect(found.size).toBe(0);
    expect(fault).toBe('reading all of them would take too long');
  });

  it('of any letters are read, or left', async () => {
    const demangler = await Demangler.of(BYTES);
    const mangled = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            ...'N E I J S_ S0_ St Sa T_ T0_ 1a 3foo C1 D0 P R K F v i Dp DT L X ad Ul B5cxx11 B_ _ . h'.split(
              ' '
            )
          ),
          fc.string({ maxLength: 3 })
        ),
        { maxLength: 40 }
      )
      .map(parts => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('_Z', '__Z', '_ZN', '_R', '_RNv'),
        mangled,
        async (start, rest) => {
          const text = await demangler.read(start + rest);
          expect(text === null || text.length > 0).toBe(true);
        }
      ),
      { numRuns: 500 }
    );
    expect(await demangler.read('_Z4leaki')).toBe('leak(int)');
  });
});

describe('the library', () => {
  it('is fetched once', async () => {
    let count = 0;
    const demangle = demangling(() => {
      count++;
      return bytesOf();
    });
    const { found, fault } = await demangle(['_Z4leaki', '_Zzz', '_Znwm']);
    expect([...found]).toEqual([
      ['_Z4leaki', 'leak(int)'],
      ['_Znwm', 'operator new(unsigned long)']
    ]);
    expect(fault).toBeNull();
    await demangle(['_Znwm']);
    expect(count).toBe(1);
  });

  it.each([
    ['that does not come', () => Promise.reject(new Error('404'))],
    ['that is something else', () => Promise.resolve(new Uint8Array(100))],
    ['that is cut', () => Promise.resolve(BYTES.slice(0, 5000))]
  ])(
    '%s leaves names as they are, and the next file tries again',
    async (_, broken) => {
      let isBroken = true;
      const demangle = demangling(() => (isBroken ? broken() : bytesOf()));
      const { found, fault } = await demangle(['_Z4leaki']);
      expect(found.size).toBe(0);
      expect(fault).toBe('the part that reads them could not be loaded');
      isBroken = false;
      expect((await demangle(['_Z4leaki'])).found.size).toBe(1);
    }
  );

  it('is given its time and no more', async () => {
    let ms = 0;
    const demangle = demangling(bytesOf, () => (ms += 4000));
    const names = Array.from({ length: 20 }, (_, i) => `_Z1f${'P'.repeat(i)}i`);
    const { found, fault } = await demangle(names);
    expect(found.size).toBe(5);
    expect(fault).toBe('reading all of them would take too long');
  });
});
