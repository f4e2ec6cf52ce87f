// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest';

import {
  indexColumn,
  type FileIndex,
  type FuncIndex
} from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import { profileOf } from '../../profile/__tests__/build';
import { excerptAt, sourcePanel } from '../sourcePanel';
import { context } from './language';
import { one, resultOf, textOf, texts } from './results';

const PLACE = { path: '/tmp/ipykernel_1/2.py' };

function withSource(text: string, from = 1, line = 5): IProfile {
  return profileOf([{ name: 'f', ...PLACE, line }, { name: 'len' }], {
    sources: {
      length: 1,
      file: indexColumn(Int32Array.of(0)),
      line: Float64Array.of(from),
      text: [text]
    }
  });
}

const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => `line ${i + 1}\n`).join('');

const excerpt = (profile: IProfile, line: number) =>
  excerptAt(profile, 0 as FileIndex, line);

describe('an excerpt', () => {
  it('begins three lines above the function', () => {
    const found = excerpt(withSource(lines(9)), 5);
    expect(found?.first).toBe(2);
    expect(found?.lines.at(0)).toBe('line 2');
    expect(found?.lines.at(-1)).toBe('line 9');
  });

  it('begins with the block, where that begins later', () => {
    expect(excerpt(withSource(lines(9), 40), 41)?.first).toBe(40);
    expect(excerpt(withSource(lines(9), 40), 40)?.lines[0]).toBe('line 1');
  });

  it('has at most 400 lines', () => {
    expect(excerpt(withSource(lines(9000)), 5)?.lines.length).toBe(400);
  });

  it.each([
    ['a line above the block', 40, 39],
    ['a line below the block', 40, 51],
    ['no line', 1, 0]
  ])('is none for %s', (_, from, line) => {
    expect(excerpt(withSource(lines(9), from), line)).toBeNull();
    expect(excerptAt(withSource(lines(9)), 1 as FileIndex, 5)).toBeNull();
  });

  it('knows the ends of lines of all systems', () => {
    expect(excerpt(withSource('a\r\nb\rc\nd'), 2)?.lines).toEqual([
      'a',
      'b',
      'c',
      'd'
    ]);
  });
});

describe('the panel', () => {
  const onClose = vi.fn();
  const show = (profile: IProfile, func = 0) =>
    sourcePanel(resultOf(profile), func as FuncIndex, false, context, onClose);

  it('shows the lines as they ran, with their numbers, and marks the function’s', () => {
    const node = show(withSource('import x\n\n\n\ndef f():\n  return 1\n'));
    expect(texts(node, 'li')).toEqual(
      ['', '', '', 'def f():', 'return 1'].map((text, i) =>
        i < 3 ? expect.stringMatching(/^\u200b?$/) : text
      )
    );
    const items = [...node.querySelectorAll('li')];
    expect(items.map(item => item.value)).toEqual([2, 3, 4, 5, 6]);
    expect(items.map(item => item.className)).toEqual([
      '',
      '',
      '',
      'jp-mod-here',
      ''
    ]);
    expect(textOf(node.querySelector('[role=status]'))).toBe(
      '2.py:5, as it ran'
    );
  });

  it('says that it has no source', () => {
    expect(textOf(show(withSource(''), 0).querySelector('[role=status]'))).toBe(
      '2.py:5 cannot be opened here, and its source is not in the profile.'
    );
    const builtin = show(withSource(lines(3)), 1);
    expect(textOf(builtin.querySelector('[role=status]'))).toBe(
      'This function cannot be opened here, and its source is not in the profile.'
    );
    expect(builtin.getAttribute('aria-label')).toBe('Source of This function');
    expect(builtin.querySelector('ol')).toBeNull();
  });

  it('cuts lines that nobody reads to their end, and reads none as HTML', () => {
    const node = show(
      withSource(`\n\n\n\n<img src=x onerror=alert(1)>${'y'.repeat(10_000)}\n`)
    );
    expect(node.querySelector('img')).toBeNull();
    expect(textOf(node.querySelector('.jp-mod-here')).length).toBe(401);
  });

  it('closes', () => {
    one(show(withSource(lines(9))), 'button', 'Close').click();
    expect(onClose).toHaveBeenCalledTimes(1);
  });
});
