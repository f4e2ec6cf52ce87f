// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';

import type { IProfile } from '../../profile/model';
import { functionRows } from '../../profile/rows';
import { profileOf } from '../../profile/__tests__/build';
import { FunctionTable } from '../functionTable';
import { context } from './language';

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

let table: FunctionTable;

function show(of: IProfile = profile): HTMLElement {
  table = new FunctionTable(of, functionRows(of), context);
  document.body.replaceChildren(table.node);
  return table.node;
}

/** Texts of the rows that are drawn. */
function cells(): string[][] {
  return [...table.node.querySelectorAll('tbody tr:not([aria-hidden])')].map(
    row =>
      [...row.querySelectorAll('td')].map(cell =>
        (cell.textContent ?? '').replaceAll('\u00a0', ' ').trim()
      )
  );
}

function names(): string[] {
  return cells().map(row => row[5]);
}

function click(label: string, shiftKey = false): HTMLElement {
  const head = [...table.node.querySelectorAll('th')].find(
    th => th.querySelector('.jp-Profiler-label')?.textContent === label
  );
  head
    ?.querySelector('button')
    ?.dispatchEvent(new MouseEvent('click', { shiftKey, bubbles: true }));
  return head as HTMLElement;
}

function summary(): string {
  return table.node.querySelector('[role=status]')?.textContent ?? '';
}

afterEach(() => table.dispose());

it("has pstats' columns, with calls, units and names", () => {
  show();
  expect(
    [...table.node.querySelectorAll('.jp-Profiler-label')].map(
      label => label.textContent
    )
  ).toEqual([
    'ncalls',
    'tottime',
    'percall',
    'cumtime',
    'percall',
    'filename:lineno(function)'
  ]);
  expect(cells()).toEqual([
    ['1', '50.0 ms', '50.0 ms', '50.0 ms', '50.0 ms', '(awaiting)'],
    ['1', '3.00 ms', '3.00 ms', '4.00 s', '4.00 s', 'c.py:9(Job.run)'],
    ['177/1', '17.2 µs', '97.3 ns', '17.2 µs', '17.2 µs', 'c.py:3(fib)'],
    ['153,718', '12.3 µs', '0.0803 ns', '12.3 µs', '0.0803 ns', 'math.sqrtC']
  ]);
});

it('marks what is no function, and what is C, not by colour alone', () => {
  show();
  const [awaiting, , , sqrt] = table.node.querySelectorAll('tbody tr');
  expect(awaiting.className).toBe('jp-mod-pseudo');
  expect(sqrt.querySelector('.jp-Profiler-badge')?.textContent).toBe('C');
});

describe('heads', () => {
  it('order by their column, and turn it round', () => {
    show();
    const head = click('ncalls');
    expect(head.getAttribute('aria-sort')).toBe('descending');
    expect(names()[0]).toBe('math.sqrtC');
    click('ncalls');
    expect(head.getAttribute('aria-sort')).toBe('ascending');
    expect(names()[3]).toBe('math.sqrtC');
    expect(table.node.querySelectorAll('[aria-sort]').length).toBe(1);
  });

  it('break ties with Shift', () => {
    show();
    click('ncalls');
    click('ncalls');
    expect(names().slice(0, 2)).toEqual(['c.py:9(Job.run)', '(awaiting)']);
    click('tottime', true);
    expect(names().slice(0, 2)).toEqual(['(awaiting)', 'c.py:9(Job.run)']);
    expect(summary()).toBe('4 rows · ordered by ncalls, then tottime');
    click('tottime', true);
    expect(names().slice(0, 2)).toEqual(['c.py:9(Job.run)', '(awaiting)']);
  });

  it('are buttons in column heads', () => {
    show();
    for (const head of table.node.querySelectorAll('th')) {
      expect(head.scope).toBe('col');
      expect(head.querySelector('button')?.type).toBe('button');
    }
  });
});

describe('the first view', () => {
  it('has the order and the limits of the profile, and a button for all', () => {
    show({
      ...profile,
      view: { sort: ['calls', 'name'], limits: [{ count: 2 }] }
    });
    expect(names()).toEqual(['math.sqrtC', 'c.py:3(fib)']);
    expect(summary()).toBe(
      '2 of 4 rows · ordered by ncalls, then function name'
    );
    const button =
      table.node.querySelector<HTMLButtonElement>('.jp-Profiler-more');
    expect(button?.textContent).toBe('Show all 4');
    button?.click();
    expect(names().length).toBe(4);
    expect(button?.textContent).toBe('Show fewer');
    button?.click();
    expect(names().length).toBe(2);
  });

  it('has no button where nothing is cut', () => {
    show();
    expect(
      table.node.querySelector<HTMLElement>('.jp-Profiler-more')?.hidden
    ).toBe(true);
  });

  it('applies limits to the order that the reader chooses', () => {
    show({ ...profile, view: { sort: [], limits: [{ count: 1 }] } });
    click('cumtime');
    expect(names()).toEqual(['c.py:9(Job.run)']);
  });

  it('tells of a pattern that it cannot apply', () => {
    show({ ...profile, view: { sort: [], limits: [{ regex: '(a*)*' }] } });
    expect(names().length).toBe(4);
    expect(summary()).toContain('the pattern (a*)* is not applied here');
  });
});

it('never reads a name as HTML', () => {
  show(profileOf([{ name: '<img src=x onerror=alert(1)>', path: '<b>/x.py' }]));
  expect(table.node.querySelector('img, b')).toBeNull();
  expect(names()).toEqual(['x.py(<img src=x onerror=alert(1)>)']);
});

describe('many rows', () => {
  const many = profileOf(
    Array.from({ length: 5000 }, (_, i) => ({ name: `f${i}`, self: 5000 - i }))
  );

  /** jsdom lays nothing out: give the viewport a size and a place. */
  function scroll(top: number, height = 420): void {
    const viewport = table.node.querySelector('.jp-Profiler-scroll');
    Object.defineProperty(viewport, 'clientHeight', {
      value: height,
      configurable: true
    });
    if (viewport) {
      viewport.scrollTop = top;
    }
    viewport?.dispatchEvent(new Event('scroll'));
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
    const rows = [...table.node.querySelectorAll('tbody tr')];
    const spaces = rows.filter(
      row => row.ariaHidden ?? row.getAttribute('aria-hidden')
    );
    const drawn = rows.length - spaces.length;
    const space = spaces
      .map(row => parseFloat(row.querySelector('td')?.style.height ?? ''))
      .reduce((a, b) => a + b);
    expect(space).toBe((5000 - drawn) * 24);
    const first = rows.find(row => row.hasAttribute('aria-rowindex'));
    const name = first?.querySelector('.jp-Profiler-name')?.textContent;
    expect(first?.getAttribute('aria-rowindex')).toBe(
      `${Number(name?.slice(1)) + 2}`
    );
    expect(
      table.node.querySelector('table')?.getAttribute('aria-rowcount')
    ).toBe('5001');
  });

  it('are not listened to after the end', () => {
    show(many);
    table.dispose();
    scroll(2500 * 24);
    expect(names()).toContain('f0');
  });
});
