import { describe, expect, it } from 'vitest';

import { canBeMapped } from '../../profile/map/mapLayout';
import type { IProfile, ValueKey } from '../../profile/model';
import { functionRows, wholeOf } from '../../profile/rows';
import { placesOf } from '../../profile/tree/places';
import { treeOf } from '../../profile/tree/treeOf';
import { COLLAPSED } from '../collapsed';
import { FormatError } from '../error';
import { readProfile } from '../read';
import { subtractProfile } from '../subtract';
import { requireValid } from '../valid';
import { analysed, flatTables, seconds, textOf } from './igprofAnalyse';
import { dataFile } from './readings';
import { TABLES, sums } from './tableSums';

const read = (path: string) =>
  readProfile(
    new Uint8Array(dataFile(path)),
    path.slice(path.lastIndexOf('/') + 1)
  );

describe('a profile less a baseline', () => {
  const igprof = (name: string) => read(`igprof/${name}`);
  const own = (profile: IProfile, key: ValueKey) =>
    sums(profile)[`paths ${key}`];

  it('has the values that igprof-analyse -b prints', async () => {
    // Rows that have not changed are not printed; many names are those of debugging symbols.
    const difference = subtractProfile(
      await igprof('hot_run2.pp.gz'),
      await igprof('hot.pp.gz')
    );
    requireValid(difference);
    const rows = analysed(difference, 'samples');
    const report = textOf('diff-run2-vs-run1.txt');
    const [totals, selves] = flatTables(report);
    let count = 0;
    for (const [list, role] of [
      [totals, 'total'],
      [selves, 'self']
    ] as const) {
      for (const { name, value } of list) {
        const row = rows.get(name);
        if (row) {
          // A row that is less than before is printed without its sign, which is that of the percentage.
          expect([name, role, seconds(Math.abs(row[role]))]).toEqual([
            name,
            role,
            value
          ]);
          count++;
        }
      }
    }
    expect(count).toBeGreaterThan(30);
    expect(seconds(own(difference, 'self.samples'))).toBe('2.15');
    expect(difference.meta).toMatchObject({
      label: 'hot_run2.pp.gz − hot.pp.gz',
      wall: null
    });
    expect(difference.meta.warnings[0]).toMatchObject({ code: 'difference' });
  });

  it('has no boxes and no shares, as some values are below 0', async () => {
    const difference = subtractProfile(
      await igprof('hot_run2.pp.gz'),
      await igprof('hot.pp.gz')
    );
    const tree = treeOf(difference, difference.metrics[0]);
    expect(tree && placesOf(tree)).toBeNull();
    expect(tree && canBeMapped(tree)).toBe(false);
    const rows = functionRows(difference);
    expect(rows.self.some(value => value < 0)).toBe(true);
    expect(wholeOf(difference, rows)).toBeNaN();
  });

  it.each([
    'igprof/hot.pp.gz',
    'pstats/mosaic.py3.13.prof',
    'collapsed/mosaic.mixed.folded'
  ])('%s less itself is nothing', async path => {
    const profile = await read(path);
    const difference = subtractProfile(profile, profile);
    requireValid(difference);
    expect(Object.values(sums(difference)).every(sum => sum === 0)).toBe(true);
    for (const table of TABLES) {
      for (const column of difference[table].values.values()) {
        expect(column.every(value => Object.is(value, 0))).toBe(true);
      }
    }
    expect(difference.paths.length).toBe(profile.paths.length);
  });

  it('has below 0 what the baseline alone has', () => {
    const [after, before] = ['f 2\nf;g 5\n', 'f;h 3\n'].map(text =>
      COLLAPSED.read(new TextEncoder().encode(text), {
        name: 'x',
        onProgress: () => undefined
      })
    ) as [IProfile, IProfile];
    const { paths, functions } = subtractProfile(after, before);
    expect(
      [...paths.function].map((func, row) => [
        functions.name[func],
        paths.values.get('self.samples')?.[row]
      ])
    ).toEqual([
      ['f', 2],
      ['g', 5],
      ['h', -3]
    ]);
  });

  it('leaves out values that do not sum, and says so', async () => {
    const memory = await igprof('hot.mp.gz');
    const difference = subtractProfile(memory, memory);
    expect(memory.metrics.map(({ id }) => id)).toContain('max_bytes');
    expect(difference.metrics.map(({ id }) => id)).not.toContain('max_bytes');
    expect(difference.meta.warnings.map(({ text }) => text)).toContain(
      'Values of Largest allocation (MEM_MAX) have no difference, and are left out.'
    );
  });

  it('is refused between kinds', async () => {
    const ticks = await igprof('hot.pp.gz');
    const memory = await igprof('hot.mp.gz');
    expect(() => subtractProfile(ticks, memory)).toThrow(FormatError);
  });
});
