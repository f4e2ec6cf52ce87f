// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  pathsOf,
  NO_TOTALS,
  profileOf
} from '../../../profile/__tests__/build';
import type { FuncIndex } from '../../../profile/indices';
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
import { loadLater } from '../../loadLater';
import type { Result } from '../../result';
import { TreeView } from '../treeView';

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
let view: TreeView;

async function show(
  of: IProfile = profile,
  state: Partial<IViewState> = {}
): Promise<void> {
  result = resultOf(of, state);
  view = new TreeView(result, context, open);
  document.body.replaceChildren(view.node);
  result.onChange(before => view.onChange(before));
  view.layout();
  // What a first picture does not need has come.
  await vi.waitFor(
    () =>
      expect(view.node.querySelector('.jp-Profiler-exports')).not.toBeNull(),
    { timeout: 20_000 }
  );
}

beforeEach(() => {
  open.mockClear();
  // jsdom draws nothing.
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
});

afterEach(() => {
  view.dispose();
  vi.restoreAllMocks();
});

const stage = () => one(view.node, '.jp-Profiler-flame');
const grid = () => one(view.node, '[role=treegrid]');
const line = () => textOf(view.node.querySelector('.jp-Profiler-boxLine p'));
const crumbs = () => texts(view.node, '.jp-Profiler-crumbs li');
const chips = () =>
  texts(view.node, '.jp-Profiler-changes li > span:first-child');
const size = () => textOf(view.node.querySelector('.jp-Profiler-bar span'));
const radio = (text: string) => one(view.node, '[role=radio]', text);

describe('a tree of call paths', () => {
  it('says how large it is, and what its colours stand for', async () => {
    await show();
    expect(size()).toBe('100 ns · 4 boxes · 3 levels');
    expect(texts(view.node, '.jp-Profiler-legend li')).toEqual([
      'My notebook',
      'My files',
      'pandas'
    ]);
    choose(one(view.node, '.jp-Profiler-choice select'), 'own share');
    expect(result.state.treeColour).toBe('self');
    expect(texts(view.node, '.jp-Profiler-legend li')[0]).toBe(
      'owns below 10%'
    );
  });

  it('is walked by arrows, which select functions in all views', async () => {
    await show();
    press(stage(), 'Home');
    expect(line()).toBe(
      'main, cell:1, total 100 ns, 100% of all, own 10 ns, 10% of it, 1 call, level 1'
    );
    press(stage(), 'ArrowDown');
    press(stage(), 'ArrowDown');
    expect(line()).toContain('parse');
    expect(result.selection()).toEqual([2]);
    press(stage(), 'ArrowUp');
    press(stage(), 'ArrowRight');
    expect(result.selection()).toEqual([3]);
    expect(textOf(grid().querySelector('[aria-selected=true]'))).toContain(
      'fit'
    );
    press(stage(), 'Enter');
    expect(open.mock.calls).toEqual([[3]]);
  });

  it('stands upside down in a flame: up leads to callees', async () => {
    await show(profile, { tree: 'flame' });
    press(stage(), 'Home');
    press(stage(), 'ArrowUp');
    expect(line()).toContain('load');
  });

  it('is zoomed by Space, and whole again by Escape', async () => {
    await show();
    press(stage(), 'Home');
    press(stage(), 'ArrowDown');
    press(stage(), ' ');
    expect(crumbs()).toEqual(['All', 'main', 'load']);
    expect(result.state.zoom).toEqual(['#c0ffee|main', '#c0ffee|load']);
    expect(press(stage(), 'Escape')).toBe(true);
    expect(crumbs()).toEqual([]);
    expect(result.state.zoom).toEqual([]);
    // There is nothing more for it to do: it is the page's.
    expect(press(stage(), 'Escape')).toBe(false);
  });

  it('is zoomed as it was kept, and goes back by its crumbs', async () => {
    await show(profile, { zoom: ['#c0ffee|main', '#c0ffee|load'] });
    expect(crumbs()).toEqual(['All', 'main', 'load']);
    one(view.node, '.jp-Profiler-crumbs button', 'main').click();
    expect(crumbs()).toEqual(['All', 'main']);
    expect(result.state.zoom).toEqual(['#c0ffee|main']);
  });

  it('follows what is selected elsewhere', async () => {
    await show();
    result.select([3 as FuncIndex]);
    expect(line()).toContain('fit');
    expect(textOf(grid().querySelector('[aria-selected=true]'))).toContain(
      'fit'
    );
  });

  it('tells what a search finds', async () => {
    await show();
    const found = () => textOf(view.node.querySelector('.jp-Profiler-found'));
    result.update({ search: 'LOAD' });
    await vi.waitFor(() => expect(found()).toBe('1 match, 60%'));
    result.update({ search: 'nothing' });
    await vi.waitFor(() => expect(found()).toBe('no matches'));
    result.useLater(await loadLater());
    result.update({ search: '(', regex: true });
    await vi.waitFor(() => expect(found()).toContain('no regular expression'));
    result.update({ search: String.raw`\b(lo|ad)+` });
    await vi.waitFor(() => expect(found()).toBe('1 match, 60%'));
    result.update({ search: 'load', regex: false });
    result.update({ search: '' });
    await vi.waitFor(() => expect(found()).toBe(''));
  });

  it('tells the same share of what a search finds upside down', async () => {
    await show();
    const found = () => textOf(view.node.querySelector('.jp-Profiler-found'));
    result.update({ search: 'load', tree: 'inverted' });
    await vi.waitFor(() => expect(found()).toMatch(/, 60%$/));
  });

  it('leads to the account of a box', async () => {
    await show(profile, { view: 'tree' });
    result.select([2 as FuncIndex]);
    one(view.node, '.jp-Profiler-boxTools button', 'Account').click();
    expect(result.state.view).toBe('functions');
    expect(result.selection()).toEqual([2]);
  });
});

describe('changes', () => {
  it('are listed, and taken away one by one', async () => {
    await show();
    press(stage(), 'Home');
    press(stage(), 'ArrowDown');
    press(stage(), 'x');
    await vi.waitFor(() => expect(chips()).toEqual(['without load']));
    expect(size()).toBe('40 ns · 2 boxes · 2 levels');
    one(view.node, 'button', 'My code only').click();
    expect(chips()).toEqual(['without load', 'my code only']);
    press(stage(), 'z', { ctrlKey: true });
    expect(chips()).toEqual(['without load']);
    one(view.node, '.jp-Profiler-changes li button').click();
    expect(size()).toBe('100 ns · 4 boxes · 3 levels');
    expect(result.state.transforms).toEqual([]);
  });

  it('leave Ctrl+Z to the page where there is nothing to undo', async () => {
    await show();
    expect(press(stage(), 'z', { ctrlKey: true })).toBe(false);
  });

  it('that were kept are there, and those of another run say so', async () => {
    await show(profile, {
      transforms: [
        { kind: 'focus-function', func: '#c0ffee|load' },
        { kind: 'drop-function', func: '|gone' }
      ]
    });
    expect(chips()).toEqual(['only load', 'without gone']);
    expect(texts(view.node, '.jp-Profiler-changes .jp-Profiler-count')).toEqual(
      ['not in this profile']
    );
    expect(size()).toBe('60 ns · 2 boxes · 2 levels');
  });

  it('that leave nothing can still be undone', async () => {
    await show(profile, {
      transforms: [{ kind: 'drop-function', func: '#c0ffee|main' }]
    });
    expect(textOf(view.node)).toContain('Nothing is left of the tree');
    one(view.node, '.jp-Profiler-changes > button', 'Undo').click();
    expect(size()).toBe('100 ns · 4 boxes · 3 levels');
  });

  it('are offered in a menu that keys walk', async () => {
    await show();
    press(stage(), 'Home');
    press(stage(), 'F10', { shiftKey: true });
    await vi.waitFor(() =>
      expect(view.node.querySelector('[role=menu]')).not.toBeNull()
    );
    const focused = () => textOf(document.activeElement);
    expect(focused()).toContain('Zoom to it');
    press(document.activeElement as HTMLElement, 'End');
    expect(focused()).toContain('Collapse My notebook');
    press(document.activeElement as HTMLElement, 'ArrowDown');
    expect(focused()).toContain('Zoom to it');
    press(document.activeElement as HTMLElement, 'Escape');
    expect(view.node.querySelector('[role=menu]')).toBeNull();
    expect(document.activeElement).toBe(stage());
  });
});

describe('changes that are large', () => {
  /** A function that calls itself 2000 levels deep. */
  const deep = (qualified: string) =>
    profileOf(
      [
        { name: 'main', path: '/a/m.py', line: 1 },
        { name: 'walk', qualified, path: '/a/m.py', line: 9 }
      ],
      {
        paths: pathsOf([
          [0, 0, 10, 1],
          ...Array.from({ length: 2_000 }, (_, i) => [i + 1, 1, 1, 1] as const)
        ]),
        totals: NO_TOTALS
      }
    );

  it('are a way of thousands of levels, which is kept', async () => {
    const of = deep('walk');
    await show(of);
    press(stage(), 'Home');
    press(grid(), 'Home');
    press(grid(), '*');
    expect(line()).toContain('level 2,001');
    // The style makes room of it, or writes the number.
    const [row] = [...grid().querySelectorAll('[aria-level]')].slice(-1);
    const indent = one(row, '.jp-Profiler-indent');
    const level = Number(row.getAttribute('aria-level'));
    expect(level).toBeGreaterThan(10);
    expect(indent.dataset.level).toBe(`${level}`);
    expect(indent.style.getPropertyValue('--jp-profiler-depth')).toBe(
      `${level - 1}`
    );
    press(grid(), 'f');
    await vi.waitFor(() => expect(chips()).toEqual(['only this way to walk']));
    expect(size()).toBe('1 ns · 1 box · 1 level');
    const stored = JSON.stringify(result.state.transforms);
    expect(stored.length).toBeLessThan(100);
    view.dispose();
    await show(of, { transforms: JSON.parse(stored) as unknown });
    await vi.waitFor(() => expect(size()).toBe('1 ns · 1 box · 1 level'));
  });

  it('are not done where they cannot be kept, and say why', async () => {
    await show(deep('x'.repeat(2_000)));
    press(grid(), 'Home');
    press(grid(), '*');
    press(stage(), 'g');
    await vi.waitFor(() =>
      expect(size()).toBe('This name is too long to be kept.')
    );
    press(stage(), 'F10', { shiftKey: true });
    await vi.waitFor(() =>
      expect(view.node.querySelector('[role=menu]')).not.toBeNull()
    );
    const refused = one(view.node, '[role=menuitem]', 'Only this way to it');
    expect(refused.getAttribute('aria-disabled')).toBe('true');
    expect(textOf(refused)).toContain('This way is too long to be kept.');
    refused.click();
    expect(result.state.transforms).toBeNull();
    // A package's name is short.
    expect(
      view.node.querySelector('[aria-keyshortcuts=p][aria-disabled]')
    ).toBeNull();
  });
});

describe('other forms', () => {
  it('are inverted: what owns most is first, its callers below', async () => {
    await show(profile, { selection: ['#c0ffee|load'] });
    radio('Inverted').click();
    expect(result.state.tree).toBe('inverted');
    press(stage(), 'Home');
    press(stage(), 'ArrowDown');
    expect(line()).toContain('when called from here');
  });

  it('are a sandwich of the selected function', async () => {
    await show(profile, { selection: ['#c0ffee|load'] });
    radio('Sandwich').click();
    await vi.waitFor(() =>
      expect(view.node.querySelectorAll('.jp-Profiler-flame').length).toBe(2)
    );
    expect(texts(view.node, '.jp-Profiler-panes h4')).toEqual([
      'Callers',
      'Callees'
    ]);
    expect(line()).toContain('load');
    expect(line()).toContain('60% of all');
    // From the function upwards there are its callers.
    const [callers, callees] =
      view.node.querySelectorAll<HTMLElement>('.jp-Profiler-flame');
    press(callees, 'ArrowUp');
    expect(document.activeElement).toBe(callers);
    press(callers, 'ArrowUp');
    expect(line()).toContain('main');
  });
});

describe('the table', () => {
  it('opens and closes rows', async () => {
    await show();
    const rows = () => texts(grid(), 'tbody tr .jp-Profiler-name');
    press(grid(), 'Home');
    press(grid(), 'ArrowLeft');
    expect(rows()).toEqual(['main']);
    press(grid(), 'ArrowRight');
    expect(rows()).toEqual(['main', 'load', 'fit']);
    press(grid(), '*');
    expect(rows()).toEqual(['main', 'load', 'parse', 'fit']);
    expect(result.selection()).toEqual([2]);
    press(grid(), 'ArrowLeft');
    expect(result.selection()).toEqual([1]);
    press(grid(), 'End');
    expect(result.selection()).toEqual([3]);
    click(grid().querySelectorAll('.jp-Profiler-disclosure')[1]);
    expect(rows()).toEqual(['main', 'load', 'fit']);
    const row = grid().querySelectorAll('tbody tr')[1];
    expect(row.getAttribute('aria-level')).toBe('2');
    expect(row.getAttribute('aria-expanded')).toBe('false');
  });
});

describe('a profile of sums', () => {
  it('offers an estimate, and draws it only when asked', async () => {
    await show(await sampleProfile('guide'));
    expect(textOf(view.node)).toContain('Sums carry no tree');
    expect(view.node.querySelector('.jp-Profiler-flame')).toBeNull();
    one(view.node, 'button', 'Show an estimate').click();
    expect(result.state.estimate).toBe(true);
    expect(textOf(view.node.querySelector('.jp-Profiler-estimate'))).toContain(
      'An estimate, made of sums'
    );
    expect(stage()).not.toBeNull();
    one(view.node, 'button', 'Hide the estimate').click();
    expect(view.node.querySelector('.jp-Profiler-flame')).toBeNull();
  });

  it('says that an estimate cannot be inverted', async () => {
    await show(await sampleProfile('guide'), {
      estimate: true,
      tree: 'inverted'
    });
    expect(textOf(view.node)).toContain('cannot be turned upside down');
    radio('Icicle').click();
    expect(stage()).not.toBeNull();
  });
});

it('of several threads one can be chosen', async () => {
  await show(await sampleProfile('paths'));
  const select = one<HTMLSelectElement>(
    view.node,
    '.jp-Profiler-choice select',
    'all'
  );
  expect(select.options.length).toBe(5);
  choose(select, select.options[1].text);
  expect(result.state.thread).not.toBeNull();
});
