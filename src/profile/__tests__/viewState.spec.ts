import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CATEGORIES } from '../categories';
import { SORT_COLUMNS } from '../sort';
import {
  FUNCTION_TRANSFORMS,
  PLAIN_TRANSFORMS,
  type Transform
} from '../tree/transforms';
import {
  CHARTS,
  DEFAULT_VIEW_STATE,
  GROUPINGS,
  readViewState,
  TREE_COLOURS,
  TREE_MODES,
  VIEWS,
  type IViewState
} from '../viewState';

const texts = fc.array(fc.string(), { maxLength: 20 });

const transforms: fc.Arbitrary<Transform> = fc.oneof(
  fc.record({
    kind: fc.constant('focus-path' as const),
    path: fc.array(fc.string(), { minLength: 1, maxLength: 20 })
  }),
  fc.record({
    kind: fc.constantFrom(...FUNCTION_TRANSFORMS),
    func: fc.string()
  }),
  fc.record({
    kind: fc.constant('collapse-package' as const),
    group: fc.string()
  }),
  fc.record({ kind: fc.constantFrom(...PLAIN_TRANSFORMS) })
);

/** Every state that a reader can make. */
const states: fc.Arbitrary<IViewState> = fc.record({
  view: fc.constantFrom(...VIEWS),
  selection: fc.option(texts),
  sort: fc.option(
    fc.array(
      fc.record({
        column: fc.constantFrom(...SORT_COLUMNS),
        descending: fc.boolean()
      }),
      { minLength: 1, maxLength: SORT_COLUMNS.length }
    )
  ),
  limited: fc.boolean(),
  search: fc.string({ maxLength: 256 }),
  regex: fc.boolean(),
  hidden: fc.subarray([...CATEGORIES]),
  group: fc.constantFrom(...GROUPINGS),
  open: texts,
  percent: fc.boolean(),
  spine: fc.boolean(),
  chart: fc.constantFrom(...CHARTS),
  factor: fc.constantFrom(1.5, 2, 5, 10, null),
  tree: fc.constantFrom(...TREE_MODES),
  treeColour: fc.constantFrom(...TREE_COLOURS),
  thread: fc.option(fc.string()),
  zoom: texts,
  centre: fc.option(fc.string()),
  transforms: fc.array(transforms, { maxLength: 10 }),
  estimate: fc.boolean(),
  lines: fc.option(fc.dictionary(fc.string(), fc.boolean())),
  map: fc.option(fc.dictionary(fc.string(), fc.boolean())),
  steps: fc.option(fc.array(fc.dictionary(fc.string(), fc.string())))
});

function expectValid(state: IViewState): void {
  expect(Object.keys(state).sort()).toEqual(
    Object.keys(DEFAULT_VIEW_STATE).sort()
  );
  expect(VIEWS).toContain(state.view);
  expect(GROUPINGS).toContain(state.group);
  expect(CHARTS).toContain(state.chart);
  expect(TREE_MODES).toContain(state.tree);
  expect(TREE_COLOURS).toContain(state.treeColour);
  for (const key of [state.thread, state.centre]) {
    expect(key === null || key.length <= 1_000).toBe(true);
  }
  expect(state.zoom.length).toBeLessThanOrEqual(500);
  for (const flag of [
    'limited',
    'regex',
    'percent',
    'spine',
    'estimate'
  ] as const) {
    expect(typeof state[flag]).toBe('boolean');
  }
  expect(typeof state.search).toBe('string');
  expect(state.search.length).toBeLessThanOrEqual(256);
  expect(CATEGORIES).toEqual(expect.arrayContaining([...state.hidden]));
  for (const list of [state.selection ?? [], state.open]) {
    expect(list.length).toBeLessThanOrEqual(100);
    expect(list.every(text => typeof text === 'string')).toBe(true);
  }
  if (state.sort) {
    expect(state.sort.length).toBeGreaterThan(0);
    for (const { column, descending } of state.sort) {
      expect(SORT_COLUMNS).toContain(column);
      expect(typeof descending).toBe('boolean');
    }
  }
  if (state.factor !== null) {
    expect(state.factor).toBeGreaterThan(1);
    expect(state.factor).toBeLessThanOrEqual(1000);
  }
}

it('comes back as it was stored', () => {
  fc.assert(
    fc.property(states, state => {
      const stored: unknown = JSON.parse(JSON.stringify(state));
      const sorted = {
        ...state,
        hidden: CATEGORIES.filter(one => state.hidden.includes(one))
      };
      expect(readViewState(stored)).toEqual(sorted);
    })
  );
});

describe('a state that was stored', () => {
  it('is made valid, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), stored => {
        expectValid(readViewState(stored));
      })
    );
  });

  it('is made valid, whatever each of its parts is', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(
        'functions',
        'file',
        '__proto__',
        'constructor',
        NaN,
        Infinity,
        undefined,
        1,
        1e9,
        Array.from({ length: 101 }, () => 'x'),
        ['x'.repeat(1001)],
        'x'.repeat(257),
        [{ column: 'self' }],
        [{ column: 'nothing', descending: true }],
        [null]
      )
    );
    const stored = fc.record(
      Object.fromEntries(
        Object.keys(DEFAULT_VIEW_STATE).map(name => [name, anything])
      ),
      { requiredKeys: [] }
    );
    fc.assert(
      fc.property(stored, parts => {
        expectValid(readViewState(parts));
      })
    );
  });

  it('has the defaults where it has nothing', () => {
    const defaults: IViewState = {
      ...DEFAULT_VIEW_STATE,
      view: 'charts',
      percent: true,
      factor: null
    };
    for (const stored of [undefined, null, 5, 'text', [], {}]) {
      expect(readViewState(stored, defaults)).toEqual(defaults);
    }
    expect(readViewState({ percent: false }, defaults)).toEqual({
      ...defaults,
      percent: false
    });
  });

  it('keeps what is right beside what is wrong', () => {
    expect(
      readViewState({
        group: 'file',
        view: 'table',
        hidden: ['stdlib', 'nonsense'],
        sort: [{ column: 'calls', descending: true }, { column: 5 }],
        factor: 1
      })
    ).toEqual({ ...DEFAULT_VIEW_STATE, group: 'file', hidden: ['stdlib'] });
  });

  it('is read without asking what it inherits', () => {
    const stored: unknown = Object.create({ percent: true });
    expect(readViewState(stored).percent).toBe(false);
  });

  it('keeps the latest of too many open groups', () => {
    const open = Array.from({ length: 150 }, (_, i) => `g${i}`);
    expect(readViewState({ open }).open).toEqual(open.slice(50));
  });
});
