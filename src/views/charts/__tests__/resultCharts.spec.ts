// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';

import { profileOf } from '../../../profile/__tests__/build';
import type { FuncIndex } from '../../../profile/indices';
import { context } from '../../__tests__/language';
import { resultOf } from '../../__tests__/results';
import type { IChartsOptions } from '../chartsView';
import { ResultCharts } from '../resultCharts';

/** What the charts are told. */
const told = vi.hoisted((): unknown[][] => []);
const made = vi.hoisted((): { options: IChartsOptions | null } => ({
  options: null
}));
vi.mock('../chartsView', () => ({
  ChartsView: class {
    constructor(options: IChartsOptions) {
      made.options = options;
      told.push(['made', options.chart]);
    }
    node = document.createElement('figure');
    layout = () => told.push(['layout']);
    select = (func: number | null) => told.push(['select', func]);
    show = (chart: string) => told.push(['show', chart]);
    refreshTheme = () => told.push(['theme']);
    dispose = () => told.push(['dispose']);
  }
}));

const profile = profileOf([
  { name: 'f', self: 30 },
  { name: 'g', self: 20 }
]);

beforeEach(() => {
  told.length = 0;
});

it('shows the state, follows it, and changes it', () => {
  const result = resultOf(profile, { chart: 'calls', selection: ['|g'] });
  const charts = new ResultCharts(result, context);
  result.onChange(before => charts.onChange(before));
  expect(told).toEqual([
    ['made', 'calls'],
    ['select', 1]
  ]);
  result.update({ chart: 'packages' });
  result.select([0 as FuncIndex]);
  result.select([]);
  result.update({ percent: true });
  expect(told.slice(2)).toEqual([
    ['show', 'packages'],
    ['select', 0],
    ['select', null]
  ]);
  made.options?.onSelect(0 as FuncIndex);
  expect(result.selection()).toEqual([0]);
  made.options?.onChart('hottest');
  expect(result.state.chart).toBe('hottest');
});

it('hands on what a panel tells', () => {
  const charts = new ResultCharts(resultOf(profile), context);
  charts.layout();
  charts.refreshTheme();
  charts.dispose();
  expect(charts.node.tagName).toBe('FIGURE');
  expect(told.slice(2)).toEqual([['layout'], ['theme'], ['dispose']]);
});
