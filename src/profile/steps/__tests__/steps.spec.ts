import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { requireValid } from '../../../formats/valid';
import {
  linesFrom,
  NO_TOTALS,
  profileOf,
  type NodeSpec
} from '../../__tests__/build';
import { indexColumn } from '../../indices';
import type { IProfile } from '../../model';
import { totalsOf } from '../../totals';
import { applySteps, MOST_STEPS, readSteps, stepsOf, type Step } from '..';
import {
  FUNCTIONS,
  KEEPING,
  mixedProfile,
  mixedProfiles,
  stacksOf,
  summed,
  type IStack
} from './mixed';

const [PYTHON, GLUE, RELAX, SWEEP] = [0, 1, 2, 3];
const NAMES = FUNCTIONS.map(({ name }) => name as string);
const isGlueName = (name: string) => name === NAMES[GLUE];
const isPythonName = (name: string) => name === NAMES[PYTHON];

const after = (profile: IProfile, ...steps: Step[]) =>
  applySteps(profile, steps).profile;

/** Python calls the interpreter, which calls compiled code, which calls Python back. */
const MIXED = mixedProfile([
  [0, GLUE, 1, 1],
  [1, PYTHON, 2, 1],
  [2, GLUE, 4, 1],
  [3, RELAX, 8, 1],
  [4, SWEEP, 16, 1],
  [5, PYTHON, 32, 1],
  [2, RELAX, 64, 1]
]);

describe('a step', () => {
  it('folds glue into its callers, and puts siblings together', () => {
    const { profile, told } = applySteps(MIXED, [{ kind: 'fold-glue' }]);
    expect(summed(stacksOf(profile))).toEqual({
      _PyEval_EvalFrameDefault: 1,
      work: 2 + 4,
      'work > hex::relax(int)': 8 + 64,
      'work > hex::relax(int) > hex::sweep(int)': 16,
      'work > hex::relax(int) > hex::sweep(int) > work': 32
    });
    expect(profile.paths.length).toBe(5);
    expect(told).toEqual([
      { step: { kind: 'fold-glue' }, frames: 0, share: 4 / 127, fault: null }
    ]);
  });

  it('counts functions that are gone', () => {
    const profile = mixedProfile([
      [0, PYTHON, 2, 1],
      [1, GLUE, 4, 1],
      [2, RELAX, 14, 1]
    ]);
    const told = applySteps(profile, [
      { kind: 'fold-glue' },
      { kind: 'python-only' }
    ]).told;
    expect(told.map(({ frames, share }) => [frames, share])).toEqual([
      [1, 0.2],
      [1, 0.7]
    ]);
  });

  it('leaves Python only', () => {
    expect(summed(stacksOf(after(MIXED, { kind: 'python-only' })))).toEqual({
      '(native)': 1,
      work: 2 + 4 + 8 + 16 + 64,
      'work > work': 32
    });
  });

  it('leaves compiled code only, and what Python owns in frames of its own', () => {
    const profile = after(MIXED, { kind: 'native-only' });
    const glue = NAMES[GLUE];
    expect(summed(stacksOf(profile))).toEqual({
      [glue]: 1,
      [`${glue} > (Python)`]: 2,
      [`${glue} > ${glue}`]: 4,
      [`${glue} > ${glue} > hex::relax(int)`]: 8,
      [`${glue} > ${glue} > hex::relax(int) > hex::sweep(int)`]: 16,
      [`${glue} > ${glue} > hex::relax(int) > hex::sweep(int) > (Python)`]: 32,
      [`${glue} > hex::relax(int)`]: 64
    });
    expect(profile.functions.kind.at(-1)).toBe('pseudo');
  });

  it('calls compiled code by its library', () => {
    expect(summed(stacksOf(after(MIXED, { kind: 'merge-library' })))).toEqual({
      'libpython3.13.so.1.0': 1,
      'libpython3.13.so.1.0 > work': 2,
      'libpython3.13.so.1.0 > work > libpython3.13.so.1.0': 4,
      'libpython3.13.so.1.0 > work > libpython3.13.so.1.0 > hexgrid.so': 8 + 16,
      'libpython3.13.so.1.0 > work > libpython3.13.so.1.0 > hexgrid.so > work': 32,
      'libpython3.13.so.1.0 > work > hexgrid.so': 64
    });
  });

  it('calls compiled code without a name by its library', () => {
    const nodes: readonly NodeSpec[] = [
      [0, PYTHON, 1, 1],
      [1, RELAX, 2, 1],
      [1, SWEEP, 4, 1],
      [2, RELAX, 8, 1]
    ];
    const profile = mixedProfile(nodes);
    const named = {
      ...profile,
      functions: {
        ...profile.functions,
        name: ['work', '@{python}', '@{hexgrid.so+16}', '0x7f20']
      }
    };
    expect(stepsOf(named).hasUnnamed).toBe(true);
    expect(stepsOf(profile).hasUnnamed).toBe(false);
    const { profile: one, told } = applySteps(named, [
      { kind: 'merge-unnamed' }
    ]);
    expect(summed(stacksOf(one))).toEqual({
      work: 1,
      'work > @{hexgrid.so}': 14
    });
    expect(told[0].frames).toBe(2);
    expect(applySteps(profile, [{ kind: 'merge-unnamed' }]).profile).toBe(
      profile
    );
  });

  it('renames by expressions, the first that changes a name', () => {
    const { profile, told } = applySteps(MIXED, [
      {
        kind: 'rename',
        rules: 's/hex::(\\w+).*/H $1 \\0/;s|.*hexgrid|no|;s/^w/W/'
      }
    ]);
    expect(new Set(stacksOf(profile).flatMap(({ names }) => names))).toEqual(
      new Set([
        NAMES[GLUE],
        'Work',
        'H relax hex::relax(int)',
        'H sweep hex::sweep(int)'
      ])
    );
    expect(told[0].frames).toBe(3);
    expect(told[0].share).toBeCloseTo(122 / 127);
  });

  it('renames by the library or the file where the name does not match', () => {
    const rules = 's/.*(hexgrid|a.py).*/\\1/';
    const profile = after(MIXED, { kind: 'rename', rules });
    expect(new Set(stacksOf(profile).flatMap(({ names }) => names))).toEqual(
      new Set([NAMES[GLUE], 'hexgrid', 'a.py'])
    );
    expect(profile.functions.kind.slice(-2)).toEqual(['python', 'native']);
  });

  it('replaces each match, and the rest of a long name with the last', () => {
    const long = `a${'b'.repeat(400)}`;
    const profile = profileOf([{ name: long }, { name: 'aXa' }], {
      totals: NO_TOTALS,
      paths: mixedProfile([
        [0, 0, 1, 1],
        [0, 1, 1, 1]
      ]).paths
    });
    const named = (rules: string) =>
      stacksOf(after(profile, { kind: 'rename', rules })).map(
        ({ names }) => names[0]
      );
    expect(named('s/a/<>/')).toEqual([`<>${long.slice(1)}`, '<>X<>']);
    expect(named('s/a.*/all/')).toEqual(['all']);
  });

  it('gives up on patterns that take too long on many names, and says so', () => {
    const functions = Array.from({ length: 3000 }, (_, i) => ({
      name: `${'a'.repeat(300)}${i}`
    }));
    const paths = mixedProfile(
      functions.map((_, func) => [0, func, 1, 1] as const)
    ).paths;
    const profile = profileOf(functions, { totals: NO_TOTALS, paths });
    for (const step of [
      { kind: 'rename', rules: 's/a*a*b/x/' },
      { kind: 'ancestor', rules: 'a*a*b/x' }
    ] as const) {
      const { told } = applySteps(profile, [step]);
      expect(told[0].fault).toMatch(/takes too long/);
    }
  });

  it('renames what lies below ancestors', () => {
    const profile = after(MIXED, {
      kind: 'ancestor',
      rules: '^work$>relax/in'
    });
    expect(Object.keys(summed(stacksOf(profile)))).toContain(
      `${NAMES[GLUE]} > work > ${NAMES[GLUE]} > in > in:hex::sweep(int) > in:work`
    );
    expect(Object.keys(summed(stacksOf(profile)))).toContain(
      `${NAMES[GLUE]} > work > in`
    );
  });

  it('shows one metric alone', () => {
    const { metrics, paths } = after(MIXED, {
      kind: 'counter',
      metric: 'peak'
    });
    expect(metrics.map(({ id }) => id)).toEqual(['calls', 'peak']);
    expect([...paths.values.keys()]).toEqual(['self.calls', 'self.peak']);
  });

  it.each<[Step & { kind: 'limit' }, number[]]>([
    [{ kind: 'limit', by: 'value', min: 8, max: null }, [8, 16, 32, 64]],
    [{ kind: 'limit', by: 'value', min: null, max: 8 }, [1, 2, 4, 8]],
    [{ kind: 'limit', by: 'value', min: 8, max: 16 }, [8, 16]]
  ])('leaves out stacks by %j', (step, kept) => {
    const { profile, told } = applySteps(MIXED, [step]);
    requireValid(profile);
    expect(stacksOf(profile).map(({ own }) => own)).toEqual(kept);
    const left = kept.reduce((a, b) => a + b, 0);
    expect(told[0].share).toBeCloseTo((127 - left) / 127);
  });

  it('that applies to nothing leaves the very same profile', () => {
    const plain = mixedProfile([[0, PYTHON, 5, 1]]);
    const steps: Step[] = [
      { kind: 'fold-glue' },
      { kind: 'python-only' },
      { kind: 'merge-library' },
      { kind: 'rename', rules: 's/absent/x/' },
      { kind: 'ancestor', rules: 'absent/x' },
      { kind: 'limit', by: 'value', min: 1, max: null },
      { kind: 'limit', by: 'value', min: null, max: 0 }
    ];
    const { profile, told } = applySteps(plain, steps);
    expect(profile).toBe(plain);
    expect(
      told.map(({ fault, frames, share }) => [fault, frames, share])
    ).toEqual(steps.map(() => [null, 0, 0]));
    const native = mixedProfile([[0, RELAX, 5, 1]]);
    expect(after(native, { kind: 'native-only' })).toBe(native);
  });

  it.each<[Step, RegExp]>([
    [{ kind: 'counter', metric: 'no' }, /no metric “no”/],
    [
      { kind: 'rename', rules: 'x' },
      /Expected s\/PATTERN\/NAME\/ at character 1/
    ],
    [{ kind: 'rename', rules: 's/a/b' }, /Expected s\/PATTERN/],
    [{ kind: 'rename', rules: 's/a/b/s/c/d/' }, /Expected s\/PATTERN/],
    [{ kind: 'rename', rules: 's//b/' }, /Expected a pattern, found none/],
    [{ kind: 'rename', rules: 's/(a+)+b/x/' }, /it .* or repeats a group\.$/],
    [
      { kind: 'rename', rules: 's/.*a.*b.*c/x/' },
      /“\.\*a\.\*b\.\*c” cannot be searched for here: it has too many of \* \+/
    ],
    [{ kind: 'rename', rules: 's/\\bburn/x/' }, /parts not known here, as \\b/],
    [{ kind: 'rename', rules: `s/${'x'.repeat(300)}/x/` }, /it is too long/],
    [{ kind: 'rename', rules: 's/[/x/' }, /it is no regular expression/],
    [{ kind: 'rename', rules: 's/(a)/\\2/' }, /no group 2/],
    [{ kind: 'ancestor', rules: 'a>b' }, /Expected ANCESTOR/],
    [{ kind: 'ancestor', rules: 'a>/x' }, /Expected a pattern/],
    [
      { kind: 'limit', by: 'count', min: 2, max: null },
      /How many events the values of “time” are made of is not known/
    ]
  ])('%j is not applied, and says why', (step, fault) => {
    const { profile, told } = applySteps(MIXED, [step]);
    expect(profile).toBe(MIXED);
    expect(told[0].fault).toMatch(fault);
  });

  it('is not applied to sums, from which nothing follows', () => {
    const sums = profileOf([
      { name: 'f', self: 3 },
      { name: '_PyEval_EvalFrameDefault', kind: 'native', self: 4 }
    ]);
    const { profile, told } = applySteps(sums, [{ kind: 'fold-glue' }]);
    expect(profile).toBe(sums);
    expect(told[0].fault).toMatch(/cannot be told\.$/);
    expect(
      after(sums, { kind: 'counter', metric: 'calls' }).metrics
    ).toHaveLength(1);
  });

  it('of a profile whose rows were folded goes by what is left, and says so', () => {
    const folded: IProfile = { ...MIXED, totals: totalsOf(MIXED) };
    const profile = after(folded, { kind: 'fold-glue' });
    expect(profile.totals.length).toBe(0);
    expect(profile.meta.warnings.map(({ code }) => code)).toEqual([
      'step-sums'
    ]);
  });
});

describe('whatever the call tree', () => {
  const references: Record<string, (stack: IStack) => readonly string[]> = {
    'fold-glue': ({ names }) => without(names, isGlueName),
    'python-only': ({ names }) => {
      const kept = names.filter(isPythonName);
      return kept.length > 0 ? kept : ['(native)'];
    },
    'native-only': ({ names }) => [
      ...names.filter(name => !isPythonName(name)),
      ...(isPythonName(names[names.length - 1]) ? ['(Python)'] : [])
    ],
    'merge-library': ({ names }) =>
      names
        .map(name =>
          isPythonName(name)
            ? name
            : isGlueName(name)
              ? 'libpython3.13.so.1.0'
              : 'hexgrid.so'
        )
        .filter(
          (name, i, all) => i === 0 || name !== all[i - 1] || name === 'work'
        )
  };
  /** Frames that stay; a stack of none of them is its last frame. */
  const without = (
    names: readonly string[],
    isOut: (name: string) => boolean
  ) => {
    const kept = names.filter(name => !isOut(name));
    return kept.length > 0 ? kept : names.slice(-1);
  };

  it.each(Object.keys(references))(
    '%s makes of each stack what it says',
    kind => {
      fc.assert(
        fc.property(mixedProfiles, before => {
          const profile = after(before, { kind } as Step);
          const changed = (key: 'self.time' | 'self.peak') =>
            stacksOf(before, key).map(stack => ({
              ...stack,
              names: references[kind](stack)
            }));
          expect(summed(stacksOf(profile))).toEqual(
            summed(changed('self.time'))
          );
          expect(summed(stacksOf(profile, 'self.peak'), Math.max)).toEqual(
            summed(changed('self.peak'), Math.max)
          );
        })
      );
    }
  );

  it('own values keep their sum, and rows are valid, one for each function below another', () => {
    fc.assert(
      fc.property(
        mixedProfiles,
        fc.array(KEEPING, { minLength: 1, maxLength: 3 }),
        (before, steps) => {
          const { profile, told } = applySteps(before, steps);
          requireValid(profile);
          const sum = (one: IProfile) =>
            stacksOf(one).reduce((all, { own }) => all + own, 0);
          expect(sum(profile)).toBe(sum(before));
          if (before.paths.length > 0) {
            expect(told.map(({ fault }) => fault)).toEqual(
              steps.map(() => null)
            );
          }
          if (profile !== before) {
            const { paths } = profile;
            const keys = [...paths.function].map(
              (func, row) => `${paths.parent[row]},${func}`
            );
            expect(new Set(keys).size).toBe(keys.length);
          }
        }
      )
    );
  });

  it('functions that stay have the totals that they had', () => {
    const totalOf = (profile: IProfile) => {
      const { function: func, values } = totalsOf(profile);
      return new Map(
        [...func].map((one, row) => [
          profile.functions.name[one],
          values.get('total.time')?.[row]
        ])
      );
    };
    fc.assert(
      fc.property(
        mixedProfiles,
        fc.constantFrom<Step>({ kind: 'fold-glue' }, { kind: 'python-only' }),
        (before, step) => {
          const [had, has] = [before, after(before, step)].map(totalOf);
          expect(has.get('work')).toBe(had.get('work'));
        }
      )
    );
  });

  it('is a matter of one walk: a million frames, also in one stack', () => {
    const length = 1_000_000;
    const parent = Int32Array.from({ length }, (_, row) =>
      row < 100_000 ? row - 1 : 100_000 - 1 - (row % 1000)
    );
    // In pre-order: the deep stack first, then leaves of its last frames, those of the deepest first.
    parent.subarray(100_000).sort().reverse();
    const func = Int32Array.from({ length }, (_, row) => row % 4);
    const paths = {
      ...mixedProfile([]).paths,
      length,
      parent: indexColumn<never>(parent),
      function: indexColumn<never>(func),
      thread: indexColumn<never>(new Int32Array(length)),
      line: new Float64Array(length),
      address: new Float64Array(length),
      inlined: new Uint8Array(length),
      values: new Map([
        ['self.time', new Float64Array(length).fill(1)]
      ] as const)
    };
    const large = { ...mixedProfile([]), paths };
    requireValid(large);
    for (const kind of ['fold-glue', 'merge-library', 'native-only'] as const) {
      const { values } = after(large, { kind }).paths;
      expect(values.get('self.time')?.reduce((a, b) => a + b, 0)).toBe(length);
    }
  });
});

describe('lines', () => {
  const paths = {
    ...MIXED.paths,
    line: Float64Array.from([0, 7, 0, 0, 0, 9, 0])
  };
  const lined: IProfile = {
    ...MIXED,
    paths,
    files: {
      ...profileOf([
        { name: '', path: '/home/me/a.py' },
        { name: '', path: '/opt/hex.cpp' }
      ]).files
    },
    lines: linesFrom([
      { func: PYTHON, line: 7, time: 126, own: 2 },
      { func: PYTHON, line: 9, time: 32, own: 32 },
      { func: RELAX, line: 30, time: 120, own: 72, file: 1 },
      { func: SWEEP, line: 40, time: 48, own: 16, file: 1 }
    ])
  };
  const rowsOf = ({ lines }: IProfile) =>
    [...lines.line].map((line, row) => [
      lines.function[row],
      line,
      lines.values.get('self.time')?.[row],
      lines.values.get('total.time')?.[row]
    ]);

  it('of compiled code are the calling Python lines where only Python is shown', () => {
    expect(rowsOf(after(lined, { kind: 'python-only' }))).toEqual([
      [PYTHON, 7, 2 + 4 + 8 + 16 + 64, 126],
      [PYTHON, 9, 32, 32]
    ]);
  });

  it('are those of the function where the calling line is not known', () => {
    const unknown = { ...lined, paths: MIXED.paths };
    expect(rowsOf(after(unknown, { kind: 'python-only' }))).toEqual([
      [PYTHON, 7, 2, 126],
      [PYTHON, 9, 32, 32],
      // In the totals of the lines that called already.
      [PYTHON, 0, 4 + 8 + 16 + 64, 0]
    ]);
  });

  it('are those of the function where the calling line was put together with others', () => {
    const short = {
      ...lined,
      lines: linesFrom([
        { func: PYTHON, line: 9, time: 32, own: 32 },
        { func: PYTHON, line: 0, time: 126, own: 2 }
      ])
    };
    expect(rowsOf(after(short, { kind: 'python-only' }))).toEqual([
      [PYTHON, 9, 32, 32],
      [PYTHON, 0, 2 + 4 + 8 + 16 + 64, 126]
    ]);
  });

  it('are all that is known of a function that had none', () => {
    const none = {
      ...lined,
      lines: linesFrom([{ func: RELAX, line: 30, time: 120, own: 72, file: 1 }])
    };
    expect(rowsOf(after(none, { kind: 'python-only' }))).toEqual([
      [PYTHON, 0, 4 + 8 + 16 + 64, 4 + 8 + 16 + 64]
    ]);
  });

  it('of Python go where only compiled code is shown', () => {
    expect(
      rowsOf(after(lined, { kind: 'native-only' })).map(([func]) => func)
    ).toEqual([RELAX, SWEEP]);
  });

  it('follow their functions to new names', () => {
    const profile = after(lined, { kind: 'merge-library' });
    expect(
      rowsOf(profile).map(([func]) => profile.functions.name[func ?? 0])
    ).toEqual(['work', 'work', 'hexgrid.so', 'hexgrid.so']);
    requireValid(profile);
  });

  it('are of all stacks where a limit leaves some out, and that is said', () => {
    const profile = after(lined, {
      kind: 'limit',
      by: 'value',
      min: 10,
      max: null
    });
    expect(profile.lines).toBe(lined.lines);
    expect(profile.meta.warnings.map(({ code }) => code)).toEqual([
      'limit-lines'
    ]);
  });
});

describe('what there is to choose', () => {
  it('goes by what is on the call paths', () => {
    expect(stepsOf(MIXED)).toMatchObject({
      hasNative: true,
      isMixed: true,
      libraries: true
    });
    expect(stepsOf(MIXED).counters.map(({ id }) => id)).toEqual([
      'time',
      'peak'
    ]);
    expect(stepsOf(mixedProfile([[0, PYTHON, 1, 1]]))).toMatchObject({
      hasNative: false,
      isMixed: false,
      libraries: false
    });
    expect(stepsOf(mixedProfile([[0, RELAX, 1, 1]]))).toMatchObject({
      hasNative: true,
      isMixed: false,
      ranPython: false
    });
  });
});

describe('steps that were stored', () => {
  const STEPS: readonly Step[] = [
    { kind: 'fold-glue' },
    { kind: 'python-only' },
    { kind: 'native-only' },
    { kind: 'merge-library' },
    { kind: 'merge-unnamed' },
    { kind: 'counter', metric: 'bytes' },
    { kind: 'rename', rules: 's/a/b/' },
    { kind: 'ancestor', rules: 'a>b/c' },
    { kind: 'limit', by: 'average', min: 1.5, max: null }
  ];

  it('are read back as they were', () => {
    expect(readSteps(JSON.parse(JSON.stringify(STEPS)))).toEqual(STEPS);
  });

  it('are left out where they are none, and anything may be there', () => {
    expect(
      readSteps([
        null,
        'fold-glue',
        { kind: 'no' },
        { kind: 'counter' },
        { kind: 'counter', metric: '' },
        { kind: 'rename', rules: 'x'.repeat(1001) },
        { kind: 'limit', by: 'size', min: 1, max: 2 },
        { kind: 'limit', by: 'value', min: '1', max: 2 },
        { kind: 'limit', by: 'value', min: -1, max: 2 },
        { kind: 'limit', by: 'value', min: NaN, max: 2 }
      ])
    ).toEqual([]);
    expect(readSteps(Array(100).fill({ kind: 'fold-glue' }))).toHaveLength(
      MOST_STEPS
    );
    fc.assert(
      fc.property(fc.anything(), stored => {
        expect(readSteps(stored)).toEqual(readSteps(readSteps(stored)));
      })
    );
  });

  it('may hold any rules', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('rename', 'ancestor'),
        fc.string({ minLength: 1, maxLength: 40 }),
        (kind, rules) => {
          const { told } = applySteps(MIXED, readSteps([{ kind, rules }]));
          expect(told).toHaveLength(1);
        }
      )
    );
  });
});
