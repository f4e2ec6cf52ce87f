import type { FuncIndex } from '../profile/indices';
import type { IProfile } from '../profile/model';
import { VIEWS, type IViewState, type ViewName } from '../profile/viewState';
import type { ICodePlace, Shown } from '../tokens';
import type { CodeOpener } from './codeOpener';
import { AccountPanel } from './accountPanel';
import { notLoaded, type IContext } from './context';
import { button, element } from './dom';
import type { IDrawn } from './draw';
import { FunctionsPanel } from './functionsPanel';
import { header } from './header';
import { LazyPanel, type ILazyView } from './lazyPanel';
import { withLater } from './loadLater';
import type { PlainKeys } from './plainKeys';
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
  open(place: ICodePlace): Promise<Shown>;
  /**
   * The text of the file that a place is in, as it is now, where the server offers it. It never rejects. Missing where
   * there is no server.
   */
  readonly textOf?: (
    place: ICodePlace
  ) => Promise<string | null | false | undefined>;
  /**
   * Run the profile's cell again, after the reader has agreed, and measure lines too; whether that was done. It never
   * rejects. Missing where there is no such cell.
   */
  readonly profileLines?: (place: ICodePlace) => Promise<boolean>;
  /**
   * Run the profile's cell again, after the reader has agreed, and sample compiled code as well; whether that was done.
   * It never rejects. Missing where there is no such cell.
   */
  readonly profileNatively?: () => Promise<boolean>;
  /** An address that opens this profile at a function, by its key; missing where there is none. */
  readonly link?: (func: string) => string;
  /** The page that a profile is put into to be shown without JupyterLab; missing where there is none. */
  readonly page?: (charts: boolean) => Promise<string>;
}

/** What a profile with compiled frames, or of several metrics, has beside all others. */
export interface IMore {
  /** What the header tells instead of the share of compiled code. */
  readonly figures: readonly Node[];
  /** Below the header. */
  readonly bar: Node;
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
    later: Later | null,
    more?: IMore
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
      header(result, _context, more?.figures)
    ]);
    if (more) {
      this.node.append(more.bar);
    }
    // Nobody presses keys before the first look.
    void withLater(
      ({ PlainKeys }) => {
        if (!this._isDisposed) {
          this._keys = new PlainKeys(this.node);
        }
      },
      () => undefined
    );
    const hasLines = profile.lines.length > 0;
    if (result.rows.length === 0 && !hasLines) {
      this.node.append(
        ...(later ? [later.noFunctions(profile, _context)] : [])
      );
      return;
    }
    result.canProfileLines = Boolean(_host.profileLines);
    result.profileNatively = _host.profileNatively ?? null;
    const open = (func: FuncIndex, isForLines?: boolean) =>
      void this._openCode(func, isForLines);
    const lazy = (name: string, load: () => Promise<() => ILazyView>) =>
      new LazyPanel(`jp-Profiler-${name}Panel`, result, _context, load);
    const panels = this._panels;
    if (result.rows.length > 0) {
      panels.functions = new FunctionsPanel(result, _context, open);
      panels.calls = lazy('calls', async () => {
        const { CallsView } = await import(
          /* webpackChunkName: "calls" */ './calls'
        );
        return () => new CallsView(result, _context, open, _host.link);
      });
      panels.tree = lazy('tree', async () => {
        const { TreeView } = await import(
          /* webpackChunkName: "tree" */ './tree'
        );
        return () => new TreeView(result, _context, open);
      });
      panels.map = lazy('map', async () => {
        const { MapView } = await import(/* webpackChunkName: "map" */ './map');
        return () => new MapView(result, _context, open, _host.textOf);
      });
      panels.charts = lazy('charts', async () => {
        const { ResultCharts } = await import(
          /* webpackChunkName: "charts" */ './charts'
        );
        return () => new ResultCharts(result, _context);
      });
    }
    if (hasLines) {
      panels.lines = lazy('lines', async () => {
        const { LinesView } = await import(
          /* webpackChunkName: "lines" */ './lines'
        );
        return () =>
          new LinesView(
            result,
            _context,
            _host,
            () => new AccountPanel(result, _context, open)
          );
      });
    }
    const labels = {
      functions: trans.__('Functions'),
      calls: trans.__('Callers and callees'),
      lines: trans.__('Lines'),
      tree: trans.__('Call tree'),
      map: trans.__('Square map'),
      charts: trans.__('Charts')
    };
    const tabs = VIEWS.flatMap(view => {
      const panel = panels[view]?.node;
      return panel ? [{ view, label: labels[view], panel }] : [];
    });
    this._tabs = new Tabs(tabs, trans.__('Views'), view =>
      result.update({ view })
    );
    this.node.append(
      element('div', { className: 'jp-Profiler-bar' }, [
        this._tabs.node,
        button(
          trans.__('Save as…'),
          () =>
            void this._withLater(({ saveAs }) =>
              saveAs(this.node, result, _context, _host.page)
            )
        )
      ]),
      ...tabs.map(({ panel }) => panel)
    );
    this._tabs.show(this._view());
    result.onChange(before => {
      if (before.view !== result.state.view) {
        this._tabs?.show(this._view());
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

  showLine(path: string, line: number): boolean {
    const { files, lines } = this._result.profile;
    const isThere = lines.line.some(
      (one, row) => one === line && files.path[lines.file[row]] === path
    );
    if (isThere) {
      this._result.wanted = { path, line };
      this._result.update({ view: 'lines' });
    }
    return isThere;
  }

  dispose(): void {
    this._isDisposed = true;
    this._opener?.dispose();
    this._keys?.dispose();
    Object.values(this._panels).forEach(panel => panel.dispose());
    this.node.remove();
  }

  /** The view that is shown: the chosen one, if the profile has something for it. */
  private _view(): ViewName {
    const { view } = this._result.state;
    return this._panels[view]
      ? view
      : this._panels.functions
        ? 'functions'
        : 'lines';
  }

  /** The panel of the view that is shown. */
  private _shown(): IPanel | undefined {
    return this._panels[this._view()];
  }

  /**
   * Go to the code; where that is not possible, show its source as it ran.
   */
  private _openCode(func: FuncIndex, isForLines?: boolean): Promise<void> {
    return this._withLater(({ CodeOpener }) => {
      this._opener ??= new CodeOpener(
        this._result,
        this._context,
        this._host,
        () => this._shown()
      );
      return this._opener.open(func, isForLines);
    });
  }

  private _withLater(
    use: (later: Later) => void | Promise<void>
  ): Promise<void> {
    return withLater(
      later => {
        if (!this._isDisposed) {
          return use(later);
        }
      },
      () =>
        this._shown()?.node.append(
          element('p', {
            className: 'jp-Profiler-note',
            text: notLoaded(this._context),
            attributes: { role: 'alert' }
          })
        )
    );
  }

  private readonly _result: Result;
  private _keys: PlainKeys | null = null;
  private readonly _tabs: Tabs<ViewName> | null = null;
  private readonly _panels: Partial<Record<ViewName, IPanel>> = {};
  private _opener: CodeOpener | null = null;
  private _isDisposed = false;
}
