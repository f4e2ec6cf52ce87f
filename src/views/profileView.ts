import type { FuncIndex } from '../profile/indices';
import type { IProfile } from '../profile/model';
import type { IViewState } from '../profile/viewState';
import type { ICodePlace } from '../tokens';
import type { CodeOpener } from './codeOpener';
import { notLoaded, type IContext } from './context';
import { element } from './dom';
import type { IDrawn } from './draw';
import { FunctionsPanel } from './functionsPanel';
import { header } from './header';
import { LazyPanel } from './lazyPanel';
import { PlainKeys } from './plainKeys';
import { Result, type Later } from './result';
import { Tabs } from './tabs';

/** What a view is given by the place that it is shown in. */
export interface IHost {
  /** What the reader chose before, of this profile or an earlier run. */
  readonly state: IViewState;
  /** Told of every choice. */
  remember(state: IViewState): void;
  /** Patterns of functions that are not listed. */
  readonly hidden: readonly string[];
  /** Show a place in code; whether that was possible. It never rejects. */
  open(place: ICodePlace): Promise<boolean>;
}

/**
 * A profile: what ran, and views of where its time went, which share one state.
 */
export class ProfileView implements IDrawn {
  /**
   * @param later - what is loaded later, where it is there already
   */
  constructor(
    profile: IProfile,
    private readonly _context: IContext,
    private readonly _host: IHost,
    later: Later | null
  ) {
    const { trans } = _context;
    const result = (this._result = new Result(profile, _host.state, state =>
      _host.remember(state)
    ));
    if (later) {
      result.useLater(later);
    }
    result.hide(_host.hidden);
    this.node = element('div', { className: 'jp-Profiler-view' }, [
      header(result, _context)
    ]);
    this._keys = new PlainKeys(this.node);
    if (result.rows.length === 0) {
      this.node.append(
        element('p', {
          className: 'jp-Profiler-note',
          text: later?.noFunctions(profile, _context)
        })
      );
      return;
    }
    const open = (func: FuncIndex) => void this._openCode(func);
    this._functions = new FunctionsPanel(result, _context, open);
    this._tree = new LazyPanel(
      'jp-Profiler-treePanel',
      result,
      _context,
      async () => {
        const { TreeView } = await import(
          /* webpackChunkName: "tree" */ './tree'
        );
        return () => new TreeView(result, _context, open);
      }
    );
    this._charts = new LazyPanel(
      'jp-Profiler-chartsPanel',
      result,
      _context,
      async () => {
        const { ResultCharts } = await import(
          /* webpackChunkName: "charts" */ './charts'
        );
        return () => new ResultCharts(result, _context);
      }
    );
    this._tabs = new Tabs(
      [
        {
          view: 'functions',
          label: trans.__('Functions'),
          panel: this._functions.node
        },
        { view: 'tree', label: trans.__('Call tree'), panel: this._tree.node },
        { view: 'charts', label: trans.__('Charts'), panel: this._charts.node }
      ],
      _context,
      view => result.update({ view })
    );
    this.node.append(
      this._tabs.node,
      this._functions.node,
      this._tree.node,
      this._charts.node
    );
    this._tabs.show(result.state.view);
    result.onChange(before => {
      if (before.view !== result.state.view) {
        this._tabs?.show(result.state.view);
        this.layout();
      }
    });
  }

  readonly node: HTMLElement;
  readonly state = 'ready';

  layout(): void {
    this._shown()?.layout();
  }

  hide(patterns: readonly string[]): void {
    this._result.hide(patterns);
  }

  dispose(): void {
    this._isDisposed = true;
    this._opener?.dispose();
    this._keys.dispose();
    this._functions?.dispose();
    this._tree?.dispose();
    this._charts?.dispose();
    this._functions = null;
    this._tree = null;
    this._charts = null;
    this.node.remove();
  }

  /** The panel of the view that is shown. */
  private _shown(): FunctionsPanel | LazyPanel | null {
    const { view } = this._result.state;
    return view === 'charts'
      ? this._charts
      : view === 'tree'
        ? this._tree
        : this._functions;
  }

  /**
   * Go to the code; where that is not possible, show its source as it ran.
   */
  private async _openCode(func: FuncIndex): Promise<void> {
    try {
      const { CodeOpener } = await import(
        /* webpackChunkName: "later" */ './later'
      );
      if (!this._isDisposed) {
        this._opener ??= new CodeOpener(
          this._result,
          this._context,
          this._host,
          () => this._shown()
        );
        await this._opener.open(func);
      }
    } catch {
      this._shown()?.node.append(
        element('p', {
          className: 'jp-Profiler-note',
          text: notLoaded(this._context),
          attributes: { role: 'alert' }
        })
      );
    }
  }

  private readonly _result: Result;
  private readonly _keys: PlainKeys;
  private readonly _tabs: Tabs | null = null;
  private _functions: FunctionsPanel | null = null;
  private _tree: LazyPanel | null = null;
  private _charts: LazyPanel | null = null;
  private _opener: CodeOpener | null = null;
  private _isDisposed = false;
}
