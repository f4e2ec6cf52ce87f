import type { Entry, IGroupEntry, ISpineEntry } from '../profile/functionList';
import { NONE, type FuncIndex, type RowIndex } from '../profile/indices';
import { shareCell } from './bar';
import type { IContext } from './context';
import { clipped, element, quantityCell } from './dom';
import { functionName, languageBadge, placeTitle } from './functionName';
import type { Result } from './result';

/** Characters that the head of the column needs. */
const LEAST_CALLS_WIDTH = 8;

/**
 * Draws rows of the function table.
 */
export class FunctionRowPainter {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext
  ) {}

  /**
   * One row, its cells in the order of the columns.
   *
   * @param position - from 0, counted with the rows that are not drawn
   */
  row(entry: Entry, position: number): HTMLTableRowElement {
    const node =
      entry.kind === 'row'
        ? this._function(entry.row)
        : entry.kind === 'group'
          ? this._group(entry)
          : this._spine(entry);
    // The head is row 1.
    node.setAttribute('aria-rowindex', `${position + 2}`);
    node.dataset.position = `${position}`;
    if (entry.kind === 'row') {
      node.classList.toggle('jp-mod-inner', entry.level > 0);
      node.setAttribute('aria-level', `${entry.level + 1}`);
    } else {
      node.classList.add('jp-mod-folder');
      node.setAttribute('aria-level', '1');
      node.setAttribute('aria-expanded', `${entry.isOpen}`);
    }
    return node;
  }

  private _function(row: RowIndex): HTMLTableRowElement {
    const { rows, profile } = this._result;
    const func = rows.function[row];
    const isPseudo = profile.functions.kind[func] === 'pseudo';
    return element('tr', { className: isPseudo ? 'jp-mod-pseudo' : '' }, [
      this.cell('calls', this.calls(row)),
      this.value(rows.self[row], 'self'),
      this.quantity(rows.selfPerCall[row], 'percall'),
      this.value(rows.total[row], 'total'),
      this.quantity(rows.totalPerCall[row], 'percall'),
      this.bar(rows.self[row], rows.total[row]),
      this._place(func, row)
    ]);
  }

  private _group(entry: IGroupEntry): HTMLTableRowElement {
    const { grouping } = this._result;
    return grouping ? grouping.row(entry, this, this._context) : element('tr');
  }

  private _spine({ spine, isOpen }: ISpineEntry): HTMLTableRowElement {
    const { trans, numbers } = this._context;
    const { profile, rows } = this._result;
    const count = spine.functions.length;
    const way = clipped(
      spine.functions
        .map(func => clipped(functionName(profile, func, trans)))
        .join(' › ')
    );
    return element('tr', {}, [
      element('td', { className: 'jp-Profiler-calls' }),
      this.value(spine.self, 'self'),
      element('td', { className: 'jp-Profiler-percall' }),
      this.value(spine.total, 'total'),
      element('td', { className: 'jp-Profiler-percall' }),
      this.bar(spine.self, spine.total),
      this.placeCell(way, [
        this.disclosure(isOpen),
        element('span', {
          className: 'jp-Profiler-name',
          text: trans._n(
            '%2 frame, %3 own',
            '%2 frames, %3 own',
            count,
            numbers.count(count),
            numbers.text(spine.self, rows.metric?.unit ?? '')
          )
        }),
        element('span', {
          className: 'jp-Profiler-way',
          text: way
        })
      ])
    ]);
  }

  /**
   * pstats' ncalls: all calls, and after a slash the primitive ones where they are fewer.
   */
  calls(row: RowIndex): string {
    const { numbers } = this._context;
    const calls = this._result.rows.calls[row];
    const primitive = this._result.rows.primitive[row];
    return primitive === calls || Number.isNaN(primitive)
      ? numbers.count(calls)
      : `${numbers.count(calls)}/${numbers.count(primitive)}`;
  }

  /**
   * Characters of the longest text that `calls` gives, found without making all of them.
   */
  callsWidth(): number {
    const { calls, primitive } = this._result.rows;
    let most = LEAST_CALLS_WIDTH;
    for (let row = 0; row < calls.length; row++) {
      const isRecursive =
        primitive[row] !== calls[row] && !Number.isNaN(primitive[row]);
      const width =
        widthOf(calls[row]) + (isRecursive ? 1 + widthOf(primitive[row]) : 0);
      most = Math.max(most, width);
    }
    return most;
  }

  /**
   * The sign of a row that opens. The row tells its state to screen readers.
   */
  disclosure(isOpen: boolean): HTMLElement {
    return element('span', {
      className: 'jp-Profiler-disclosure',
      text: isOpen ? '▾' : '▸',
      attributes: { 'aria-hidden': 'true' }
    });
  }

  /** A cell with a text. */
  cell(column: string, text: string): HTMLTableCellElement {
    return element('td', { className: `jp-Profiler-${column}`, text });
  }

  /** The cell with the bar. */
  bar(self: number, total: number): HTMLTableCellElement {
    return shareCell(this._result, self, total, this._context);
  }

  /**
   * A value as it is, or as its share of the whole.
   */
  value(value: number, column: string): HTMLTableCellElement {
    const { numbers } = this._context;
    return this._result.state.percent
      ? this.cell(column, numbers.percent(this._result.share(value)))
      : this.quantity(value, column);
  }

  /** A cell with a value and its unit. */
  quantity(value: number, column: string): HTMLTableCellElement {
    return quantityCell(
      `jp-Profiler-${column}`,
      this._context.numbers.quantity(
        value,
        this._result.rows.metric?.unit ?? ''
      )
    );
  }

  /**
   * `filename:lineno(function)`, its parts apart so that they can be cut and told from each other.
   */
  private _place(func: FuncIndex, row: RowIndex): HTMLTableCellElement {
    const { trans } = this._context;
    const { profile, labels } = this._result;
    const { functions } = profile;
    const file = functions.file[func];
    const name = element('span', {
      className: 'jp-Profiler-name',
      text: clipped(functionName(profile, func, trans))
    });
    const badges = [...this._kind(func), ...this._many(row)];
    const title = placeTitle(profile, func, trans);
    if (file === NONE) {
      return this.placeCell(title, [name, ...badges]);
    }
    const line = functions.line[func];
    return this.placeCell(title, [
      element('span', {
        className: 'jp-Profiler-file',
        text: clipped(labels[file])
      }),
      element('span', {
        className: 'jp-Profiler-line',
        text: line > 0 ? `:${line}(` : '('
      }),
      name,
      element('span', { className: 'jp-Profiler-bracket', text: ')' }),
      ...badges
    ]);
  }

  /**
   * The cell that says where.
   *
   * @param title - the whole of it
   */
  placeCell(title: string, parts: Node[]): HTMLTableCellElement {
    return element('td', { className: 'jp-Profiler-place' }, [
      element('div', { title: clipped(title) }, parts)
    ]);
  }

  /**
   * A word for what is no Python, not a colour alone.
   */
  private _kind(func: FuncIndex): Node[] {
    const { trans } = this._context;
    const { profile } = this._result;
    const language = languageBadge(profile, func, trans);
    if (language) {
      return [language];
    }
    const kind = profile.functions.kind[func];
    const [text, title] =
      kind === 'builtin' || kind === 'callable'
        ? [trans.__('C'), trans.__('Written in C.')]
        : kind === 'native'
          ? [trans.__('native'), trans.__('Machine code of a library.')]
          : kind === 'jit'
            ? [trans.__('JIT'), trans.__('Compiled while it ran.')]
            : ['', ''];
    return text ? [badge(text, title)] : [];
  }

  private _many(row: RowIndex): Node[] {
    const { trans, numbers } = this._context;
    const { rows, outliers } = this._result;
    if (!outliers.has(row)) {
      return [];
    }
    return [
      badge(
        trans.__('many calls'),
        trans.__(
          '%1 calls of %2 are %3 of the whole. Fewer calls may save more than faster ones. Tracing makes such small calls look dearer.',
          numbers.count(rows.calls[row]),
          numbers.text(rows.totalPerCall[row], 'ns'),
          numbers.percent(this._result.share(rows.total[row]))
        ),
        'jp-mod-many'
      )
    ];
  }
}

/** Characters of a count, its sign and the marks between thousands included. */
function widthOf(count: number): number {
  const size = Math.abs(count) || 0;
  const digits = size < 10 ? 1 : Math.floor(Math.log10(size) + 1e-9) + 1;
  return digits + Math.floor((digits - 1) / 3) + (count < 0 ? 1 : 0);
}

function badge(text: string, title: string, modifier = ''): HTMLElement {
  return element('span', {
    className: `jp-Profiler-badge ${modifier}`,
    text,
    title
  });
}
