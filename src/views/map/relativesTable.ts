import type { FuncIndex } from '../../profile/indices';
import { NONE } from '../../profile/indices';
import type { IRelative } from '../../profile/map/relatives';
import type { IContext } from '../context';
import { clipped, element, quantityCell } from '../dom';
import { shortPlace } from '../functionName';
import type { Result } from '../result';
import { WindowedRows } from '../windowedRows';
import type { MapWords } from './mapWords';
import { isUnknown, perCall, shortened } from './relativeCells';

/** Makes ids of rows, which the table names as its active one. */
let tables = 0;

/** A column of the list. */
type Column = (typeof COLUMNS)[number];

/** All of them; where there is little width, some are not shown. */
const COLUMNS = [
  'calls',
  'self',
  'selfPerCall',
  'total',
  'totalPerCall',
  'percent',
  'place',
  'directory'
] as const;

/** What a list tells. */
export interface IRelativesOptions {
  onSelect(func: FuncIndex): void;
  /** The reader wants the function to fill the map. */
  onRoot(func: FuncIndex): void;
  /** The pointer is on another row; `NONE`: on none. */
  onHover(func: FuncIndex | typeof NONE): void;
}

/**
 * Functions with what they took, as a list that can be sorted.
 */
export class RelativesTable {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _words: MapWords,
    private readonly _options: IRelativesOptions
  ) {
    this._heads = COLUMNS.map(column => this._head(column));
    this._body = element('tbody');
    this._table = element(
      'table',
      {
        className: 'jp-Profiler-relatives',
        attributes: {
          role: 'grid',
          tabindex: '0',
          'data-profiler-letters': ''
        }
      },
      [
        element('thead', {}, [
          element('tr', { attributes: { 'aria-rowindex': '1' } }, this._heads)
        ]),
        this._body
      ]
    );
    this.node = element('div', { className: 'jp-Profiler-scroll' }, [
      this._table
    ]);
    this._id = `jp-profiler-relatives-${++tables}`;
    this._window = new WindowedRows(
      this.node,
      this._body,
      position => this._row(position),
      () => this._markActive()
    );
    this._body.addEventListener('click', event => {
      const one = this._of(event);
      if (one) {
        _options.onSelect(one.func);
      }
    });
    this._body.addEventListener('dblclick', event => {
      const one = this._of(event);
      if (one) {
        _options.onRoot(one.func);
      }
    });
    this._body.addEventListener('pointerover', event =>
      _options.onHover(this._of(event)?.func ?? NONE)
    );
    this._body.addEventListener('pointerleave', () => _options.onHover(NONE));
    this._table.addEventListener('keydown', this._onKeyDown);
  }

  readonly node: HTMLElement;

  /**
   * Show functions.
   *
   * @param whole - what shares are shares of
   * @param label - what the list is called
   */
  show(relatives: readonly IRelative[], whole: number, label: string): void {
    this._relatives = relatives;
    this._whole = whole;
    this._active = 0;
    this._table.setAttribute('aria-label', label);
    this._table.setAttribute('aria-rowcount', `${relatives.length + 1}`);
    this._sort();
  }

  /** Mark the row of a function that is pointed at anywhere; `NONE`: none. */
  hover(func: FuncIndex | typeof NONE): void {
    this._hovered = func;
    for (const row of this._body.rows) {
      const one = this._sorted[Number(row.dataset.position)];
      row.classList.toggle('jp-mod-hovered', !!one && one.func === func);
    }
  }

  layout(): void {
    this._window.layout();
  }

  dispose(): void {
    this._window.dispose();
  }

  private _sort(): void {
    const { _column: column, _isFalling: isFalling } = this;
    const sign = isFalling ? -1 : 1;
    const keys = new Map(
      this._relatives.map(one => [one, this._sortKey(one, column)])
    );
    this._sorted = [...this._relatives].sort((a, b) => {
      const [one, other] = [keys.get(a) ?? '', keys.get(b) ?? ''];
      // What is not known comes last, whichever way.
      const rank = Number(isUnknown(one)) - Number(isUnknown(other));
      return rank || one === other ? rank : sign * (one < other ? -1 : 1);
    });
    this._heads.forEach((head, i) => {
      if (COLUMNS[i] === column) {
        head.setAttribute('aria-sort', isFalling ? 'descending' : 'ascending');
      } else {
        head.removeAttribute('aria-sort');
      }
      const arrow = head.querySelector('.jp-Profiler-arrow');
      if (arrow) {
        arrow.textContent =
          COLUMNS[i] === column ? (isFalling ? '▼' : '▲') : '';
      }
    });
    this._window.reset(this._sorted.length, true);
  }

  private _sortKey(one: IRelative, column: Column): number | string {
    switch (column) {
      case 'place':
        return this._words.func(one.func);
      case 'directory':
        return this._directory(one.func);
      case 'selfPerCall':
        return perCall(one, 'self');
      case 'totalPerCall':
        return perCall(one, 'total');
      case 'percent':
        return one.total;
      default:
        return one[column];
    }
  }

  /** Where a function's file is; "" where it has none, or is a cell. */
  private _directory(func: FuncIndex): string {
    const { functions, files } = this._result.profile;
    const file = functions.file[func];
    return file === NONE || files.cell[file]
      ? ''
      : clipped(files.path[file].replace(/[\\/]?[^\\/]*$/, ''));
  }

  private _head(column: Column): HTMLTableCellElement {
    const { trans } = this._context;
    const text = {
      calls: trans.__('calls'),
      self: trans.__('own'),
      selfPerCall: trans.__('/call'),
      total: trans.__('total'),
      totalPerCall: trans.__('/call'),
      percent: trans.__('share'),
      place: trans.__('function'),
      directory: trans.__('directory')
    }[column];
    const titles: Partial<Record<Column, string>> = {
      calls: trans.__(
        'Number of calls. Where two are given, all calls / those that did not come from within the function itself.'
      ),
      selfPerCall: trans.__('Own, for each call.'),
      totalPerCall: trans.__(
        'Total, for each call from outside the function itself.'
      ),
      percent: trans.__('Total, as a share of the map.')
    };
    const button = element(
      'button',
      {
        title: titles[column] ?? '',
        attributes: { type: 'button' }
      },
      [
        element('span', { className: 'jp-Profiler-label', text }),
        element('span', {
          className: 'jp-Profiler-arrow',
          attributes: { 'aria-hidden': 'true' }
        })
      ]
    );
    button.addEventListener('click', () => {
      this._isFalling =
        this._column === column
          ? !this._isFalling
          : column !== 'place' && column !== 'directory';
      this._column = column;
      this._sort();
    });
    return element(
      'th',
      {
        className: `jp-Profiler-${column}`,
        attributes: { scope: 'col' }
      },
      [button]
    );
  }

  private _row(position: number): HTMLTableRowElement {
    const { numbers } = this._context;
    const { profile, labels } = this._result;
    const one = this._sorted[position];
    const { func, calls, primitive, self, total } = one;
    const directory = this._directory(func);
    const place = clipped(shortPlace(profile, func, labels));
    const row = element(
      'tr',
      {
        attributes: {
          id: `${this._id}-${position}`,
          'aria-rowindex': `${position + 2}`
        }
      },
      [
        element('td', {
          className: 'jp-Profiler-calls',
          text:
            primitive < calls
              ? `${numbers.count(calls)}/${numbers.count(primitive)}`
              : numbers.count(calls)
        }),
        this._value('self', self),
        this._value('selfPerCall', perCall(one, 'self')),
        this._value('total', total),
        this._value('totalPerCall', perCall(one, 'total')),
        element('td', {
          className: 'jp-Profiler-percent',
          text: numbers.percent(total / this._whole)
        }),
        element(
          'td',
          {
            className: 'jp-Profiler-place',
            title: this._words.funcTitle(func)
          },
          [
            element('div', {}, [
              element('span', {
                className: 'jp-Profiler-name',
                text: this._words.func(func)
              }),
              element('span', { className: 'jp-Profiler-way', text: place })
            ])
          ]
        ),
        element('td', {
          className: 'jp-Profiler-directory',
          text: shortened(directory),
          title: directory
        })
      ]
    );
    row.dataset.position = `${position}`;
    row.classList.toggle('jp-mod-hovered', func === this._hovered);
    return row;
  }

  private _value(name: string, value: number): HTMLTableCellElement {
    const { numbers } = this._context;
    const { state, rows } = this._result;
    return state.percent
      ? element('td', {
          className: `jp-Profiler-${name}`,
          text: numbers.percent(value / this._whole)
        })
      : quantityCell(
          `jp-Profiler-${name}`,
          numbers.quantity(value, rows.metric?.unit ?? '')
        );
  }

  private _markActive(): void {
    let found = '';
    for (const row of this._body.rows) {
      const isActive = row.dataset.position === `${this._active}`;
      row.classList.toggle('jp-mod-active', isActive);
      if (row.dataset.position !== undefined) {
        row.setAttribute('aria-selected', `${isActive}`);
      }
      found = isActive ? row.id : found;
    }
    if (found) {
      this._table.setAttribute('aria-activedescendant', found);
    } else {
      this._table.removeAttribute('aria-activedescendant');
    }
  }

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    if (
      event.target !== this._table ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.shiftKey
    ) {
      return;
    }
    const last = this._sorted.length - 1;
    const next = {
      ArrowDown: this._active + 1,
      ArrowUp: this._active - 1,
      PageDown: this._active + this._window.page,
      PageUp: this._active - this._window.page,
      Home: 0,
      End: last
    }[event.key];
    const one = this._sorted[this._active];
    if (next !== undefined) {
      this._active = Math.max(0, Math.min(next, last));
      this._window.reveal(this._active, this._heads[0].offsetHeight);
      this._markActive();
    } else if ((event.key === 'Enter' || event.key === ' ') && one) {
      this._options.onSelect(one.func);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  private _of({ target }: Event): IRelative | undefined {
    const row = target instanceof Element ? target.closest('tr') : null;
    return this._sorted[Number(row?.dataset.position ?? NaN)];
  }

  private readonly _id: string;
  private readonly _heads: readonly HTMLTableCellElement[];
  private readonly _body: HTMLTableSectionElement;
  private readonly _table: HTMLTableElement;
  private readonly _window: WindowedRows;
  private _relatives: readonly IRelative[] = [];
  private _sorted: readonly IRelative[] = [];
  private _whole = NaN;
  private _column: Column = 'total';
  private _isFalling = true;
  private _active = 0;
  private _hovered: FuncIndex | typeof NONE = NONE;
}
