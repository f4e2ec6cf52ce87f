import { element } from './dom';

/** Rows that are drawn above and below what is seen while a reader scrolls, so that not each step draws. */
const SCROLLING = 4;

/** Rows that are drawn there when nothing has moved for so many ms, so that a longer one draws nothing. */
const AT_REST = 20;
const REST = 150;

/** Up to so many rows all are drawn at rest: find-in-page, copy and print then work on all of them. */
const ALL_ROWS = 120;

/** Height of a row in px as long as none was measured, and of the part that is seen. */
const ASSUMED_ROW = 23;
const ASSUMED_VIEWPORT = 400;

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
      this._fitSpaces();
    }
    this._render(false);
  }

  dispose(): void {
    clearTimeout(this._timer);
    this._viewport.removeEventListener('scroll', this._onScroll);
  }

  private _render(isStale: boolean): void {
    const [first, last] = this._wanted();
    if (isStale) {
      this._show(first, last, true);
    } else if (first < this._first || last > this._last) {
      this._show(first - SCROLLING, last + SCROLLING, false);
    }
    clearTimeout(this._timer);
    this._timer = setTimeout(this._onRest, REST);
  }

  private readonly _onRest = (): void => {
    const [first, last] = this._wanted();
    const margin = this._count <= ALL_ROWS ? ALL_ROWS : AT_REST;
    this._show(first - margin, last + margin, false);
  };

  /**
   * Have the rows from one position up to before another one.
   *
   * @param isStale - whether those that are there are to be drawn anew
   */
  private _show(from: number, to: number, isStale: boolean): void {
    const first = Math.max(0, from);
    const last = Math.min(this._count, to);
    if (!isStale && first === this._first && last === this._last) {
      return;
    }
    const kept = isStale
      ? []
      : this._rows.slice(
          Math.max(0, first - this._first),
          Math.max(0, last - this._first)
        );
    // Where none stays, all of them are above.
    const keptFirst = kept.length > 0 ? Math.max(first, this._first) : last;
    const above = this._drawn(first, keptFirst);
    const below = this._drawn(keptFirst + kept.length, last);
    if (kept.length === 0) {
      this._body.replaceChildren(
        this._spaceAbove,
        ...above,
        ...below,
        this._spaceBelow
      );
    } else {
      // What is put in anew is laid out anew: those that stay are left where they are.
      const stay = new Set<Node>(kept);
      for (const row of this._rows) {
        if (!stay.has(row)) {
          row.remove();
        }
      }
      this._body.prepend(this._spaceAbove, ...above);
      this._body.append(...below, this._spaceBelow);
    }
    this._first = first;
    this._last = last;
    this._rows = [...above, ...kept, ...below];
    this._fitSpaces();
    this._onDrawn();
  }

  /** Give those rows their room that are not drawn. */
  private _fitSpaces(): void {
    for (const [space, rows] of [
      [this._spaceAbove, this._first],
      [this._spaceBelow, this._count - this._last]
    ] as const) {
      space.cells[0].style.height = `${rows * this._rowHeight}px`;
      if (rows === 0) {
        space.remove();
      }
    }
  }

  private _drawn(from: number, to: number): HTMLTableRowElement[] {
    return Array.from({ length: Math.max(0, to - from) }, (_, i) =>
      this._draw(from + i)
    );
  }

  /**
   * Positions from the first row in sight up to the first that is not.
   */
  private _wanted(): [number, number] {
    const { scrollTop, clientHeight } = this._viewport;
    const height = clientHeight || ASSUMED_VIEWPORT;
    const first = Math.floor(scrollTop / this._rowHeight);
    const last = Math.ceil((scrollTop + height) / this._rowHeight);
    return [Math.min(first, this._count), Math.min(last, this._count)];
  }

  private readonly _onScroll = (): void => this._render(false);

  private readonly _spaceAbove = space();
  private readonly _spaceBelow = space();
  private _count = 0;
  /** Those that are drawn, from `_first` up to before `_last`. */
  private _rows: HTMLTableRowElement[] = [];
  private _first = 0;
  private _last = 0;
  private _rowHeight = ASSUMED_ROW;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

/** What stands for rows that are not drawn. One cell, not spanning: a span would make columns where some are hidden. */
function space(): HTMLTableRowElement {
  return element('tr', { attributes: { 'aria-hidden': 'true' } }, [
    element('td', { className: 'jp-Profiler-space' })
  ]);
}
