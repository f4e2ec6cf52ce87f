// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import {
  NO_TOTALS,
  pathsOf,
  profileOf
} from '../../../profile/__tests__/build';
import { context } from '../../__tests__/language';
import { one, press, resultOf, textOf } from '../../__tests__/results';
import type { Result } from '../../result';
import { CallsView } from '../callsView';
import { Visited } from '../visited';

/** `main` calls `load` and `save`, and both call `read`: 10 + 20 + 30 + 10 + 30 ns. */
const profile = {
  ...profileOf([
    { name: 'main', path: '/a.py', line: 1 },
    { name: 'load', path: '/a.py', line: 5 },
    { name: 'save', path: '/a.py', line: 9 },
    { name: 'read' }
  ]),
  totals: NO_TOTALS,
  paths: pathsOf([
    [0, 0, 10, 1],
    [1, 1, 20, 1],
    [2, 3, 30, 3],
    [1, 2, 10, 1],
    [2, 3, 30, 2]
  ])
};

let result: Result;
let view: CallsView;
const open = vi.fn();

beforeEach(() => {
  result = resultOf(profile, { selection: ['|read'] });
  view = new CallsView(
    result,
    context,
    open,
    func => `http://server/lab/tree/a.prof?f=${encodeURIComponent(func)}`
  );
  result.onChange(before => view.onChange(before));
  document.body.replaceChildren(view.node);
});

afterEach(() => view.dispose());

const head = () => textOf(view.node.querySelector('h3'));
const rows = (part: 'callers' | 'callees') =>
  [...view.node.querySelectorAll(`.jp-mod-${part} tbody tr`)].map(row =>
    [...row.children].map(textOf).join(' | ')
  );
const link = (name: string) => one(view.node, '.jp-Profiler-link', name);

it('shows a function between callers and callees, with all that each took', () => {
  expect(head()).toBe('read');
  expect(rows('callers')).toEqual([
    '50% | 30 ns | 20 ns | 50 ns | load',
    '50% | 30 ns | 10 ns | 40 ns | save'
  ]);
  expect(rows('callees')).toEqual(['100% | 60 ns |  |  | own code']);
  expect(textOf(view.node.querySelector('dl'))).toContain('total60 ns, 60%');
});

it('has names as links with addresses, which a browser can open elsewhere', () => {
  const load = link('load') as HTMLAnchorElement;
  expect(load.href).toMatch(
    /^http:\/\/server\/lab\/tree\/a\.prof\?f=.*%7Cload$/
  );
  const click = (more: MouseEventInit) => {
    const event = new MouseEvent('click', { cancelable: true, ...more });
    return !load.dispatchEvent(event);
  };
  expect(click({ ctrlKey: true })).toBe(false);
  expect(head()).toBe('read');
  expect(click({})).toBe(true);
  expect(head()).toBe('load');
});

it('goes from name to name, and back and forward', () => {
  const [back, forward] = [
    one<HTMLButtonElement>(view.node, '[aria-label=Back]'),
    one<HTMLButtonElement>(view.node, '[aria-label=Forward]')
  ];
  expect([back.disabled, forward.disabled]).toEqual([true, true]);
  link('load').focus();
  link('load').click();
  expect(head()).toBe('load');
  // The keyboard goes on at the function, not at the top of the page.
  expect(textOf(document.activeElement)).toBe('load');
  expect(rows('callees')).toEqual([
    '60% | 30 ns | 60 ns | 60 ns | read',
    '40% | 20 ns |  |  | own code'
  ]);
  link('main').click();
  back.click();
  expect(head()).toBe('load');
  expect(press(view.node, 'ArrowLeft', { altKey: true })).toBe(true);
  expect(head()).toBe('read');
  expect(press(view.node, 'ArrowRight', { altKey: true })).toBe(true);
  expect(head()).toBe('load');
  expect(press(view.node, 'ArrowRight')).toBe(false);
  expect(result.state.selection).toEqual(['/a.py|load']);
});

it('leads to the code, and copies an address of the function', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  link('load').click();
  one(view.node, 'button', 'Go to the code').click();
  expect(open).toHaveBeenCalledWith(1);
  one(view.node, 'button', 'Copy link').click();
  await vi.waitFor(() =>
    expect(textOf(view.node.querySelector('[role=status]'))).toContain('Copied')
  );
  expect(writeText).toHaveBeenCalledWith(
    'http://server/lab/tree/a.prof?f=%2Fa.py%7Cload'
  );
  vi.unstubAllGlobals();
});

it('asks for a function where none is selected', () => {
  result.select([]);
  expect(textOf(view.node)).toContain('Select a function');
  expect(view.node.querySelector('table')).toBeNull();
});

it('forgets what was ahead by going elsewhere', () => {
  const visited = new Visited();
  ['a', 'b', 'b', 'c'].forEach(place => visited.visit(place));
  expect(visited.go(-1)).toBe('b');
  visited.visit('d');
  expect(visited.can(1)).toBe(false);
  expect([visited.go(-1), visited.go(-1), visited.go(-1)]).toEqual([
    'b',
    'a',
    null
  ]);
});
