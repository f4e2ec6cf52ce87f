import { NONE } from '../../profile/indices';
import {
  MOST_LINE,
  type LineEntry,
  type LineList
} from '../../profile/lineList';
import {
  isHot,
  perHit,
  type ILineBlock,
  type ILineValues
} from '../../profile/lineRows';
import type { LineUnit } from '../../profile/linesState';
import { nameOfLines } from '../../profile/names';
import type { IContext } from '../context';
import { clipped, cut, element, quantityCell } from '../dom';
import { functionName, languageBadge, placeTitle } from '../functionName';
import type { Result } from '../result';
import type { SourceColours } from './sourceColours';
import { pieces } from './sourcePieces';
import { inUnit } from './units';

/** What a button in a row does. */
export type RowAction = 'open' | 'account' | 'inner';

/** Share of the hottest line's time from which on there is heat to be seen. */
const LEAST_HEAT = 0.005;

/** Functions that begin at a line and are named beside it. */
const MOST_INNER = 3;

/**
 * Draws the rows of the table of lines.
 */
export class LineRowPainter {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _colours: SourceColours
  ) {}

  /** Text that is marked in the source, in lower case. */
  search = '';

  /** The unit of what was measured, and the one that is chosen. */
  unit: { readonly measured: string; readonly shown: LineUnit } = {
    measured: '',
    shown: 'auto'
  };

  /**
   * One row, its cells in the order of the columns.
   */
  row(entry: LineEntry, list: LineList): HTMLTableRowElement {
    switch (entry.kind) {
      case 'block':
        return this._head(entry.block, entry.isOpen, list);
      case 'line':
        return this._line(entry.block, entry.line, entry.row, list);
      case 'rest':
        return this._rest(entry.block, list);
      case 'note':
        return this._note();
    }
  }

  /** Whether what lines took is time. */
  get isTimed(): boolean {
    const { values } = this._result.profile.lines;
    const keys = [...values.keys()];
    return (
      keys.some(key => key.endsWith('.time')) ||
      keys.every(key => key.endsWith('.hits'))
    );
  }

  /** What a block is called. */
  name({ function: func, file }: ILineBlock): string {
    const { profile, labels } = this._result;
    return clipped(
      func !== NONE
        ? functionName(profile, func, this._context.trans)
        : file !== NONE
          ? labels[file]
          : this._context.trans.__('(no function)')
    );
  }

  private _head(
    block: ILineBlock,
    isOpen: boolean,
    list: LineList
  ): HTMLTableRowElement {
    const { trans, numbers } = this._context;
    const { profile, rows, graph, labels } = this._result;
    const { function: func, file, first, all } = block;
    const place =
      file === NONE
        ? ''
        : first > 0
          ? `${labels[file]}:${first}`
          : labels[file];
    const accountRow = func === NONE ? NONE : graph.rowOf(func);
    const calls = accountRow === NONE ? NaN : rows.calls[accountRow];
    const didRun = all.hits !== 0;
    return element(
      'tr',
      {
        className: 'jp-Profiler-lineHead',
        attributes: { 'aria-level': '1', 'aria-expanded': `${isOpen}` }
      },
      [
        element('td', { className: 'jp-Profiler-number' }, [
          element('span', {
            className: 'jp-Profiler-disclosure',
            text: isOpen ? '▾' : '▸',
            attributes: { 'aria-hidden': 'true' }
          })
        ]),
        element('td', { className: 'jp-Profiler-hits' }),
        this._quantity('time', didRun ? all.time : NaN),
        element('td', { className: 'jp-Profiler-perHit' }),
        element('td', { className: 'jp-Profiler-percent' }),
        this._share(all, list),
        element('td', { className: 'jp-Profiler-code' }, [
          element(
            'div',
            {
              title: clipped(
                func === NONE ? place : placeTitle(profile, func, trans)
              )
            },
            [
              element('span', {
                className: 'jp-Profiler-name',
                text: this.name(block)
              }),
              (func !== NONE && languageBadge(profile, func, trans)) || '',
              ...(place
                ? [
                    button(
                      'open',
                      clipped(place),
                      trans.__('Go to the code (Enter)'),
                      'jp-Profiler-link'
                    )
                  ]
                : []),
              ...(Number.isNaN(calls)
                ? []
                : [
                    element('span', {
                      className: 'jp-Profiler-count',
                      text: trans._n(
                        '%2 call',
                        '%2 calls',
                        calls,
                        numbers.count(calls)
                      )
                    })
                  ]),
              ...(didRun
                ? []
                : [
                    element('span', {
                      className: 'jp-Profiler-badge',
                      text: trans.__('never ran')
                    })
                  ]),
              ...(accountRow === NONE
                ? []
                : [
                    button(
                      'account',
                      trans.__('Show its account'),
                      trans.__('Where its time went, by function (a)'),
                      'jp-Profiler-button'
                    )
                  ])
            ]
          )
        ])
      ]
    );
  }

  private _line(
    block: ILineBlock,
    line: number,
    row: number,
    list: LineList
  ): HTMLTableRowElement {
    const { trans } = this._context;
    const number = element('td', {
      className: 'jp-Profiler-number',
      text: `${line}`
    });
    if (row === NONE) {
      return this._values(number, null, block, list, [
        this._source(block, line, list)
      ]);
    }
    const values = {
      hits: block.hits[row],
      time: block.time[row],
      own: block.own[row]
    };
    const isNotRun = values.hits === 0;
    const node = this._values(number, values, block, list, [
      ...(isNotRun
        ? [
            element('span', {
              className: 'jp-Profiler-unseen',
              text: trans.__('not run: ')
            })
          ]
        : []),
      this._source(block, line, list)
    ]);
    node.classList.toggle('jp-mod-notRun', isNotRun);
    return node;
  }

  private _rest(block: ILineBlock, list: LineList): HTMLTableRowElement {
    const { trans } = this._context;
    const node = this._values(
      element('td', { className: 'jp-Profiler-number', text: '…' }),
      block.rest,
      block,
      list,
      [
        trans.__(
          'more lines: put together to keep the result small, or not known which'
        )
      ]
    );
    node.classList.add('jp-mod-told');
    return node;
  }

  private _note(): HTMLTableRowElement {
    const { trans } = this._context;
    const node = this._values(
      element('td', { className: 'jp-Profiler-number' }),
      null,
      null,
      null,
      [trans.__('The text of these lines is not in the profile.')]
    );
    node.classList.add('jp-mod-told');
    return node;
  }

  /** A row with what was measured, or without. */
  private _values(
    number: HTMLElement,
    values: ILineValues | null,
    block: ILineBlock | null,
    list: LineList | null,
    code: readonly (Node | string)[]
  ): HTMLTableRowElement {
    const { numbers } = this._context;
    const source = element('td', { className: 'jp-Profiler-code' }, [
      element('div', {}, code)
    ]);
    const attributes = { 'aria-level': '2' };
    if (!values || !block || !list) {
      return element('tr', { attributes }, [
        number,
        ...['hits', 'time', 'perHit', 'percent', 'share'].map(name =>
          element('td', { className: `jp-Profiler-${name}` })
        ),
        source
      ]);
    }
    const { hits, time } = values;
    const row = element('tr', { attributes }, [
      number,
      element('td', {
        className: 'jp-Profiler-hits',
        text: numbers.count(hits)
      }),
      this._quantity('time', hits === 0 ? NaN : time),
      this._quantity('perHit', perHit(values)),
      element('td', {
        className: 'jp-Profiler-percent',
        text: hits === 0 ? '' : numbers.percent(shareOf(time, block.all.time))
      }),
      this._share(values, list),
      source
    ]);
    const heat = shareOf(time, list.rows.hottest);
    if (heat >= LEAST_HEAT) {
      row.style.setProperty('--heat', `${Math.min(1, heat)}`);
      row.classList.add('jp-mod-timed');
    }
    row.classList.toggle('jp-mod-hot', isHot(time, list.rows));
    return row;
  }

  /** The share of all in words, and as a bar: what the line owns filled, what it calls in outline. */
  private _share(values: ILineValues, { rows }: LineList): HTMLElement {
    const { trans, numbers } = this._context;
    const { hits, time, own } = values;
    const all = shareOf(time, rows.whole);
    if (hits === 0 || Number.isNaN(all)) {
      return element('td', {
        className: 'jp-Profiler-share jp-Profiler-shareBar jp-mod-empty'
      });
    }
    const self = shareOf(own, rows.whole);
    const isSplit = own < time;
    const cell = element('td', {
      className: `jp-Profiler-share jp-Profiler-shareBar${all < LEAST_HEAT ? ' jp-mod-empty' : ''}`,
      text: numbers.percent(all),
      title: isSplit
        ? trans.__(
            'Own %1, what it calls %2',
            numbers.percent(self),
            numbers.percent(all - self)
          )
        : ''
    });
    cell.style.setProperty('--all', `${within(all)}`);
    cell.style.setProperty('--own', `${within(isSplit ? self : all)}`);
    return cell;
  }

  private _quantity(name: string, value: number): HTMLTableCellElement {
    return quantityCell(
      `jp-Profiler-${name}`,
      Number.isNaN(value)
        ? { number: '', unit: '' }
        : inUnit(
            value,
            this.unit.measured,
            this.unit.shown,
            this._context.numbers
          )
    );
  }

  /** The text of a line in its colours, what is searched for marked, and functions that begin there. */
  private _source(
    block: ILineBlock,
    line: number,
    list: LineList
  ): HTMLElement {
    const { sources } = list;
    const source = sources.blockAt(block.file, line);
    const whole = source ? source.lines[line - source.first] : '';
    const text = whole.slice(0, MOST_LINE);
    const parts = source ? this._colours.of(source, line) : [];
    const inner = list.innerAt(block, line);
    return element(
      'code',
      whole.length > text.length ? { title: cut(whole) } : {},
      [
        ...pieces(text, parts, this.search),
        ...(whole.length > text.length ? ['…'] : []),
        ...inner.slice(0, MOST_INNER).map(other => {
          const { function: func } = other;
          const link = button(
            'inner',
            func === NONE
              ? this.name(other)
              : clipped(nameOfLines(this._result.profile, func)),
            this._context.trans.__('Go to the lines of %1', this.name(other)),
            'jp-Profiler-link'
          );
          link.dataset.block = `${list.rows.blocks.indexOf(other)}`;
          return link;
        })
      ]
    );
  }
}

/** A button that the keyboard does not stop at: the row has a key for it. */
function button(
  action: RowAction,
  text: string,
  title: string,
  className: string
): HTMLElement {
  return element('button', {
    className,
    text,
    title,
    attributes: { type: 'button', tabindex: '-1', 'data-action': action }
  });
}

function shareOf(value: number, whole: number): number {
  return whole > 0 ? value / whole : NaN;
}

function within(share: number): number {
  return Math.min(Math.max(share || 0, 0), 1);
}
