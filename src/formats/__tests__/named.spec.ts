import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { languageOf } from '../../profile/language';
import { glueOf } from '../../profile/glue';
import type { FuncIndex } from '../../profile/indices';
import { searchFunctions } from '../../profile/search';
import { pathOfNative } from '../../profile/shortName';
import { applySteps } from '../../profile/steps';
import { addProfiles } from '../add';
import { COLLAPSED } from '../collapsed';
import { PERF_SCRIPT } from '../perfScript';
import { named, type Demangle } from '../named';
import { readProfile } from '../read';
import {
  analysed,
  bytesOf,
  DATA,
  demangled,
  flatTables,
  read as readDump,
  seconds,
  textOf
} from './igprofAnalyse';
import { checkProfile, read, stacksOf, sumOf } from './readings';

/** Gives what is in a table. */
const by =
  (table: Record<string, string>, fault: string | null = null): Demangle =>
  names =>
    Promise.resolve({
      found: new Map(
        names.flatMap(name => (table[name] ? [[name, table[name]]] : []))
      ),
      fault
    });

const FILTERED: Demangle = names =>
  by(Object.fromEntries(names.map(name => [name, demangled(name)])))(names);

const TABLE = {
  _ZN1AC1Ev: 'A::A()',
  _ZN1AC2Ev: 'A::A()',
  _Z1fv: 'f()'
};

const dump = (...lines: string[]) =>
  new TextEncoder().encode(
    `P=(HEX ID=1 N=(./a) T=0.010000)\n${lines.map(line => `${line}\n`).join('')}`
  );

/** Constructors of one class in two libraries, one of which calls the other. */
const CONSTRUCTORS = dump(
  'C1 FN0=(F0=(./a)+10 N=(main))+0 V0=(PERF_TICKS):(1,1,1)',
  'C2 FN1=(F0+20 N=(_ZN1AC1Ev))+0 V0:(2,2,2)',
  'C3 FN2=(F1=(./b)+30 N=(_ZN1AC2Ev))+4 V0:(4,4,4)',
  'C2 FN2+4 V0:(8,8,8)',
  'C2 FN3=(F1+50 N=(_Z1fv))+0 V0:(1,1,1)'
);

describe('mangled names in a file', () => {
  it('become names for people; functions of one name are one, as igprof-analyse has them', async () => {
    const profile = await named(readDump(CONSTRUCTORS), by(TABLE), true);
    checkProfile(profile);
    const { functions, objects, paths } = profile;
    expect(functions.qualified).toEqual(['spontaneous', '', 'A::A()', 'f()']);
    // The mangled name is that of the first, and so is the library.
    expect(functions.name).toEqual([
      '<spontaneous>',
      'main',
      '_ZN1AC1Ev',
      '_Z1fv'
    ]);
    expect(objects.path[functions.object[2]]).toBe('./a');
    expect([...paths.function]).toEqual([0, 1, 2, 2, 2, 3]);
    expect([...paths.address]).toEqual([0, 0x10, 0x20, 0x30, 0x30, 0x50]);
    expect([...(paths.values.get('self.samples') ?? [])]).toEqual([
      0, 1, 2, 4, 8, 1
    ]);
  });

  it('are found by either name', async () => {
    const profile = await named(readDump(CONSTRUCTORS), by(TABLE), true);
    for (const text of ['a::a', '_ZN1AC1']) {
      expect([...searchFunctions(profile, [], text, false).matches]).toEqual([
        0, 0, 1, 0
      ]);
    }
    const { profile: renamed } = applySteps(profile, [
      { kind: 'rename', rules: 's/^_ZN1A.*/mine/' }
    ]);
    expect(renamed.functions.name).toContain('mine');
  });

  it('stay two functions where they lie in two libraries, and the file tells them apart by that', async () => {
    const profile = readDump(CONSTRUCTORS);
    const apart = await named(profile, by(TABLE), false);
    checkProfile(apart);
    expect(apart.functions.qualified).toEqual([
      'spontaneous',
      '',
      'A::A()',
      'A::A()',
      'f()'
    ]);
    expect(apart.paths).toBe(profile.paths);
  });

  it('of stacks are put together, and the sums stay', async () => {
    const stacks = read(
      COLLAPSED,
      'main;_ZN1AC1Ev 2\nmain;_ZN1AC2Ev 3\nmain;_ZN1AC2Ev;_Z1fv 4\nmain;other 1\n'
    );
    const profile = await named(stacks, by(TABLE), false);
    checkProfile(profile);
    expect(profile.functions.length).toBe(4);
    expect(profile.functions.qualified).toContain('A::A()');
    const [metric] = profile.metrics;
    expect(sumOf(profile.paths.values.get(`self.${metric.id}`))).toBe(10);
    expect(Object.keys(stacksOf(profile, metric.id)).length).toBe(4 - 1);
  });

  it('are one with the same name that was no mangled one', async () => {
    const profile = await named(
      readDump(
        dump(
          'C1 FN0=(F0=(./a)+10 N=(f()))+0 V0=(PERF_TICKS):(1,1,1)',
          'C1 FN1=(F0+20 N=(_Z1fv))+0 V0:(2,2,2)'
        )
      ),
      by(TABLE),
      true
    );
    expect(profile.functions.name).toEqual(['<spontaneous>', 'f()']);
    expect([...profile.paths.function]).toEqual([0, 1, 1]);
  });

  it('are one over several files, whichever of them each file has', async () => {
    const line = (name: string) =>
      dump(`C1 FN0=(F0=(./a)+10 N=(${name}))+0 V0=(PERF_TICKS):(1,1,1)`);
    const profiles = await Promise.all(
      ['_ZN1AC1Ev', '_ZN1AC2Ev'].map(name =>
        named(readDump(line(name)), by(TABLE), true)
      )
    );
    const sum = addProfiles(profiles);
    expect(sum.functions.qualified).toEqual(['spontaneous', 'A::A()']);
    expect([...(sum.paths.values.get('self.samples') ?? [])]).toEqual([0, 2]);
  });

  it('stay, and a warning says why', async () => {
    const profile = readDump(CONSTRUCTORS);
    const left = await named(profile, by({ _Z1fv: 'f()' }, 'no time'), true);
    expect(left.functions.qualified).toEqual([
      'spontaneous',
      '',
      '',
      '',
      'f()'
    ]);
    expect(left.meta.warnings).toEqual([
      {
        code: 'mangled',
        text: 'Of C++ and Rust functions 2 names are as in the file, mangled: no time.'
      }
    ]);
    // What nobody knows is no matter for a warning.
    const unknown = await named(profile, by({}), true);
    expect(unknown.meta.warnings).toEqual([]);
    expect(unknown.functions).toEqual(profile.functions);
  });

  it('are looked for in compiled functions alone; without any nothing is loaded', async () => {
    const asked: (readonly string[])[] = [];
    const spy: Demangle = names => {
      asked.push(names);
      return by({})(names);
    };
    const python = 'a 1 1.0: 1 cycles:\n\tffff _Z1fv+0x1 (/a)\n\n';
    await named(read(PERF_SCRIPT, python), spy, false);
    expect(asked).toEqual([['_Z1fv']]);
    for (const name of [
      '_Zoom (/a.py:1)',
      'main',
      '_Read',
      '__Zed__',
      'Z1fv'
    ]) {
      await named(read(COLLAPSED, `${name} 1\n`), spy, false);
    }
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});

describe('dumps of igprof', () => {
  it.each([['hot.pp.gz', 'hot.pp.no-g.txt', 28]])(
    '%s: every row of %s, by the names that are shown',
    async (file, report, least) => {
      const profile = await readProfile(
        new Uint8Array(readFileSync(new URL(file, DATA))),
        'a',
        undefined,
        FILTERED
      );
      const rows = analysed(
        profile,
        'samples',
        (a, b) => a + b,
        ({ name, qualified, kind }, func) =>
          (kind[func] !== 'pseudo' && qualified[func]) || name[func]
      );
      const tables = flatTables(textOf(report));
      tables.forEach((table, i) => {
        expect(table.length).toBeGreaterThanOrEqual(least);
        for (const { name, value } of table) {
          const row = rows.get(name);
          expect([name, seconds((i ? row?.self : row?.total) ?? NaN)]).toEqual([
            name,
            value
          ]);
        }
      });
    }
  );

  it('have languages, glue and short names by names for people as by mangled ones', async () => {
    const mangled = readDump(bytesOf('hot.pp.gz'));
    const profile = await named(mangled, FILTERED, true);
    expect(profile.functions.length).toBe(mangled.functions.length);
    expect([...glueOf(profile)]).toEqual([...glueOf(mangled)]);
    profile.functions.qualified.forEach((text, func) => {
      if (profile.functions.name[func].startsWith('_Z')) {
        expect([text, languageOf(profile, func as FuncIndex)]).toEqual([
          text,
          'cpp'
        ]);
        expect(pathOfNative(text)).toMatch(
          /^[\w:<>…~ ]+\(…?(?:int)?\)(?: const)?$/
        );
      }
    });
  });
});
