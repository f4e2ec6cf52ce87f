import { CallGraph } from '../profile/callGraph';
import { spineOf, type ISpine } from '../profile/chains';
import { FunctionList } from '../profile/functionList';
import { NONE, type FuncIndex, type RowIndex } from '../profile/indices';
import { FunctionKeys } from '../profile/keys';
import type { IProfile } from '../profile/model';
import { fileLabels } from '../profile/names';
import { callOutliers } from '../profile/outliers';
import { rootCount } from '../profile/roots';
import { functionRows, wholeOf, type IFunctionRows } from '../profile/rows';
import { findFunctions } from '../profile/search';
import type { IViewState } from '../profile/viewState';
import type { Grouping } from './grouping';

/** What a result needs only when its reader asks for it. */
export type Later = typeof import('./later');

/** Functions that a result is about at most; further ones of a stored selection are left out. */
const MOST_SELECTED = 50;

/**
 * One result: a profile, what is derived from it once, and the view state that all its views share.
 */
export class Result {
  /**
   * @param state - what the reader had chosen before
   * @param remember - told of every change of the state
   */
  constructor(
    readonly profile: IProfile,
    state: IViewState,
    private readonly _remember: (state: IViewState) => void
  ) {
    this.rows = functionRows(profile);
    this.labels = fileLabels(profile);
    this.whole = wholeOf(profile, this.rows);
    this.threads = rootCount(profile);
    this.graph = new CallGraph(profile, this.rows);
    this.keys = new FunctionKeys(profile);
    this.spine = spineOf(this.graph, this.whole);
    this.outliers = callOutliers(this.rows, this.whole);
    this.list = this._listWithout([]);
    this._state = state;
  }

  /** A line that is to be shown; the view of lines takes it. */
  wanted: { readonly path: string; readonly line: number } | null = null;

  /** Whether the profile's cell can be run again to measure lines. */
  canProfileLines = false;

  /** Runs the profile's cell again to sample compiled code; null where that cannot be. */
  profileNatively: (() => Promise<boolean>) | null = null;

  readonly rows: IFunctionRows;
  /** What files are called on screen. */
  readonly labels: readonly string[];
  /** What shares are shares of. */
  readonly whole: number;
  /** Threads and processes that ran side by side. */
  readonly threads: number;
  readonly graph: CallGraph;
  readonly keys: FunctionKeys;
  readonly spine: ISpine | null;
  /** Rows whose calls are many and small. */
  readonly outliers: ReadonlySet<RowIndex>;
  list: FunctionList;

  /** Puts functions together; null until it is loaded (`useLater`). */
  grouping: Grouping | null = null;

  /** What is loaded when it is asked for; null until then (`useLater`). */
  later: Later | null = null;

  /**
   * Give it what was loaded.
   */
  useLater(later: Later): void {
    if (!this.later) {
      this.later = later;
      this.grouping = new later.Grouping(this.profile, this.rows, this.labels);
      this.list.grouping = this.grouping;
    }
  }

  get state(): IViewState {
    return this._state;
  }

  /**
   * Change the state, and tell all views.
   */
  update(change: Partial<IViewState>): void {
    const before = this._state;
    this._state = { ...before, ...change };
    this._remember(this._state);
    this._listeners.forEach(listener => listener(before));
  }

  /**
   * Be told of changes, with the state before. All listeners live as long as the result does.
   */
  onChange(listener: (before: IViewState) => void): void {
    this._listeners.push(listener);
  }

  /**
   * Functions that the reader's settings hide.
   *
   * @param patterns - searched in the names that pstats prints; what is no safe expression hides nothing, and is among
   * those that the list cannot use
   */
  hide(patterns: readonly string[]): void {
    this.list = this._listWithout(patterns);
    this._listeners.forEach(listener => listener(this._state));
  }

  /**
   * The selected functions that this profile has. As long as the reader chose none, the one to look at first.
   */
  selection(): readonly FuncIndex[] {
    const { selection } = this._state;
    if (selection === null) {
      const first = this._first();
      return first === NONE ? [] : [first];
    }
    return selection
      .map(key => this.keys.find(key))
      .filter((func): func is FuncIndex => func !== NONE);
  }

  /**
   * Select functions; the account is of the last one.
   */
  select(functions: readonly FuncIndex[]): void {
    this.update({
      selection: functions
        .slice(-MOST_SELECTED)
        .map(func => this.keys.keyOf(func))
    });
  }

  /**
   * A value's share of the whole.
   */
  share(value: number): number {
    return this.whole > 0 ? value / this.whole : NaN;
  }

  /**
   * Where the time is shared out: the end of the spine, else what took most in all.
   */
  private _first(): FuncIndex | typeof NONE {
    if (this.spine) {
      return this.spine.functions[this.spine.functions.length - 1];
    }
    const { rows, profile } = this;
    let first: FuncIndex | typeof NONE = NONE;
    let most = -Infinity;
    for (let row = 0; row < rows.length; row++) {
      const func = rows.function[row];
      if (rows.total[row] > most && profile.functions.kind[func] !== 'pseudo') {
        most = rows.total[row];
        first = func;
      }
    }
    return first;
  }

  private _listWithout(patterns: readonly string[]): FunctionList {
    const { matches, unusable } = findFunctions(this.profile, patterns);
    const list = new FunctionList(
      this.profile,
      this.rows,
      this.labels,
      this.spine,
      func => matches[func] === 1,
      unusable
    );
    list.grouping = this.grouping;
    return list;
  }

  private _state: IViewState;
  private readonly _listeners: ((before: IViewState) => void)[] = [];
}

/**
 * Whether what was measured is time, and can be spoken of as such.
 */
export function isTimed({ rows }: Result): boolean {
  return rows.metric?.unit === 'ns';
}
