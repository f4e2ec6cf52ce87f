// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';

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
