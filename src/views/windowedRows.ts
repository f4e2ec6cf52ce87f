import { element } from './dom';

/** Rows that are drawn above and below what is seen, so that a small scroll draws nothing. */
const OVERSCAN = 20;

/** Up to so many rows all are drawn: find-in-page, copy and print then work on all of them. */
const ALL_ROWS = 120;

/** Height of a row in px as long as none was measured, and of the part that is seen. */
const ASSUMED_ROW = 24;
const ASSUMED_VIEWPORT = 480;

/** Browsers end an element at about 33 million px; rows from there on could not be reached. */
export const MOST_ROWS = 1_000_000;

/**
 * The rows of a table body that are in sight, of as many as there are. All rows have one height.
 */
export class WindowedRows {
  /**
   * @param viewport - scrolls the table
   * @param body - gets the rows
   * @param draw - makes the row at a position
   * @param onDrawn - told when other rows are there
   */
  constructor(
    private readonly _viewport: HTMLElement,
    private readonly _body: HTMLTableSectionElement,
    private readonly _draw: (position: number) => HTMLTableRowElement,
    private readonly _onDrawn: () => void
  ) {
    _viewport.addEventListener('scroll', this._onScroll, { passive: true });
  }

  /**
   * Show other rows.
   *
   * @param count - how many there are; no more than `MOST_ROWS` are shown
   * @param isFromTop - whether to go to the first one
   */
  reset(count: number, isFromTop: boolean): void {
    this._count = Math.min(count, MOST_ROWS);
    if (isFromTop) {
      this._viewport.scrollTop = 0;
    }
    this._render(true);
  }

  /**
   * Scroll so that a row is seen, if it is not.
   *
   * @param covered - height in px of what covers the top of the viewport, as a head that sticks there
   */
  reveal(position: number, covered: number): void {
    const { scrollTop, clientHeight } = this._viewport;
    const top = position * this._rowHeight;
    const room = clientHeight - covered - this._rowHeight;
    if (top < scrollTop) {
      this._viewport.scrollTop = top;
    } else if (clientHeight > 0 && top > scrollTop + room) {
      this._viewport.scrollTop = top - room;
    }
    this._render(false);
  }

  /**
   * How many rows a page has.
   */
  get page(): number {
    const height = this._viewport.clientHeight || ASSUMED_VIEWPORT;
    return Math.max(1, Math.floor(height / this._rowHeight) - 2);
  }

  /**
   * Measure anew, where there is something to measure.
   */
  layout(): void {
    const row = this._body.querySelector('tr:not([aria-hidden])');
    const height = row?.getBoundingClientRect().height;
    if (height && Math.abs(height - this._rowHeight) > 0.01) {
      this._rowHeight = height;
      this._render(true);
    } else {
      this._render(false);
    }
  }

  dispose(): void {
    this._viewport.removeEventListener('scroll', this._onScroll);
  }

  private _render(isStale: boolean): void {
    const [first, last] = this._wanted();
    if (!isStale && first >= this._first && last <= this._last) {
      return;
    }
    this._first = Math.max(0, first - OVERSCAN);
    this._last = Math.min(this._count, last + OVERSCAN);
    const rows: Node[] = [];
    if (this._first > 0) {
      rows.push(this._space(this._first));
    }
    for (let position = this._first; position < this._last; position++) {
      rows.push(this._draw(position));
    }
    if (this._last < this._count) {
      rows.push(this._space(this._count - this._last));
    }
    this._body.replaceChildren(...rows);
    this._onDrawn();
  }

  /**
   * Positions from the first row in sight up to the first that is not.
   */
  private _wanted(): [number, number] {
    if (this._count <= ALL_ROWS) {
      return [0, this._count];
    }
    const { scrollTop, clientHeight } = this._viewport;
    const height = clientHeight || ASSUMED_VIEWPORT;
    const first = Math.floor(scrollTop / this._rowHeight);
    const last = Math.ceil((scrollTop + height) / this._rowHeight);
    return [Math.min(first, this._count), Math.min(last, this._count)];
  }

  /**
   * What stands for rows that are not drawn. One cell, not spanning: a span would make columns where some are hidden.
   */
  private _space(rows: number): HTMLTableRowElement {
    const cell = element('td', { className: 'jp-Profiler-space' });
    cell.style.height = `${rows * this._rowHeight}px`;
    return element('tr', { attributes: { 'aria-hidden': 'true' } }, [cell]);
  }

  private readonly _onScroll = (): void => this._render(false);

  private _count = 0;
  private _first = 0;
  private _last = 0;
  private _rowHeight = ASSUMED_ROW;
}
