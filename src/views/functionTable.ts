import type { RowIndex } from '../profile/indices';
import { limitRows } from '../profile/limits';
import type { IProfile } from '../profile/model';
import { fileLabels } from '../profile/names';
import type { IFunctionRows } from '../profile/rows';
import {
  naturalKey,
  parseSortKeys,
  sortRows,
  type ISortKey,
  type SortColumn
} from '../profile/sort';
import { orderName, tableColumns, type ITableColumn } from './columns';
import type { IContext } from './context';
import { element } from './dom';
import { FunctionRowPainter } from './functionRow';
import { MOST_ROWS, WindowedRows } from './windowedRows';

/**
 * The table of functions, with pstats' columns.
 *
 * A click on a head orders by it, another one turns the order round; with Shift it breaks the ties of the order that
 * is there. Opens in the order and with the restrictions of `view`; a button shows all rows.
 */
export class FunctionTable {
  constructor(
    private readonly _profile: IProfile,
    private readonly _rows: IFunctionRows,
    private readonly _context: IContext
  ) {
    const { trans } = _context;
    this._labels = fileLabels(_profile);
    this._painter = new FunctionRowPainter(
      _profile,
      _rows,
      this._labels,
      _context
    );
    this._columns = tableColumns(trans, _rows.metric?.unit ?? 'ns');
    this._keys = parseSortKeys(_profile.view.sort);
    this._isLimited = _profile.view.limits.length > 0;

    this._heads = this._columns.map(column => this._head(column));
    // Counts differ by more than times do, whose digits are limited.
    this._heads[0].style.width = `calc(${this._painter.callsWidth()}ch + 14px)`;
    const body = element('tbody');
    this._table = element(
      'table',
      { attributes: { 'aria-label': trans.__('Functions') } },
      [element('thead', {}, [element('tr', {}, this._heads)]), body]
    );
    const viewport = element(
      'div',
      {
        className: 'jp-Profiler-scroll',
        attributes: {
          tabindex: '0',
          role: 'region',
          'aria-label': trans.__('Table of functions')
        }
      },
      [this._table]
    );
    this._summary = element('span', { attributes: { role: 'status' } });
    this._toggle = element('button', {
      className: 'jp-Profiler-more',
      attributes: { type: 'button' }
    });
    this._toggle.addEventListener('click', this._onToggle);
    this.node = element('div', { className: 'jp-Profiler-functions' }, [
      element('div', { className: 'jp-Profiler-bar' }, [
        this._summary,
        this._toggle
      ]),
      viewport
    ]);
    this._window = new WindowedRows(viewport, body, position =>
      this._painter.row(this._order[position], position)
    );
    this._update();
  }

  readonly node: HTMLElement;

  /**
   * Fit to the size that the node has now.
   */
  layout(): void {
    this._window.layout();
  }

  dispose(): void {
    this._window.dispose();
    this._toggle.removeEventListener('click', this._onToggle);
  }

  /**
   * Order the rows, apply the restrictions, and draw.
   */
  private _update(): void {
    const all = sortRows(this._profile, this._rows, this._keys, this._labels);
    const { limits } = this._profile.view;
    const { order, skipped } = limitRows(
      this._profile,
      this._rows,
      all,
      this._isLimited ? limits : []
    );
    this._order = order;
    this._table.setAttribute('aria-rowcount', `${order.length + 1}`);
    this._window.reset(order.length);
    this._updateHeads();
    this._updateBar(all.length, skipped);
  }

  private _head(column: ITableColumn): HTMLTableCellElement {
    const { trans } = this._context;
    const label = element('span', {
      className: 'jp-Profiler-label',
      text: column.label
    });
    const arrow = element('span', {
      className: 'jp-Profiler-arrow',
      attributes: { 'aria-hidden': 'true' }
    });
    const button = element(
      'button',
      {
        title: trans.__('%1 Shift+click breaks ties by it.', column.caption),
        attributes: { type: 'button' }
      },
      // On the side that is free: the label stays in line with its column.
      column.column === 'place' ? [label, arrow] : [arrow, label]
    );
    button.addEventListener('click', event =>
      this._onSort(column.column, event.shiftKey)
    );
    return element(
      'th',
      {
        className: headClass(column.column),
        attributes: { scope: 'col' }
      },
      [button]
    );
  }

  private _updateHeads(): void {
    this._columns.forEach(({ column }, i) => {
      const head = this._heads[i];
      const place = this._keys.findIndex(key => headOf(key.column) === column);
      const key = this._keys[place];
      const arrow = head.querySelector('.jp-Profiler-arrow');
      if (arrow) {
        const number = place > 0 ? `${place + 1}` : '';
        arrow.textContent = key ? `${key.descending ? '▼' : '▲'}${number}` : '';
      }
      // The standard allows one column to have it.
      if (place === 0) {
        head.setAttribute(
          'aria-sort',
          key.descending ? 'descending' : 'ascending'
        );
      } else {
        head.removeAttribute('aria-sort');
      }
    });
  }

  private _updateBar(all: number, skipped: readonly string[]): void {
    const { trans, numbers } = this._context;
    const shown = Math.min(this._order.length, MOST_ROWS);
    const [first, second] = this._keys.map(key =>
      orderName(trans, this._columns, key.column)
    );
    const sentences = [
      shown < all
        ? trans.__('%1 of %2 rows', numbers.count(shown), numbers.count(all))
        : trans._n('%2 row', '%2 rows', all, numbers.count(all)),
      second
        ? trans.__('ordered by %1, then %2', first, second)
        : trans.__('ordered by %1', first),
      ...skipped.map(pattern =>
        trans.__('the pattern %1 is not applied here', pattern)
      )
    ];
    this._summary.textContent = sentences.join(' · ');
    const canLimit = this._isLimited
      ? shown < all
      : this._profile.view.limits.length > 0;
    this._toggle.hidden = !canLimit;
    this._toggle.textContent = this._isLimited
      ? trans.__('Show all %1', numbers.count(all))
      : trans.__('Show fewer');
  }

  private _onSort(column: SortColumn, isTieBreaker: boolean): void {
    const place = this._keys.findIndex(key => headOf(key.column) === column);
    const turned = (key: ISortKey) => ({
      ...key,
      descending: !key.descending
    });
    if (isTieBreaker) {
      this._keys =
        place < 0
          ? [...this._keys, naturalKey(column)]
          : this._keys.map((key, i) => (i === place ? turned(key) : key));
    } else {
      this._keys = [place === 0 ? turned(this._keys[0]) : naturalKey(column)];
    }
    this._update();
  }

  private readonly _onToggle = (): void => {
    this._isLimited = !this._isLimited;
    this._update();
  };

  private readonly _labels: readonly string[];
  private readonly _painter: FunctionRowPainter;
  private readonly _columns: readonly ITableColumn[];
  private readonly _heads: readonly HTMLTableCellElement[];
  private readonly _table: HTMLTableElement;
  private readonly _summary: HTMLElement;
  private readonly _toggle: HTMLButtonElement;
  private readonly _window: WindowedRows;
  private _keys: readonly ISortKey[];
  private _order: readonly RowIndex[] = [];
  private _isLimited: boolean;
}

/**
 * The column whose head stands for an order: pstats can order by parts of a column.
 */
function headOf(column: SortColumn): SortColumn {
  switch (column) {
    case 'primitive':
      return 'calls';
    case 'file':
    case 'line':
    case 'name':
    case 'standardName':
      return 'place';
    default:
      return column;
  }
}

function headClass(column: SortColumn): string {
  return column === 'selfPerCall' || column === 'totalPerCall'
    ? 'jp-Profiler-percall'
    : `jp-Profiler-${column}`;
}
