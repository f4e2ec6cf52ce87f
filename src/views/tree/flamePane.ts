import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import { element } from '../dom';
import { Tip } from '../pictures/tip';
import { FlameCanvas, type IPicture, type ISight } from './flameCanvas';
import { Glide } from './glide';
import type { Minimap } from './minimap';
import { ROW } from './paint';
import type { IPalette } from '../pictures/palette';
import type { IPainting } from '../pictures/svgPicture';
import { PaneKeys } from './paneKeys';
import { PanePointer } from './panePointer';

/** What a pane asks, and tells. */
export interface IPaneOptions {
  /** What the picture is called. */
  readonly label: string;
  /** Rows that are seen at most. */
  readonly mostRows: number;
  nameOf(func: FuncIndex): string;
  /** What is said beside the pointer. */
  linesOf(node: TreeIndex): readonly string[];
  /** The reader is on another box. */
  onActive(node: TreeIndex): void;
  /** The reader has zoomed to a box; `NONE`: to all. */
  onZoom(node: TreeIndex | typeof NONE): void;
  /** The reader wants to see the code. */
  onOpen(node: TreeIndex): void;
  /** The reader wants to know what can be done with a box; the place is in px from the pane's corner. */
  onMenu(node: TreeIndex, left: number, top: number): void;
  /** A key that the pane has no use for; whether something was done. */
  onKey(event: KeyboardEvent, node: TreeIndex | typeof NONE): boolean;
  /** The reader wants to go on from the root, away from the tree. */
  onBeyond(): void;
}

/** How far one step zooms. */
const ZOOM = 1.5;

/** Of the values, the smallest part that fills the width. */
const SMALLEST_PART = 1e-7;

/**
 * One tree as a picture, with pointer, keys, and what is seen of it.
 */
export class FlamePane {
  constructor(private readonly _options: IPaneOptions) {
    this._canvas = new FlameCanvas(func => _options.nameOf(func));
    this._hover = overlay('hover');
    this._ring = overlay('ring');
    this._range = overlay('range');
    this.stage = element(
      'div',
      {
        className: 'jp-Profiler-flame',
        attributes: {
          role: 'application',
          tabindex: '0',
          'aria-label': _options.label
        }
      },
      [this._canvas.node, this._hover, this._ring, this._range]
    );
    this._tip = new Tip(this.stage);
    this.node = element('div', { className: 'jp-Profiler-pane' }, [this.stage]);
    this._pointer = new PanePointer(this);
    this._keys = new PaneKeys(this);
  }

  readonly node: HTMLElement;
  /** Has the keyboard's focus. */
  readonly stage: HTMLElement;

  get options(): IPaneOptions {
    return this._options;
  }

  get picture(): IPicture | null {
    return this._canvas.picture;
  }

  /** The box that the keyboard is on. */
  get active(): TreeIndex | typeof NONE {
    return this._active;
  }

  /** The box that fills the width. */
  get zoomed(): TreeIndex | typeof NONE {
    return this._zoomed;
  }

  get sight(): ISight {
    return this._canvas.sight;
  }

  get whole(): ISight {
    return this._canvas.whole;
  }

  get lastRow(): number {
    return this._canvas.lastRow;
  }

  /** Width of the picture in px. */
  get width(): number {
    return this._canvas.width;
  }

  /** Rows that are seen. */
  get rows(): number {
    return Math.floor(this._canvas.height / ROW);
  }

  /**
   * Whether all of the width is seen.
   */
  get isWhole(): boolean {
    const { from, to } = this.sight;
    return from <= 0 && to >= this.whole.to;
  }

  /**
   * Show a tree.
   *
   * @param zoomed - the box that fills the width
   * @param active - the box that the keyboard is on
   */
  show(
    picture: IPicture,
    zoomed: TreeIndex | typeof NONE,
    active: TreeIndex | typeof NONE
  ): void {
    this._glide.stop();
    this._canvas.picture = picture;
    this._zoomed = zoomed;
    this._active = active;
    this._pointer.leave();
    this._fit();
    this._canvas.sight = this._sightOf(zoomed);
    this.repaint(picture);
  }

  /**
   * Show all of the tree above the picture where only some of its rows are seen.
   */
  setMinimap(minimap: Minimap): void {
    this._minimap = minimap;
    this.node.prepend(minimap.node);
    if (this.picture && this._palette) {
      minimap.show(this.picture);
      minimap.setPalette(this._palette);
      this._fit();
      this._draw();
    }
  }

  /**
   * Colours and font.
   */
  setPalette(palette: IPalette): void {
    this._palette = palette;
    this._canvas.setPalette(palette);
    this._minimap?.setPalette(palette);
    this._draw();
  }

  /**
   * Mark boxes, as `FlameCanvas.mark` does.
   */
  mark(matches: Uint8Array | null, selected: FuncIndex | typeof NONE): void {
    this._canvas.mark(matches, selected);
    this._draw();
  }

  /**
   * Fit to the size that the node has now.
   */
  layout(): void {
    const hadSize = this.rows > 0;
    if (this._fit() || this._isStale) {
      this._draw();
      if (!hadSize) {
        this._reveal(this._active);
      }
    }
  }

  /**
   * Go to a box: let it fill the width.
   *
   * @param node - `NONE`: all of it
   */
  zoom(node: TreeIndex | typeof NONE, isGliding = true): void {
    this._zoomed = node;
    if (isGliding) {
      this._go(this._sightOf(node));
    } else {
      this.see(this._sightOf(node));
    }
  }

  /**
   * Show the same tree with more boxes, whose numbers are others.
   */
  grow(picture: IPicture): void {
    const { sight } = this;
    this.show(picture, NONE, NONE);
    this.see(sight);
  }

  /**
   * Show the same tree in other colours. They come with the next palette: until then nothing is drawn.
   */
  repaint(picture: IPicture): void {
    this._canvas.picture = picture;
    this._minimap?.show(picture);
    this._palette = null;
    this._isStale = true;
  }

  /**
   * Go to a part of the width, or to other rows.
   */
  see(sight: ISight, isGliding = false): void {
    const held = this._held(sight);
    if (isGliding) {
      this._go(held);
    } else {
      this._glide.stop();
      this._canvas.sight = held;
      this._draw();
    }
  }

  /**
   * Zoom in (above 1) or out about a place.
   *
   * @param at - in px from the left edge; left out: the middle of the active box
   */
  zoomBy(factor: number, at = this._middle(), isGliding = false): void {
    const { from, to, row } = this.sight;
    const still = from + (at / this.width) * (to - from);
    const smallest = this.whole.to * SMALLEST_PART;
    const size = Math.max(smallest, (to - from) / factor);
    const start = still - (at / this.width) * size;
    this.see({ from: start, to: start + size, row }, isGliding);
  }

  /**
   * One step in (1) or out (-1).
   */
  zoomStep(steps: number): void {
    this.zoomBy(Math.pow(ZOOM, steps), this._middle(), true);
  }

  /**
   * Move by a part of what is seen.
   */
  pan(part: number, isGliding = false): void {
    const { from, to, row } = this.sight;
    const by = part * (to - from);
    this.see({ from: from + by, to: to + by, row }, isGliding);
  }

  /**
   * Scroll by rows.
   *
   * @returns whether that changed something
   */
  scroll(rows: number): boolean {
    const { from, to, row } = this.sight;
    const held = this._held({ from, to, row: row + rows });
    if (held.row === row) {
      return false;
    }
    this.see(held);
    return true;
  }

  /**
   * Put the keyboard on a box, and bring it into sight.
   */
  activate(node: TreeIndex | typeof NONE, isTold = true): void {
    this._active = node;
    this._reveal(node);
    this._placeOverlays();
    if (isTold && node !== NONE) {
      this._options.onActive(node);
    }
  }

  /**
   * The box at a place, in px from the corner of the picture.
   */
  hit(x: number, y: number): TreeIndex | typeof NONE {
    return this._canvas.hit(x, y);
  }

  /**
   * Show what is said of a box beside the pointer.
   */
  hover(node: TreeIndex | typeof NONE, event: MouseEvent | null): void {
    const isSame = node === this._hovered;
    this._hovered = node;
    if (node === NONE || !event) {
      this._tip.hide();
    } else {
      this._tip.show(
        isSame ? this._lines : (this._lines = this._options.linesOf(node)),
        event
      );
    }
    if (!isSame) {
      this._place(this._hover, node);
    }
  }

  /**
   * Show a range that the pointer draws, in px; `null` shows none.
   */
  showRange(from: number | null, to: number): void {
    this._range.hidden = from === null;
    if (from !== null) {
      this._range.style.left = `${Math.min(from, to)}px`;
      this._range.style.width = `${Math.abs(to - from)}px`;
    }
  }

  /**
   * Ask what can be done with a box.
   */
  menu(node: TreeIndex): void {
    this.hover(NONE, null);
    const place = this._canvas.placeOf(node);
    this._options.onMenu(
      node,
      (place?.left ?? 0) + 12,
      this.stage.offsetTop + (place?.top ?? 0) + ROW
    );
  }

  /** The canvas, for a picture to be saved. */
  get canvas(): HTMLCanvasElement {
    return this._canvas.node;
  }

  /** What is drawn, to be painted again. */
  get painting(): IPainting {
    return this._canvas.painting;
  }

  dispose(): void {
    this._glide.stop();
    this._pointer.dispose();
    this._keys.dispose();
    this._minimap?.dispose();
    // Gives its memory back at once.
    this._canvas.resize(0, 0, 1);
  }

  private _go(end: ISight): void {
    const start = this.sight;
    const to = this._held(end);
    const between = (a: number, b: number, part: number) =>
      part === 1 ? b : a + (b - a) * part;
    this._glide.start(part => {
      this._canvas.sight = {
        from: between(start.from, to.from, part),
        to: between(start.to, to.to, part),
        row: between(start.row, to.row, part)
      };
      this._draw();
    });
  }

  private _draw(): void {
    if (this._canvas.width <= 0 || !this.picture || !this._palette) {
      this._isStale = true;
      return;
    }
    this._isStale = false;
    this._canvas.draw();
    this._placeOverlays();
    this._minimap?.see(this.sight, this.rows);
  }

  private _placeOverlays(): void {
    this._place(this._ring, this._active);
    this._place(this._hover, this._hovered);
  }

  private _place(node: HTMLElement, box: TreeIndex | typeof NONE): void {
    const place = box === NONE ? null : this._canvas.placeOf(box);
    node.hidden = !place;
    if (place) {
      node.style.transform = `translate(${place.left}px, ${place.top}px)`;
      node.style.width = `${place.width}px`;
      node.style.height = `${place.height}px`;
    }
  }

  /** What is seen when a box fills the width. */
  private _sightOf(node: TreeIndex | typeof NONE): ISight {
    const picture = this.picture;
    if (!picture || node === NONE) {
      return { ...this.whole, row: 0 };
    }
    const { tree, start: left } = picture.places;
    const from = left[node];
    const to = from + tree.total[node];
    const rows = this.rows;
    const { row } = this.sight;
    const depth = tree.depth[node];
    // Callees need room; the box stays where it is as long as it is in the first half.
    const isFine = depth >= row && depth < row + Math.max(1, rows / 2);
    return { from, to, row: isFine ? row : Math.max(0, depth - 2) };
  }

  /** Keep what is seen within the picture. */
  private _held({ from, to, row }: ISight): ISight {
    const most = this.whole.to;
    const size = Math.min(most, to - from);
    const start = Math.max(0, Math.min(from, most - size));
    return {
      from: start,
      to: start + size,
      row: Math.max(0, Math.min(row, this.lastRow))
    };
  }

  private _middle(): number {
    const place =
      this._active === NONE ? null : this._canvas.placeOf(this._active);
    return place ? place.left + place.width / 2 : this.width / 2;
  }

  /** Bring a box into sight: its row, and some of its width. */
  private _reveal(node: TreeIndex | typeof NONE): void {
    const picture = this.picture;
    // Without a size nothing is in sight.
    if (!picture || node === NONE || this.rows === 0) {
      return;
    }
    const { tree, start: left } = picture.places;
    const { from, to, row } = this.sight;
    const depth = tree.depth[node];
    const { rows } = this;
    const top =
      depth < row ? depth : depth >= row + rows ? depth - rows + 1 : row;
    const start = left[node];
    const stop = start + tree.total[node];
    const isSeen = stop > from && start < to;
    if (isSeen && top === row) {
      return;
    }
    const size = to - from;
    this.see(
      isSeen
        ? { from, to, row: top }
        : {
            from: (start + stop) / 2 - size / 2,
            to: (start + stop) / 2 + size / 2,
            row: top
          }
    );
  }

  /** Take the size that the node has; whether it is another one. */
  private _fit(): boolean {
    const width = Math.floor(this.stage.clientWidth);
    const picture = this.picture;
    if (width <= 0 || !picture) {
      return false;
    }
    const rows = Math.min(
      this._options.mostRows,
      Math.max(1, picture.places.rows)
    );
    const isOther = this._canvas.resize(
      width,
      rows * ROW,
      globalThis.devicePixelRatio || 1
    );
    this._minimap?.fit(width, picture.places.rows > rows);
    return isOther;
  }

  private readonly _canvas: FlameCanvas;
  private readonly _hover: HTMLElement;
  private readonly _ring: HTMLElement;
  private readonly _range: HTMLElement;
  private readonly _tip: Tip;
  private _minimap: Minimap | null = null;
  private readonly _glide = new Glide();
  private readonly _pointer: PanePointer;
  private readonly _keys: PaneKeys;
  private _active: TreeIndex | typeof NONE = NONE;
  private _zoomed: TreeIndex | typeof NONE = NONE;
  private _hovered: TreeIndex | typeof NONE = NONE;
  private _lines: readonly string[] = [];
  private _palette: IPalette | null = null;
  private _isStale = false;
}

function overlay(name: string): HTMLElement {
  const node = element('div', {
    className: `jp-Profiler-flame-${name}`,
    attributes: { 'aria-hidden': 'true' }
  });
  node.hidden = true;
  return node;
}
