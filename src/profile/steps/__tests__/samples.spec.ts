import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { readProfile } from '../../../formats/read';
import { requireValid } from '../../../formats/valid';
import { glueOf } from '../../glue';
import { NONE, type PathIndex } from '../../indices';
import type { IProfile } from '../../model';
import { totalsOf } from '../../totals';
import { applySteps, stepsOf, type Step } from '..';
import { fullName } from '../functions';

const DATA = new URL('../../../../tests/data/', import.meta.url);

const read = (path: string) =>
  readProfile(new Uint8Array(readFileSync(new URL(path, DATA))), path);

/** Samples in all by the kinds and whole names of functions. */
function totalsByName(profile: IProfile): Map<string, number> {
  const { function: funcs, values } = totalsOf(profile);
  const found = new Map<string, number>();
  funcs.forEach((func, row) => {
    const { functions } = profile;
    const name = `${functions.kind[func]} ${fullName(functions, func)}`;
    const total = values.get('total.samples')?.[row] ?? NaN;
    found.set(name, (found.get(name) ?? 0) + total);
  });
  return found;
}

const samples = ({ paths }: IProfile) =>
  (paths.values.get('self.samples') ?? new Float64Array(0)).reduce(
    (sum, own) => sum + own,
    0
  );

/** One run of the sample program, as perf told it and as two tools wrote it down. */
describe.each([
  'perf/mosaic.py3.13-Xperf_jit-dwarf.perf.script.txt.gz',
  'collapsed/mosaic.mixed.folded',
  'speedscope/mosaic.mixed.speedscope.json'
])('%s', path => {
  it('is mixed', async () => {
    expect(stepsOf(await read(path))).toMatchObject({
      hasNative: true,
      isMixed: true
    });
  });

  it.each<Step[]>([
    [{ kind: 'fold-glue' }],
    [{ kind: 'python-only' }],
    [{ kind: 'fold-glue' }, { kind: 'python-only' }]
  ])(
    'has all its samples, and those of its Python functions, after %j',
    async (...steps) => {
      const before = await read(path);
      const { profile, told } = applySteps(before, steps);
      requireValid(profile);
      expect(samples(profile)).toBe(192);
      const totals = totalsByName(profile);
      // 188 of 192 samples were below the script (README of the sample).
      expect(totals.get('python mosaic')).toBe(188);
      expect(totals.get('python Butler.get')).toBe(63);
      expect(told.every(({ frames, fault }) => frames > 0 && !fault)).toBe(
        true
      );
      const had = totalsByName(before);
      totals.delete('pseudo (native)');
      for (const [name, total] of totals) {
        expect([name, total]).toEqual([name, had.get(name)]);
      }
    }
  );

  it('has glue once it is folded only where nothing called it, and it owns something', async () => {
    const { profile } = applySteps(await read(path), [{ kind: 'fold-glue' }]);
    const glue = glueOf(profile);
    const { paths } = profile;
    const left = [...paths.function.keys()].filter(
      row => glue[paths.function[row]] === 1
    );
    expect(left.length).toBeLessThan(2);
    for (const row of left) {
      expect(paths.parent[row]).toBe(NONE);
      expect(paths.values.get('self.samples')?.[row]).toBeGreaterThan(0);
      expect(paths.parent.includes(row as PathIndex)).toBe(false);
    }
  });

  it('has the samples of its extension in compiled code alone', async () => {
    const before = totalsByName(await read(path));
    const { profile } = applySteps(await read(path), [{ kind: 'native-only' }]);
    expect(samples(profile)).toBe(192);
    const totals = totalsByName(profile);
    for (const name of ['kdtreeSource', 'parse_fits_block', 'build_node'].map(
      one => `native ${one}`
    )) {
      expect(totals.get(name)).toBe(before.get(name));
      expect(totals.get(name)).toBeGreaterThan(5);
    }
  });
});
