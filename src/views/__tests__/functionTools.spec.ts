// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { IProfile } from '../../profile/model';
import type { IViewState } from '../../profile/viewState';
import { metricOf, profileOf } from '../../profile/__tests__/build';
import { FunctionTools } from '../functionTools';
import { header } from '../header';
import type { Result } from '../result';
import { context } from './language';
import { choose, click, one, resultOf, sampleProfile, texts } from './results';

const profile = profileOf([
  { name: 'cell', path: '/tmp/1.py', origin: 'cell', cell: 'c', self: 10 },
  { name: 'run', path: '/a/b.py', origin: 'file', self: 20 },
  { name: 'len', kind: 'builtin', self: 70 }
]);

let result: Result;
let tools: FunctionTools;

function show(of: IProfile = profile, state: Partial<IViewState> = {}): void {
  result = resultOf(of, state);
  tools = new FunctionTools(result, context);
  result.onChange(() => tools.refresh());
  document.body.replaceChildren(tools.node);
}

const search = () => one<HTMLInputElement>(tools.node, 'input');
const group = () => one<HTMLSelectElement>(tools.node, 'select');
const button = (text: string) => one(tools.node, 'button', text);
const isPressed = (text: string) =>
  button(text).getAttribute('aria-pressed') === 'true';

function type(text: string): void {
  search().value = text;
  search().dispatchEvent(new Event('input', { bubbles: true }));
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  tools.dispose();
  vi.useRealTimers();
});

describe('each control changes the state, and shows it:', () => {
  it('the search, after a pause in typing', () => {
    show();
    type('r');
    vi.advanceTimersByTime(100);
    type('ru');
    vi.advanceTimersByTime(100);
    expect(result.state.search).toBe('');
    vi.advanceTimersByTime(100);
    expect(result.state.search).toBe('ru');
    result.update({ search: 'len' });
    expect(search().value).toBe('len');
  });

  it('what is being typed is not taken away by something else', () => {
    show();
    type('ru');
    click(button('%'));
    expect(search().value).toBe('ru');
    vi.advanceTimersByTime(200);
    expect(result.state).toMatchObject({ search: 'ru', percent: true });
  });

  it.each([
    ['.*', 'regex', 'Search for a regular expression'],
    ['%', 'percent', 'Times as shares of the whole']
  ] as const)('the button %s', (text, name, caption) => {
    show();
    expect(isPressed(text)).toBe(false);
    expect(button(text).getAttribute('aria-label')).toBe(caption);
    click(button(text));
    expect(result.state[name]).toBe(true);
    expect(isPressed(text)).toBe(true);
    result.update({ [name]: false });
    expect(isPressed(text)).toBe(false);
  });

  it('what functions are grouped by', () => {
    show();
    expect(texts(group(), 'option')).toEqual(['nothing', 'file', 'package']);
    for (const [text, value] of [
      ['package', 'package'],
      ['nothing', 'none'],
      ['file', 'file']
    ]) {
      choose(group(), text);
      expect(result.state.group).toBe(value);
    }
    result.update({ group: 'package' });
    expect(group().value).toBe('package');
  });

  it('chips, which hide a category', () => {
    show();
    expect(isPressed('My files')).toBe(true);
    click(button('My files'));
    expect(result.state.hidden).toEqual(['files']);
    expect(isPressed('My files')).toBe(false);
    click(button('Compiled '));
    expect(result.state.hidden).toEqual(['files', 'compiled']);
    click(button('My files'));
    expect(result.state.hidden).toEqual(['compiled']);
    result.update({ hidden: [] });
    expect(isPressed('Compiled ')).toBe(true);
  });

  it('chips with Alt, which show a category alone, and then all', () => {
    show();
    click(button('My files'), { altKey: true });
    expect(result.state.hidden).toEqual(['notebook', 'compiled']);
    click(button('Compiled '), { altKey: true });
    expect(result.state.hidden).toEqual(['notebook', 'files']);
    click(button('Compiled '), { altKey: true });
    expect(result.state.hidden).toEqual([]);
  });

  it('the fold of frames that only lead to the work', async () => {
    show(await sampleProfile('guide'));
    expect(isPressed('Fold 7 frames')).toBe(true);
    click(button('Fold 7 frames'));
    expect(result.state.spine).toBe(false);
    expect(isPressed('Fold 7 frames')).toBe(false);
    result.update({ group: 'file' });
    expect(button('Fold 7 frames').hidden).toBe(true);
    result.update({ group: 'none' });
    expect(button('Fold 7 frames').hidden).toBe(false);
  });
});

it('shows a state that was kept', () => {
  show(profile, {
    search: 'run',
    regex: true,
    percent: true,
    group: 'file',
    hidden: ['compiled', 'stdlib']
  });
  expect(search().value).toBe('run');
  expect([isPressed('.*'), isPressed('%')]).toEqual([true, true]);
  expect(group().value).toBe('file');
  expect(['My notebook', 'My files', 'Compiled '].map(isPressed)).toEqual([
    true,
    true,
    false
  ]);
});

it('has a chip for each category that there is, with what it owns', () => {
  show();
  expect(texts(tools.node, '.jp-Profiler-chip')).toEqual([
    'My notebook 10%',
    'My files 20%',
    'Compiled ≥ 70%'
  ]);
  expect(button('My files').title).toBe(
    'Python files that are not installed as a package. Alt+click shows them alone.'
  );
});

it('says of compiled code what the header says', async () => {
  show(await sampleProfile('guide'));
  const [chip] = texts(tools.node, '.jp-Profiler-chip').filter(text =>
    text.startsWith('Compiled ')
  );
  const [figure] = texts(header(result, context), 'li').filter(text =>
    text.endsWith('in C')
  );
  expect([chip, figure]).toEqual(['Compiled ≥ 60%', 'at least 60% in C']);
});

it('speaks of times only where there are some', () => {
  show({ ...profile, metrics: [metricOf('time', 'bytes')] });
  expect(button('%').title).toBe('Values as shares of the whole');
});

it('has no fold where there is nothing to fold', () => {
  show();
  expect(texts(tools.node, 'button').join()).not.toContain('Fold');
});

it('takes no more of a search than is kept', () => {
  show();
  expect(search().maxLength).toBe(256);
});

it('searches no more after the end', () => {
  show();
  type('run');
  tools.dispose();
  vi.advanceTimersByTime(1000);
  expect(result.state.search).toBe('');
});

it('knows how much compiled code took where that was sampled', () => {
  show(
    profileOf([
      { name: 'run', path: '/a/b.py', origin: 'file', self: 30 },
      { name: 'grind', kind: 'native', self: 70 }
    ])
  );
  expect(texts(tools.node, '.jp-Profiler-chip')).toEqual([
    'My files 30%',
    'Compiled 70%'
  ]);
});
