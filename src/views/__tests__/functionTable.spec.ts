// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';

import { SPINE_KEY } from '../../profile/functionList';
import {
  edgesFrom,
  META,
  metricOf,
  profileOf
} from '../../profile/__tests__/build';
import { click, one, press, textOf, texts } from './results';
import {
  active,
  cells,
  drawn,
  eachAnew,
  head,
  marked,
  names,
  onOpen,
  panel,
  profile,
  result,
  row,
  selected,
  show,
  sortBy,
  table
} from './table';

eachAnew();

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
    const bar = row('main').querySelector<HTMLElement>('.jp-Profiler-shareBar');
    expect(textOf(bar)).toBe('100%');
    expect(bar?.getAttribute('title')?.replaceAll('\u00a0', ' ')).toBe(
      'Own 10%, callees 90% of 1.00 µs'
    );
    const drawn = (node: HTMLElement | null) =>
      ['own', 'all'].map(part => node?.style.getPropertyValue(`--${part}`));
    expect(drawn(bar)).toEqual(['0.1', '1']);
    expect(drawn(row('g').querySelector('.jp-Profiler-shareBar'))).toEqual([
      '0',
      '0'
    ]);
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

describe('a group', () => {
  const grouped = profileOf([
    { name: 'f', path: '/a/x.py', line: 1, calls: 2, self: 30 },
    { name: 'g', path: '/a/x.py', line: 2, calls: 3, self: 10 },
    { name: 'h', path: '/a/y.py', line: 3, calls: 4, self: 20 }
  ]);

  it('is a row that tells what its functions own, and opens', () => {
    show(grouped, { group: 'file' });
    expect(cells()).toEqual([
      ['5', '40 ns', '8 ns', '', '', '67%', '▸x.py2 rows'],
      ['4', '20 ns', '5 ns', '', '', '33%', '▸y.py1 row']
    ]);
    const group = row('x.py');
    expect(group.getAttribute('aria-expanded')).toBe('false');
    expect(group.getAttribute('aria-level')).toBe('1');
    expect(group.getAttribute('aria-selected')).toBe('false');
    click(group);
    expect(row('x.py').getAttribute('aria-expanded')).toBe('true');
    expect(names()).toEqual([
      '▾x.py2 rows',
      'x.py:1(f)',
      'x.py:2(g)',
      '▸y.py1 row'
    ]);
    expect(row('f').getAttribute('aria-level')).toBe('2');
    expect(row('f').hasAttribute('aria-expanded')).toBe(false);
    click(row('x.py'));
    expect(names().length).toBe(2);
  });

  it('divides by calls only what was called: waiting is no call', () => {
    const waiting = profileOf([
      { name: 'made', calls: 10, self: 50 },
      { name: '(awaiting)', qualified: 'awaiting', kind: 'pseudo', self: 900 }
    ]);
    show(
      {
        ...waiting,
        functions: { ...waiting.functions, kind: ['generated', 'pseudo'] }
      },
      { group: 'package' }
    );
    expect(cells()).toEqual([
      ['10', '950 ns', '5 ns', '', '', '100%', '▸Other2 rows']
    ]);
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

  it('is gone to from a row within it', () => {
    show(grouped, { group: 'file' });
    press(table, 'ArrowDown');
    press(table, 'ArrowRight');
    press(table, 'ArrowDown');
    press(table, 'ArrowDown');
    expect(active()).not.toBe('x.py');
    press(table, 'ArrowLeft');
    expect(active()).toBe('x.py');
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
