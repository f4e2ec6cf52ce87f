import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { indexColumn, NONE, type FileIndex } from '../../profile/indices';
import { LineList } from '../../profile/lineList';
import { lineRows } from '../../profile/lineRows';
import { LineSources } from '../../profile/lineSource';
import { lineText } from '../../profile/lineText';
import type { IProfile, ValueKey } from '../../profile/model';
import { addProfiles } from '../add';
import { COLLAPSED } from '../collapsed';
import { FormatError } from '../error';
import { readProfile } from '../read';
import { requireValid } from '../valid';
import { analysed, flatTables, seconds, textOf } from './igprofAnalyse';
import { sums } from './tableSums';

const ROOT = new URL('../../../', import.meta.url);
const bytesOf = (path: string) =>
  new Uint8Array(readFileSync(new URL(path, ROOT)));
const read = (path: string) =>
  readProfile(bytesOf(path), path.slice(path.lastIndexOf('/') + 1));

/** Values by what they are of, so that the order of rows does not matter. */
function byKey(profile: IProfile): Map<string, number[]> {
  const { functions, files, totals, edges } = profile;
  const keyOf = (func: number) =>
    JSON.stringify([
      functions.file[func] === NONE ? '~' : files.path[functions.file[func]],
      functions.line[func],
      functions.name[func]
    ]);
  const keys: readonly ValueKey[] = [
    'self.calls',
    'primitive.calls',
    'self.time',
    'total.time'
  ];
  const found = new Map<string, number[]>();
  totals.function.forEach((func, row) =>
    found.set(
      keyOf(func),
      keys.map(key => totals.values.get(key)?.[row] ?? NaN)
    )
  );
  edges.caller.forEach((caller, row) =>
    found.set(
      `${keyOf(caller)} > ${keyOf(edges.callee[row])}`,
      keys.map(key => edges.values.get(key)?.[row] ?? NaN)
    )
  );
  return found;
}

describe('files of pstats', () => {
  it('are added as pstats adds them, bit for bit', async () => {
    // Made by pstats.Stats(a).add(b) of Python 3.13.
    type Key = [string, number, string];
    type Numbers = [number, number, number, number];
    const truth = JSON.parse(
      new TextDecoder().decode(
        bytesOf('tests/data/pstats/py3.11-and-py3.13.added.json')
      )
    ) as [Key, Numbers, [Key, Numbers][]][];
    const expected = new Map<string, number[]>();
    for (const [key, [primitive, calls, own, total], callers] of truth) {
      const callee = JSON.stringify(key);
      expected.set(callee, [calls, primitive, own, total]);
      for (const [caller, numbers] of callers) {
        expected.set(`${JSON.stringify(caller)} > ${callee}`, numbers);
      }
    }
    const both = addProfiles([
      await read('tests/data/pstats/py3.11.prof'),
      await read('tests/data/pstats/py3.13.prof')
    ]);
    requireValid(both);
    expect(byKey(both)).toEqual(expected);
    expect(both.meta.label).toBe('py3.11.prof, py3.13.prof');
    expect(both.meta.python).toBe(null);
    expect(both.meta.warnings.map(({ code }) => code)).toEqual(['threads']);
  });

  it('keep calls of callers without times', async () => {
    const one = await read('tests/data/pstats/py3.13.pure-python-profile.prof');
    const both = addProfiles([one, one]);
    expect([...both.edges.values.keys()]).toEqual(['self.calls']);
    expect(sums(both)['edges self.calls']).toBe(
      2 * sums(one)['edges self.calls']
    );
  });
});

describe('files of line_profiler', () => {
  it('are added as line_profiler adds them', async () => {
    const both = addProfiles([
      await read('tests/data/lprof/v5.0.2-py3.13.lprof'),
      await read('tests/data/lprof/v5.0.0-py3.13.lprof')
    ]);
    const whole: IProfile = {
      ...both,
      sources: {
        length: 1,
        file: indexColumn<FileIndex>(new Int32Array(1)),
        line: Float64Array.of(1),
        text: [
          new TextDecoder().decode(bytesOf('tests/data/lprof/line_demo.py.txt'))
        ]
      }
    };
    const text = lineText(
      whole,
      new LineList(whole, lineRows(whole), new LineSources(whole)),
      1e-6
    );
    const printed = new TextDecoder().decode(
      bytesOf('tests/data/lprof/v5.0.2.view-two-files-merged.txt')
    );
    const blocks = (report: string) =>
      report
        .split('\n\nTotal time')
        .slice(1)
        .map(block =>
          block
            .split(/\n\n {2}\d/)[0]
            .replace(
              /^( *53) {9}0 {10}0\.0 {18}( {2}.*)$/m,
              `$1${' '.repeat(41)}$2`
            )
            .trimEnd()
        )
        .sort();
    expect(blocks(printed).length).toBe(6);
    expect(blocks(text)).toEqual(blocks(printed));
  });

  it('have times in the coarser unit, rounded', async () => {
    const old = await read('tests/data/lprof/v3.5.1-py3.8.lprof');
    const fine = await read('tests/data/lprof/v5.0.2-py3.13.lprof');
    const qualified = {
      ...fine,
      functions: { ...fine.functions, qualified: old.functions.qualified }
    };
    const both = addProfiles([{ ...old, meta: { ...old.meta } }, qualified]);
    expect(both.metrics.find(({ id }) => id === 'time')?.tick).toBe(1000);
    const times = both.lines.values.get('total.time') ?? [];
    expect([...times].every(Number.isInteger)).toBe(true);
    const rounded = (
      fine.lines.values.get('total.time') ?? new Float64Array()
    ).map(time => Math.round(time / 1000));
    expect(sums(both)['lines total.time']).toBe(
      sums(old)['lines total.time'] + rounded.reduce((a, b) => a + b, 0)
    );
  });
});

describe('dumps of igprof', () => {
  it('are merged as igprof-analyse merges them', async () => {
    const both = addProfiles([
      await read('tests/data/igprof/hot.pp.gz'),
      await read('tests/data/igprof/hot_run2.pp.gz')
    ]);
    requireValid(both);
    const rows = analysed(both, 'samples');
    const [totals, selves] = flatTables(textOf('merged-two-runs.txt'));
    let count = 0;
    for (const [list, role] of [
      [totals, 'total'],
      [selves, 'self']
    ] as const) {
      for (const { name, value } of list) {
        const row = rows.get(name);
        if (row) {
          expect([name, role, seconds(row[role])]).toEqual([name, role, value]);
          count++;
        }
      }
    }
    expect(count).toBeGreaterThan(30);
  });

  it('keep addresses apart, and put those of both runs together', async () => {
    const one = await read('tests/data/igprof/hot.pp.gz');
    const both = addProfiles([one, one]);
    expect(both.paths.length).toBeLessThanOrEqual(one.paths.length);
    expect(new Set(both.paths.address)).toEqual(new Set(one.paths.address));
    expect(sums(both)['paths self.samples']).toBe(
      2 * sums(one)['paths self.samples']
    );
  });

  it('have the largest of what is a largest value', async () => {
    const one = await read('tests/data/igprof/hot.mp.gz');
    const most = (profile: IProfile) =>
      Math.max(...(profile.paths.values.get('self.max_bytes') ?? []));
    const both = addProfiles([one, one]);
    expect(most(both)).toBe(most(one));
    expect(sums(both)['paths self.bytes']).toBe(
      2 * sums(one)['paths self.bytes']
    );
  });
});

describe('our own profiles', () => {
  it('keep lines of frames, labels of cells and sources', async () => {
    const one = await read('wire/samples/paths.json');
    const both = addProfiles([one, one]);
    requireValid(both);
    expect(new Set(both.paths.line)).toEqual(new Set(one.paths.line));
    expect(new Set(both.paths.inlined)).toEqual(new Set(one.paths.inlined));
    expect([...both.files.label].sort()).toEqual(
      [...new Set(one.files.label)].sort()
    );
    expect(both.sources.text).toEqual(one.sources.text);
  });
});

describe('what cannot be added', () => {
  it('is nothing', () => {
    expect(() => addProfiles([])).toThrow(
      'Expected profiles to add, found none.'
    );
  });

  it('is of different kinds, which are named', async () => {
    const pstats = await read('tests/data/pstats/py3.13.prof');
    const lprof = await read('tests/data/lprof/v5.0.2-py3.13.lprof');
    const igprof = await read('tests/data/igprof/hot.pp.gz');
    const memory = await read('tests/data/igprof/hot.mp.gz');
    expect(() => addProfiles([pstats, lprof])).toThrow(
      'Expected profiles of one kind, found functions and their callers by cProfile, and lines by line_profiler.'
    );
    expect(() => addProfiles([pstats, igprof])).toThrow(FormatError);
    expect(() => addProfiles([igprof, memory])).toThrow(
      'Expected profiles that measured the same, found'
    );
  });

  it('is not one profile, which stays what it is', async () => {
    const one = await read('tests/data/pstats/py3.13.prof');
    expect(addProfiles([one])).toBe(one);
  });
});

describe('any stacks', () => {
  const stacks = fc.array(
    fc.tuple(
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 }),
      fc.nat({ max: 1000 })
    ),
    { minLength: 1, maxLength: 20 }
  );
  const profileOf = (list: [string[], number][]) =>
    COLLAPSED.read(
      new TextEncoder().encode(
        list.map(([frames, n]) => `${frames.join(';')} ${n}\n`).join('')
      ),
      { name: 'a', onProgress: () => undefined }
    );
  /** Samples by whole stack. */
  const byStack = ({ paths, functions }: IProfile) => {
    const names: string[] = [];
    const found = new Map<string, number>();
    paths.function.forEach((func, node) => {
      const parent: number = paths.parent[node];
      names.push(
        (parent === NONE ? '' : `${names[parent]};`) + functions.name[func]
      );
      found.set(
        names[node],
        (found.get(names[node]) ?? 0) +
          (paths.values.get('self.samples')?.[node] ?? 0)
      );
    });
    return found;
  };

  it('have the same sum in any order, and lose nothing', () => {
    fc.assert(
      fc.property(stacks, stacks, (one, other) => {
        const a = profileOf(one);
        const b = profileOf(other);
        const both = addProfiles([a, b]);
        requireValid(both);
        expect(byStack(both)).toEqual(byStack(addProfiles([b, a])));
        expect(byStack(both)).toEqual(byStack(profileOf([...one, ...other])));
        // A sum of 0 is not among the sums.
        const sum = (profile: IProfile) =>
          sums(profile)['paths self.samples'] ?? 0;
        expect(sum(both)).toBe(sum(a) + sum(b));
      })
    );
  });
});
