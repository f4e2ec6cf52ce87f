// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SPINE_KEY } from '../../profile/functionList';
import type { FuncIndex } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import type { IViewState } from '../../profile/viewState';
import {
  edgesFrom,
  META,
  metricOf,
  profileOf
} from '../../profile/__tests__/build';
import { FunctionsPanel } from '../functionsPanel';
import type { Result } from '../result';
import { context } from './language';
import { click, one, press, resultOf, textOf, texts } from './results';

const profile = profileOf([
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

let result: Result;
let panel: FunctionsPanel;
let table: HTMLElement;
const onOpen = vi.fn<(func: FuncIndex) => void>();

/** The table as a reader has it, with its tools and the account beside it. */
function show(
  of: IProfile = profile,
  state: Partial<IViewState> = {}
): HTMLElement {
  result = resultOf(of, state);
  panel = new FunctionsPanel(result, context, onOpen);
  document.body.replaceChildren(panel.node);
  table = one(panel.node, '[role=treegrid]');
  return table;
}

const drawn = () => [
  ...table.querySelectorAll<HTMLElement>('tbody tr:not([aria-hidden])')
];

/** Texts of the rows that are drawn. */
const cells = () =>
  drawn().map(row => [...row.querySelectorAll('td')].map(textOf));

const names = () => cells().map(row => row[6]);

/** Names of the functions that are selected, the last one last. */
const selected = () =>
  result.selection().map(func => result.profile.functions.name[func]);

/** What the rows that are drawn tell of being selected. */
const marked = () =>
  drawn()
    .filter(row => row.getAttribute('aria-selected') === 'true')
    .map(row => textOf(row.querySelector('.jp-Profiler-name')));

/** The row that has the keyboard, as screen readers are told. */
function active(): string {
  const id = table.getAttribute('aria-activedescendant');
  const row = id ? document.getElementById(id) : null;
  expect(
    drawn().filter(one => one.classList.contains('jp-mod-active'))
  ).toEqual(row ? [row] : []);
  return textOf(row?.querySelector('.jp-Profiler-name'));
}

function head(label: string): HTMLElement {
  const found = [...table.querySelectorAll('th')].find(
    th => textOf(th.querySelector('.jp-Profiler-label')) === label
  );
  return found as HTMLElement;
}

const sortBy = (label: string, shiftKey = false) =>
  click(head(label).querySelector('button') as HTMLElement, { shiftKey });

const row = (name: string) =>
  drawn().find(
    one => textOf(one.querySelector('.jp-Profiler-name')) === name
  ) as HTMLElement;

beforeEach(() => onOpen.mockReset());
afterEach(() => panel.dispose());

it("has pstats' columns, with calls, units and names", () => {
  show();
  expect(texts(table, '.jp-Profiler-label')).toEqual([
    'ncalls',
    'tottime',
    'percall',
    'cumtime',
    'percall',
    'own | callees',
    'filename:lineno(function)'
  ]);
  expect(cells().map(row => row.filter((_, i) => i !== 5))).toEqual([
    ['1', '50.0 ms', '50.0 ms', '50.0 ms', '50.0 ms', '(awaiting)'],
    ['1', '3.00 ms', '3.00 ms', '4.00 s', '4.00 s', 'c.py:9(Job.run)'],
    ['177/1', '17.2 µs', '97.3 ns', '17.2 µs', '17.2 µs', 'c.py:3(fib)'],
    ['153,718', '12.3 µs', '0.0803 ns', '12.3 µs', '0.0803 ns', 'math.sqrtC']
  ]);
});

it('marks what is no function, and what is C, not by colour alone', () => {
  show();
  const [awaiting, , , sqrt] = drawn();
  expect(awaiting.className).toContain('jp-mod-pseudo');
  expect(textOf(sqrt.querySelector('.jp-Profiler-badge'))).toBe('C');
});

it('marks calls that are many and small, with the numbers behind it', () => {
  show(
    profileOf([
      { name: 'f', calls: 153_718, self: 679e6, total: 1899e6 },
      { name: 'g', calls: 1, self: 3e9 }
    ])
  );
  const badge = one(table, '.jp-Profiler-badge');
  expect(textOf(badge)).toBe('many calls');
  expect(badge.closest('tr')).toBe(row('f'));
  expect(badge.title.replaceAll('\u00a0', ' ')).toContain(
    '153,718 calls of 12.4 µs are 52% of the whole.'
  );
});

describe('a share of the whole', () => {
  const shares = profileOf(
    [
      { name: 'main', self: 100, total: 1000 },
      { name: 'f', self: 900 },
      { name: 'g', self: 0 }
    ],
    { meta: { ...META, wall: 1000 } }
  );

  it('is a bar of own and callees, and words', () => {
    show(shares);
    const bar = row('main').querySelector('div.jp-Profiler-share');
    expect(textOf(bar)).toBe('100%');
    expect(bar?.getAttribute('title')?.replaceAll('\u00a0', ' ')).toBe(
      'Own 10%, callees 90% of 1.00 µs'
    );
    const [own, callees] = bar?.querySelectorAll<HTMLElement>(
      '[class^=jp-mod]'
    ) as NodeListOf<HTMLElement>;
    expect([own.style.left, own.style.width]).toEqual(['0%', '10%']);
    expect([callees.style.left, callees.style.width]).toEqual(['10%', '90%']);
    expect(row('g').querySelectorAll('[class^=jp-mod]').length).toBe(0);
  });

  it('stands for times where the reader wants it', () => {
    show(shares);
    result.update({ percent: true });
    expect(cells().map(row => [row[1], row[2], row[3], row[4]])).toEqual([
      ['90%', '900 ns', '90%', '900 ns'],
      ['10%', '100 ns', '100%', '1.00 µs'],
      ['0%', '0', '0%', '0']
    ]);
  });

  it('is never a number that is none', () => {
    const metrics = [
      metricOf('time', 'bytes', { combine: 'max' }),
      metricOf('calls', 'count')
    ];
    show({ ...shares, metrics }, { percent: true });
    expect(panel.node.textContent).not.toMatch(/NaN|undefined|Infinity/);
    expect(cells()[0][5]).toBe('–');
  });
});

describe('heads', () => {
  it('order by their column, and turn it round', () => {
    show();
    sortBy('ncalls');
    expect(head('ncalls').getAttribute('aria-sort')).toBe('descending');
    expect(names()[0]).toBe('math.sqrtC');
    sortBy('ncalls');
    expect(head('ncalls').getAttribute('aria-sort')).toBe('ascending');
    expect(names()[3]).toBe('math.sqrtC');
    expect(table.querySelectorAll('[aria-sort]').length).toBe(1);
    expect(result.state.sort).toEqual([{ column: 'calls', descending: false }]);
  });

  it('break ties with Shift', () => {
    show();
    sortBy('ncalls');
    sortBy('ncalls');
    expect(names().slice(0, 2)).toEqual(['c.py:9(Job.run)', '(awaiting)']);
    sortBy('tottime', true);
    expect(names().slice(0, 2)).toEqual(['(awaiting)', 'c.py:9(Job.run)']);
    expect(textOf(head('ncalls').querySelector('.jp-Profiler-arrow'))).toBe(
      '▲'
    );
    expect(textOf(head('tottime').querySelector('.jp-Profiler-arrow'))).toBe(
      '▼2'
    );
    sortBy('tottime', true);
    expect(names().slice(0, 2)).toEqual(['c.py:9(Job.run)', '(awaiting)']);
  });

  it('show the order that the profile asks for, by parts of a column, too', () => {
    show({ ...profile, view: { sort: ['name'], limits: [] } });
    expect(head('filename:lineno(function)').getAttribute('aria-sort')).toBe(
      'ascending'
    );
    sortBy('filename:lineno(function)');
    expect(names()).toEqual([
      'c.py:9(Job.run)',
      'c.py:3(fib)',
      'math.sqrtC',
      '(awaiting)'
    ]);
  });

  it('are buttons in column heads', () => {
    show();
    for (const th of table.querySelectorAll('th')) {
      expect(th.scope).toBe('col');
      expect(th.querySelector('button')?.type).toBe('button');
    }
  });

  it('keep the selection where it is', () => {
    show();
    click(row('fib'));
    sortBy('ncalls');
    expect(active()).toBe('fib');
    expect(marked()).toEqual(['fib']);
  });
});

describe('a click', () => {
  it('selects a row, and takes the selection from others', () => {
    show();
    // Nothing was chosen: what took most in all is what to look at first.
    expect(marked()).toEqual(['Job.run']);
    expect(result.state.selection).toBeNull();
    click(row('fib'));
    expect(marked()).toEqual(['fib']);
    expect(result.state.selection).toEqual(['/tmp/c.py|fib']);
    expect(active()).toBe('fib');
  });

  it('with Ctrl or Cmd selects one more, or one less', () => {
    show();
    click(row('fib'));
    click(row('math.sqrt'), { ctrlKey: true });
    click(row('(awaiting)'), { metaKey: true });
    expect(selected()).toEqual([
      'fib',
      '<built-in method math.sqrt>',
      '(awaiting)'
    ]);
    click(row('math.sqrt'), { ctrlKey: true });
    expect(marked()).toEqual(['(awaiting)', 'fib']);
    // The keyboard goes on from where the mouse was.
    expect(active()).toBe('math.sqrt');
    click(row('fib'), { ctrlKey: true });
    click(row('(awaiting)'), { ctrlKey: true });
    expect(selected()).toEqual([]);
    expect(result.state.selection).toEqual([]);
  });

  it('with Shift selects all up to it, whichever way', () => {
    show();
    click(row('(awaiting)'));
    click(row('fib'), { shiftKey: true });
    expect(marked()).toEqual(['(awaiting)', 'Job.run', 'fib']);
    expect(selected().at(-1)).toBe('fib');
    click(row('math.sqrt'));
    click(row('Job.run'), { shiftKey: true });
    expect(marked()).toEqual(['Job.run', 'fib', 'math.sqrt']);
    expect(selected().at(-1)).toBe('run');
  });

  it('with Shift marks no text, and leaves the keyboard in the table', () => {
    show();
    click(row('(awaiting)'));
    const down = new MouseEvent('mousedown', {
      bubbles: true,
      cancelable: true,
      shiftKey: true
    });
    row('fib').dispatchEvent(down);
    expect(down.defaultPrevented).toBe(true);
    expect(document.activeElement).toBe(table);
    const plain = new MouseEvent('mousedown', {
      bubbles: true,
      cancelable: true
    });
    row('fib').dispatchEvent(plain);
    expect(plain.defaultPrevented).toBe(false);
  });

  it('that ends a marking of text selects nothing', () => {
    show();
    click(row('fib'));
    document.getSelection()?.selectAllChildren(row('math.sqrt'));
    click(row('math.sqrt'));
    expect(marked()).toEqual(['fib']);
    click(row('math.sqrt'), { shiftKey: true });
    expect(marked()).toEqual(['fib', 'math.sqrt']);
    document.getSelection()?.removeAllRanges();
  });

  it('beside the rows does nothing', () => {
    show();
    click(table.querySelector('tbody') as HTMLElement);
    expect(result.state.selection).toBeNull();
  });

  it('twice leads to the code', () => {
    show();
    row('fib').dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    expect(onOpen.mock.calls).toEqual([[0]]);
  });
});

describe('keys', () => {
  it('go from row to row, and select', () => {
    show();
    expect(active()).toBe('Job.run');
    expect(press(table, 'ArrowDown')).toBe(true);
    expect([active(), ...selected()]).toEqual(['fib', 'fib']);
    press(table, 'ArrowUp');
    press(table, 'ArrowUp');
    press(table, 'ArrowUp');
    expect(active()).toBe('(awaiting)');
    press(table, 'End');
    expect(active()).toBe('math.sqrt');
    press(table, 'ArrowDown');
    expect(active()).toBe('math.sqrt');
    press(table, 'Home');
    expect(active()).toBe('(awaiting)');
    press(table, 'PageDown');
    expect(active()).toBe('math.sqrt');
    press(table, 'PageUp');
    expect(active()).toBe('(awaiting)');
  });

  it('with Shift select what they pass', () => {
    show();
    press(table, 'Home');
    press(table, 'End', { shiftKey: true });
    expect(marked().length).toBe(4);
    expect(selected().at(-1)).toBe('<built-in method math.sqrt>');
  });

  it('Space adds and takes away, and stays on its row', () => {
    show();
    press(table, 'Home');
    press(table, ' ');
    expect(selected()).toEqual([]);
    press(table, ' ');
    expect(selected()).toEqual(['(awaiting)']);
    click(row('fib'), { ctrlKey: true });
    press(table, ' ');
    expect(selected()).toEqual(['(awaiting)']);
    expect(active()).toBe('fib');
  });

  it('Enter leads to the code; with Shift or Ctrl it stays JupyterLab’s', () => {
    show();
    expect(press(table, 'Enter')).toBe(true);
    expect(onOpen.mock.calls).toEqual([[1]]);
    expect(press(table, 'Enter', { shiftKey: true })).toBe(false);
    expect(press(table, 'Enter', { ctrlKey: true })).toBe(false);
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  it.each<[string, KeyboardEventInit]>([
    ['a', {}],
    ['ArrowDown', { altKey: true }],
    ['ArrowDown', { metaKey: true }],
    ['Escape', {}]
  ])('that are not for the table are left alone: %s %j', (key, init) => {
    show();
    expect(press(table, key, init)).toBe(false);
    expect(active()).toBe('Job.run');
  });

  it('on a head are for the head', () => {
    show();
    const button = head('ncalls').querySelector('button') as HTMLElement;
    expect(press(button, 'ArrowDown')).toBe(false);
    expect(press(button, ' ')).toBe(false);
    expect(active()).toBe('Job.run');
  });

  it('do nothing where there are no rows', () => {
    show(profile, { search: 'nowhere' });
    for (const key of ['ArrowDown', 'End', 'Enter', ' ', 'ArrowRight']) {
      press(table, key);
    }
    expect(active()).toBe('');
    expect(onOpen).not.toHaveBeenCalled();
    expect(result.state.selection).toBeNull();
  });
});

describe('a group', () => {
  const grouped = profileOf([
    { name: 'f', path: '/a/x.py', line: 1, calls: 2, self: 30 },
    { name: 'g', path: '/a/x.py', line: 2, calls: 3, self: 10 },
    { name: 'h', path: '/a/y.py', line: 3, calls: 4, self: 20 }
  ]);

  it('is a row that tells what its functions own, and opens', () => {
    show(grouped, { group: 'file' });
    expect(cells()).toEqual([
      ['5', '40 ns', '8 ns', '', '', '67%', '▸x.py2 functions'],
      ['4', '20 ns', '5 ns', '', '', '33%', '▸y.py1 function']
    ]);
    const group = row('x.py');
    expect(group.getAttribute('aria-expanded')).toBe('false');
    expect(group.getAttribute('aria-level')).toBe('1');
    expect(group.getAttribute('aria-selected')).toBe('false');
    click(group);
    expect(row('x.py').getAttribute('aria-expanded')).toBe('true');
    expect(names()).toEqual([
      '▾x.py2 functions',
      'x.py:1(f)',
      'x.py:2(g)',
      '▸y.py1 function'
    ]);
    expect(row('f').getAttribute('aria-level')).toBe('2');
    expect(row('f').hasAttribute('aria-expanded')).toBe(false);
    click(row('x.py'));
    expect(names().length).toBe(2);
  });

  it('opens and closes by keys, which stay on its row', () => {
    show(grouped, { group: 'file' });
    press(table, 'ArrowDown');
    expect(active()).toBe('x.py');
    press(table, 'ArrowLeft');
    expect(names().length).toBe(2);
    press(table, 'ArrowRight');
    expect(names().length).toBe(4);
    expect(active()).toBe('x.py');
    press(table, 'ArrowRight');
    expect(names().length).toBe(4);
    press(table, 'ArrowLeft');
    expect(names().length).toBe(2);
    expect(active()).toBe('x.py');
    press(table, 'Enter');
    expect(names().length).toBe(4);
    press(table, ' ');
    expect(names().length).toBe(2);
    expect(active()).toBe('x.py');
    press(table, 'ArrowDown');
    expect(active()).toBe('y.py');
    expect(onOpen).not.toHaveBeenCalled();
  });

  it('is not selected with the rows around it', () => {
    show(grouped, { group: 'file', open: ['f/a/x.py', 'f/a/y.py'] });
    click(row('f'));
    click(row('h'), { shiftKey: true });
    expect(selected()).toEqual(['f', 'g', 'h']);
    expect(marked()).toEqual(['f', 'g', 'h']);
  });
});

describe('the spine', () => {
  const work = profileOf(
    [
      { name: 'exec', self: 0, total: 100 },
      { name: 'main', self: 1, total: 100 },
      { name: 'run', self: 2, total: 99 },
      { name: 'read', self: 60 },
      { name: 'merge', self: 37 }
    ],
    {
      edges: edgesFrom([
        [0, 1, 1, 100],
        [1, 2, 1, 99],
        [2, 3, 1, 60],
        [2, 4, 1, 37]
      ])
    }
  );
  const spineRow = () => row('3 frames, 3 ns own');

  it('is a row with what its frames own, and the way', () => {
    show(work);
    expect(cells()[2]).toEqual([
      '',
      '3 ns',
      '',
      '100 ns',
      '',
      '100%',
      '▸3 frames, 3 ns ownexec › main › run'
    ]);
    // What to look at first is where the time is shared out; the spine stands for it.
    expect(selected()).toEqual(['run']);
    expect(spineRow().getAttribute('aria-selected')).toBe('true');
  });

  it('opens by a click and by keys', () => {
    show(work);
    click(spineRow());
    expect(result.state.open).toEqual([SPINE_KEY]);
    expect(names().slice(2)).toEqual([
      '▾3 frames, 3 ns ownexec › main › run',
      'exec',
      'main',
      'run'
    ]);
    expect(spineRow().getAttribute('aria-expanded')).toBe('true');
    expect(spineRow().getAttribute('aria-selected')).toBe('false');
    expect(marked()).toEqual(['run']);
    expect(active()).toBe('3 frames, 3 ns own');
    press(table, 'ArrowLeft');
    expect(names().length).toBe(3);
    press(table, 'Enter');
    expect(names().length).toBe(6);
  });
});

it('tells screen readers how many rows there are, and which one each is', () => {
  show();
  expect(table.getAttribute('aria-rowcount')).toBe('5');
  expect(table.getAttribute('aria-multiselectable')).toBe('true');
  expect(drawn().map(row => row.getAttribute('aria-rowindex'))).toEqual([
    '2',
    '3',
    '4',
    '5'
  ]);
  result.update({ search: 'fib' });
  expect(table.getAttribute('aria-rowcount')).toBe('2');
});

it('names its rows so that two tables never mix them up', () => {
  show();
  const ids = drawn().map(row => row.id);
  panel.dispose();
  show();
  expect(drawn().some(row => ids.includes(row.id))).toBe(false);
});

describe('many rows', () => {
  const many = profileOf(
    Array.from({ length: 5000 }, (_, i) => ({ name: `f${i}`, self: 5000 - i }))
  );

  const viewport = () =>
    panel.node.querySelector('.jp-Profiler-scroll') as HTMLElement;

  /** jsdom lays nothing out: give the viewport a size. */
  function size(height: number): void {
    Object.defineProperty(viewport(), 'clientHeight', {
      value: height,
      configurable: true
    });
  }

  function scroll(top: number): void {
    size(420);
    viewport().scrollTop = top;
    viewport().dispatchEvent(new Event('scroll'));
  }

  it('are drawn where they are seen, and no others', () => {
    show(many);
    expect(cells().length).toBeLessThan(100);
    expect(names()[0]).toBe('f0');
    scroll(2500 * 24);
    expect(cells().length).toBeLessThan(100);
    expect(names()).toContain('f2500');
    expect(names()).not.toContain('f0');
    scroll(5000 * 24);
    expect(names().at(-1)).toBe('f4999');
  });

  it('keep their place in the count, and the height of all', () => {
    show(many);
    scroll(1000 * 24);
    const rows = [...table.querySelectorAll('tbody tr')];
    const spaces = rows.filter(row => row.hasAttribute('aria-hidden'));
    const space = spaces
      .map(row => parseFloat(row.querySelector('td')?.style.height ?? ''))
      .reduce((a, b) => a + b);
    expect(space).toBe((5000 - (rows.length - spaces.length)) * 24);
    const [first] = drawn();
    const name = textOf(first.querySelector('.jp-Profiler-name'));
    expect(first.getAttribute('aria-rowindex')).toBe(
      `${Number(name.slice(1)) + 2}`
    );
    expect(table.getAttribute('aria-rowcount')).toBe('5001');
  });

  it('come into sight where keys go', () => {
    show(many);
    size(420);
    press(table, 'End');
    expect(viewport().scrollTop).toBe(5000 * 24 - 420);
    expect(active()).toBe('f4999');
    press(table, 'Home');
    expect(viewport().scrollTop).toBe(0);
    expect(active()).toBe('f0');
  });

  it('come into sight where something else selects them, once there is something to see', () => {
    show(many);
    result.select([2500 as FuncIndex]);
    expect(viewport().scrollTop).toBe(0);
    size(420);
    panel.layout();
    expect(viewport().scrollTop).toBe(2501 * 24 - 420);
    expect(active()).toBe('f2500');
    result.select([100 as FuncIndex]);
    expect(viewport().scrollTop).toBe(100 * 24);
  });

  it('stay where they are while the reader only looks at them in another way', () => {
    show(many);
    scroll(2500 * 24);
    result.update({ percent: true });
    expect(viewport().scrollTop).toBe(2500 * 24);
    sortBy('ncalls');
    expect(viewport().scrollTop).toBe(0);
  });

  it('are not named as the active one when they are not there', () => {
    show(many);
    click(row('f0'));
    scroll(2500 * 24);
    expect(table.hasAttribute('aria-activedescendant')).toBe(false);
    scroll(0);
    expect(active()).toBe('f0');
  });

  it('are not listened to after the end', () => {
    show(many);
    panel.dispose();
    scroll(2500 * 24);
    expect(names()).toContain('f0');
  });
});
