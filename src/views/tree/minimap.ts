import { Boxes, BOX, layoutBoxes } from '../../profile/tree/boxes';
import { element } from '../dom';
import type { IPicture, ISight } from './flameCanvas';
import type { IPalette } from '../pictures/palette';

/** Height in px. */
const HEIGHT = 44;

/** What is narrower, in pixels of the device, is drawn with its neighbours. */
const LEAST = 1;

/**
 * All of a tree, small, and which part of it is seen. A click or a drag goes elsewhere.
 *
 * It is for the pointer alone: the keyboard has other ways.
 */
export class Minimap {
  /**
   * @param _onSee - the reader wants to see another part
   */
  constructor(private readonly _onSee: (sight: ISight) => void) {
    this._canvas = element('canvas');
    this._frame = element('div', { className: 'jp-Profiler-minimap-frame' });
    this.node = element(
      'div',
      {
        className: 'jp-Profiler-minimap',
        attributes: { 'aria-hidden': 'true' }
      },
      [this._canvas, this._frame]
    );
    this.node.hidden = true;
    this.node.addEventListener('pointerdown', this._onDown);
    this.node.addEventListener('pointermove', this._onMove);
  }

  readonly node: HTMLElement;

  /**
   * Show another tree.
   */
  show(picture: IPicture): void {
    this._picture = picture;
    this._isStale = true;
  }

  /**
   * Colours.
   */
  setPalette(palette: IPalette): void {
    this._palette = palette;
    this._isStale = true;
  }

  /**
   * Set the width in px, and whether there is something to be seen.
   */
  fit(width: number, isNeeded: boolean): void {
    this.node.hidden = !isNeeded;
    const scale = globalThis.devicePixelRatio || 1;
    if (width !== this._width || scale !== this._scale) {
      this._width = width;
      this._scale = scale;
      this._isStale = true;
    }
  }

  /**
   * Frame what is seen.
   *
   * @param rows - how many are
   */
  see({ from, to, row }: ISight, rows: number): void {
    const picture = this._picture;
    if (this.node.hidden || !picture) {
      return;
    }
    if (this._isStale) {
      this._draw(picture);
    }
    const { tree, rows: all } = picture.places;
    const across = this._width / tree.whole;
    const down = HEIGHT / all;
    const height = Math.max(4, Math.min(rows, all) * down);
    const top = Math.min(row * down, HEIGHT - height);
    const { style } = this._frame;
    style.width = `${Math.max(4, (to - from) * across)}px`;
    style.height = `${height}px`;
    style.transform = `translate(${from * across}px, ${
      picture.isUp ? HEIGHT - height - top : top
    }px)`;
    this._sight = { from, to, row };
    this._rows = rows;
  }

  dispose(): void {
    this._canvas.width = 0;
    this._canvas.height = 0;
  }

  private _draw(picture: IPicture): void {
    const palette = this._palette;
    this._canvas.width = Math.round(this._width * this._scale);
    this._canvas.height = Math.round(HEIGHT * this._scale);
    this._canvas.style.width = `${this._width}px`;
    this._canvas.style.height = `${HEIGHT}px`;
    const context = this._canvas.getContext('2d', { alpha: false });
    if (!context || !palette) {
      return;
    }
    this._isStale = false;
    const { places, isUp } = picture;
    const { width, height } = this._canvas;
    const boxes = new Boxes();
    layoutBoxes(
      places,
      {
        from: 0,
        to: places.tree.whole,
        row: 0,
        rows: places.rows,
        width,
        least: LEAST
      },
      boxes
    );
    context.fillStyle = palette.background;
    context.fillRect(0, 0, width, height);
    /** The first pixel that begins in a row. */
    const pixel = (row: number) => Math.ceil((row * height) / places.rows);
    // Boxes lie over what is too small to be one.
    const byFill = new Map<string, number[]>([[palette.merged, []]]);
    for (let i = 0; i < boxes.length; i++) {
      const colour =
        boxes.kind[i] === BOX
          ? palette.fills[picture.fillOf(boxes.node[i])].box
          : palette.merged;
      const group = byFill.get(colour);
      if (group) {
        group.push(i);
      } else {
        byFill.set(colour, [i]);
      }
    }
    for (const [colour, group] of byFill) {
      context.fillStyle = colour;
      for (const i of group) {
        // Whole pixels: parts of several boxes in one would have a colour that none of them has. Of rows that share a
        // pixel one is drawn, that in which it begins.
        const top = pixel(boxes.row[i]);
        const bottom = pixel(boxes.row[i] + 1);
        const left = Math.round(boxes.x[i]);
        const right = Math.round(boxes.x[i] + boxes.width[i]);
        if (bottom > top) {
          context.fillRect(
            left,
            isUp ? height - bottom : top,
            Math.max(1, right - left),
            bottom - top
          );
        }
      }
    }
  }

  private readonly _onDown = (event: PointerEvent): void => {
    if (event.button === 0) {
      event.preventDefault();
      this.node.setPointerCapture(event.pointerId);
      this._goTo(event);
    }
  };

  private readonly _onMove = (event: PointerEvent): void => {
    if (this.node.hasPointerCapture(event.pointerId)) {
      this._goTo(event);
    }
  };

  /** Put the middle of what is seen where the pointer is. */
  private _goTo({ clientX, clientY }: PointerEvent): void {
    const picture = this._picture;
    if (!picture) {
      return;
    }
    const { tree, rows } = picture.places;
    const place = this.node.getBoundingClientRect();
    const { from, to } = this._sight;
    const middle = ((clientX - place.left) / this._width) * tree.whole;
    const down = (clientY - place.top) / HEIGHT;
    const row = (picture.isUp ? 1 - down : down) * rows - this._rows / 2;
    this._onSee({
      from: middle - (to - from) / 2,
      to: middle + (to - from) / 2,
      row: Math.round(row)
    });
  }

  private readonly _canvas: HTMLCanvasElement;
  private readonly _frame: HTMLElement;
  private _picture: IPicture | null = null;
  private _palette: IPalette | null = null;
  private _sight: ISight = { from: 0, to: 0, row: 0 };
  private _rows = 0;
  private _width = 0;
  private _scale = 1;
  private _isStale = true;
}
