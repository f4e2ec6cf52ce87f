// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FuncIndex } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import type { IViewState } from '../../profile/viewState';
import { META, profileOf } from '../../profile/__tests__/build';
import { FunctionsPanel } from '../functionsPanel';
import { loadLater } from '../loadLater';
import type { Result } from '../result';
import { context } from './language';
import { one, resultOf, sampleProfile, textOf, texts } from './results';

const profile = profileOf(
  [
    {
      name: 'fib',
      path: '/a/c.py',
      line: 3,
      calls: 177,
      primitive: 1,
      self: 20
    },
    { name: 'run', path: '/a/c.py', line: 9, calls: 1, self: 30, total: 90 },
    {
      name: '<built-in method math.sqrt>',
      qualified: 'math.sqrt',
      kind: 'builtin',
      calls: 900,
      self: 40
    }
  ],
  { meta: { ...META, wall: 100 } }
);

const view = (
  sort: string[],
  limits: IProfile['view']['limits'] = []
): IProfile => ({ ...profile, view: { sort, limits } });

let result: Result;
let panel: FunctionsPanel;

function show(of: IProfile = profile, state: Partial<IViewState> = {}): void {
  result = resultOf(of, state);
  panel = new FunctionsPanel(result, context, () => undefined);
  document.body.replaceChildren(panel.node);
}

const names = () =>
  texts(panel.node, '[role=treegrid] tbody .jp-Profiler-name');
const summary = () =>
  textOf(panel.node.querySelector('.jp-Profiler-bar [role=status]'));
const button = (text: string) =>
  one<HTMLButtonElement>(panel.node, 'button', text);

afterEach(() => {
  panel.dispose();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the line above the table', () => {
  it('tells rows, what they own, and their order', () => {
    show();
    expect(summary()).toBe('3 rows · own 90 ns of 100 ns · ordered by tottime');
    result.update({ search: 'c.py' });
    expect(summary()).toBe(
      '2 of 3 rows · own 50 ns of 100 ns · ordered by tottime'
    );
  });

  it('names two keys of an order', () => {
    show(view(['calls', 'name', 'line']));
    expect(summary()).toContain('ordered by ncalls, then function name');
  });

  it('leaves the whole out where it is not known', () => {
    const metrics = profile.metrics.map(metric => ({
      ...metric,
      combine: 'max'
    }));
    show({ ...profile, metrics });
    expect(summary()).toBe('3 rows · ordered by tottime');
  });

  it.each([
    ['(', 'it is no regular expression'],
    ['(f)\\1', 'what refers back to a group, as \\1, could take too long'],
    [
      '((f{50}){50}){50}',
      'what it repeats is too large, and could take too long'
    ]
  ])('tells why the search %s is not applied: %s', async (search, reason) => {
    show(profile, { search, regex: true });
    await vi.waitFor(() =>
      expect(summary()).toContain(`the search is not applied: ${reason}`)
    );
    expect(names().length).toBe(3);
  });

  it.each([
    ['\\bfib', ['fib']],
    ['(fib|run)+', ['fib', 'run']],
    ['.*m.*t.*h', ['math.sqrt']],
    ['(?i)RUN', ['run']],
    ['\\w+\\.py:\\d+', ['fib', 'run']]
  ])(
    'tells nothing of the search %s, which is applied',
    async (search, found) => {
      show(profile, { search, regex: true });
      await vi.waitFor(() => expect(names().sort()).toEqual(found));
      expect(summary()).not.toContain('not applied');
    }
  );

  it('tells of whose time shares are where there are several threads', async () => {
    show(await sampleProfile('paths'));
    expect(summary()).toContain('of 69.4 ms in 3 threads');
  });

  it('tells of a pattern that it cannot apply', async () => {
    show(view([], [{ regex: '(a*)*' }]));
    expect(names().length).toBe(3);
    await vi.waitFor(() =>
      expect(summary()).toContain('the pattern (a*)* is not applied here')
    );
  });

  it('tells what the settings hide, and follows them', async () => {
    show();
    result.hide(['/a/', '(a+)+']);
    expect(names()).toEqual(['math.sqrt']);
    expect(summary()).toContain('1 of 3 rows');
    await vi.waitFor(() =>
      expect(summary()).toContain(
        '2 hidden by your settings · ' +
          'the pattern (a+)+ of your settings cannot be applied here'
      )
    );
    result.hide([]);
    expect(summary()).not.toContain('settings');
    expect(names().length).toBe(3);
  });
});

describe('the first view', () => {
  it('has the order and the limits of the profile, and a button for all', () => {
    show(view(['calls', 'name'], [{ count: 2 }]));
    expect(names()).toEqual(['math.sqrt', 'fib']);
    const toggle = button('Show all 3');
    toggle.click();
    expect(names().length).toBe(3);
    expect(textOf(toggle)).toBe('Show fewer');
    expect(result.state.limited).toBe(false);
    toggle.click();
    expect(names().length).toBe(2);
  });

  it('has no such button where nothing is cut', () => {
    show();
    expect(button('Show all').hidden).toBe(true);
  });

  it('applies limits to the order that the reader chooses', () => {
    show(view([], [{ count: 1 }]));
    result.update({ sort: [{ column: 'total', descending: true }] });
    expect(names()).toEqual(['run']);
  });
});

describe('Copy as text', () => {
  const printed = [
    '         1078 function calls (902 primitive calls) in 0.000 seconds',
    '',
    '   Ordered by: internal time',
    '   List reduced from 3 to 1',
    '',
    '   ncalls  tottime  percall  cumtime  percall filename:lineno(function)',
    '    177/1    0.000    0.000    0.000    0.000 /a/c.py:3(fib)',
    ''
  ].join('\n');

  it('copies the rows that are listed, as pstats prints them, and says so', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    show(profile, { search: 'fib' });
    button('Copy as text').click();
    await vi.waitFor(() => expect(summary()).toBe('1 row copied'));
    expect(writeText.mock.calls).toEqual([[printed]]);
    result.update({ search: '' });
    expect(summary()).toContain('3 rows');
  });

  it('gives the summary back after a while', async () => {
    vi.stubGlobal('navigator', {
      clipboard: { writeText: () => Promise.resolve() }
    });
    // Loading takes its time.
    await import('../later');
    vi.useFakeTimers();
    show();
    const before = summary();
    button('Copy as text').click();
    await vi.waitFor(() => expect(summary()).toBe('3 rows copied'));
    vi.advanceTimersByTime(10_000);
    expect(summary()).toBe(before);
    vi.useRealTimers();
  });

  it('does it by a selection where the page may not use the clipboard', async () => {
    vi.stubGlobal('navigator', {});
    let copied = '';
    const execCommand = vi.fn(() => {
      copied = one<HTMLTextAreaElement>(document.body, 'textarea').value;
      return true;
    });
    Object.assign(document, { execCommand });
    show(profile, { search: 'fib' });
    button('Copy as text').focus();
    button('Copy as text').click();
    await vi.waitFor(() => expect(summary()).toBe('1 row copied'));
    expect(copied).toBe(printed);
    expect(document.querySelector('textarea')).toBeNull();
    expect(document.activeElement).toBe(button('Copy as text'));
  });

  it('says that the browser does not allow it', async () => {
    vi.stubGlobal('navigator', {});
    Object.assign(document, { execCommand: () => false });
    show();
    button('Copy as text').click();
    await vi.waitFor(() =>
      expect(summary()).toBe('The browser does not allow to copy')
    );
  });
});

describe('Copy row', () => {
  it('copies the selected rows of those that are listed, and counts them', async () => {
    const writeText = vi.fn((text: string) => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    show();
    result.select([0 as FuncIndex]);
    button('Copy row').click();
    await vi.waitFor(() => expect(summary()).toBe('1 row copied'));
    expect(writeText.mock.calls[0][0]).toContain('List reduced from 3 to 1');
    expect(writeText.mock.calls[0][0]).toContain('/a/c.py:3(fib)');
    result.select([0, 1] as FuncIndex[]);
    button('Copy 2 rows').click();
    await vi.waitFor(() => expect(summary()).toBe('2 rows copied'));
  });

  it('has nothing to copy where no row that is listed is selected', () => {
    show();
    result.select([]);
    expect(button('Copy row').disabled).toBe(true);
    result.select([0 as FuncIndex]);
    expect(button('Copy row').disabled).toBe(false);
    result.update({ search: 'sqrt' });
    expect(button('Copy row').disabled).toBe(true);
  });
});

describe("the browser's own Copy", () => {
  const writeText = vi.fn((text: string) => Promise.resolve());

  beforeEach(() => {
    writeText.mockClear();
    vi.stubGlobal('navigator', { clipboard: { writeText } });
  });

  /** Whether the rows are copied; where not, the browser does as always. */
  function copy(target: Element): boolean {
    const event = new Event('copy', { bubbles: true, cancelable: true });
    return !target.dispatchEvent(event);
  }

  it('takes the selected rows, in the order of the table', async () => {
    show();
    await loadLater();
    result.select([0, 1] as FuncIndex[]);
    expect(copy(one(panel.node, '[role=treegrid]'))).toBe(true);
    await vi.waitFor(() => expect(summary()).toBe('2 rows copied'));
    const lines = writeText.mock.calls[0][0].split('\n');
    expect(lines.slice(6, 8).map(line => line.slice(-14))).toEqual([
      '/a/c.py:9(run)',
      '/a/c.py:3(fib)'
    ]);
  });

  it('is left alone in a field, where text is marked, and where no row is selected', async () => {
    show();
    await loadLater();
    expect(copy(one(panel.node, 'input'))).toBe(false);
    document.getSelection()?.selectAllChildren(panel.node);
    expect(copy(panel.node)).toBe(false);
    document.getSelection()?.removeAllRanges();
    expect(copy(panel.node)).toBe(true);
    result.select([]);
    expect(copy(panel.node)).toBe(false);
    result.select([0 as FuncIndex]);
    result.update({ search: 'sqrt' });
    expect(copy(panel.node)).toBe(false);
  });
});

describe('a change', () => {
  let rows: Node[];

  beforeEach(() => {
    show();
    rows = [...panel.node.querySelectorAll('[role=treegrid] tbody tr')];
  });

  const same = () =>
    [...panel.node.querySelectorAll('[role=treegrid] tbody tr')].every(
      (row, i) => row === rows[i]
    );

  it('of the selection draws no row anew', () => {
    result.select([0 as FuncIndex]);
    expect(same()).toBe(true);
    expect(textOf(panel.node.querySelector('h3'))).toBe('fib');
  });

  it('of the chart or the factor draws no row anew', () => {
    result.update({ chart: 'calls', factor: null });
    expect(same()).toBe(true);
  });

  it('of shares and times draws them', () => {
    result.update({ percent: true });
    expect(same()).toBe(false);
  });

  it('is remembered', () => {
    const remember = vi.fn();
    result = resultOf(profile, {}, remember);
    result.select([0 as FuncIndex]);
    expect(remember).toHaveBeenCalledWith(
      expect.objectContaining({ selection: ['/a/c.py|fib'] })
    );
  });
});

it('goes to a row that another view selected', () => {
  show();
  result.select([2 as FuncIndex]);
  expect(
    textOf(panel.node.querySelector('.jp-mod-active .jp-Profiler-name'))
  ).toBe('math.sqrt');
});
