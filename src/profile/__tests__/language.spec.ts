import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { readProfile } from '../../formats/read';
import type { FuncIndex } from '../indices';
import { languageOf, ownByLanguage } from '../language';
import type { FunctionKind, IProfile } from '../model';
import { metricOf, profileOf } from './build';

const read = (path: string): Promise<IProfile> =>
  readProfile(
    new Uint8Array(
      readFileSync(new URL(`../../../tests/data/${path}`, import.meta.url))
    ),
    path
  );

describe('the language of a function', () => {
  it.each<[string, FunctionKind, string, string]>([
    ['work', 'python', '/home/me/a.py', 'python'],
    ['work', 'python', '', 'python'],
    ['solve', 'python', '/home/me/mod.pyx', 'cython'],
    ['solve', 'native', '/home/me/mod.pyx', 'cython'],
    ['__pyx_f_3mod_solve', 'native', '', 'cython'],
    ['__pyx_pw_3mod_1solve', 'native', '/home/me/mod.c', 'cython'],
    ['relax', 'native', '/src/hex.cpp', 'cpp'],
    ['relax', 'native', '/src/hex.hh', 'cpp'],
    ['hex::relax', 'native', '/src/hex.h', 'cpp'],
    ['relax', 'native', '/src/hex.h', 'c'],
    ['relax', 'native', '/src/hex.c', 'c'],
    ['relax', 'native', '/src/lib.rs', 'other'],
    ['hex::Grid::relax(int)', 'native', '', 'cpp'],
    ['relax(std::vector<double>&) [clone .isra.0]', 'native', '', 'cpp'],
    ['relax(int) const', 'native', '', 'cpp'],
    ['double total<int>(int)', 'native', '', 'cpp'],
    ['operator new(unsigned long)', 'native', '', 'cpp'],
    ['_Z3fibj', 'native', '', 'cpp'],
    ['_ZN3lin6matmulERKNS_6MatrixES2_RS0_', 'native', '', 'cpp'],
    ['_Zoom', 'native', '', 'c'],
    ['qsort_r', 'native', '', 'c'],
    ['finish_task_switch.isra.0', 'native', '', 'c'],
    ['0x7f12 (libstdc++.so.6)', 'native', '', 'c'],
    ['@{libm.so.6+459483}', 'native', '', 'c'],
    ['[unknown]', 'native', '', 'c'],
    ['<unresolved>', 'native', '', 'c'],
    ['len', 'builtin', '', 'c'],
    ['numpy.add', 'callable', '', 'c'],
    ['py::f', 'jit', '', 'other'],
    ['f', 'generated', '', 'other'],
    ['(awaiting)', 'pseudo', '', 'other'],
    ['who::knows', 'other', '', 'other']
  ])('%s, %s, %s: %s', (name, kind, path, language) => {
    const profile = profileOf([{ name, kind, path: path || undefined }]);
    expect(languageOf(profile, 0 as FuncIndex)).toBe(language);
  });

  it('goes by the whole name where there is a short one', () => {
    const profile = profileOf([
      { name: 'relax', qualified: 'hex::Grid::relax(int)', kind: 'native' }
    ]);
    expect(languageOf(profile, 0 as FuncIndex)).toBe('cpp');
  });

  it('of a hostile name is found in time', () => {
    for (const part of ['(', '<', 'a ', 'a<', '::', '[abi:']) {
      const profile = profileOf([
        { name: part.repeat(100_000 / part.length), kind: 'native' }
      ]);
      expect(['c', 'cpp']).toContain(languageOf(profile, 0 as FuncIndex));
    }
  });
});

describe('own values by language', () => {
  it('of a C++ program are all that igprof counted', async () => {
    const profile = await read('igprof/hot.pp.gz');
    const own = ownByLanguage(profile, 'samples');
    // 535 ticks lie in the program itself, all of it C++: 2.67 s in the report by libraries.
    expect(own?.get('cpp')).toBe(535);
    expect([...(own?.values() ?? [])].reduce((a, b) => a + b, 0)).toBe(683);
  });

  it('of a mixed profile tell Python from C', async () => {
    const profile = await read('collapsed/mosaic.mixed.folded');
    const own = ownByLanguage(profile, 'samples');
    expect([...(own ?? [])]).toEqual([
      ['python', 16],
      ['cython', 0],
      ['c', 176],
      ['cpp', 0],
      ['other', 0]
    ]);
  });

  it('are in the unit of the metric, from sums where these are stored', () => {
    const profile = profileOf(
      [
        { name: 'f', self: 3 },
        { name: 'g', kind: 'builtin', self: 4 }
      ],
      { metrics: [metricOf('time', 'ns', { tick: 10 })] }
    );
    const own = ownByLanguage(profile, 'time');
    expect([own?.get('python'), own?.get('c')]).toEqual([30, 40]);
  });

  it('are not known where values do not sum, or there are none', () => {
    const profile = profileOf([{ name: 'f', self: 3 }], {
      metrics: [
        metricOf('time', 'ns', { combine: 'max' }),
        metricOf('bytes', 'bytes')
      ]
    });
    expect(ownByLanguage(profile, 'time')).toBeNull();
    expect(ownByLanguage(profile, 'bytes')).toBeNull();
    expect(ownByLanguage(profile, 'absent')).toBeNull();
  });
});
