// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FuncIndex } from '../../profile/indices';
import type { IViewState } from '../../profile/viewState';
import { profileOf } from '../../profile/__tests__/build';
import type { ChartsPanel } from '../chartsPanel';
import type { Result } from '../result';
import { context } from './language';
import { resultOf, textOf } from './results';

const profile = profileOf([
  { name: 'f', self: 30 },
  { name: 'g', self: 20 }
]);

/** What a chart is told. */
const told: unknown[][] = [];

class Charts {
  constructor(
    readonly options: {
      onSelect(func: number): void;
      onChart(chart: string): void;
      chart: string;
    }
  ) {
    told.push(['made', options.chart]);
  }
  readonly node = document.createElement('figure');
  layout = () => told.push(['layout']);
  select = (func: number | null) => told.push(['select', func]);
  show = (chart: string) => told.push(['show', chart]);
  refreshTheme = () => told.push(['theme']);
  dispose = () => told.push(['dispose']);
}

/** The charts that were made last. */
let made: Charts | null = null;
let loaded = 0;
let arrive: () => void;
let result: Result;
let panel: ChartsPanel;

/** Make the panel, with charts that arrive when they are told to, or fail. */
async function show(state: Partial<IViewState> = {}, fails = false) {
  vi.resetModules();
  vi.doMock('../charts', async () => {
    loaded++;
    await new Promise<void>(resolve => (arrive = resolve));
    if (fails) {
      throw new Error('no network');
    }
    return {
      ChartsView: function (options: Charts['options']) {
        return (made = new Charts(options));
      }
    };
  });
  const module = await import('../chartsPanel');
  result = resultOf(profile, state);
  panel = new module.ChartsPanel(result, context);
  document.body.replaceChildren(panel.node);
}

const isLoading = () => vi.waitFor(() => expect(loaded).toBeGreaterThan(0));

async function load(): Promise<void> {
  panel.layout();
  await isLoading();
  arrive();
  await vi.waitFor(() => expect(made).not.toBeNull());
}

beforeEach(() => {
  told.length = 0;
  loaded = 0;
  made = null;
});

afterEach(() => {
  panel.dispose();
  vi.doUnmock('../charts');
});

it('is loaded on the first look, and only then', async () => {
  await show();
  panel.node.hidden = true;
  panel.layout();
  result.select([1 as FuncIndex]);
  await Promise.resolve();
  expect(loaded).toBe(0);
  expect(panel.node.textContent).toBe('');
  panel.node.hidden = false;
  panel.layout();
  expect(textOf(panel.node.querySelector('[role=status]'))).toBe(
    'Loading the charts …'
  );
  panel.layout();
  await isLoading();
  arrive();
  await vi.waitFor(() =>
    expect(panel.node.firstElementChild?.tagName).toBe('FIGURE')
  );
  panel.layout();
  expect(loaded).toBe(1);
  expect(told).toEqual([
    ['made', 'hottest'],
    ['select', 1],
    ['layout'],
    ['layout']
  ]);
});

it('shows the state, follows it, and changes it', async () => {
  await show({ chart: 'calls' });
  await load();
  expect(told[0]).toEqual(['made', 'calls']);
  result.update({ chart: 'packages' });
  result.select([1 as FuncIndex]);
  result.select([]);
  result.update({ percent: true });
  expect(told.slice(3)).toEqual([
    ['show', 'packages'],
    ['select', 1],
    ['select', null]
  ]);
  made?.options.onSelect(0);
  expect(result.selection()).toEqual([0]);
  made?.options.onChart('hottest');
  expect(result.state.chart).toBe('hottest');
});

it('takes the state as it is when the charts arrive', async () => {
  await show();
  panel.layout();
  await isLoading();
  result.update({ chart: 'calls', selection: ['|g'] });
  arrive();
  await vi.waitFor(() => expect(made).not.toBeNull());
  expect(told.slice(0, 2)).toEqual([
    ['made', 'calls'],
    ['select', 1]
  ]);
});

it('fits to nothing where another view is shown meanwhile', async () => {
  await show();
  panel.layout();
  await isLoading();
  panel.node.hidden = true;
  arrive();
  await vi.waitFor(() => expect(made).not.toBeNull());
  expect(told).not.toContainEqual(['layout']);
});

it('says that the charts did not load, and tries again at the next look', async () => {
  await show({}, true);
  panel.layout();
  await isLoading();
  arrive();
  await vi.waitFor(() =>
    expect(textOf(panel.node.querySelector('[role=alert]'))).toContain(
      'did not load'
    )
  );
  panel.layout();
  expect(textOf(panel.node)).toBe('Loading the charts …');
});

it('says that the charts could not be made', async () => {
  const complaint = vi.spyOn(console, 'error').mockReturnValue();
  await show();
  made = null;
  vi.doMock('../charts', () => ({
    ChartsView: function () {
      throw new Error('no canvas');
    }
  }));
  panel.layout();
  await vi.waitFor(() =>
    expect(textOf(panel.node.querySelector('[role=alert]'))).toBe(
      'The charts cannot be shown: Error: no canvas'
    )
  );
  expect(complaint).toHaveBeenCalledOnce();
});

describe('after the end', () => {
  it('nothing is made of what arrives', async () => {
    await show();
    panel.layout();
    await isLoading();
    panel.dispose();
    arrive();
    await new Promise(resolve => setTimeout(resolve));
    expect(told).toEqual([]);
  });

  it('charts are released, and no theme is listened to', async () => {
    await show();
    await load();
    document.body.dataset.jpThemeName = 'JupyterLab Dark';
    await vi.waitFor(() => expect(told).toContainEqual(['theme']));
    panel.dispose();
    expect(told.at(-1)).toEqual(['dispose']);
    told.length = 0;
    document.body.dataset.jpThemeName = 'JupyterLab Light';
    await new Promise(resolve => setTimeout(resolve));
    result.update({ chart: 'calls' });
    expect(told).toEqual([]);
  });
});
