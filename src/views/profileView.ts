import { NONE, type FuncIndex } from '../profile/indices';
import type { IProfile } from '../profile/model';
import type { IViewState } from '../profile/viewState';
import type { ICodePlace } from '../tokens';
import { notLoaded, type IContext } from './context';
import { element } from './dom';
import type { IDrawn } from './draw';
import { FunctionsPanel } from './functionsPanel';
import { header } from './header';
import { LazyPanel } from './lazyPanel';
import { PlainKeys } from './plainKeys';
import { Result } from './result';
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
  constructor(
    profile: IProfile,
    private readonly _context: IContext,
    private readonly _host: IHost
  ) {
    const { trans } = _context;
    const result = (this._result = new Result(profile, _host.state, state =>
      _host.remember(state)
    ));
    result.hide(_host.hidden);
    this.node = element('div', { className: 'jp-Profiler-view' }, [
      header(result, _context)
    ]);
    this._keys = new PlainKeys(this.node);
    if (result.rows.length === 0) {
      this.node.append(
        element('p', {
          className: 'jp-Profiler-note',
          text: noFunctions(profile, _context)
        })
      );
      return;
    }
    const open = (func: FuncIndex) => this._openCode(func);
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
  private _openCode(func: FuncIndex): void {
    const { functions, files } = this._result.profile;
    const file = functions.file[func];
    const opened =
      file === NONE
        ? Promise.resolve(false)
        : this._host.open({
            path: files.path[file],
            cell: files.cell[file],
            line: functions.line[func]
          });
    const run = ++this._openings;
    // What was asked for last counts, whichever answer comes last.
    const isLatest = () => !this._isDisposed && run === this._openings;
    void opened.then(async isOpen => {
      if (!isLatest()) {
        return;
      }
      this._source?.remove();
      this._source = isOpen ? null : await this._sourceOf(func);
      if (this._source && isLatest()) {
        this._shown()?.node.append(this._source);
        this._source.scrollIntoView({ block: 'nearest' });
      }
    });
  }

  /**
   * The source of a function as it ran, or why it is not there.
   */
  private async _sourceOf(func: FuncIndex): Promise<HTMLElement> {
    try {
      const { sourcePanel } = await import(
        /* webpackChunkName: "later" */ './later'
      );
      const panel = sourcePanel(this._result, func, this._context, () => {
        panel.remove();
        this._shown()?.focus();
      });
      return panel;
    } catch {
      return element('p', {
        className: 'jp-Profiler-note',
        text: notLoaded(this._context),
        attributes: { role: 'alert' }
      });
    }
  }

  private readonly _result: Result;
  private readonly _keys: PlainKeys;
  private readonly _tabs: Tabs | null = null;
  private _functions: FunctionsPanel | null = null;
  private _tree: LazyPanel | null = null;
  private _charts: LazyPanel | null = null;
  private _source: HTMLElement | null = null;
  private _openings = 0;
  private _isDisposed = false;
}

/**
 * Why there is no table of functions. That none was called is only said where nothing else was measured.
 */
function noFunctions(profile: IProfile, { trans }: IContext): string {
  if (profile.lines.length > 0) {
    return trans.__('This profile has times of lines and none of functions.');
  }
  return profile.edges.length > 0 || profile.hasUnknownTables
    ? trans.__('This profile holds no functions.')
    : trans.__('No function was called.');
}
