import type { IViewState } from '../../profile/viewState';
import type { IContext } from '../context';
import type { ILazyView } from '../lazyPanel';
import type { Result } from '../result';
import { ChartsView } from './chartsView';

/**
 * The charts of a result: they show its state, follow it, and change it.
 */
export class ResultCharts implements ILazyView {
  constructor(
    private readonly _result: Result,
    context: IContext
  ) {
    const { profile, rows, labels, state } = _result;
    this._charts = new ChartsView({
      profile,
      rows,
      labels,
      context,
      chart: state.chart,
      onChart: chart => _result.update({ chart }),
      onSelect: func => _result.select([func])
    });
    this._charts.select(_result.selection().at(-1) ?? null);
  }

  get node(): HTMLElement {
    return this._charts.node;
  }

  layout(): void {
    this._charts.layout();
  }

  onChange(before: IViewState): void {
    const { state } = this._result;
    if (before.chart !== state.chart) {
      this._charts.show(state.chart);
    }
    if (before.selection !== state.selection) {
      this._charts.select(this._result.selection().at(-1) ?? null);
    }
  }

  refreshTheme(): void {
    this._charts.refreshTheme();
  }

  dispose(): void {
    this._charts.dispose();
  }

  private readonly _charts: ChartsView;
}
