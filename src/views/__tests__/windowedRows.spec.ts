// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { FuncIndex } from '../../profile/indices';
import { profileOf } from '../../profile/__tests__/build';
import { click, press, textOf } from './results';
import {
  active,
  cells,
  drawn,
  eachAnew,
  names,
  panel,
  result,
  row,
  show,
  sortBy,
  table
} from './table';

eachAnew();

afterEach(() => {
  vi.useRealTimers();
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
    scroll(2500 * 23);
    expect(cells().length).toBeLessThan(100);
    expect(names()).toContain('f2500');
    expect(names()).not.toContain('f0');
    scroll(5000 * 23);
    expect(names().at(-1)).toBe('f4999');
  });

  it('are more when nothing has moved for a while, and those that are seen stay as they are', () => {
    vi.useFakeTimers();
    show(many);
    scroll(2500 * 23);
    const before = new Map(drawn().map(row => [textOf(row), row]));
    vi.advanceTimersByTime(1000);
    const after = drawn();
    expect(after.length).toBeGreaterThan(before.size + 20);
    const stayed = after.filter(row => before.get(textOf(row)) === row);
    expect(stayed.length).toBe(before.size);
    expect(after.map(row => Number(row.dataset.position))).toEqual(
      Array.from({ length: after.length }, (_, i) => 2480 + i)
    );
    scroll(2510 * 23);
    expect(drawn()).toEqual(after);
    scroll(2540 * 23);
    const positions = drawn().map(row => Number(row.dataset.position));
    expect(positions).toEqual(
      Array.from({ length: positions.length }, (_, i) => positions[0] + i)
    );
    expect(drawn().filter(row => after.includes(row)).length).toBeGreaterThan(
      0
    );
  });

  it('keep their place in the count, and the height of all', () => {
    show(many);
    scroll(1000 * 23);
    const rows = [...table.querySelectorAll('tbody tr')];
    const spaces = rows.filter(row => row.hasAttribute('aria-hidden'));
    const space = spaces
      .map(row => parseFloat(row.querySelector('td')?.style.height ?? ''))
      .reduce((a, b) => a + b);
    expect(space).toBe((5000 - (rows.length - spaces.length)) * 23);
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
    expect(viewport().scrollTop).toBe(5000 * 23 - 420);
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
    expect(viewport().scrollTop).toBe(2501 * 23 - 420);
    expect(active()).toBe('f2500');
    result.select([100 as FuncIndex]);
    expect(viewport().scrollTop).toBe(100 * 23);
  });

  it('stay where they are while the reader only looks at them in another way', () => {
    show(many);
    scroll(2500 * 23);
    result.update({ percent: true });
    expect(viewport().scrollTop).toBe(2500 * 23);
    sortBy('ncalls');
    expect(viewport().scrollTop).toBe(0);
  });

  it('are not named as the active one when they are not there', () => {
    show(many);
    click(row('f0'));
    scroll(2500 * 23);
    expect(table.hasAttribute('aria-activedescendant')).toBe(false);
    scroll(0);
    expect(active()).toBe('f0');
  });

  it('are not listened to after the end', () => {
    show(many);
    panel.dispose();
    scroll(2500 * 23);
    expect(names()).toContain('f0');
  });
});
