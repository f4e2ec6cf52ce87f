import type { FuncIndex } from '../profile/indices';
import type { IProfile } from '../profile/model';
import { VIEWS, type IViewState, type ViewName } from '../profile/viewState';
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

/** What a tab shows. */
export interface IPanel {
  readonly node: HTMLElement;
  layout(): void;
  focus(): void;
  dispose(): void;
}

/**
 * A profile: what ran, and views of where its time went, which share one state.
 */
export class ProfileView implements IDrawn {
  /**
   * @param later - what is loaded later, where it is there already
   */
  constructor(
    readonly profile: IProfile,
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
    const panels = (this._panels = {
      functions: new FunctionsPanel(result, _context, open),
      tree: new LazyPanel(
        'jp-Profiler-treePanel',
        result,
        _context,
        async () => {
          const { TreeView } = await import(
            /* webpackChunkName: "tree" */ './tree'
          );
          return () => new TreeView(result, _context, open);
        }
      ),
      charts: new LazyPanel(
        'jp-Profiler-chartsPanel',
        result,
        _context,
        async () => {
          const { ResultCharts } = await import(
            /* webpackChunkName: "charts" */ './charts'
          );
          return () => new ResultCharts(result, _context);
        }
      )
    });
    const labels = {
      functions: trans.__('Functions'),
      tree: trans.__('Call tree'),
      charts: trans.__('Charts')
    };
    this._tabs = new Tabs(
      VIEWS.map(view => ({
        view,
        label: labels[view],
        panel: panels[view].node
      })),
      _context,
      view => result.update({ view })
    );
    this.node.append(this._tabs.node, ...VIEWS.map(view => panels[view].node));
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
    for (const view of VIEWS) {
      this._panels?.[view].dispose();
    }
    this._panels = null;
    this.node.remove();
  }

  /** The panel of the view that is shown. */
  private _shown(): IPanel | undefined {
    return this._panels?.[this._result.state.view];
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
  private _panels: Readonly<Record<ViewName, IPanel>> | null = null;
  private _opener: CodeOpener | null = null;
  private _isDisposed = false;
}
