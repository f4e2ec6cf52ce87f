// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';

import { click, press } from './results';
import {
  active,
  eachAnew,
  head,
  marked,
  onOpen,
  profile,
  result,
  row,
  selected,
  show,
  table
} from './table';

eachAnew();

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
