import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { trees } from '../../__tests__/trees';
import { decode } from '../../../wire';
import { sample } from '../../../wire/__tests__/samples';
import type { IFunctionSpec } from '../../__tests__/build';
import { Groups } from '../../groups';
import { NONE, type FuncIndex } from '../../indices';
import { FunctionKeys } from '../../keys';
import type { IProfile } from '../../model';
import { totalsOf } from '../../totals';
import {
  applyTransforms,
  spineIn,
  type ITransformContext
} from '../applyTransforms';
import type { ICallTree } from '../callTree';
import {
  FUNCTION_TRANSFORMS,
  MOST_PATH,
  readTransforms,
  type Transform
} from '../transforms';
import { treeOf } from '../treeOf';
import {
  deepTree,
  draw,
  drawn,
  faultsOf,
  LETTERS,
  near,
  parse,
  profileWith,
  treeDrawn,
  treeFrom
} from './drawn';

/** The functions of the drawings, each somewhere else. */
const FUNCTIONS: readonly IFunctionSpec[] = [
  { name: 'main', path: '/tmp/cell.py', origin: 'cell' },
  { name: 'f', path: '/lib/pandas/a.py', origin: 'package', package: 'pandas' },
  { name: 'g', path: '/lib/pandas/b.py', origin: 'package', package: 'pandas' },
  { name: 'h', path: '/lib/re.py', origin: 'stdlib' }
];
const KEYS: Record<string, string> = {
  main: '/tmp/cell.py|main',
  f: '/lib/pandas/a.py|f',
  g: '/lib/pandas/b.py|g',
  h: '/lib/re.py|h'
};

function contextOf(profile: IProfile): ITransformContext {
  return {
    profile,
    keys: new FunctionKeys(profile),
    groups: new Groups(profile, profile.files.path)
  };
}

const CONTEXT = contextOf(profileWith([], FUNCTIONS));

function apply(tree: ICallTree, ...transforms: readonly Transform[]) {
  return applyTransforms(tree, transforms, CONTEXT);
}

/** What a drawing is after a transform, and what share of it that is. */
function after(drawing: string, transform: Transform): [string, string] {
  const { tree, steps } = apply(treeDrawn(drawing), transform);
  expect(faultsOf(tree)).toEqual([]);
  return [
    draw(tree),
    `${steps[0].outcome}, ${steps[0].after} of ${steps[0].before}`
  ];
}

describe('a transform is as its picture', () => {
  it('focus-path', () => {
    const drawing = `
      main 1
        f 2
          g 5
        g 3
    `;
    const path = [KEYS.main, KEYS.f];
    expect(after(drawing, { kind: 'focus-path', path })).toEqual([
      drawn(`
        f 2
          g 5
      `),
      'done, 7 of 11'
    ]);
  });

  it('focus-function', () => {
    const drawing = `
      main 1
        f 2
          g 5
            h 4
              g 1
        g 3
    `;
    expect(after(drawing, { kind: 'focus-function', func: KEYS.g })).toEqual([
      drawn(`
        g 8
          h 4
            g 1
      `),
      'done, 13 of 16'
    ]);
  });

  it('merge-function', () => {
    const drawing = `
      main 1
        f 2
          g 5
          f 1
            h 1
        h 3
    `;
    expect(after(drawing, { kind: 'merge-function', func: KEYS.f })).toEqual([
      drawn(`
        main 4
          g 5
          h 4
      `),
      'done, 13 of 13'
    ]);
  });

  it('merge-function of a root', () => {
    const drawing = `
      main 1
        main 3
          f 2
            main 5
              g 7
    `;
    expect(after(drawing, { kind: 'merge-function', func: KEYS.main })).toEqual(
      [
        drawn(`
          f 7
            g 7
          main 4
        `),
        'done, 18 of 18'
      ]
    );
    expect(
      after('main 0\n  f 1', { kind: 'merge-function', func: KEYS.main })
    ).toEqual(['f 1', 'done, 1 of 1']);
  });

  it('drop-function', () => {
    const drawing = `
      main 1
        f 2
          g 5
        h 3
    `;
    expect(after(drawing, { kind: 'drop-function', func: KEYS.f })).toEqual([
      drawn(`
        main 1
          h 3
      `),
      'done, 4 of 11'
    ]);
    expect(after(drawing, { kind: 'drop-function', func: KEYS.main })).toEqual([
      '',
      'done, 0 of 11'
    ]);
  });

  it('collapse-recursion', () => {
    const drawing = `
      f 1
        g 2
          f 4
            h 3
    `;
    expect(
      after(drawing, { kind: 'collapse-recursion', func: KEYS.f })
    ).toEqual([
      drawn(`
        f 5
          h 3
          g 2
      `),
      'done, 10 of 10'
    ]);
  });

  it('collapse-recursion of what is called from several places', () => {
    const drawing = `
      main 1
        f 2
          g 20
            f 3
        h 4
          f 5
            f 6
        f 7
    `;
    expect(
      after(drawing, { kind: 'collapse-recursion', func: KEYS.f })
    ).toEqual([
      drawn(`
        main 1
          f 12
            g 20
          h 4
            f 11
      `),
      'done, 48 of 48'
    ]);
  });

  it('collapse-direct-recursion', () => {
    const drawing = `
      f 1
        f 2
          g 4
            f 5
    `;
    expect(
      after(drawing, { kind: 'collapse-direct-recursion', func: KEYS.f })
    ).toEqual([
      drawn(`
        f 3
          g 4
            f 5
      `),
      'done, 12 of 12'
    ]);
  });

  it('collapse-package', () => {
    const drawing = `
      main 1
        f 2
          g 3
            h 4
              g 1
    `;
    expect(
      after(drawing, { kind: 'collapse-package', group: 'ppandas' })
    ).toEqual([
      drawn(`
        main 1
          f 5
            h 4
              g 1
      `),
      'done, 11 of 11'
    ]);
  });

  it('my-code', () => {
    const drawing = `
      h 1
        main 2
          g 7
            main 3
        f 5
    `;
    expect(after(drawing, { kind: 'my-code' })).toEqual([
      drawn(`
        main 9
          main 3
        f 5
        h 1
      `),
      'done, 18 of 18'
    ]);
  });

  it('fold-spine', () => {
    const drawing = `
      main 1
        f 2
          g 3
            h 50
            f 40
          h 4
    `;
    expect(after(drawing, { kind: 'fold-spine' })).toEqual([
      drawn(`
        g 3
          h 50
          f 40
        h 4
        f 2
        main 1
      `),
      'done, 100 of 100'
    ]);
  });
});

it('takes the calls of a function together, not those of what was merged into it', () => {
  const nodes = parse('main 1 1\n  f 2 3\n    f 4 5\n      g 1 7');
  const tree = treeFrom(nodes);
  const callsAfter = (transform: Transform) =>
    Array.from(apply(tree, transform).tree.calls ?? []);
  expect(
    callsAfter({ kind: 'collapse-direct-recursion', func: KEYS.f })
  ).toEqual([1, 8, 7]);
  expect(callsAfter({ kind: 'merge-function', func: KEYS.f })).toEqual([1, 7]);
});

it('sees a spine only where frames do little but lead to the work', () => {
  const spine = (drawing: string) => Array.from(spineIn(treeDrawn(drawing)));
  expect(spine('main 1\n  f 1\n    g 1\n      h 97')).toEqual([0, 1, 2]);
  expect(spine('main 1\n  f 9\n    g 1\n      h 89')).toEqual([]);
  expect(spine('main 1\n  f 1\n    h 98')).toEqual([]);
  expect(spine('main 0\n  f 0\n    g 0')).toEqual([]);
});

it('skips what the profile no longer has, and says so', () => {
  const tree = treeDrawn('main 1\n  g 2');
  const transforms: Transform[] = [
    { kind: 'focus-path', path: [KEYS.main, KEYS.f] },
    { kind: 'drop-function', func: '/gone.py|gone' },
    { kind: 'collapse-package', group: 'pnumpy' },
    { kind: 'focus-function', func: KEYS.f },
    { kind: 'drop-function', func: KEYS.h },
    { kind: 'fold-spine' },
    { kind: 'merge-function', func: KEYS.g }
  ];
  const { tree: now, steps } = apply(tree, ...transforms);
  expect(steps.map(step => step.outcome)).toEqual([
    'gone',
    'gone',
    'gone',
    'idle',
    'idle',
    'idle',
    'done'
  ]);
  expect(draw(now)).toBe('main 3');
});

it('returns the tree itself where there is nothing to do', () => {
  const tree = treeDrawn('main 1');
  expect(apply(tree).tree).toBe(tree);
  expect(apply(tree, { kind: 'my-code' }).tree).toBe(tree);
});

describe('for any tree', () => {
  const key = fc.constantFrom(...Object.values(KEYS));
  const transforms: fc.Arbitrary<Transform> = fc.oneof(
    fc.record({ kind: fc.constantFrom(...FUNCTION_TRANSFORMS), func: key }),
    fc.record({
      kind: fc.constant('focus-path' as const),
      path: fc.array(key, { minLength: 1, maxLength: 3 })
    }),
    fc.record({
      kind: fc.constant('collapse-package' as const),
      group: fc.constantFrom('ppandas', '=stdlib')
    }),
    fc.constant({ kind: 'my-code' as const }),
    fc.constant({ kind: 'fold-spine' as const })
  );
  const filled = trees.filter(nodes => nodes.length > 0).map(treeFrom);

  it('nothing is lost or made but by drop and focus, which say it', () => {
    fc.assert(
      fc.property(filled, transforms, (tree, transform) => {
        const { tree: now, steps } = apply(tree, transform);
        expect(faultsOf(now)).toEqual([]);
        const owned = now.self.reduce((sum, value) => sum + value, 0);
        expect(near(owned, now.whole)).toBe(true);
        expect(steps[0].after).toBe(now.whole);
        expect(steps[0].before).toBe(tree.whole);
        if (/^(focus|drop)-/.test(transform.kind)) {
          expect(now.whole).toBeLessThanOrEqual(tree.whole);
        } else {
          expect(now.whole).toBe(tree.whole);
        }
      })
    );
  });

  it('leaving a transform out gives the tree back that was there without it', () => {
    fc.assert(
      fc.property(
        filled,
        fc.array(transforms, { maxLength: 5 }),
        fc.nat(),
        (tree, list, at) => {
          const before = structuredClone(tree);
          const first = apply(tree, ...list).tree;
          const without = list.filter((_, i) => i !== at % (list.length || 1));
          expect(apply(tree, ...without).tree).toEqual(
            apply(before, ...without).tree
          );
          expect(tree).toEqual(before);
          expect(apply(tree, ...list).tree).toEqual(first);
          expect(apply(tree).tree).toEqual(before);
        }
      )
    );
  });

  it('a focused function has its total', () => {
    fc.assert(
      fc.property(trees, fc.nat({ max: 3 }), (nodes, func) => {
        fc.pre(nodes.some(node => node[1] === func));
        const totals = totalsOf(profileWith(nodes));
        const row = totals.function.indexOf(func as FuncIndex);
        const { tree } = apply(treeFrom(nodes), {
          kind: 'focus-function',
          func: KEYS[LETTERS[func]]
        });
        expect(tree.whole).toBe(totals.values.get('total.time')?.[row]);
        expect(tree.length === 0 || tree.func[0] === func).toBe(true);
      })
    );
  });

  it('a function is gone after it was merged or dropped, but for what it owns as a root', () => {
    fc.assert(
      fc.property(
        filled,
        fc.nat({ max: 3 }),
        fc.constantFrom('merge-function' as const, 'drop-function' as const),
        (tree, func, kind) => {
          const { tree: now } = apply(tree, {
            kind,
            func: KEYS[LETTERS[func]]
          });
          now.func.forEach((one, node) => {
            if (one === func) {
              expect(kind).toBe('merge-function');
              expect(now.parent[node]).toBe(NONE);
              expect(now.end[node]).toBe(node + 1);
            }
          });
        }
      )
    );
  });

  it('a function is not below itself after its recursion was collapsed', () => {
    fc.assert(
      fc.property(filled, fc.nat({ max: 3 }), (tree, func) => {
        const key = KEYS[LETTERS[func]];
        const { tree: now } = apply(tree, {
          kind: 'collapse-recursion',
          func: key
        });
        const direct = apply(tree, {
          kind: 'collapse-direct-recursion',
          func: key
        }).tree;
        for (const one of [now, direct]) {
          one.func.forEach((what, node) => {
            if (what !== func) {
              return;
            }
            let above = one.parent[node];
            expect(above === NONE || one.func[above] !== func).toBe(true);
            for (; one === now && above !== NONE; above = one.parent[above]) {
              expect(one.func[above]).not.toBe(func);
            }
          });
        }
      })
    );
  });
});

it('walks a recursion of a million frames', { timeout: 60_000 }, () => {
  const tree = deepTree(1_000_000, [1, 2]);
  const { tree: now } = apply(tree, {
    kind: 'collapse-recursion',
    func: KEYS.f
  });
  expect(draw(now)).toBe('f 500000\n  g 500000');
});

it.each(['paths', 'both'])('keeps the values of the sample %s', async name => {
  const profile = await decode(sample(name));
  const context = contextOf(profile);
  for (const metric of profile.metrics) {
    const tree = treeOf(profile, metric);
    if (!tree) {
      continue;
    }
    for (let i = 0; i < profile.functions.length; i++) {
      const func = context.keys.keyOf(i as FuncIndex);
      for (const kind of FUNCTION_TRANSFORMS) {
        const { tree: now } = applyTransforms(tree, [{ kind, func }], context);
        expect(faultsOf(now)).toEqual([]);
        if (!/^(focus|drop)-/.test(kind)) {
          expect(near(now.whole, tree.whole)).toBe(true);
        }
      }
    }
  }
});

describe('transforms that were stored', () => {
  const stored: Transform[] = [
    { kind: 'focus-path', path: ['a', 'b'] },
    { kind: 'merge-function', func: 'a' },
    { kind: 'collapse-package', group: 'pnumpy' },
    { kind: 'my-code' },
    { kind: 'fold-spine' }
  ];

  it('are read as they were', () => {
    expect(readTransforms(JSON.parse(JSON.stringify(stored)))).toEqual(stored);
  });

  it('are read without what is none', () => {
    const wrong: unknown[] = [
      null,
      7,
      'my-code',
      [],
      {},
      { kind: 'explode' },
      { kind: 'merge-function' },
      { kind: 'merge-function', func: 7 },
      { kind: 'merge-function', func: 'x'.repeat(1001) },
      { kind: 'focus-path', path: 'a' },
      { kind: 'focus-path', path: [] },
      { kind: 'focus-path', path: ['a', 7] },
      { kind: 'focus-path', path: Array(MOST_PATH + 1).fill('a') },
      { kind: 'collapse-package', func: 'a' }
    ];
    expect(readTransforms([...wrong, ...stored])).toEqual(stored);
    for (const one of [undefined, null, {}, 'my-code', 7]) {
      expect(readTransforms(one)).toEqual([]);
    }
  });

  it('are what is needed and no more', () => {
    expect(readTransforms([{ kind: 'my-code', func: 'a', more: 'b' }])).toEqual(
      [{ kind: 'my-code' }]
    );
  });

  it('are read whatever they are', () => {
    fc.assert(
      fc.property(fc.anything(), one => {
        expect(readTransforms([one]).length).toBeLessThanOrEqual(1);
      })
    );
  });
});
