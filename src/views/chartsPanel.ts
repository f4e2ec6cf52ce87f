import type { IViewState } from '../profile/viewState';
import type { ChartsView } from './charts';
import { notLoaded, type IContext } from './context';
import { element } from './dom';
import type { Result } from './result';

/**
 * The charts of a profile. Their library is loaded when they are first looked at.
 */
export class ChartsPanel {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext
  ) {
    this.node = element('div', { className: 'jp-Profiler-chartsPanel' });
    _result.onChange(before => this._onChange(before));
  }

  readonly node: HTMLElement;

  /**
   * Draw where nothing is drawn yet, and fit to the size that the node has now.
   */
  layout(): void {
    if (this._charts) {
      this._charts.layout();
    } else if (!this._isLoading && !this.node.hidden) {
      this._isLoading = true;
      void this._load();
    }
  }

  dispose(): void {
    this._isDisposed = true;
    this._theme?.disconnect();
    this._charts?.dispose();
    this._charts = null;
  }

  private async _load(): Promise<void> {
    const { trans } = this._context;
    this._say(trans.__('Loading the charts …'), 'status');
    let module: typeof import('./charts');
    try {
      module = await import(/* webpackChunkName: "charts" */ './charts');
    } catch {
      // The next look tries again.
      this._isLoading = false;
      this._say(notLoaded(this._context), 'alert');
      return;
    }
    if (this._isDisposed) {
      return;
    }
    try {
      this._draw(module);
    } catch (reason) {
      // A mistake of ours. The console gets the rest of it.
      console.error(reason);
      this._say(
        trans.__('The charts cannot be shown: %1', String(reason)),
        'alert'
      );
    }
  }

  private _draw({ ChartsView }: typeof import('./charts')): void {
    const { profile, rows, labels, state } = this._result;
    const charts = new ChartsView({
      profile,
      rows,
      labels,
      context: this._context,
      chart: state.chart,
      onChart: chart => this._result.update({ chart }),
      onSelect: func => this._result.select([func])
    });
    this._charts = charts;
    this.node.replaceChildren(charts.node);
    charts.select(this._result.selection().at(-1) ?? null);
    // Where another view is shown meanwhile, there is no size to fit to.
    if (!this.node.hidden) {
      charts.layout();
    }
    // JupyterLab changes these attributes after the new theme's style sheet has come.
    this._theme = new MutationObserver(() => charts.refreshTheme());
    this._theme.observe(document.body, {
      attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light']
    });
  }

  private _onChange(before: IViewState): void {
    const { state } = this._result;
    if (before.chart !== state.chart) {
      this._charts?.show(state.chart);
    }
    if (before.selection !== state.selection) {
      this._charts?.select(this._result.selection().at(-1) ?? null);
    }
  }

  private _say(text: string, role: 'status' | 'alert'): void {
    this.node.replaceChildren(
      element('p', {
        className: 'jp-Profiler-note',
        text,
        attributes: { role }
      })
    );
  }

  private _charts: ChartsView | null = null;
  private _theme: MutationObserver | null = null;
  private _isLoading = false;
  private _isDisposed = false;
}
