/**
 * The table of functions as a reader has it, with its tools and the account beside it.
 */
import { beforeEach, afterEach, expect, vi } from 'vitest';

import type { FuncIndex } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import type { IViewState } from '../../profile/viewState';
import { profileOf } from '../../profile/__tests__/build';
import { FunctionsPanel } from '../functionsPanel';
import type { Result } from '../result';
import { context } from './language';
import { click, one, resultOf, textOf } from './results';

/** A recursive function, one whose callees took most, a builtin, and a pseudo row. */
export const profile = profileOf([
  {
    name: 'fib',
    path: '/tmp/c.py',
    line: 3,
    calls: 177,
    primitive: 1,
    self: 17_225,
    total: 17_225
  },
  {
    name: 'run',
    qualified: 'Job.run',
    path: '/tmp/c.py',
    line: 9,
    calls: 1,
    self: 3_000_000,
    total: 4e9
  },
  {
    name: '<built-in method math.sqrt>',
    qualified: 'math.sqrt',
    kind: 'builtin',
    calls: 153_718,
    self: 12_345
  },
  {
    name: '(awaiting)',
    qualified: 'awaiting',
    kind: 'pseudo',
    calls: 1,
    self: 50_000_000
  }
]);

export let result: Result;
export let panel: FunctionsPanel;
export let table: HTMLElement;
export const onOpen = vi.fn<(func: FuncIndex) => void>();

/** The table as a reader has it, with its tools and the account beside it. */
export function show(
  of: IProfile = profile,
  state: Partial<IViewState> = {}
): HTMLElement {
  result = resultOf(of, state);
  panel = new FunctionsPanel(result, context, onOpen);
  document.body.replaceChildren(panel.node);
  table = one(panel.node, '[role=treegrid]');
  return table;
}

export const drawn = () => [
  ...table.querySelectorAll<HTMLElement>('tbody tr:not([aria-hidden])')
];

/** Texts of the rows that are drawn. */
export const cells = () =>
  drawn().map(row => [...row.querySelectorAll('td')].map(textOf));

export const names = () => cells().map(row => row[6]);

/** Names of the functions that are selected, the last one last. */
export const selected = () =>
  result.selection().map(func => result.profile.functions.name[func]);

/** What the rows that are drawn tell of being selected. */
export const marked = () =>
  drawn()
    .filter(row => row.getAttribute('aria-selected') === 'true')
    .map(row => textOf(row.querySelector('.jp-Profiler-name')));

/** The row that has the keyboard, as screen readers are told. */
export function active(): string {
  const id = table.getAttribute('aria-activedescendant');
  const row = id ? document.getElementById(id) : null;
  expect(
    drawn().filter(one => one.classList.contains('jp-mod-active'))
  ).toEqual(row ? [row] : []);
  return textOf(row?.querySelector('.jp-Profiler-name'));
}

export function head(label: string): HTMLElement {
  const found = [...table.querySelectorAll('th')].find(
    th => textOf(th.querySelector('.jp-Profiler-label')) === label
  );
  return found as HTMLElement;
}

export const sortBy = (label: string, shiftKey = false) =>
  click(head(label).querySelector('button') as HTMLElement, { shiftKey });

export const row = (name: string) =>
  drawn().find(
    one => textOf(one.querySelector('.jp-Profiler-name')) === name
  ) as HTMLElement;

/** Begin and end each test with nothing of another one. */
export function eachAnew(): void {
  beforeEach(() => void onOpen.mockReset());
  afterEach(() => panel?.dispose());
}
