// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { profileOf } from '../../profile/__tests__/build';
import { LazyPanel, type ILazyView } from '../lazyPanel';
import type { Result } from '../result';
import { context } from './language';
import { resultOf, textOf } from './results';

const profile = profileOf([{ name: 'f', self: 30 }]);

/** What a view is told. */
const told: unknown[][] = [];

function view(): ILazyView {
  told.push(['made']);
  return {
    node: document.createElement('figure'),
    layout: () => told.push(['layout']),
    onChange: before => told.push(['change', before.percent]),
    refreshTheme: () => told.push(['theme']),
    focus: () => told.push(['focus']),
    dispose: () => told.push(['dispose'])
  };
}

let loaded = 0;
let arrive: (make: () => ILazyView) => void;
let fail: (reason: Error) => void;
let result: Result;
let panel: LazyPanel;

beforeEach(() => {
  told.length = 0;
  loaded = 0;
  result = resultOf(profile);
  panel = new LazyPanel('jp-Profiler-lazy', result, context, () => {
    loaded++;
    return new Promise((resolve, reject) => {
      arrive = resolve;
      fail = reject;
    });
  });
  document.body.replaceChildren(panel.node);
});

afterEach(() => panel.dispose());

const settled = () => new Promise(resolve => setTimeout(resolve));

it('is loaded on the first look, and only then', async () => {
  panel.node.hidden = true;
  panel.layout();
  result.update({ percent: true });
  panel.focus();
  expect(loaded).toBe(0);
  expect(panel.node.textContent).toBe('');
  panel.node.hidden = false;
  panel.layout();
  expect(textOf(panel.node.querySelector('[role=status]'))).toBe('Loading …');
  panel.layout();
  arrive(view);
  await settled();
  expect(panel.node.firstElementChild?.tagName).toBe('FIGURE');
  panel.layout();
  panel.focus();
  expect(loaded).toBe(1);
  expect(told).toEqual([['made'], ['layout'], ['layout'], ['focus']]);
});

it('tells of the state that was before', async () => {
  panel.layout();
  arrive(view);
  await settled();
  result.update({ percent: true });
  expect(told.at(-1)).toEqual(['change', false]);
});

it('fits to nothing where another view is shown meanwhile', async () => {
  panel.layout();
  panel.node.hidden = true;
  arrive(view);
  await settled();
  expect(told).toEqual([['made']]);
});

it('says that the view did not load, and tries again at the next look', async () => {
  panel.layout();
  fail(new Error('no network'));
  await settled();
  expect(textOf(panel.node.querySelector('[role=alert]'))).toContain(
    'did not load'
  );
  panel.layout();
  expect(textOf(panel.node)).toBe('Loading …');
  expect(loaded).toBe(2);
});

it('says that the view could not be made', async () => {
  const complaint = vi.spyOn(console, 'error').mockReturnValue();
  panel.layout();
  arrive(() => {
    throw new Error('no canvas');
  });
  await settled();
  expect(textOf(panel.node.querySelector('[role=alert]'))).toBe(
    'This cannot be shown: Error: no canvas'
  );
  expect(complaint).toHaveBeenCalledOnce();
});

describe('after the end', () => {
  it('nothing is made of what arrives', async () => {
    panel.layout();
    panel.dispose();
    arrive(view);
    await settled();
    expect(told).toEqual([]);
  });

  it('the view is released, and no theme is listened to', async () => {
    panel.layout();
    arrive(view);
    await settled();
    document.body.dataset.jpThemeName = 'JupyterLab Dark';
    await vi.waitFor(() => expect(told).toContainEqual(['theme']));
    panel.dispose();
    expect(told.at(-1)).toEqual(['dispose']);
    told.length = 0;
    document.body.dataset.jpThemeName = 'JupyterLab Light';
    await settled();
    result.update({ percent: true });
    expect(told).toEqual([]);
  });
});
