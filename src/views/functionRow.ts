import { NONE, type FuncIndex, type RowIndex } from '../profile/indices';
import type { FunctionKind, IProfile } from '../profile/model';
import { displayName } from '../profile/names';
import type { IFunctionRows } from '../profile/rows';
import type { IContext } from './context';
import { clipped, element } from './dom';

/** Characters that the head of the column needs. */
const LEAST_CALLS_WIDTH = 8;

/**
 * Draws rows of the function table.
 */
export class FunctionRowPainter {
  constructor(
    private readonly _profile: IProfile,
    private readonly _rows: IFunctionRows,
    private readonly _labels: readonly string[],
    private readonly _context: IContext
  ) {}

  /**
   * One row, its cells in the order of the columns.
   *
   * @param position - from 0, counted with the rows that are not drawn
   */
  row(row: RowIndex, position: number): HTMLTableRowElement {
    const rows = this._rows;
    const func = rows.function[row];
    const isPseudo = this._profile.functions.kind[func] === 'pseudo';
    return element(
      'tr',
      {
        className: isPseudo ? 'jp-mod-pseudo' : '',
        // The head is row 1.
        attributes: { 'aria-rowindex': `${position + 2}` }
      },
      [
        element('td', {
          className: 'jp-Profiler-calls',
          text: this.calls(row)
        }),
        this._quantity(rows.self[row], 'jp-Profiler-self'),
        this._quantity(rows.selfPerCall[row], 'jp-Profiler-percall'),
        this._quantity(rows.total[row], 'jp-Profiler-total'),
        this._quantity(rows.totalPerCall[row], 'jp-Profiler-percall'),
        this._place(func)
      ]
    );
  }

  /**
   * pstats' ncalls: all calls, and after a slash the primitive ones where they are fewer.
   */
  calls(row: RowIndex): string {
    const { numbers } = this._context;
    const calls = this._rows.calls[row];
    const primitive = this._rows.primitive[row];
    return primitive === calls || Number.isNaN(primitive)
      ? numbers.count(calls)
      : `${numbers.count(calls)}/${numbers.count(primitive)}`;
  }

  /**
   * Characters of the longest text that `calls` gives, found without making all of them.
   */
  callsWidth(): number {
    const { numbers } = this._context;
    const { calls, primitive } = this._rows;
    let most = 0;
    let mostRecursive = 0;
    let mostPrimitive = 0;
    for (let row = 0; row < calls.length; row++) {
      most = Math.max(most, Math.abs(calls[row]) || 0);
      if (primitive[row] !== calls[row]) {
        mostRecursive = Math.max(mostRecursive, Math.abs(calls[row]) || 0);
        mostPrimitive = Math.max(mostPrimitive, Math.abs(primitive[row]) || 0);
      }
    }
    return Math.max(
      LEAST_CALLS_WIDTH,
      numbers.count(-most).length,
      mostRecursive > 0
        ? numbers.count(-mostRecursive).length +
            numbers.count(-mostPrimitive).length
        : 0
    );
  }

  private _quantity(value: number, className: string): HTMLTableCellElement {
    const { number, unit } = this._context.numbers.quantity(
      value,
      this._rows.metric?.unit ?? ''
    );
    return element('td', { className }, [
      number,
      element('span', {
        className: 'jp-Profiler-unit',
        text: `\u00a0${unit}`
      })
    ]);
  }

  /**
   * `filename:lineno(function)`, its parts apart so that they can be cut and told from each other.
   */
  private _place(func: FuncIndex): HTMLTableCellElement {
    const { functions, files } = this._profile;
    const file = functions.file[func];
    const name = element('span', {
      className: 'jp-Profiler-name',
      text: clipped(this._name(func))
    });
    const badge = this._badge(functions.kind[func]);
    if (file === NONE) {
      return this._placeCell(this._name(func), [name, ...badge]);
    }
    const line = functions.line[func];
    return this._placeCell(
      `${files.path[file]}:${line} (${this._name(func)})`,
      [
        element('span', {
          className: 'jp-Profiler-file',
          text: clipped(this._labels[file])
        }),
        element('span', {
          className: 'jp-Profiler-line',
          text: line > 0 ? `:${line}` : ''
        }),
        element('span', { className: 'jp-Profiler-bracket', text: '(' }),
        name,
        element('span', { className: 'jp-Profiler-bracket', text: ')' }),
        ...badge
      ]
    );
  }

  private _placeCell(title: string, parts: Node[]): HTMLTableCellElement {
    return element('td', { className: 'jp-Profiler-place' }, [
      element('div', { title: clipped(title) }, parts)
    ]);
  }

  private _name(func: FuncIndex): string {
    const { trans } = this._context;
    const { functions } = this._profile;
    if (functions.kind[func] === 'pseudo') {
      switch (functions.qualified[func]) {
        case 'awaiting':
          return trans.__('(awaiting)');
        case 'displaying':
          return trans.__('(displaying)');
        case 'tracing':
          return trans.__('(tracing)');
        default:
          // Folded rows say how many they are; their name is a sentence already.
          return functions.name[func];
      }
    }
    return displayName(this._profile, func);
  }

  /**
   * A word for what is no Python, not a colour alone.
   */
  private _badge(kind: FunctionKind): Node[] {
    const { trans } = this._context;
    const [text, title] =
      kind === 'builtin'
        ? [trans.__('C'), trans.__('Written in C.')]
        : kind === 'native'
          ? [trans.__('native'), trans.__('Machine code of a library.')]
          : kind === 'jit'
            ? [trans.__('JIT'), trans.__('Compiled while it ran.')]
            : ['', ''];
    return text
      ? [element('span', { className: 'jp-Profiler-badge', text, title })]
      : [];
  }
}
