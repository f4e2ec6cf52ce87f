import type { IListing } from '../profile/functionList';
import type { FuncIndex, RowIndex } from '../profile/indices';
import type { IViewState } from '../profile/viewState';
import { AccountPanel } from './accountPanel';
import { orderName, tableColumns } from './columns';
import { notLoaded, type IContext } from './context';
import { button, element } from './dom';
import { FunctionTable } from './functionTable';
import { FunctionTools } from './functionTools';
import { withLater } from './loadLater';
import type { Later, Result } from './result';
import { MOST_ROWS } from './windowedRows';

/** Parts of a view state that change which rows are listed, or what is in them. */
const LISTING: readonly (keyof IViewState)[] = [
  'sort',
  'limited',
  'search',
  'regex',
  'hidden',
  'group',
  'open',
  'percent',
  'spine'
];

/** How long it is told what was copied, in ms. */
const SAID = 4_000;

/** Of these, what does not change where one is in the list. */
const IN_PLACE: readonly (keyof IViewState)[] = ['open', 'percent', 'spine'];

/**
 * The functions of a profile: tools, table, and the account of the one that is selected.
 */
export class FunctionsPanel {
  /**
   * @param onOpen - the reader wants to see the code of a function
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    onOpen: (func: FuncIndex, isForLines?: boolean) => void
  ) {
    const { trans } = _context;
    this._tools = new FunctionTools(_result, _context);
    this._table = new FunctionTable(_result, _context, onOpen);
    this._account = new AccountPanel(_result, _context, onOpen);
    this._summary = element('span', { attributes: { role: 'status' } });
    this._copyRow = button('', () => void this._copy(this._chosen()));
    this._toggle = button('', () =>
      _result.update({ limited: !_result.state.limited })
    );
    this.node = element('div', { className: 'jp-Profiler-functions' }, [
      this._tools.node,
      element('div', { className: 'jp-Profiler-bar' }, [
        this._summary,
        this._toggle,
        element('span', { className: 'jp-Profiler-exports' }, [
          this._copyRow,
          button(
            trans.__('Copy as text'),
            () => void this._copy(this._listed())
          )
        ])
      ]),
      element('div', { className: 'jp-Profiler-halves' }, [
        this._table.node,
        this._account.node
      ])
    ]);
    void this._withLater(({ onCopy }) =>
      onCopy(
        this.node,
        () => this._chosen(),
        order => this._copy(order)
      )
    );
    this._list(true);
    this._account.refresh();
    _result.onChange(before => this._onChange(before));
  }

  readonly node: HTMLElement;

  /**
   * Fit to the size that the node has now.
   */
  layout(): void {
    this._table.layout();
  }

  /**
   * Take the keyboard's focus.
   */
  focus(): void {
    this._table.focus();
  }

  /**
   * Say something for a while, in the place of the summary.
   */
  say(text: string): void {
    if (this._isDisposed) {
      return;
    }
    this._summary.textContent = text;
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._updateBar(), SAID);
  }

  dispose(): void {
    this._isDisposed = true;
    this._tools.dispose();
    this._table.dispose();
    window.clearTimeout(this._timer);
  }

  private _onChange(before: IViewState): void {
    const now = this._result.state;
    const changed = LISTING.filter(name => before[name] !== now[name]);
    this._tools.refresh();
    // Told of no change at all, the settings have changed.
    if (changed.length > 0 || before === now) {
      this._list(!changed.every(name => IN_PLACE.includes(name)));
    }
    if (before.selection !== now.selection) {
      this._table.showSelection();
      this._updateCopyRow();
    }
    if (
      before.selection !== now.selection ||
      before.percent !== now.percent ||
      before.factor !== now.factor
    ) {
      this._account.refresh();
    }
  }

  private _list(isFromTop: boolean): void {
    const { state, later, list } = this._result;
    if ((state.group !== 'none' || state.regex) && !later) {
      void this._loadLater();
      // What was listed before stays until then.
      return;
    }
    this._listing = list.listing(state);
    this._table.show(this._listing, isFromTop);
    this._updateBar();
    this._updateCopyRow();
  }

  private _updateBar(): void {
    window.clearTimeout(this._timer);
    const listing = this._listing;
    if (!listing) {
      return;
    }
    const { trans, numbers } = this._context;
    const { rows, profile, whole, threads, state, list } = this._result;
    const all = rows.length;
    const shown = Math.min(listing.rows.length, MOST_ROWS);
    const columns = tableColumns(trans, rows.metric?.unit ?? 'ns');
    const [first, second] = listing.keys.map(key =>
      orderName(trans, columns, key.column)
    );
    const unit = rows.metric?.unit ?? '';
    const sentences = [
      shown < all
        ? trans.__('%1 of %2 rows', numbers.count(shown), numbers.count(all))
        : trans._n('%2 row', '%2 rows', all, numbers.count(all)),
      ...(Number.isFinite(whole)
        ? [
            trans.__(
              'own %1 of %2',
              numbers.text(listing.self, unit),
              threads > 1
                ? trans.__(
                    '%1 in %2 threads',
                    numbers.text(whole, unit),
                    numbers.count(threads)
                  )
                : numbers.text(whole, unit)
            )
          ]
        : []),
      second
        ? trans.__('ordered by %1, then %2', first, second)
        : trans.__('ordered by %1', first)
    ];
    const tell = () => {
      this._summary.textContent = sentences.join(' · ');
    };
    tell();
    const { unusable } = list;
    if (
      listing.hiddenBySettings > 0 ||
      !listing.isSearchApplied ||
      listing.skipped[0] ||
      unusable[0]
    ) {
      void this._withLater(({ notApplied }) => {
        if (listing === this._listing) {
          sentences.push(
            ...notApplied(listing, unusable, state.search, this._context)
          );
          tell();
        }
      });
    }
    const canLimit = state.limited
      ? listing.isLimited
      : profile.view.limits.length > 0;
    this._toggle.hidden = !canLimit;
    this._toggle.textContent = state.limited
      ? trans.__('Show all %1', numbers.count(all))
      : trans.__('Show fewer');
  }

  private _loadLater(): Promise<void> {
    return this._withLater(later => {
      this._result.useLater(later);
      if (!this._isDisposed) {
        this._list(true);
      }
    });
  }

  private _copy(order: readonly RowIndex[]): Promise<void> {
    const keys = this._listing?.keys ?? [];
    return this._withLater(async ({ copyRows }) =>
      this.say(await copyRows(this._result, order, keys, this._context))
    );
  }

  private _withLater(
    use: (later: Later) => void | Promise<void>
  ): Promise<void> {
    return withLater(use, () => this.say(notLoaded(this._context)));
  }

  private _updateCopyRow(): void {
    const { trans, numbers } = this._context;
    const count = this._chosen().length;
    this._copyRow.disabled = count === 0;
    this._copyRow.textContent = trans._n(
      'Copy row',
      'Copy %2 rows',
      count || 1,
      numbers.count(count)
    );
  }

  private _listed(): readonly RowIndex[] {
    return this._listing?.rows ?? [];
  }

  /** The selected rows of those that are listed, in their order. */
  private _chosen(): readonly RowIndex[] {
    const selected = new Set(
      this._result.selection().map(func => this._result.graph.rowOf(func))
    );
    return this._listed().filter(row => selected.has(row));
  }

  private readonly _tools: FunctionTools;
  private readonly _table: FunctionTable;
  private readonly _account: AccountPanel;
  private readonly _summary: HTMLElement;
  private readonly _toggle: HTMLButtonElement;
  private readonly _copyRow: HTMLButtonElement;
  private _timer = 0;
  private _isDisposed = false;
  private _listing: IListing | null = null;
}
