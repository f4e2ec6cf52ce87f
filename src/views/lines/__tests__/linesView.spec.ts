// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type FuncIndex } from '../../../profile/indices';
import type { IProfile } from '../../../profile/model';
import {
  DEFAULT_VIEW_STATE,
  type IViewState
} from '../../../profile/viewState';
import {
  linedProfile,
  META,
  profileOf,
  type IFunctionSpec,
  type ILineSpec
} from '../../../profile/__tests__/build';
import { context } from '../../__tests__/language';
import {
  choose,
  click,
  one,
  press,
  resultOf,
  textOf,
  texts
} from '../../__tests__/results';
import type { Shown } from '../../../tokens';
import { AccountPanel } from '../../accountPanel';
import type { Result } from '../../result';
import { LinesView } from '../linesView';
import type { LoadColours } from '../sourceColours';

const TEXT = `def work(n):
    total = 0
    for i in range(n):
        total += sum(j for j in range(i))
    if n < 0:
        raise ValueError
    return total

def never():
    return 1

def little():
    return 2
`;

const FUNCTIONS: readonly IFunctionSpec[] = [
  { name: 'work', line: 1, cell: 'c7' },
  { name: '<genexpr>', line: 4 },
  { name: 'never', line: 9 },
  { name: 'little', line: 12 }
];

const MS = 1e6;

const ROWS: readonly ILineSpec[] = [
  { func: 0, line: 2, hits: 1, time: 1_000 },
  { func: 0, line: 3, hits: 101, time: 20 * MS },
  { func: 0, line: 4, hits: 100, time: 900 * MS, own: 100 * MS },
  { func: 0, line: 5, hits: 1, time: 500 },
  { func: 0, line: 6, hits: 0, time: 0 },
  { func: 0, line: 7, hits: 1, time: 300 },
  { func: 1, line: 4, hits: 5_050, time: 800 * MS },
  { func: 2, line: 10, hits: 0, time: 0 },
  { func: 3, line: 13, hits: 2, time: 1 * MS }
];

const profile = linedProfile(FUNCTIONS, ROWS, TEXT, {
  meta: { ...META, wall: 1000 * MS }
});

let result: Result;
let view: LinesView;
let table: HTMLElement;
const open = vi.fn<() => Promise<Shown>>();
const openCode = vi.fn<() => void>();
const makeAccount = () => new AccountPanel(result, context, openCode);

function show(
  of: IProfile = profile,
  state: Partial<IViewState> = {},
  load: LoadColours = () => Promise.resolve(null),
  wanted: Result['wanted'] = null
): void {
  result = resultOf(of, state);
  result.wanted = wanted;
  view = new LinesView(result, context, { open }, makeAccount, load);
  result.onChange(before => view.onChange(before));
  document.body.replaceChildren(view.node);
  table = one(view.node, '[role=treegrid]');
}

const drawn = () => [
  ...table.querySelectorAll<HTMLElement>('tbody tr:not([aria-hidden])')
];

/** What a row tells: number, hits, time, time a hit, shares, source. */
const cells = (row: HTMLElement) =>
  [...row.querySelectorAll('td')].map(cell => textOf(cell));

const drawnHeads = () =>
  drawn().filter(row => row.getAttribute('aria-level') === '1');

const heads = () =>
  drawnHeads().map(row => textOf(row.querySelector('.jp-Profiler-name')));

const lineNumbers = () =>
  drawn()
    .filter(row => row.getAttribute('aria-level') === '2')
    .map(row => cells(row)[0]);

const rowOfLine = (line: number) =>
  drawn().find(row => cells(row)[0] === `${line}`) as HTMLElement;

const rowOfHead = (name: string) =>
  drawn().find(
    row => textOf(row.querySelector('.jp-Profiler-name')) === name
  ) as HTMLElement;

/** The row that the keyboard is on, as screen readers are told. */
function active(): HTMLElement {
  const id = table.getAttribute('aria-activedescendant') ?? '';
  const row = document.getElementById(id) as HTMLElement;
  expect(
    drawn().filter(other => other.getAttribute('aria-selected') === 'true')
  ).toEqual([row]);
  return row;
}

const tool = (label: string) =>
  one<HTMLButtonElement>(view.node, '.jp-Profiler-tools button', label);

const search = () => one<HTMLInputElement>(view.node, 'input');

const unit = () => view.node.querySelectorAll('select')[0];

function find(text: string, key = 'Enter'): void {
  search().value = text;
  search().dispatchEvent(new Event('input'));
  press(search(), key);
}

const found = () => textOf(view.node.querySelector('.jp-Profiler-found'));

const said = () => textOf(view.node.querySelector('.jp-Profiler-bar'));

beforeEach(() => {
  open.mockReset().mockResolvedValue(true);
  Element.prototype.scrollIntoView = vi.fn();
});

afterEach(() => view.dispose());

describe('blocks', () => {
  it('are there for each function, hottest first, cold ones closed', () => {
    show();
    expect(heads()).toEqual(['work', '<genexpr>', 'little', 'never']);
    expect(drawnHeads().map(row => row.getAttribute('aria-expanded'))).toEqual([
      'true',
      'true',
      'false',
      'false'
    ]);
    expect(lineNumbers()).toEqual(['1', '2', '3', '4', '5', '6', '7', '4']);
  });

  it('say what ran, where it is, and what never ran', () => {
    show();
    expect(cells(rowOfHead('work'))).toEqual([
      '▾',
      '',
      '920 ms',
      '',
      '',
      '92%',
      'workc.py:1'
    ]);
    expect(textOf(rowOfHead('never'))).toContain('never ran');
    expect(textOf(rowOfHead('little'))).not.toContain('never ran');
    expect(said()).toBe(
      '4 functions · 1 never ran · 9 lines · % all is of 1.00 s'
    );
  });

  it('open and close by a click and by keys, and it is remembered', () => {
    show();
    click(rowOfHead('work'));
    expect(lineNumbers()).toEqual(['4']);
    expect(result.state.lines).toMatchObject({ shut: [expect.any(String)] });
    press(table, 'ArrowRight');
    expect(lineNumbers()).toHaveLength(8);
    expect(result.state.lines).toMatchObject({ open: [], shut: [] });
    click(rowOfHead('never'));
    expect(lineNumbers()).toEqual([
      ...['1', '2', '3', '4', '5', '6', '7', '4'],
      ...['9', '10']
    ]);
    press(table, ' ');
    expect(lineNumbers()).toHaveLength(8);
  });

  it('are as they were after the next run', () => {
    show();
    click(rowOfHead('work'));
    click(rowOfHead('little'));
    tool('Hide lines').click();
    choose(unit(), 'ns');
    const stored = JSON.parse(JSON.stringify(result.state)) as IViewState;
    view.dispose();
    show(profile, stored);
    expect(lineNumbers()).toEqual(['4', '13']);
    expect(cells(rowOfLine(13))[2]).toBe('1,000,000 ns');
  });
});

describe('a line', () => {
  it('has hits, times, shares and its source', () => {
    show();
    expect(cells(rowOfLine(4))).toEqual([
      '4',
      '100',
      '900 ms',
      '9.00 ms',
      '98%',
      '90%',
      'total += sum(j for j in range(i))<genexpr>'
    ]);
    const bar = rowOfLine(4).querySelector<HTMLElement>(
      '.jp-Profiler-shareBar'
    );
    expect(bar?.style.getPropertyValue('--all')).toBe('0.9');
    expect(bar?.style.getPropertyValue('--own')).toBe('0.1');
    expect(bar?.title).toBe('Own 10%, what it calls 80%');
  });

  it('without data has its number and its text', () => {
    show();
    expect(cells(rowOfLine(1))).toEqual([
      ...['1', '', '', '', '', ''],
      'def work(n):'
    ]);
  });

  it('that could have run and did not says so', () => {
    show();
    expect(cells(rowOfLine(6))).toEqual([
      ...['6', '0', '', '', '', ''],
      'not run:         raise ValueError'
    ]);
    expect(rowOfLine(6).classList).toContain('jp-mod-notRun');
    expect(rowOfLine(1).classList).not.toContain('jp-mod-notRun');
  });

  it('is as hot as it is to the hottest', () => {
    show();
    const heat = (line: number) =>
      rowOfLine(line).style.getPropertyValue('--heat');
    expect(heat(4)).toBe('1');
    expect(Number(heat(3))).toBeCloseTo(20 / 900);
    expect(heat(2)).toBe('');
    expect(rowOfLine(4).classList).toContain('jp-mod-hot');
    expect(rowOfLine(3).classList).not.toContain('jp-mod-hot');
  });

  it('is hidden without time, if the reader wants that', () => {
    show();
    tool('Hide lines').click();
    expect(lineNumbers()).toEqual(['2', '3', '4', '5', '7', '4']);
    expect(tool('Hide lines').getAttribute('aria-pressed')).toBe('true');
    tool('Hide lines').click();
    expect(lineNumbers()).toHaveLength(8);
  });

  it.each([
    ['s', '0.9 s'],
    ['ms', '900 ms'],
    ['µs', '900,000 µs'],
    ['ns', '900,000,000 ns']
  ])('has its time in %s', (name, text) => {
    show();
    choose(unit(), name);
    expect(cells(rowOfLine(4))[2]).toBe(text);
  });

  it('is opened by a double click and by Enter, its function by the link', async () => {
    show();
    rowOfLine(5).dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    const place = { path: '/tmp/c.py', cell: 'c7' };
    expect(open).toHaveBeenLastCalledWith(
      expect.objectContaining({ ...place, line: 5 })
    );
    click(rowOfLine(3));
    press(table, 'Enter');
    expect(open).toHaveBeenLastCalledWith(
      expect.objectContaining({ ...place, line: 3 })
    );
    click(one(rowOfHead('little'), '[data-action=open]'));
    expect(open).toHaveBeenLastCalledWith(
      expect.objectContaining({ ...place, line: 12 })
    );
    open.mockResolvedValue('changed');
    press(table, 'Enter');
    await vi.waitFor(() =>
      expect(said()).toMatch(/^Line \d+ has changed since it ran\./)
    );
    open.mockResolvedValue(false);
    press(table, 'Enter');
    await vi.waitFor(() =>
      expect(said()).toBe('little cannot be opened here.')
    );
  });

  it('leads to the lines of what begins there', () => {
    show();
    click(one(rowOfLine(4), '[data-action=inner]'));
    expect(textOf(active())).toContain('<genexpr>');
    expect(result.selection()).toEqual([1]);
  });
});

describe('keys', () => {
  it('walk the rows, and every view is about their function', () => {
    show();
    press(table, 'Home');
    press(table, 'ArrowDown');
    expect(cells(active())[0]).toBe('1');
    expect(result.selection()).toEqual([0]);
    press(table, 'End');
    expect(textOf(active())).toContain('never');
    expect(result.selection()).toEqual([2]);
    press(table, 'ArrowUp');
    press(table, 'ArrowUp');
    expect(cells(active())[0]).toBe('4');
    press(table, 'ArrowLeft');
    expect(textOf(active())).toContain('<genexpr>');
    press(table, 'ArrowLeft');
    expect(active().getAttribute('aria-expanded')).toBe('false');
  });

  it('go to the next hot line and back, and round', () => {
    show();
    press(table, 'n');
    expect(cells(active()).slice(0, 3)).toEqual(['4', '100', '900 ms']);
    press(table, 'n');
    expect(cells(active()).slice(0, 3)).toEqual(['4', '5,050', '800 ms']);
    press(table, 'n');
    expect(cells(active())[1]).toBe('100');
    press(table, 'p');
    expect(cells(active())[1]).toBe('5,050');
    one(view.node, '[aria-label="The hot line before"]').click();
    expect(cells(active())[1]).toBe('100');
  });

  it('open what is closed on the way', () => {
    show();
    click(rowOfHead('work'));
    press(table, 'n');
    expect(cells(active())[1]).toBe('100');
    expect(lineNumbers()).toHaveLength(8);
  });

  it('that are not for the table stay JupyterLab’s', () => {
    show();
    expect(press(table, 'Enter', { shiftKey: true })).toBe(false);
    expect(press(table, 'n', { ctrlKey: true })).toBe(false);
    expect(press(table, 'z')).toBe(false);
  });
});

describe('the search', () => {
  it('counts, marks, and goes from match to match', () => {
    show();
    find('RANGE(');
    expect(cells(active())[0]).toBe('3');
    expect(found()).toBe('1 of 3');
    expect(texts(active(), 'mark')).toEqual(['range(']);
    press(search(), 'Enter');
    expect(found()).toBe('2 of 3');
    press(search(), 'ArrowUp');
    expect(found()).toBe('1 of 3');
  });

  it('finds what is in a closed block, and opens that', () => {
    show();
    find('return 1');
    expect(cells(active())[0]).toBe('10');
    expect(found()).toBe('1 of 1');
  });

  it('says that there is nothing', () => {
    show();
    find('nowhere');
    expect(found()).toBe('no matches');
    find('');
    expect(found()).toBe('');
  });
});

describe('a place that is asked for elsewhere', () => {
  it('is gone to and lit up', () => {
    show();
    result.wanted = { path: '/tmp/c.py', line: 13 };
    result.update({ view: 'lines' });
    expect(cells(active())[0]).toBe('13');
    expect(active().classList).toContain('jp-mod-flash');
    expect(result.wanted).toBeNull();
    expect(result.selection()).toEqual([3]);
  });

  it('is gone to where it is hidden', () => {
    show(profile, { lines: { timed: true } });
    result.wanted = { path: '/tmp/c.py', line: 6 };
    result.update({ view: 'lines' });
    expect(cells(active())[0]).toBe('6');
  });

  it('is gone to when it was asked for before anything was drawn', () => {
    show(profile, {}, undefined, { path: '/tmp/c.py', line: 13 });
    expect(cells(active())[0]).toBe('13');
    expect(lineNumbers()).toContain('13');
  });

  it('is gone to in another thread than the one that is looked at', () => {
    const threads = {
      ...profile.threads,
      length: 2,
      name: ['MainThread', 'worker'],
      kind: ['thread', 'thread'] as const
    };
    show(
      linedProfile(
        FUNCTIONS,
        [...ROWS, { func: 3, line: 12, time: MS, thread: 1 }],
        TEXT,
        { threads }
      ),
      { thread: 'thread|worker' },
      undefined,
      { path: '/tmp/c.py', line: 4 }
    );
    expect(result.state.thread).toBeNull();
    expect(cells(active()).slice(0, 2)).toEqual(['4', '100']);
  });

  it('is the function that is selected there', () => {
    show();
    result.select([2 as FuncIndex]);
    expect(textOf(active())).toContain('never');
    expect(lineNumbers()).toContain('10');
  });
});

it('leads to the account of a function that has one', () => {
  const both = profileOf([{ name: 'f', path: '/tmp/c.py', line: 1, self: 9 }]);
  show({
    ...both,
    lines: linedProfile([], [{ func: 0, line: 1, time: 9 }]).lines
  });
  click(one(rowOfHead('f'), '[data-action=account]'));
  expect(result.state.view).toBe('functions');
  expect(result.selection()).toEqual([0]);
  result.update({ view: 'lines' });
  press(table, 'a');
  expect(result.state.view).toBe('functions');
  view.dispose();
  show();
  expect(table.querySelector('[data-action=account]')).toBeNull();
});

it('says that the source is not in the profile', () => {
  show(linedProfile(FUNCTIONS, ROWS));
  expect(textOf(drawn()[1])).toBe(
    'The text of these lines is not in the profile.'
  );
  expect(cells(rowOfLine(4))[6]).toBe('<genexpr>');
});

it('has a row for lines that were folded', () => {
  show(
    linedProfile(FUNCTIONS, [...ROWS, { func: 1, line: 0, hits: 7, time: MS }])
  );
  const row = drawn().find(other => cells(other)[0] === '…') as HTMLElement;
  expect(cells(row).slice(1, 3)).toEqual(['7', '1.00 ms']);
  click(row);
  expect(active()).toBe(row);
});

it('copies what line_profiler prints', async () => {
  const writeText = vi
    .fn<(text: string) => Promise<void>>()
    .mockResolvedValue();
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  show();
  tool('Copy as text').click();
  await vi.waitFor(() => expect(said()).toBe('Copied 4 functions'));
  expect(writeText.mock.calls[0][0]).toContain(
    '     4       100     900000.0   9000.0     97.8          total += sum(j for j in range(i))\n'
  );
  vi.unstubAllGlobals();
});

describe('threads', () => {
  const threaded = linedProfile(
    FUNCTIONS,
    [
      { func: 0, line: 2, hits: 3, time: 50 },
      { func: 0, line: 2, hits: 4, time: 70, thread: 1 },
      { func: 3, line: 13, hits: 1, time: 10, thread: 1 }
    ],
    TEXT,
    {
      threads: {
        ...profile.threads,
        length: 2,
        name: ['MainThread', 'worker'],
        kind: ['thread', 'thread']
      }
    }
  );

  it('are put together, or looked at one by one', () => {
    show(threaded);
    expect(cells(rowOfLine(2))[1]).toBe('7');
    const [, thread] = view.node.querySelectorAll('select');
    choose(thread, 'MainThread');
    expect(cells(rowOfLine(2))[1]).toBe('3');
    expect(heads()).toEqual(['work']);
    choose(thread, 'worker');
    expect(cells(rowOfLine(2))[1]).toBe('4');
    choose(thread, 'all');
    expect(cells(rowOfLine(2))[1]).toBe('7');
  });

  it('that this run has not are not looked at', () => {
    show(threaded, { thread: 'thread|gone' });
    expect(cells(rowOfLine(2))[1]).toBe('7');
  });

  it('are no choice where there is one', () => {
    show();
    expect(view.node.querySelectorAll('select')).toHaveLength(1);
  });
});

describe('colours', () => {
  it('come when they are loaded, line by line', async () => {
    show(
      linedProfile(
        [{ name: 'f', line: 1 }],
        [{ func: 0, line: 2, time: 5 }],
        'def f():\n  """a\n  b"""\n'
      ),
      {},
      () =>
        Promise.resolve(source => {
          expect(source).toBe('def f():\n  """a\n  b"""');
          return Promise.resolve([
            { from: 0, to: 3, className: 'k' },
            { from: 11, to: 22, className: 's' }
          ]);
        })
    );
    await vi.waitFor(() =>
      expect(texts(table, '.s')).toEqual(['"""a', 'b"""'])
    );
    expect(texts(table, '.k')).toEqual(['def']);
    expect(cells(rowOfLine(1))[6]).toBe('def f():');
  });

  it('are not missed where they do not come', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    show(profile, {}, () => Promise.reject(new Error('offline')));
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    expect(cells(rowOfLine(7))[6]).toBe('return total');
    warn.mockRestore();
  });

  it.each([
    ['/tmp/c.pyx', ['Cython']],
    ['/tmp/leaf.cpp', ['C++']],
    ['/usr/include/math.h', ['C++']],
    ['/tmp/c.py', ['Python']],
    ['/tmp/solve.f90', []]
  ] as const)('of %s are those of %j', (path, languages) => {
    const load = vi.fn<LoadColours>(() => Promise.resolve(null));
    show(
      linedProfile(
        [{ name: 'f', line: 1, path }],
        [{ func: 0, line: 1, time: 5 }],
        'f(); pass\n'
      ),
      {},
      load
    );
    expect(load.mock.calls.flat()).toEqual(languages);
    expect(cells(rowOfLine(1))[6]).toBe('f(); pass');
  });
});

it('shows what is in names and sources as it is, never as markup', () => {
  const text = '<img src=x onerror=alert(1)>\u202e\n';
  show(
    linedProfile(
      [{ name: '<b>x</b>', line: 1, path: '/tmp/<i>.py' }],
      [{ func: 0, line: 1, time: 5 }],
      text.repeat(3) + 'x'.repeat(100_000)
    )
  );
  expect(table.querySelector('img, b, i')).toBeNull();
  expect(heads()).toEqual(['<b>x</b>']);
  expect(cells(rowOfLine(1))[6]).toBe(text.trim());
});

it('draws few of many lines', () => {
  const count = 20_000;
  show(
    linedProfile(
      [{ name: 'f', line: 1 }],
      Array.from({ length: count }, (_, i) => ({
        func: 0,
        line: i + 2,
        time: i
      })),
      `def f():\n${'    x = 1\n'.repeat(count)}`
    )
  );
  expect(table.getAttribute('aria-rowcount')).toBe(`${count + 3}`);
  expect(drawn().length).toBeLessThan(100);
  // Without a layout there is nothing to scroll: what is active is known all the same.
  press(table, 'End');
  expect(result.selection()).toEqual([0]);
});

it('remembers nothing that was not chosen', () => {
  show();
  expect(result.state.lines).toBe(DEFAULT_VIEW_STATE.lines);
});
