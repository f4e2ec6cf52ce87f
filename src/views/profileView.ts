import type { FuncIndex } from '../profile/indices';
import type { IProfile } from '../profile/model';
import type { IViewState } from '../profile/viewState';
import type { ICodePlace } from '../tokens';
import { ChartsPanel } from './chartsPanel';
import type { CodeOpener } from './codeOpener';
import { notLoaded, type IContext } from './context';
import { element } from './dom';
import type { IDrawn } from './draw';
import { FunctionsPanel } from './functionsPanel';
import { header } from './header';
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
    this._functions = new FunctionsPanel(
      result,
      _context,
      func => void this._openCode(func)
    );
    this._charts = new ChartsPanel(result, _context);
    this._tabs = new Tabs(
      [
        {
          view: 'functions',
          label: trans.__('Functions'),
          panel: this._functions.node
        },
        { view: 'charts', label: trans.__('Charts'), panel: this._charts.node }
      ],
      _context,
      view => result.update({ view })
    );
    this.node.append(this._tabs.node, this._functions.node, this._charts.node);
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
    if (this._result.state.view === 'charts') {
      this._charts?.layout();
    } else {
      this._functions?.layout();
    }
  }

  hide(patterns: readonly string[]): void {
    this._result.hide(patterns);
  }

  dispose(): void {
    this._isDisposed = true;
    this._opener?.dispose();
    this._keys.dispose();
    this._functions?.dispose();
    this._charts?.dispose();
    this._functions = null;
    this._charts = null;
    this.node.remove();
  }

  /**
   * Go to the code; where that is not possible, show its source as it ran.
   */
  private async _openCode(func: FuncIndex): Promise<void> {
    const panel = this._functions;
    try {
      const { CodeOpener } = await import(
        /* webpackChunkName: "later" */ './later'
      );
      if (panel && !this._isDisposed) {
        this._opener ??= new CodeOpener(
          this._result,
          this._context,
          this._host,
          panel
        );
        await this._opener.open(func);
      }
    } catch {
      panel?.say(notLoaded(this._context));
    }
  }

  private readonly _result: Result;
  private readonly _keys: PlainKeys;
  private readonly _tabs: Tabs | null = null;
  private _functions: FunctionsPanel | null = null;
  private _charts: ChartsPanel | null = null;
  private _opener: CodeOpener | null = null;
  private _isDisposed = false;
}
