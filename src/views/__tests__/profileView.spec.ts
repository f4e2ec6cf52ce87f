// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { indexColumn } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import {
  DEFAULT_VIEW_STATE,
  readViewState,
  type IViewState
} from '../../profile/viewState';
import { META, profileOf } from '../../profile/__tests__/build';
import type { ICodePlace, Shown } from '../../tokens';
import * as later from '../later';
import { ProfileView } from '../profileView';
import { context } from './language';
import {
  choose,
  click,
  one,
  press,
  resultOf,
  sampleProfile,
  textOf,
  texts
} from './results';

vi.mock('../charts', () => ({
  ResultCharts: class {
    readonly node = document.createElement('figure');
    layout = vi.fn();
    onChange = vi.fn();
    dispose = vi.fn();
  }
}));

const profile = profileOf(
  [
    { name: 'f', path: '/a/b.py', line: 2, self: 90 },
    { name: 'g', path: '/a/b.py', line: 5, cell: 'c0ffee', self: 10 },
    { name: 'len', kind: 'builtin', self: 1 }
  ],
  {
    sources: {
      length: 1,
      file: indexColumn(Int32Array.of(0)),
      line: Float64Array.of(1),
      text: ['import x\ndef f():\n  pass\n\ndef g():\n  pass\n']
    }
  }
);

let view: ProfileView;
let kept: IViewState;
let answers: ((shown: Shown) => void)[];
const open = vi.fn<(place: ICodePlace) => Promise<Shown>>();

beforeEach(() => {
  // jsdom lays nothing out, and cannot scroll.
  Element.prototype.scrollIntoView = vi.fn();
  kept = DEFAULT_VIEW_STATE;
  answers = [];
  open
    .mockReset()
    .mockImplementation(
      () => new Promise<Shown>(resolve => answers.push(resolve))
    );
});

afterEach(() => view.dispose());

function show(of: IProfile = profile, hidden: readonly string[] = []): void {
  view = new ProfileView(
    of,
    context,
    {
      state: kept,
      remember: state => {
        // As the browser keeps it.
        kept = readViewState(JSON.parse(JSON.stringify(state)));
      },
      hidden,
      open
    },
    later
  );
  document.body.replaceChildren(view.node);
}

const table = () => one(view.node, '[role=treegrid]');
const names = () => texts(view.node, '[role=treegrid] tbody .jp-Profiler-name');
const tab = (text: string) => one(view.node, '[role=tab]', text);
const source = () => view.node.querySelector('.jp-Profiler-source');
const answer = async (shown: Shown, which?: number) => {
  await settled();
  answers[which ?? answers.length - 1](shown);
  await settled();
};

/** When what was loaded on demand is there: it is loaded once, and asked for each time. */
const settled = async () => {
  await import('../later');
  for (let i = 0; i < 5; i++) {
    await new Promise(resolve => setTimeout(resolve));
  }
};

describe('a state that was kept', () => {
  it('is that of the next drawing: order, search, groups, chips, shares', async () => {
    const guide = await sampleProfile('guide');
    show(guide);
    click(one(view.node, '.jp-Profiler-tools button', '%'));
    choose(one(view.node, '.jp-Profiler-choice select'), 'package');
    await settled();
    click(one(table(), 'th.jp-Profiler-calls button'));
    click(one(view.node, '.jp-Profiler-chip', 'My files'));
    click(table().querySelector('.jp-mod-folder') as HTMLElement);
    expect(table().querySelector('.jp-mod-inner')).not.toBeNull();
    const before = view.node.innerHTML;
    const state = kept;
    view.dispose();
    show(guide);
    await settled();
    // Ids are given anew, and the keyboard is not on a row yet.
    const plain = (html: string) =>
      html
        .replace(/profiler(-tabs)?-\d+/g, '')
        .replace(/ jp-mod-active| aria-activedescendant="[^"]*"/g, '');
    expect(plain(view.node.innerHTML)).toBe(plain(before));
    expect(kept).toBe(state);
    expect(state).toMatchObject({
      group: 'package',
      percent: true,
      hidden: ['files']
    });
  });

  it('names functions that a later run does not have', () => {
    kept = {
      ...DEFAULT_VIEW_STATE,
      selection: ['#c0ffee|gone', '#c0ffee|f'],
      open: ['f/gone.py']
    };
    show();
    expect(textOf(view.node.querySelector('h3'))).toBe('f');
    view.dispose();
    kept = { ...kept, selection: ['#c0ffee|gone'] };
    show();
    expect(view.node.querySelector('h3')).toBeNull();
    expect(kept.selection).toEqual(['#c0ffee|gone']);
  });
});

describe('views', () => {
  it('are behind tabs, and the state says which one is shown', async () => {
    show();
    expect(tab('Functions').getAttribute('aria-selected')).toBe('true');
    expect(one(view.node, '.jp-Profiler-chartsPanel').hidden).toBe(true);
    tab('Charts').click();
    expect(kept.view).toBe('charts');
    expect(one(view.node, '.jp-Profiler-functions').hidden).toBe(true);
    await vi.waitFor(() =>
      expect(view.node.querySelector('figure')).not.toBeNull()
    );
    one(view.node, '.jp-Profiler-hot button', 'g').click();
    expect(one(view.node, '.jp-Profiler-functions').hidden).toBe(false);
    expect(textOf(view.node.querySelector('h3'))).toBe('g');
  });

  it('begin with the one that was kept, whose library is loaded when it is looked at', async () => {
    kept = { ...kept, view: 'charts' };
    show();
    expect(one(view.node, '.jp-Profiler-functions').hidden).toBe(true);
    expect(one(view.node, '.jp-Profiler-chartsPanel').textContent).toBe('');
    view.layout();
    await vi.waitFor(() =>
      expect(view.node.querySelector('figure')).not.toBeNull()
    );
  });
});

describe('the code of a function', () => {
  it('is opened where it can be', async () => {
    show();
    press(table(), 'Home');
    press(table(), 'Enter');
    await settled();
    expect(open.mock.calls).toEqual([
      [{ path: '/a/b.py', cell: 'c0ffee', line: 2, text: 'def f():' }]
    ]);
    await answer(true);
    expect(source()).toBeNull();
  });

  it('is shown as it ran where it cannot', async () => {
    show();
    press(table(), 'Enter');
    await answer(false);
    expect(texts(view.node, '.jp-mod-here')).toEqual(['def f():']);
    expect(source()?.scrollIntoView).toHaveBeenCalledTimes(1);
    press(table(), 'ArrowDown');
    press(table(), 'Enter');
    await answer(false);
    expect(texts(view.node, '.jp-mod-here')).toEqual(['def g():']);
    press(table(), 'Enter');
    await answer(true);
    expect(source()).toBeNull();
  });

  it('is shown as it ran, and that is said, where another text stands there', async () => {
    show();
    press(table(), 'ArrowDown');
    press(table(), 'Enter');
    await answer('changed');
    expect(textOf(source())).toContain(
      'Line 5 has changed since it ran. Here it is shown as it ran.'
    );
    expect(texts(view.node, '.jp-mod-here')).toEqual(['def g():']);
  });

  it('is that which was asked for last, whichever answer comes last', async () => {
    show();
    press(table(), 'Enter');
    press(table(), 'ArrowDown');
    press(table(), 'Enter');
    await answer(false, 1);
    await answer(false, 0);
    expect(texts(view.node, '.jp-mod-here')).toEqual(['def g():']);
  });

  it('goes away, and gives the keyboard back to the table', async () => {
    show();
    press(table(), 'Enter');
    await answer(false);
    one(view.node, '.jp-Profiler-source button', 'Close').click();
    expect(source()).toBeNull();
    expect(document.activeElement).toBe(table());
  });

  it('is not asked for where there is no file', async () => {
    show();
    press(table(), 'End');
    press(table(), 'Enter');
    await settled();
    expect(open).not.toHaveBeenCalled();
    expect(textOf(source())).toContain('This function cannot be opened here');
  });

  it('is shown no more after the end', async () => {
    show();
    press(table(), 'Enter');
    await settled();
    view.dispose();
    await answer(false);
    expect(source()).toBeNull();
  });
});

it('leaves out what the settings hide, from the start and when they change', () => {
  show(profile, ['\\(f\\)']);
  expect(names()).toEqual(['g', 'len']);
  view.hide(['len']);
  expect(names()).toEqual(['f', 'g']);
  view.hide([]);
  expect(names().length).toBe(3);
  // That is no choice of the reader's.
  expect(kept).toBe(DEFAULT_VIEW_STATE);
});

it('listens to nothing after the end', async () => {
  const added = new Map<string, number>();
  const count = (by: number) => (type: unknown) => {
    added.set(String(type), (added.get(String(type)) ?? 0) + by);
  };
  for (const target of [window, document]) {
    const { addEventListener, removeEventListener } = target;
    vi.spyOn(target, 'addEventListener').mockImplementation(
      (...args: unknown[]) => {
        count(1)(args[0]);
        Reflect.apply(addEventListener, target, args);
      }
    );
    vi.spyOn(target, 'removeEventListener').mockImplementation(
      (...args: unknown[]) => {
        count(-1)(args[0]);
        Reflect.apply(removeEventListener, target, args);
      }
    );
  }
  show();
  table().focus();
  await vi.waitFor(() => expect(added.get('keydown')).toBeGreaterThan(0));
  view.dispose();
  expect([...added.values()].every(number => number <= 0)).toBe(true);
  expect(view.node.isConnected).toBe(false);
  vi.restoreAllMocks();
});

describe('hostile texts', () => {
  const EVIL = [
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    `long ${'x'.repeat(10_000)}`,
    '\u202eesrever\u2066',
    '\0\x07\x1b[31m',
    '__proto__',
    'constructor',
    '%1 %2 %3',
    '\ud800'
  ];
  const hostile = profileOf(
    EVIL.map((name, i) => ({
      name,
      path: `/tmp/${name}/${i}.py`,
      package: name,
      origin: i % 2 ? 'package' : 'file',
      line: i,
      self: 100 - i,
      total: 200 - i
    })),
    {
      meta: {
        ...META,
        label: EVIL[0],
        status: 'other',
        python: EVIL[2],
        platform: EVIL[3],
        engine: {
          name: EVIL[0],
          version: EVIL[7],
          reason: EVIL[2],
          clock: EVIL[4]
        },
        source: { ...META.source, kind: 'statement', command: EVIL[2] },
        warnings: EVIL.map(text => ({ code: text, text }))
      },
      checks: EVIL.map(text => ({
        id: text,
        text,
        ok: false,
        value: 1,
        expected: NaN,
        tolerance: null,
        unit: text.slice(0, 20)
      })),
      view: { sort: EVIL, limits: [{ regex: EVIL[0] }, { count: 99 }] }
    }
  );

  function expectTame(): void {
    expect(view.node.querySelector('img, script, b, [onerror]')).toBeNull();
    for (const node of view.node.querySelectorAll('*')) {
      expect(node.getAttribute('title')?.length ?? 0).toBeLessThan(1000);
      const isLeaf = node.childElementCount === 0;
      expect(isLeaf ? (node.textContent ?? '').length : 0).toBeLessThan(1000);
      for (const { name } of node.attributes) {
        expect(name).not.toMatch(/^on/);
      }
    }
  }

  it.each<[string, Partial<IViewState>]>([
    ['rows', { limited: false }],
    ['shares', { limited: false, percent: true }],
    ['groups by file', { limited: false, group: 'file' }],
    ['groups by package', { limited: false, group: 'package' }],
    ['the profile’s own restrictions', {}]
  ])('never become markup, and are cut to what can be read: %s', (_, state) => {
    kept = { ...DEFAULT_VIEW_STATE, ...state };
    show(hostile);
    expectTame();
    const result = resultOf(hostile);
    for (const func of result.rows.function.slice(0, 3)) {
      view.dispose();
      kept = { ...kept, selection: [result.keys.keyOf(func as never)] };
      show(hostile);
      expect(view.node.querySelector('h3')).not.toBeNull();
      expectTame();
    }
  });

  it('are no markup where their source is shown, either', async () => {
    kept = { ...DEFAULT_VIEW_STATE, limited: false };
    show(hostile);
    press(table(), 'Enter');
    await answer(false);
    expect(source()).not.toBeNull();
    expectTame();
  });

  it('cannot make a way that is longer than the table', () => {
    const deep = Array.from({ length: 300 }, (_, i) => ({
      name: `${i}${'x'.repeat(500)}`,
      self: i === 299 ? 1e6 : 1,
      total: 1e6 + 300 - i
    }));
    const profile = profileOf(deep);
    const edges = {
      length: 299,
      caller: indexColumn<never>(Int32Array.from({ length: 299 }, (_, i) => i)),
      callee: indexColumn<never>(
        Int32Array.from({ length: 299 }, (_, i) => i + 1)
      ),
      thread: indexColumn<never>(new Int32Array(299)),
      values: new Map([
        [
          'total.time' as const,
          Float64Array.from({ length: 299 }, (_, i) => 1e6 + 299 - i)
        ]
      ])
    };
    show({ ...profile, edges });
    expect(textOf(one(table(), '.jp-mod-folder'))).toContain('299 frames');
    expectTame();
  });
});
