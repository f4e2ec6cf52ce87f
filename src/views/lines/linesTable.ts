import {
  HEAD,
  type ILineListing,
  type ILinePlace,
  type LineList
} from '../../profile/lineList';
import type { ILineBlock } from '../../profile/lineRows';
import type { IContext } from '../context';
import { element } from '../dom';
import { WindowedRows } from '../windowedRows';
import type { LineRowPainter, RowAction } from './lineRow';

/** Makes ids of rows, which the table names as its active one. */
let tables = 0;

/** How long a row is lit up that was gone to from elsewhere, in ms. */
const FLASH = 1_200;

/** What a table tells. */
export interface ILinesTableOptions {
  /** The reader is on another row. */
  onActive(place: ILinePlace): void;
  /** The reader opens or closes a block. */
  onToggle(block: ILineBlock): void;
  /** The reader wants to see the code. */
  onOpen(place: ILinePlace): void;
  /** The reader wants to see the account of a block's function. */
  onAccount(block: ILineBlock): void;
  /** The reader wants to see the lines of another block. */
  onGo(block: ILineBlock): void;
  /** The reader wants the next hot line, or the one before. */
  onHot(step: 1 | -1): void;
}

/**
 * Functions and their lines, as rows that open.
 */
export class LinesTable {
  constructor(
    private readonly _painter: LineRowPainter,
    context: IContext,
    private readonly _options: ILinesTableOptions
  ) {
    const { trans } = context;
    this._id = `jp-profiler-lines-${++tables}`;
    this._body = element('tbody');
    this._heads = heads(context, _painter.isTimed);
    this._table = element(
      'table',
      {
        className: 'jp-Profiler-linesTable',
        attributes: {
          role: 'treegrid',
          tabindex: '0',
          'aria-label': trans.__('Lines'),
          'aria-keyshortcuts': 'n p a',
          'data-profiler-letters': ''
        }
      },
      [this._heads, this._body]
    );
    this.node = element('div', { className: 'jp-Profiler-scroll' }, [
      this._table
    ]);
    this._window = new WindowedRows(
      this.node,
      this._body,
      position => this._row(position),
      () => this._markActive()
    );
    this._body.addEventListener('click', this._onClick);
    this._body.addEventListener('dblclick', this._onDoubleClick);
    this._table.addEventListener('keydown', this._onKeyDown);
  }

  readonly node: HTMLElement;

  /** The row that the keyboard is on; null if there is none. */
  get active(): ILinePlace | null {
    return this._active;
  }

  /**
   * Show these rows; the active one stays where it is in them.
   *
   * @param active - what becomes the active one
   */
  show(list: LineList, listing: ILineListing, active: ILinePlace | null): void {
    this._list = list;
    this._listing = listing;
    this._active = active;
    this._table.style.setProperty('--characters', `${widest(list)}`);
    this._table.setAttribute('aria-rowcount', `${listing.length + 1}`);
    this._window.reset(listing.length, false);
  }

  /** Draw the rows anew. */
  redraw(): void {
    this._window.reset(this._listing?.length ?? 0, false);
  }

  /**
   * Put the keyboard on a row.
   *
   * @param isCentred - whether there is to be something above and below it
   */
  activate(place: ILinePlace, isCentred = false): void {
    this._active = place;
    this._isCentred = isCentred;
    this._reveal();
    this._markActive();
  }

  /** Light the active row up for a moment. */
  flash(): void {
    window.clearTimeout(this._timer);
    this._isFlashing = true;
    this._markActive();
    this._timer = window.setTimeout(() => {
      this._isFlashing = false;
      this._markActive();
    }, FLASH);
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
    window.clearTimeout(this._timer);
    this._window.dispose();
  }

  private _row(position: number): HTMLTableRowElement {
    const entry = this._listing?.at(position);
    if (!entry || !this._list) {
      return element('tr');
    }
    const row = this._painter.row(entry, this._list);
    row.id = `${this._id}-${position}`;
    row.dataset.position = `${position}`;
    // The head is row 1.
    row.setAttribute('aria-rowindex', `${position + 2}`);
    return row;
  }

  private _markActive(): void {
    const position = this._position();
    let found: string | null = null;
    for (const row of this._body.rows) {
      if (row.dataset.position === undefined) {
        continue;
      }
      const isActive = Number(row.dataset.position) === position;
      row.classList.toggle('jp-mod-active', isActive);
      row.classList.toggle('jp-mod-flash', isActive && this._isFlashing);
      row.setAttribute('aria-selected', `${isActive}`);
      found = isActive ? row.id : found;
    }
    if (found) {
      this._table.setAttribute('aria-activedescendant', found);
    } else {
      this._table.removeAttribute('aria-activedescendant');
    }
  }

  /** Scroll to the active row; where nothing is seen of the table, when it is. */
  private _reveal(): void {
    this._isUnseen = this.node.clientHeight === 0;
    const position = this._position();
    if (position < 0) {
      return;
    }
    const covered = this._heads.offsetHeight;
    if (this._isCentred) {
      const around = Math.floor(this._window.page / 2);
      const last = (this._listing?.length ?? 1) - 1;
      this._window.reveal(Math.max(0, position - around), covered);
      this._window.reveal(Math.min(last, position + around), covered);
    }
    this._window.reveal(position, covered);
  }

  private _position(): number {
    return this._active ? (this._listing?.positionOf(this._active) ?? -1) : -1;
  }

  private _choose(position: number): void {
    const { _listing: listing } = this;
    const entry = listing?.at(
      Math.max(0, Math.min(position, listing.length - 1))
    );
    if (entry) {
      this.activate(entry);
      this._options.onActive(entry);
    }
  }

  private readonly _onClick = (event: MouseEvent): void => {
    const position = positionOf(event);
    const entry = this._listing?.at(position);
    // Who has just marked text wants to copy it.
    if (!entry || document.getSelection()?.type === 'Range') {
      return;
    }
    const { target } = event;
    const button =
      target instanceof Element
        ? target.closest<HTMLElement>('[data-action]')
        : null;
    this._choose(position);
    switch (button?.dataset.action as RowAction | undefined) {
      case 'open':
        this._options.onOpen(entry);
        break;
      case 'account':
        this._options.onAccount(entry.block);
        break;
      case 'inner': {
        const other = this._list?.rows.blocks[Number(button?.dataset.block)];
        if (other) {
          this._options.onGo(other);
        }
        break;
      }
      case undefined:
        if (entry.kind === 'block') {
          this._options.onToggle(entry.block);
        }
    }
  };

  private readonly _onDoubleClick = (event: MouseEvent): void => {
    const entry = this._listing?.at(positionOf(event));
    if (entry?.kind === 'line') {
      document.getSelection()?.removeAllRanges();
      this._options.onOpen(entry);
    }
  };

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    if (
      event.target === this._table &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey &&
      this._onKey(event.key, event.shiftKey)
    ) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  private _onKey(key: string, hasShift: boolean): boolean {
    const at = this._position();
    const entry = this._listing?.at(at);
    const to = (position: number) => {
      this._choose(position);
      return true;
    };
    switch (key) {
      case 'ArrowDown':
        return to(at + 1);
      case 'ArrowUp':
        return to(at - 1);
      case 'PageDown':
        return to(at + this._window.page);
      case 'PageUp':
        return to(at - this._window.page);
      case 'Home':
        return to(0);
      case 'End':
        return to(this._listing?.length ?? 0);
      case 'n':
      case 'p':
        this._options.onHot(key === 'n' ? 1 : -1);
        return true;
    }
    if (!entry) {
      return false;
    }
    const { block } = entry;
    const isHead = entry.kind === 'block';
    switch (key) {
      case 'ArrowRight':
        if (isHead && !entry.isOpen) {
          this._options.onToggle(block);
        } else if (isHead) {
          this._choose(at + 1);
        }
        return true;
      case 'ArrowLeft':
        if (!isHead) {
          this._choose(this._listing?.positionOf({ block, line: HEAD }) ?? at);
        } else if (entry.isOpen) {
          this._options.onToggle(block);
        }
        return true;
      case ' ':
        if (isHead) {
          this._options.onToggle(block);
        }
        return true;
      case 'a':
        this._options.onAccount(block);
        return true;
      case 'Enter':
        if (hasShift) {
          return false;
        }
        this._options.onOpen(entry);
        return true;
      default:
        return false;
    }
  }

  private readonly _id: string;
  private readonly _heads: HTMLTableSectionElement;
  private readonly _body: HTMLTableSectionElement;
  private readonly _table: HTMLTableElement;
  private readonly _window: WindowedRows;
  private _list: LineList | null = null;
  private _listing: ILineListing | null = null;
  private _active: ILinePlace | null = null;
  private _isUnseen = false;
  private _isCentred = false;
  private _isFlashing = false;
  private _timer = 0;
}

function heads({ trans }: IContext, isTimed: boolean): HTMLTableSectionElement {
  const head = (name: string, text: string, title: string) =>
    element('th', {
      className: `jp-Profiler-${name}`,
      text,
      title,
      attributes: { scope: 'col' }
    });
  return element('thead', {}, [
    element('tr', { attributes: { 'aria-rowindex': '1' } }, [
      head('number', trans.__('line'), trans.__('Number of the line.')),
      head('hits', trans.__('hits'), trans.__('How often the line ran.')),
      head(
        'time',
        isTimed ? trans.__('time') : trans.__('total'),
        trans.__('In the line and in all that it called.')
      ),
      head(
        'perHit',
        trans.__('per hit'),
        isTimed
          ? trans.__('Time for each hit.')
          : trans.__('Total for each hit.')
      ),
      head(
        'percent',
        trans.__('% func'),
        trans.__('Share of what all lines of the function took.')
      ),
      head('share', trans.__('% all'), trans.__('Share of the whole.')),
      head('code', trans.__('source'), trans.__('The source as it ran.'))
    ])
  ]);
}

/** Characters of the widest line that is looked at, within limits: the column of the source gets room for it. */
function widest({ rows, sources }: LineList): number {
  let most = LEAST_WIDTH;
  for (const block of rows.blocks.slice(0, MOST_MEASURED)) {
    for (const line of block.line.subarray(0, MOST_MEASURED)) {
      most = Math.max(most, sources.text(block.file, line)?.length ?? 0);
    }
  }
  return Math.min(most, MOST_WIDTH);
}

const LEAST_WIDTH = 30;
const MOST_WIDTH = 120;
const MOST_MEASURED = 100;

function positionOf({ target }: MouseEvent): number {
  const row = target instanceof Element ? target.closest('tr') : null;
  return Number(row?.dataset.position ?? NaN);
}
