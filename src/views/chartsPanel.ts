import type { IViewState } from '../profile/viewState';
import type { ChartsView } from './charts';
import type { IContext } from './context';
import { LazyPanel } from './lazyPanel';
import type { Result } from './result';

/**
 * The charts of a profile. Their library is loaded when they are first looked at.
 */
export class ChartsPanel extends LazyPanel<ChartsView> {
  constructor(
    private readonly _result: Result,
    context: IContext
  ) {
    super('jp-Profiler-chartsPanel', context);
    _result.onChange(before => this._onChange(before));
  }

  protected async load(): Promise<() => ChartsView> {
    const { ChartsView } = await import(
      /* webpackChunkName: "charts" */ './charts'
    );
    return () => {
      const { profile, rows, labels, state } = this._result;
      const charts = new ChartsView({
        profile,
        rows,
        labels,
        context: this.context,
        chart: state.chart,
        onChart: chart => this._result.update({ chart }),
        onSelect: func => this._result.select([func])
      });
      charts.select(this._result.selection().at(-1) ?? null);
      return charts;
    };
  }

  protected loading(): string {
    return this.context.trans.__('Loading the charts …');
  }

  protected failed(reason: string): string {
    return this.context.trans.__('The charts cannot be shown: %1', reason);
  }

  private _onChange(before: IViewState): void {
    const { state } = this._result;
    if (before.chart !== state.chart) {
      this.view?.show(state.chart);
    }
    if (before.selection !== state.selection) {
      this.view?.select(this._result.selection().at(-1) ?? null);
    }
  }
}
