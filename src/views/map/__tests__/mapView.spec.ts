// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  NO_TOTALS,
  pathsOf,
  profileOf
} from '../../../profile/__tests__/build';
import { indexColumn, NONE, type FuncIndex } from '../../../profile/indices';
import { readMapState } from '../../../profile/map/mapState';
import type { IProfile } from '../../../profile/model';
import type { IViewState } from '../../../profile/viewState';
import { context } from '../../__tests__/language';
import {
  choose,
  click,
  one,
  press,
  resultOf,
  sampleProfile,
  textOf,
  texts
} from '../../__tests__/results';
import type { IHost } from '../../profileView';
import type { Result } from '../../result';
import { MapView } from '../mapView';

/** main 10 of 100: load 30 of 60 (parse 30), fit 30. */
const profile = profileOf(
  [
    { name: 'main', path: '/n/cell', line: 1, cell: 'c0ffee', origin: 'cell' },
    { name: 'load', path: '/n/cell', line: 5 },
    { name: 'parse', path: '/p/io.py', origin: 'package', package: 'pandas' },
    { name: 'fit', path: '/a/model.py', line: 9 }
  ],
  {
    paths: pathsOf([
      [0, 0, 10, 1],
      [1, 1, 30, 2],
      [2, 2, 30, 4],
      [1, 3, 30, 3]
    ]),
    totals: NO_TOTALS
  }
);

const open = vi.fn<(func: FuncIndex) => void>();
let result: Result;
let view: MapView;

function show(
  of: IProfile = profile,
  state: Partial<IViewState> = {},
  textOf?: IHost['textOf']
): void {
  result = resultOf(of, { selection: [], ...state });
  view = new MapView(result, context, open, textOf);
  document.body.replaceChildren(view.node);
  result.onChange(before => view.onChange(before));
  view.layout();
}

beforeEach(() => {
  open.mockClear();
  // jsdom draws nothing, and gives nothing a size.
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
});

afterEach(() => {
  view.dispose();
  vi.restoreAllMocks();
});

const stage = () => one(view.node, '.jp-Profiler-mapStage');
const line = () => textOf(view.node.querySelector('.jp-Profiler-boxLine p'));
const crumbs = () => texts(view.node, '.jp-Profiler-crumbs li');
const rows = () =>
  texts(view.node, '.jp-Profiler-relatives tbody tr .jp-Profiler-name');
const tool = (text: string) =>
  one(view.node, '.jp-Profiler-tools button', text);
const tab = (text: string) =>
  [...view.node.querySelectorAll<HTMLElement>('[role=tab]')].find(
    node => textOf(node) === text
  ) as HTMLElement;
const state = () => readMapState(result.state.map);

/** Point at a place of the map, in px: 800 by 480. */
function point(type: string, x: number, y: number): void {
  stage().dispatchEvent(
    new MouseEvent(type, { clientX: x, clientY: y, bubbles: true })
  );
}

describe('a map of call paths', () => {
  it('is walked by arrows, which select functions in all views', () => {
    show();
    press(stage(), 'Home');
    expect(line()).toBe(
      'main, cell:1, total 100 ns, 100% of the map, own 10 ns, 10% of it, 1 call, level 1'
    );
    press(stage(), 'ArrowDown');
    expect(line()).toContain('load');
    press(stage(), 'ArrowRight');
    expect(line()).toContain('fit');
    expect(result.selection()).toEqual([3]);
    press(stage(), 'ArrowLeft');
    press(stage(), 'End');
    expect(line()).toContain('parse');
    press(stage(), 'ArrowUp');
    expect(line()).toContain('load');
    expect(
      textOf(
        view.node.querySelector('.jp-Profiler-treeTable [aria-selected=true]')
      )
    ).toContain('load');
  });

  it('is filled by a box, and goes back, up and home', () => {
    show();
    press(stage(), 'Home');
    press(stage(), 'End');
    press(stage(), 'Enter');
    expect(crumbs()).toEqual(['All', 'parse']);
    expect(state().root).toBe('/p/io.py|parse');
    press(stage(), 'ArrowUp', { altKey: true });
    expect(crumbs()).toEqual(['All', 'load']);
    press(stage(), 'Backspace');
    expect(crumbs()).toEqual(['All', 'parse']);
    press(stage(), 'ArrowLeft', { altKey: true });
    expect(state().root).toBeNull();
    expect(tool('Back').getAttribute('aria-disabled')).toBe('true');
    tool('Back').click();
    expect(state().root).toBeNull();
    press(stage(), 'End');
    press(stage(), 'Enter');
    expect(press(stage(), 'Escape')).toBe(true);
    expect(state().root).toBeNull();
    // There is nothing more for it to do: it is the page's.
    expect(press(stage(), 'Escape')).toBe(false);
  });

  it('selects by a click, and is filled by a double click', () => {
    show();
    // The last pixels but the frames are of what was called.
    point('click', 20, 460);
    expect(result.selection()).toEqual([2]);
    point('dblclick', 20, 460);
    expect(crumbs()).toEqual(['All', 'parse']);
  });

  it('marks what is pointed at in table and list', () => {
    show();
    // So that its row is open.
    result.select([2 as FuncIndex]);
    result.select([1 as FuncIndex]);
    point('pointermove', 20, 460);
    expect(textOf(view.node.querySelector('.jp-Profiler-tip'))).toContain(
      'parse'
    );
    expect(texts(view.node, 'tr.jp-mod-hovered .jp-Profiler-name')).toEqual([
      'parse',
      'parse'
    ]);
    stage().dispatchEvent(new MouseEvent('pointerleave'));
    expect(texts(view.node, 'tr.jp-mod-hovered')).toEqual([]);
  });

  it('is as deep as was asked for', () => {
    show();
    const levels = () =>
      textOf(view.node.querySelector('.jp-Profiler-tools [role=status]'));
    expect(levels()).toBe('3 levels');
    press(stage(), '-');
    expect([levels(), state().depth]).toEqual(['2 levels', 1]);
    press(stage(), '+');
    expect(levels()).toBe('3 levels');
  });

  it('is as it was kept', () => {
    show(profile, {
      map: { mode: 'calls', root: '#c0ffee|load', depth: 0, list: 'callers' }
    });
    expect(crumbs()).toEqual(['All', 'load']);
    expect(tab('Callers').getAttribute('aria-selected')).toBe('true');
    expect(tool('Deeper').getAttribute('aria-disabled')).toBe('false');
  });
});

describe('lists of the selected function', () => {
  it('are its callees and callers, at once and through others', () => {
    show();
    result.select([0 as FuncIndex]);
    expect(rows()).toEqual(['load', 'fit']);
    tab('All callees').click();
    expect(rows().sort()).toEqual(['fit', 'load', 'parse']);
    expect(state().list).toBe('allCallees');
    result.select([2 as FuncIndex]);
    tab('All callers').click();
    expect(rows().sort()).toEqual(['load', 'main']);
    click(view.node.querySelectorAll('.jp-Profiler-relatives tbody tr')[0]);
    expect([0, 1]).toContain(result.selection()[0]);
  });

  it('are sorted by their heads, in shares where that is asked for', () => {
    show();
    result.select([0 as FuncIndex]);
    one(view.node, '.jp-Profiler-relatives th button', 'function').click();
    expect(rows()).toEqual(['fit', 'load']);
    one(view.node, '.jp-Profiler-relatives th button', 'function').click();
    expect(rows()).toEqual(['load', 'fit']);
    tool('%').click();
    expect(
      texts(view.node, '.jp-Profiler-relatives tbody .jp-Profiler-total')
    ).toEqual(['60%', '30%']);
  });

  it('are walked by keys', () => {
    show();
    result.select([0 as FuncIndex]);
    const table = one(view.node, '.jp-Profiler-relatives');
    press(table, 'ArrowDown');
    press(table, 'Enter');
    expect(result.selection()).toEqual([3]);
  });

  it('lead to the source', async () => {
    show();
    result.select([3 as FuncIndex]);
    tab('Source').click();
    await vi.waitFor(() =>
      expect(textOf(view.node)).toContain('Its source is not in the profile')
    );
    one(view.node, 'button', 'Go to the code').click();
    expect(open.mock.calls).toEqual([[3]]);
  });
});

describe('source that is not in the profile', () => {
  const file = [
    ...['import os', '', '', '', '', '', '', 'def before():', '    pass'],
    ...['    x = 1', '', 'def after():', '    pass']
  ];

  it('is that of the file as it is today, to the end of the function', async () => {
    const textOf = vi.fn(() => Promise.resolve(file.join('\n')));
    const of = profileOf([
      { name: 'before', path: 's.py', line: 8, calls: 1, self: 1, total: 1 }
    ]);
    show(of, {}, textOf);
    result.select([0 as FuncIndex]);
    tab('Source').click();
    await vi.waitFor(() =>
      expect(texts(view.node, '.jp-Profiler-source li').slice(-3)).toEqual([
        'def before():',
        'pass',
        'x = 1'
      ])
    );
    expect(view.node.textContent).toContain('this is the file as it is today');
    expect(textOf.mock.lastCall).toEqual([{ path: 's.py', cell: '', line: 8 }]);
  });

  it.each([null, false, 'one line'])('is not there for %j', async text => {
    const textOf = vi.fn(() => Promise.resolve(text));
    show(profile, {}, textOf as IHost['textOf']);
    result.select([3 as FuncIndex]);
    tab('Source').click();
    await vi.waitFor(() => expect(textOf).toHaveBeenCalled());
    expect(view.node.textContent).toContain(
      'Its source is not in the profile.'
    );
    expect(view.node.querySelector('.jp-Profiler-source')).toBeNull();
  });
});

describe('the table of boxes', () => {
  it('has shares where that is asked for', () => {
    show();
    const cells = () =>
      texts(
        view.node,
        '.jp-Profiler-treeTable tbody :is(.jp-Profiler-total, .jp-Profiler-self)'
      ).slice(0, 2);
    expect(cells()).toEqual(['100 ns', '10 ns']);
    result.update({ percent: true });
    expect(cells()).toEqual(['100%', '10%']);
    result.update({ percent: false });
    expect(cells()).toEqual(['100 ns', '10 ns']);
  });

  it('tells modules apart by their files', () => {
    show(
      profileOf(
        [
          { name: '<module>', path: '/a/one.py', line: 1 },
          { name: '<module>', path: '/a/two.py', line: 1 }
        ],
        {
          paths: pathsOf([
            [0, 0, 10, 1],
            [0, 1, 30, 1]
          ]),
          totals: NO_TOTALS
        }
      )
    );
    expect(
      texts(view.node, '.jp-Profiler-treeTable .jp-Profiler-name')
    ).toEqual(['<module> two.py:1', '<module> one.py:1']);
  });
});

describe('a map of locations', () => {
  it('is of packages, directories, files and functions', () => {
    show(profile, { map: { mode: 'location' } });
    press(stage(), 'Home');
    press(stage(), 'Enter');
    expect(crumbs().length).toBe(2);
    tool('Up').click();
    expect(state().root).toBeNull();
    expect(
      one(view.node, '[role=radio]', 'By location').getAttribute('aria-checked')
    ).toBe('true');
  });

  it('is what a profile of sums shows first; by calls it is an estimate', async () => {
    show(await sampleProfile('guide'));
    const estimate = () => view.node.querySelector('.jp-Profiler-estimate');
    expect(estimate()).toBeNull();
    one(view.node, '[role=radio]', 'By calls').click();
    await vi.waitFor(() =>
      expect(textOf(estimate())).toContain('An estimate, made of sums')
    );
    press(stage(), 'Home');
    expect(line()).toContain('of the map');
    tool('Back').click();
    expect(estimate()).toBeNull();
  });
});

it('says why there is no map', () => {
  show(profileOf([{ name: 'main', self: 5 }]), { map: { mode: 'calls' } });
  expect(textOf(view.node)).toContain('does not say who called whom');
  one(view.node, '[role=radio]', 'By location').click();
  expect(textOf(view.node)).not.toContain('does not say who called whom');
});

it('shows names as they are, whatever they hold', () => {
  show(
    profileOf([
      { name: '<img src=x onerror=alert(1)>', self: 5 },
      { name: '\u202eevil', self: 4 },
      { name: 'x'.repeat(100_000), self: 3 }
    ])
  );
  expect(view.node.querySelector('img')).toBeNull();
  press(stage(), 'Home');
  press(stage(), 'ArrowDown');
  expect(line()).toContain('<img src=x onerror=alert(1)>');
});

describe('what all views search for', () => {
  const found = () =>
    textOf(view.node.querySelector('.jp-Profiler-tools .jp-Profiler-found'));

  it('is counted, what is within a match once', () => {
    show();
    expect(found()).toBe('');
    result.update({ search: 'pars' });
    expect(found()).toBe('1 match, 30%');
    // load with parse in it, and fit
    result.update({ search: 'load|fit|parse', regex: true });
    expect(found()).toBe('3 matches, 90%');
    result.update({ search: '(', regex: true });
    expect(found()).toContain('the search is not applied');
    result.update({ search: 'nothing', regex: false });
    expect(found()).toBe('no matches');
  });

  it('is counted of what fills the map, and by location the same', () => {
    show(profile, { search: 'parse', map: { root: '#c0ffee|load' } });
    expect(found()).toBe('1 match, 50%');
    show(profile, { search: 'parse', map: { mode: 'location' } });
    expect(found()).toBe('1 match, 30%');
  });

  it('is typed there, too', async () => {
    show();
    const field = one(
      view.node,
      'input[type=search]'
    ) as unknown as HTMLInputElement;
    field.value = 'fit';
    field.dispatchEvent(new Event('input'));
    await vi.waitFor(() => expect(result.state.search).toBe('fit'));
    expect(found()).toBe('1 match, 30%');
  });
});

describe('threads', () => {
  /** main 10 and wait 20 of the first one, work 70 of the second one. */
  const two = profileOf(
    ['main', 'wait', 'work'].map(name => ({ name, path: '/a.py' })),
    {
      paths: pathsOf(
        [
          [0, 0, 10, 1],
          [1, 1, 20, 1],
          [0, 2, 70, 1]
        ],
        node => (node === 2 ? 1 : 0)
      ),
      totals: NO_TOTALS,
      threads: {
        length: 2,
        name: ['MainThread', 'pool-0'],
        kind: ['thread', 'thread'],
        parent: indexColumn(Int32Array.of(NONE, NONE)),
        pid: new Float64Array(2),
        tid: new Float64Array(2),
        wall: new Float64Array(2)
      }
    }
  );
  const names = () =>
    texts(view.node, '.jp-Profiler-treeTable tbody .jp-Profiler-name');

  it('are not asked for where there is one', () => {
    show();
    expect(texts(view.node, 'option')).not.toContain('all');
  });

  it('are chosen with their shares, and go for lists and locations, too', () => {
    show(two);
    expect(texts(view.node, 'option').slice(0, 3)).toEqual([
      'all',
      'pool-0, 70%',
      'MainThread, 30%'
    ]);
    expect(names()).toContain('work');
    choose(
      one(view.node, 'label', 'Thread or task').querySelector(
        'select'
      ) as HTMLSelectElement,
      'MainThread, 30%'
    );
    expect(result.state.thread).toBe('thread|MainThread');
    expect(names()).toEqual(['main', 'wait']);
    press(stage(), 'Home');
    expect(line()).toContain('total 30 ns, 100% of the map');
    expect(rows()).toEqual(['wait']);
    one(view.node, '[role=radio]', 'By location').click();
    press(stage(), 'Home');
    expect(line()).toContain('total 30 ns, 100% of the map');
  });
});

describe('pictures', () => {
  it('are saved as SVG', async () => {
    show();
    const saved: string[] = [];
    URL.createObjectURL = () => 'blob:x';
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement
    ) {
      saved.push(this.download);
    });
    tool('Save as SVG').click();
    await vi.waitFor(() =>
      expect(textOf(view.node)).toContain('The picture is saved')
    );
    expect(saved[0]).toMatch(/-map\.svg$/);
  });
});

it('says more of relatives where there is room', () => {
  show();
  result.select([1 as FuncIndex]);
  expect(
    texts(view.node, '.jp-Profiler-relatives thead .jp-Profiler-label')
  ).toEqual([
    'calls',
    'own',
    '/call',
    'total',
    '/call',
    'share',
    'function',
    'directory'
  ]);
  // parse: 30 ns in 4 calls, in /p/io.py
  expect(
    texts(view.node, '.jp-Profiler-relatives tbody td.jp-Profiler-selfPerCall')
  ).toEqual(['7.50 ns']);
  const directory = one(view.node, 'td.jp-Profiler-directory');
  expect([textOf(directory), directory.title]).toEqual(['/p', '/p']);
});

it('has a name for each table', () => {
  show();
  result.select([0 as FuncIndex]);
  expect(
    [...view.node.querySelectorAll('table')].map(node =>
      node.getAttribute('aria-label')
    )
  ).toEqual(['What main called, with what that took for it', 'Square map']);
});
