import type { IListing } from '../profile/functionList';
import type { FuncIndex, RowIndex } from '../profile/indices';
import type { IViewState } from '../profile/viewState';
import { AccountPanel } from './accountPanel';
import { orderName, tableColumns } from './columns';
import { notLoaded, type IContext } from './context';
import { element } from './dom';
import { FunctionTable } from './functionTable';
import { FunctionTools } from './functionTools';
import type { Result } from './result';
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
    onOpen: (func: FuncIndex) => void
  ) {
    const { trans } = _context;
    this._tools = new FunctionTools(_result, _context);
    this._table = new FunctionTable(_result, _context, onOpen);
    this._account = new AccountPanel(_result, _context, onOpen);
    this._summary = element('span', { attributes: { role: 'status' } });
    this._toggle = this._button('', () =>
      _result.update({ limited: !_result.state.limited })
    );
    this.node = element('div', { className: 'jp-Profiler-functions' }, [
      this._tools.node,
      element('div', { className: 'jp-Profiler-bar' }, [
        this._summary,
        this._toggle,
        element('span', { className: 'jp-Profiler-exports' }, [
          this._button(
            trans.__('Copy as text'),
            () => void this._copy(this._listed())
          ),
          this._button(
            trans.__('Save as CSV'),
            () => void this._save(this._listed())
          )
        ])
      ]),
      element('div', { className: 'jp-Profiler-halves' }, [
        this._table.node,
        this._account.node
      ])
    ]);
    this.node.addEventListener('copy', this._onCopy);
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

  dispose(): void {
    this._tools.dispose();
    this._table.dispose();
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
    this._listing = this._result.list.listing(this._result.state);
    this._table.show(this._listing, isFromTop);
    this._updateBar(this._listing);
  }

  private _updateBar(listing: IListing): void {
    const { trans, numbers } = this._context;
    const { rows, profile, whole, state } = this._result;
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
              numbers.text(whole, unit)
            )
          ]
        : []),
      second
        ? trans.__('ordered by %1, then %2', first, second)
        : trans.__('ordered by %1', first),
      ...(listing.hiddenBySettings > 0
        ? [
            trans.__(
              '%1 hidden by your settings',
              numbers.count(listing.hiddenBySettings)
            )
          ]
        : []),
      ...(listing.isSearchApplied
        ? []
        : [trans.__('the search is no regular expression that can be used')]),
      ...listing.skipped.map(pattern =>
        trans.__('the pattern %1 is not applied here', pattern)
      )
    ];
    this._summary.textContent = sentences.join(' · ');
    const canLimit = state.limited
      ? listing.isLimited
      : profile.view.limits.length > 0;
    this._toggle.hidden = !canLimit;
    this._toggle.textContent = state.limited
      ? trans.__('Show all %1', numbers.count(all))
      : trans.__('Show fewer');
  }

  private _button(text: string, onClick: () => void): HTMLButtonElement {
    const button = element('button', {
      className: 'jp-Profiler-button',
      text,
      attributes: { type: 'button' }
    });
    button.addEventListener('click', onClick);
    return button;
  }

  private async _copy(order: readonly RowIndex[]): Promise<void> {
    const { trans, numbers } = this._context;
    const { profile, rows } = this._result;
    const keys = this._listing?.keys ?? [];
    try {
      const { copyText, pstatsText } = await whenAsked();
      const isDone = await copyText(pstatsText(profile, rows, order, keys));
      const count = order.length;
      this._summary.textContent = isDone
        ? trans._n(
            '%2 row copied',
            '%2 rows copied',
            count,
            numbers.count(count)
          )
        : trans.__('The browser does not allow to copy');
    } catch {
      this._summary.textContent = notLoaded(this._context);
    }
  }

  private async _save(order: readonly RowIndex[]): Promise<void> {
    const { profile, rows } = this._result;
    try {
      const { csv, fileName, saveText } = await whenAsked();
      const name = `${fileName(profile.meta.label)}.csv`;
      saveText(csv(profile, rows, order), name, 'text/csv');
    } catch {
      this._summary.textContent = notLoaded(this._context);
    }
  }

  /**
   * Where no text is marked, the browser's own Copy takes the selected rows, as pstats prints them.
   */
  private readonly _onCopy = (event: ClipboardEvent): void => {
    const { graph } = this._result;
    const isInField = event.target instanceof HTMLInputElement;
    if (isInField || document.getSelection()?.type === 'Range') {
      return;
    }
    const selected = new Set(
      this._result.selection().map(func => graph.rowOf(func))
    );
    const order = this._listed().filter(row => selected.has(row));
    if (order.length > 0) {
      event.preventDefault();
      void this._copy(order);
    }
  };

  private _listed(): readonly RowIndex[] {
    return this._listing?.rows ?? [];
  }

  private readonly _tools: FunctionTools;
  private readonly _table: FunctionTable;
  private readonly _account: AccountPanel;
  private readonly _summary: HTMLElement;
  private readonly _toggle: HTMLButtonElement;
  private _listing: IListing | null = null;
}

/** What copying and saving need. */
function whenAsked(): Promise<typeof import('./later')> {
  return import(/* webpackChunkName: "later" */ './later');
}
