import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import { naturalKey, type ISortKey, type SortColumn } from '../profile/sort';
import type { ITableColumn } from './columns';
import { element } from './dom';

/**
 * The heads of the function table: a click orders by one, another one turns the order round; with Shift it breaks the
 * ties of the order that is there.
 */
export class TableHeads {
  /**
   * @param onSort - the reader wants this order
   */
  constructor(
    private readonly _columns: readonly ITableColumn[],
    private readonly _trans: IRenderMime.TranslationBundle,
    private readonly _onSort: (keys: readonly ISortKey[]) => void
  ) {
    this._heads = _columns.map(column => this._head(column));
    this.node = element('thead', {}, [element('tr', {}, this._heads)]);
  }

  readonly node: HTMLTableSectionElement;

  /**
   * Give a column a width.
   *
   * @param width - as CSS has it
   */
  setWidth(column: SortColumn, width: string): void {
    const place = this._columns.findIndex(one => one.column === column);
    this._heads[place].style.width = width;
  }

  /**
   * Show an order.
   */
  show(keys: readonly ISortKey[]): void {
    this._keys = keys;
    this._columns.forEach(({ column, name }, i) => {
      const head = this._heads[i];
      // The bar is another picture of the total, which has a head of its own.
      const place =
        name === 'share'
          ? -1
          : this._keys.findIndex(key => headOf(key.column) === column);
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

  private _head(column: ITableColumn): HTMLTableCellElement {
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
        title: this._trans.__(
          '%1 Shift+click breaks ties by it.',
          column.caption
        ),
        attributes: { type: 'button' }
      },
      // On the side that is free: the label stays in line with its column.
      column.name === 'place' || column.name === 'share'
        ? [label, arrow]
        : [arrow, label]
    );
    button.addEventListener('click', event =>
      this._choose(column.column, event.shiftKey)
    );
    return element(
      'th',
      {
        className: `jp-Profiler-${column.name}`,
        attributes: { scope: 'col' }
      },
      [button]
    );
  }

  private _choose(column: SortColumn, isTieBreaker: boolean): void {
    const keys = this._keys;
    const place = keys.findIndex(key => headOf(key.column) === column);
    const turned = (key: ISortKey) => ({
      ...key,
      descending: !key.descending
    });
    this._onSort(
      !isTieBreaker
        ? [place === 0 ? turned(keys[0]) : naturalKey(column)]
        : place < 0
          ? [...keys, naturalKey(column)]
          : keys.map((key, i) => (i === place ? turned(key) : key))
    );
  }

  private readonly _heads: readonly HTMLTableCellElement[];
  private _keys: readonly ISortKey[] = [];
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
