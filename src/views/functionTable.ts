import type { Entry, IListing, IRowEntry } from '../profile/functionList';
import { SPINE_KEY } from '../profile/functionList';
import type { FuncIndex } from '../profile/indices';
import { ranksOf } from '../profile/sort';
import { tableColumns, type ITableColumn } from './columns';
import type { IContext } from './context';
import { element } from './dom';
import { FunctionRowPainter } from './functionRow';
import type { Result } from './result';
import { TableHeads } from './tableHeads';
import { WindowedRows } from './windowedRows';

/** Makes ids of rows, which the table names as its active one. */
let tables = 0;

/**
 * The table of functions, with pstats' columns.
 *
 * A click on a row selects it, with Ctrl one more, with Shift all up to it; arrow keys do the same. Enter, or a double
 * click, leads to the code; on a row that holds others it opens it.
 */
export class FunctionTable {
  /**
   * @param onOpen - the reader wants to see the code of a function
   */
  constructor(
    private readonly _result: Result,
    context: IContext,
    private readonly _onOpen: (func: FuncIndex) => void
  ) {
    const { trans } = context;
    this._painter = new FunctionRowPainter(_result, context);
    const columns = tableColumns(trans, _result.rows.metric?.unit ?? 'ns');
    this._heads = new TableHeads(columns, trans, sort =>
      _result.update({ sort })
    );
    // Counts differ by more than times do, whose digits are limited.
    this._heads.setWidth(
      'calls',
      `calc(${this._painter.callsWidth()}ch + 14px)`
    );
    this._body = element('tbody');
    this._table = element(
      'table',
      {
        attributes: {
          role: 'treegrid',
          tabindex: '0',
          'aria-label': trans.__('Functions'),
          'aria-multiselectable': 'true'
        }
      },
      [this._heads.node, this._body]
    );
    this.node = element('div', { className: 'jp-Profiler-scroll' }, [
      this._table
    ]);
    this._id = `jp-profiler-${++tables}`;
    this._window = new WindowedRows(
      this.node,
      this._body,
      position => this._row(position),
      () => this._markActive()
    );
    prepareOrders(_result, columns);
    this._body.addEventListener('mousedown', this._onMouseDown);
    this._body.addEventListener('click', this._onClick);
    this._body.addEventListener('dblclick', this._onDoubleClick);
    this._table.addEventListener('keydown', this._onKeyDown);
  }

  readonly node: HTMLElement;

  /**
   * Show a listing.
   *
   * @param isFromTop - whether to go to the first row
   */
  show(listing: IListing, isFromTop: boolean): void {
    const before = this._entries[this._active];
    this._entries = listing.entries;
    this._table.setAttribute('aria-rowcount', `${this._entries.length + 1}`);
    this._selected = new Set(this._result.selection());
    // Who has just opened or closed a row is still on it.
    const folder = before && folderKey(before);
    this._active = folder
      ? this._entries.findIndex(entry => folderKey(entry) === folder)
      : this._positionOf(this._result.selection().at(-1));
    this._window.reset(this._entries.length, isFromTop);
    this._heads.show(listing.keys);
  }

  /**
   * Mark what is selected now.
   */
  showSelection(): void {
    const selection = this._result.selection();
    this._selected = new Set(selection);
    const active = this._entries[this._active];
    const last = selection.at(-1);
    // Who has just chosen a row here is still on it, be it to take it from the selection.
    if (
      !this._isChoosing &&
      (active?.kind !== 'row' || this._functionOf(active) !== last)
    ) {
      const position = this._positionOf(last);
      if (position >= 0) {
        this._active = position;
        this._reveal();
      }
    }
    for (const row of this._body.rows) {
      const entry = this._entries[Number(row.dataset.position)];
      if (entry) {
        this._mark(row, entry);
      }
    }
    this._markActive();
  }

  /**
   * Fit to the size that the node has now.
   */
  layout(): void {
    this._window.layout();
    if (this._isUnseen && this.node.clientHeight > 0) {
      this._reveal();
    }
  }

  /**
   * Take the keyboard's focus.
   */
  focus(): void {
    this._table.focus({ preventScroll: true });
  }

  dispose(): void {
    this._window.dispose();
  }

  private _row(position: number): HTMLTableRowElement {
    const entry = this._entries[position];
    const row = this._painter.row(entry, position);
    row.id = `${this._id}-${position}`;
    this._mark(row, entry);
    return row;
  }

  private _mark(row: HTMLTableRowElement, entry: Entry): void {
    const functions =
      entry.kind === 'row'
        ? [this._result.rows.function[entry.row]]
        : // While it is closed, the spine stands for its frames.
          entry.kind === 'spine' && !entry.isOpen
          ? entry.spine.functions
          : [];
    row.setAttribute(
      'aria-selected',
      `${functions.some(func => this._selected.has(func))}`
    );
  }

  private _markActive(): void {
    for (const row of this._body.rows) {
      row.classList.toggle(
        'jp-mod-active',
        row.dataset.position === `${this._active}`
      );
    }
    const id = `${this._id}-${this._active}`;
    if (this._body.querySelector(`[id="${id}"]`)) {
      this._table.setAttribute('aria-activedescendant', id);
    } else {
      this._table.removeAttribute('aria-activedescendant');
    }
  }

  private _functionOf(entry: Entry): FuncIndex | null {
    return entry.kind === 'row' ? this._result.rows.function[entry.row] : null;
  }

  private _positionOf(func: FuncIndex | undefined): number {
    return func === undefined
      ? -1
      : this._entries.findIndex(entry => this._functionOf(entry) === func);
  }

  /**
   * Open or close a row that holds others.
   */
  private _toggle(entry: Entry): void {
    if (entry.kind === 'row') {
      return;
    }
    const key = folderKey(entry);
    const { open } = this._result.state;
    this._result.update({
      open: entry.isOpen ? open.filter(one => one !== key) : [...open, key]
    });
  }

  /**
   * Go from a row that another one holds to that one.
   */
  private _toFolder({ level }: IRowEntry): void {
    for (let i = this._active; level > 0 && i >= 0; i--) {
      if (this._entries[i].kind !== 'row') {
        this._active = i;
        this._reveal();
        this._markActive();
        return;
      }
    }
  }

  /**
   * Make a row the active one, and select by it.
   *
   * @param how - `only` this one, this one `too` (or no longer), or all `upTo` it
   */
  private _choose(position: number, how: 'only' | 'too' | 'upTo'): void {
    const entry = this._entries[position];
    const func = entry && this._functionOf(entry);
    const before = this._active;
    this._active = position;
    this._reveal();
    if (func === null || func === undefined) {
      this._markActive();
      return;
    }
    this._isChoosing = true;
    this._result.select(this._selectionWith(func, how, before));
    this._isChoosing = false;
  }

  /**
   * The selection after a row was chosen.
   *
   * @param before - position of the row from which the reader came
   */
  private _selectionWith(
    func: FuncIndex,
    how: 'only' | 'too' | 'upTo',
    before: number
  ): readonly FuncIndex[] {
    const selection = this._result.selection();
    const others = selection.filter(one => one !== func);
    if (how === 'too') {
      return others.length < selection.length ? others : [...selection, func];
    }
    if (how === 'only' || before < 0) {
      return [func];
    }
    const between = this._entries
      .slice(Math.min(before, this._active), Math.max(before, this._active) + 1)
      .map(one => this._functionOf(one))
      .filter((one): one is FuncIndex => one !== null && one !== func);
    // Where there are more than can be selected, those next to the row are.
    if (this._active < before) {
      between.reverse();
    }
    const passed = new Set(between);
    return [...others.filter(one => !passed.has(one)), ...between, func];
  }

  /**
   * Scroll to the active row; where nothing is seen of the table, when it is.
   */
  private _reveal(): void {
    this._isUnseen = this.node.clientHeight === 0;
    if (this._active >= 0) {
      this._window.reveal(this._active, this._heads.node.offsetHeight);
    }
  }

  /**
   * With Shift rows are selected, and the text between the clicks is not.
   */
  private readonly _onMouseDown = (event: MouseEvent): void => {
    if (event.shiftKey) {
      event.preventDefault();
      this.focus();
    }
  };

  private readonly _onClick = (event: MouseEvent): void => {
    const position = positionOf(event);
    const entry = this._entries[position];
    const isMarking =
      !event.shiftKey && document.getSelection()?.type === 'Range';
    // Who has just marked text wants to copy it.
    if (!entry || isMarking) {
      return;
    }
    if (entry.kind !== 'row') {
      this._active = position;
      this._toggle(entry);
      return;
    }
    this._choose(
      position,
      event.shiftKey ? 'upTo' : event.ctrlKey || event.metaKey ? 'too' : 'only'
    );
  };

  private readonly _onDoubleClick = (event: MouseEvent): void => {
    const entry = this._entries[positionOf(event)];
    const func = entry && this._functionOf(entry);
    if (func !== null && func !== undefined) {
      document.getSelection()?.removeAllRanges();
      this._onOpen(func);
    }
  };

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== this._table || event.altKey || event.metaKey) {
      return;
    }
    const last = this._entries.length - 1;
    const entry = this._entries[this._active];
    const move = (position: number) =>
      this._choose(
        Math.max(0, Math.min(position, last)),
        event.shiftKey ? 'upTo' : 'only'
      );
    const { page } = this._window;
    switch (event.key) {
      case 'ArrowDown':
        move(this._active + 1);
        break;
      case 'ArrowUp':
        move(this._active - 1);
        break;
      case 'PageDown':
        move(this._active + page);
        break;
      case 'PageUp':
        move(this._active - page);
        break;
      case 'Home':
        move(0);
        break;
      case 'End':
        move(last);
        break;
      case 'ArrowRight':
      case 'ArrowLeft':
        if (event.key === 'ArrowLeft' && entry?.kind === 'row') {
          this._toFolder(entry);
        } else if (
          entry &&
          entry.kind !== 'row' &&
          entry.isOpen === (event.key === 'ArrowLeft')
        ) {
          this._toggle(entry);
        }
        break;
      case ' ':
        if (entry?.kind === 'row') {
          this._choose(this._active, 'too');
        } else if (entry) {
          this._toggle(entry);
        }
        break;
      case 'Enter':
        if (event.shiftKey || event.ctrlKey || !entry) {
          return;
        }
        if (entry.kind === 'row') {
          this._onOpen(this._result.rows.function[entry.row]);
        } else {
          this._toggle(entry);
        }
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  private readonly _id: string;
  private readonly _painter: FunctionRowPainter;
  private readonly _heads: TableHeads;
  private readonly _body: HTMLTableSectionElement;
  private readonly _table: HTMLTableElement;
  private readonly _window: WindowedRows;
  private _entries: readonly Entry[] = [];
  private _selected: ReadonlySet<FuncIndex> = new Set();
  private _active = -1;
  private _isChoosing = false;
  private _isUnseen = false;
}

/**
 * Name of a row that holds others, among the open ones of a view state; "" for a function.
 */
function folderKey(entry: Entry): string {
  switch (entry.kind) {
    case 'row':
      return '';
    case 'spine':
      return SPINE_KEY;
    case 'group':
      return entry.group.key;
  }
}

function positionOf(event: MouseEvent): number {
  const target = event.target;
  const row = target instanceof Element ? target.closest('tr') : null;
  return Number(row?.dataset.position ?? NaN);
}

/** Rows that are ordered while nothing else is to be done; of more a reader would feel it. */
const MOST_PREPARED = 10_000;

/**
 * Find the orders of columns while nobody waits, so that a click finds them.
 */
function prepareOrders(
  { profile, rows, labels }: Result,
  columns: readonly ITableColumn[]
): void {
  if (rows.length < MOST_PREPARED) {
    for (const { column } of columns) {
      // Not every browser has it.
      (self.requestIdleCallback ?? setTimeout)(() =>
        ranksOf(profile, rows, column, labels)
      );
    }
  }
}
