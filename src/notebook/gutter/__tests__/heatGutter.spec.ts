// @vitest-environment jsdom
import type { ChangeSpec } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { showHeat } from '../heatGutter';
import { heatIn } from '../heatState';
import {
  cellProfile,
  editorOf,
  heatOfCell,
  marked,
  reveal,
  SOURCE
} from './heats';

const TEXT = SOURCE.join('\n');
const ALL = { 2: 2, 3: 3, 4: 4, 5: 5 };

beforeAll(() => {
  // jsdom lays nothing out.
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
});

afterEach(() => {
  reveal.mockReset();
  document.body.replaceChildren();
});

/**
 * Change an editor's text.
 *
 * @returns undoes it
 */
function edit(view: EditorView, changes: ChangeSpec): () => void {
  const transaction = view.state.update({ changes });
  const inverse = transaction.changes.invert(view.state.doc);
  view.dispatch(transaction);
  return () => view.dispatch({ changes: inverse });
}

/** Replace a line's text, counted from 1. */
function change(view: EditorView, line: number, text: string): () => void {
  const { from, to } = view.state.doc.line(line);
  return edit(view, { from, to, insert: text });
}

function nodes(view: EditorView): HTMLElement[] {
  return [
    ...view.dom.querySelectorAll<HTMLElement>('.jp-Profiler-cost[role=button]')
  ];
}

describe('showing costs', () => {
  it('takes one transaction, also of 500 lines, and none where they are shown already', () => {
    const lines = Array.from({ length: 500 }, (_, i) => `x${i} = ${i}`);
    const heat = heatOfCell(
      cellProfile(
        'c0',
        lines,
        lines.map((_, i) => [0, i + 1, 0, 1, i])
      )
    );
    const { view, dispatched } = editorOf(lines.join('\n'));
    expect(showHeat(view, heat)).toBe(true);
    expect(dispatched()).toBe(1);
    expect(Object.keys(marked(view)).length).toBe(500);
    expect(showHeat(view, heat)).toBe(false);
    expect(dispatched()).toBe(1);
  });

  it('of nothing takes none', () => {
    const { view, dispatched } = editorOf(TEXT);
    expect(showHeat(view, null)).toBe(false);
    expect(dispatched()).toBe(0);
  });

  it('ends with all that it brought', () => {
    const { view, dispatched } = editorOf(TEXT);
    const before = view.dom.cloneNode(true);
    showHeat(view, heatOfCell());
    expect(nodes(view).length).toBe(4);
    showHeat(view, null);
    expect(dispatched()).toBe(2);
    expect(heatIn(view.state)).toBeNull();
    expect(view.dom.isEqualNode(before)).toBe(true);
    showHeat(view, heatOfCell());
    expect(dispatched()).toBe(3);
    expect(marked(view)).toEqual(ALL);
  });

  it('of another result takes the place of the first', () => {
    const { view, dispatched } = editorOf(TEXT);
    showHeat(view, heatOfCell());
    showHeat(view, heatOfCell(cellProfile('c0', SOURCE, [[0, 1, 0, 1, 1]])));
    expect(dispatched()).toBe(2);
    expect(marked(view)).toEqual({ 1: 1 });
    expect(view.dom.querySelectorAll('.jp-Profiler-heat').length).toBe(1);
  });
});

describe('a marker', () => {
  it('says the share as a number, a length and a step of heat', () => {
    const { view } = editorOf(TEXT);
    showHeat(view, heatOfCell());
    expect(nodes(view).map(node => node.textContent)).toEqual([
      '0.5%',
      '10%',
      '60%',
      '○'
    ]);
    expect(
      nodes(view).map(node => [
        /heat\d/.exec(node.className)?.[0],
        node.style.getPropertyValue('--jp-profiler-share')
      ])
    ).toEqual([
      ['heat1', '1%'],
      ['heat4', '10%'],
      ['heat6', '60%'],
      ['heat0', '0%']
    ]);
  });

  it('says all that is known to who listens', () => {
    const { view } = editorOf(TEXT);
    showHeat(view, heatOfCell());
    expect(
      nodes(view).map(node =>
        node.getAttribute('aria-label')?.replaceAll('\u00a0', ' ')
      )
    ).toEqual([
      '0.5% of 1.00 µs: 5 ns with what it calls; 1 hit, 5 ns per hit; in f; total = 0',
      '10% of 1.00 µs: 100 ns with what it calls; 11 hits, 9.09 ns per hit; in f; for i in range(n):',
      '60% of 1.00 µs: 600 ns with what it calls; 10 hits, 60 ns per hit; in f; also <genexpr>: 450 ns, 55 hits, 8.18 ns per hit; total += sum(j for j in range(i))',
      'Not run; return total'
    ]);
  });

  it('is reached by who listens and by the Tab key, the other gutters are not', () => {
    const { view } = editorOf(TEXT);
    showHeat(view, heatOfCell());
    const own = view.dom.querySelector('.jp-Profiler-heat');
    expect(own?.closest('[aria-hidden]')).toBeNull();
    expect([own?.role, own?.ariaLabel]).toEqual(['group', 'Cost of lines']);
    expect(
      view.dom.querySelector('.cm-lineNumbers')?.getAttribute('aria-hidden')
    ).toBe('true');
    // The hottest line is the entry.
    expect(nodes(view).map(node => node.tabIndex)).toEqual([-1, -1, 0, -1]);
  });

  it('shows names that look like markup as text, and cuts long ones', () => {
    const text = `x = "<img src=x onerror=alert(1)>${'y'.repeat(9999)}"`;
    const heat = heatOfCell(cellProfile('c0', [text], [[0, 1, 1, 1, 1]]));
    const { view } = editorOf(text);
    showHeat(view, heat);
    const [node] = nodes(view);
    expect(node.getAttribute('aria-label')?.length).toBeLessThan(600);
    node.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
    expect(
      document.querySelector('.jp-Profiler-heatTip')?.textContent
    ).toContain('in <genexpr>');
    expect(document.querySelector('img[src]')).toBeNull();
  });
});

describe('edits', () => {
  it('of a line take its marker, and only that; undone, it is back', () => {
    const { view } = editorOf(TEXT);
    showHeat(view, heatOfCell());
    const undo = change(view, 3, '    for i in range(n + 1):');
    expect(marked(view)).toEqual({ 2: 2, 4: 4, 5: 5 });
    undo();
    expect(marked(view)).toEqual(ALL);
  });

  it('above and between move the markers with their lines', () => {
    const { view } = editorOf(TEXT);
    showHeat(view, heatOfCell());
    edit(view, { from: 0, insert: '# new\n' });
    expect(marked(view)).toEqual({ 3: 2, 4: 3, 5: 4, 6: 5 });
    // Enter at the end of a line, and at the start of one.
    edit(view, [
      { from: view.state.doc.line(4).to, insert: '\n' },
      { from: view.state.doc.line(6).from, insert: '\n' }
    ]);
    expect(marked(view)).toEqual({ 3: 2, 4: 3, 6: 4, 8: 5 });
  });

  it('that take a line away leave the others; undone, it is back', () => {
    const { view } = editorOf(TEXT);
    showHeat(view, heatOfCell());
    const { from, to } = view.state.doc.line(3);
    const undo = edit(view, { from, to: to + 1 });
    expect(marked(view)).toEqual({ 2: 2, 3: 4, 4: 5 });
    undo();
    expect(marked(view)).toEqual(ALL);
  });

  it('of all the text take all markers', () => {
    const { view } = editorOf(TEXT);
    showHeat(view, heatOfCell());
    edit(view, { from: 0, to: view.state.doc.length, insert: 'x' });
    expect(marked(view)).toEqual({});
  });

  it('that were made before count as well, with empty lines at the top', () => {
    const { view } = editorOf(
      ['', '', ...SOURCE.slice(0, 3), 'new', ...SOURCE.slice(3)].join('\n')
    );
    showHeat(view, heatOfCell());
    expect(marked(view)).toEqual({ 4: 2, 5: 3, 7: 4, 8: 5 });
  });

  it('in a cell of which the profile has no text leave nothing to show', () => {
    const profile = cellProfile('c0');
    const { view } = editorOf(TEXT);
    showHeat(
      view,
      heatOfCell({ ...profile, sources: { ...profile.sources, length: 0 } })
    );
    expect(marked(view)).toEqual({});
  });
});

describe('a marker of the first line', () => {
  // jsdom lays nothing out: what points at a line points at the first one.
  const first = () => {
    const heat = heatOfCell(
      cellProfile('c0', SOURCE, [
        [0, 1, 0, 3, 9],
        [0, 3, 0, 1, 1]
      ])
    );
    const { view } = editorOf(TEXT);
    showHeat(view, heat);
    return { heat, view, node: nodes(view)[0] };
  };
  const tip = () => document.querySelector('.jp-Profiler-heatTip');
  const send = (node: HTMLElement, type: string) =>
    node.dispatchEvent(new Event(type, { bubbles: true }));

  it('leads to the line in the result by a click, and by Enter and Space', () => {
    const { heat, view, node } = first();
    node.click();
    for (const key of ['Enter', ' ', 'x']) {
      node.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
    expect(reveal.mock.calls).toEqual(Array(3).fill([heat, 1, view.dom]));
  });

  it('takes no click where there is none', () => {
    const { view } = first();
    view.dom.querySelector<HTMLElement>('.jp-Profiler-heat')?.click();
    expect(reveal).not.toHaveBeenCalled();
  });

  it('tells more while it is pointed at or has the focus, and no longer than it is there', () => {
    const { view, node } = first();
    for (const [on, off] of [
      ['mouseover', 'mouseout'],
      ['focusin', 'focusout']
    ]) {
      send(node, on);
      expect(tip()?.textContent).toContain('3 hits');
      send(node, off);
      expect(tip()).toBeNull();
    }
    send(node, 'mouseover');
    showHeat(view, null);
    expect(tip()).toBeNull();
  });

  it('tells no more when it is scrolled away, and goes on after a scroll that ended before', () => {
    const { view, node } = first();
    send(node, 'mouseover');
    send(view.scrollDOM, 'scroll');
    expect(tip()).not.toBeNull();
    const { left, top } = node.getBoundingClientRect();
    const moved = new DOMRect(left, top - 20);
    vi.spyOn(node, 'getBoundingClientRect').mockReturnValue(moved);
    send(view.scrollDOM, 'scroll');
    expect(tip()).toBeNull();
  });
});
