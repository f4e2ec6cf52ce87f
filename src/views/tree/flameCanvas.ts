import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import { BOX, boxAt, Boxes, layoutBoxes } from '../../profile/tree/boxes';
import { nodeAtPlace, type IPlaces } from '../../profile/tree/places';
import { element } from '../dom';
import { MARKS, paint, ROW } from './paint';
import type { IPalette } from '../pictures/palette';
import type { IPainting, Paper } from '../pictures/svgPicture';
import { TextFit } from '../pictures/textFit';

/** Boxes below this width are drawn as one with their neighbours, in px. */
const LEAST = 0.5;

/** What is drawn. */
export interface IPicture {
  /** A tree, and where its boxes lie. */
  readonly places: IPlaces;
  /** Whether the roots are at the bottom. */
  readonly isUp: boolean;
  /** Number of a box's colour in the palette. */
  fillOf(node: number): number;
}

/** The part of a picture that is seen. */
export interface ISight {
  /** In the metric's unit, from the left edge of the whole. */
  readonly from: number;
  readonly to: number;
  /** The first row, a fraction while it moves. */
  readonly row: number;
}

/** A box on the canvas, in px from its top left corner. */
export interface IBoxPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A call tree as boxes on a canvas: the width of a box is its total.
 *
 * It has no keys, no pointer and no state of its own beyond what it shows: whoever uses it sets the part that is seen,
 * and asks which box lies where. Nothing is drawn but by `draw`.
 *
 * ```
 * const flame = new FlameCanvas(func => names[func]);
 * flame.setPalette(palette);
 * flame.picture = { places: placesOf(tree), isUp: false, fillOf: () => 0 };
 * flame.resize(800, 400, devicePixelRatio);
 * flame.sight = flame.whole;
 * flame.draw();
 * ```
 */
export class FlameCanvas {
  /**
   * @param _nameOf - what is written on boxes of a function
   */
  constructor(private readonly _nameOf: (func: FuncIndex) => string) {
    this.node = element('canvas', {
      className: 'jp-Profiler-flameCanvas',
      attributes: { 'aria-hidden': 'true' }
    });
  }

  readonly node: HTMLCanvasElement;

  /** What is drawn; `null`: nothing yet. */
  picture: IPicture | null = null;

  /** The part that is seen. */
  sight: ISight = { from: 0, to: 0, row: 0 };

  /** All of the picture's width. */
  get whole(): ISight {
    return { from: 0, to: this.picture?.places.tree.whole ?? 0, row: 0 };
  }

  /** Size in px. */
  get width(): number {
    return this._width;
  }

  get height(): number {
    return this._height;
  }

  /** The highest row that can be the first one seen. */
  get lastRow(): number {
    const rows = Math.floor(this._height / ROW);
    return Math.max(0, (this.picture?.places.rows ?? 0) - rows);
  }

  /**
   * Colours and font.
   */
  setPalette(palette: IPalette): void {
    if (palette.font !== this._palette?.font) {
      this._text = null;
    }
    this._palette = palette;
  }

  /**
   * Mark boxes.
   *
   * @param matches - one byte a function, 1 where it is searched for; `null`: nothing is searched for
   * @param selected - the function that is selected
   */
  mark(matches: Uint8Array | null, selected: FuncIndex | typeof NONE): void {
    this._matches = matches;
    this._selected = selected;
  }

  /**
   * Set the size in px.
   *
   * @param scale - pixels of the device in one px
   * @returns whether it is another one than before; the canvas is empty then
   */
  resize(width: number, height: number, scale: number): boolean {
    if (
      width === this._width &&
      height === this._height &&
      scale === this._scale
    ) {
      return false;
    }
    this._width = width;
    this._height = height;
    this._scale = scale;
    this.node.width = Math.round(width * scale);
    this.node.height = Math.round(height * scale);
    this.node.style.width = `${width}px`;
    this.node.style.height = `${height}px`;
    return true;
  }

  /**
   * Draw what is seen.
   */
  draw(): void {
    const context = (this._context ??= this.node.getContext('2d', {
      alpha: false
    }));
    const { picture, _palette: palette } = this;
    if (!context || !palette || !picture || this._width <= 0) {
      return;
    }
    context.setTransform(this._scale, 0, 0, this._scale, 0, 0);
    context.font = palette.font;
    this._text ??= new TextFit(text => context.measureText(text).width);
    this._layout(picture);
    this._paint(context);
  }

  /**
   * What was drawn last.
   */
  get painting(): IPainting {
    return {
      width: this._width,
      height: this._height,
      paint: paper => this._paint(paper)
    };
  }

  /**
   * The box at a place, in px from the top left corner. Where small ones are drawn as one, it is the one at that place.
   */
  hit(x: number, y: number): TreeIndex | typeof NONE {
    const { picture, sight } = this;
    if (!picture) {
      return NONE;
    }
    const down = picture.isUp ? this._height - y : y;
    const row = Math.floor(down / ROW + sight.row);
    const at = boxAt(this._boxes, row, x);
    if (at !== NONE && this._boxes.kind[at] === BOX) {
      return this._boxes.node[at] as TreeIndex;
    }
    const value = sight.from + (x / this._width) * (sight.to - sight.from);
    return nodeAtPlace(picture.places, row, value);
  }

  /**
   * Where a box is; `null` where it is out of sight.
   */
  placeOf(node: TreeIndex): IBoxPlace | null {
    const { picture, sight } = this;
    if (!picture || node >= picture.places.tree.length) {
      return null;
    }
    const { tree, start } = picture.places;
    const scale = this._width / (sight.to - sight.from);
    const left = (start[node] - sight.from) * scale;
    const right = left + tree.total[node] * scale;
    const top = this._top(tree.depth[node]);
    if (right < 0 || left > this._width || top <= -ROW || top >= this._height) {
      return null;
    }
    const seen = Math.max(0, left);
    return {
      left: seen,
      top,
      width: Math.max(1, Math.min(this._width, right) - seen),
      height: ROW - 1
    };
  }

  private _paint(context: Paper): void {
    const { picture, _palette: palette } = this;
    if (!picture || !palette || !this._text) {
      return;
    }
    const { func, estimated } = picture.places.tree;
    const matches = this._matches;
    const selected = this._selected;
    paint(
      {
        context,
        width: this._width,
        height: this._height,
        scale: this._scale
      },
      this._boxes,
      {
        fillOf: node => picture.fillOf(node),
        marksOf: node =>
          (matches ? (matches[func[node]] ? MARKS.match : MARKS.dimmed) : 0) |
          (func[node] === selected ? MARKS.selected : 0) |
          (estimated?.[node] ? MARKS.estimated : 0),
        nameOf: node => this._nameOf(func[node]),
        topOf: row => this._top(row)
      },
      palette,
      this._text
    );
  }

  private _layout({ places }: IPicture): void {
    const { from, to, row } = this.sight;
    const first = Math.floor(row);
    layoutBoxes(
      places,
      {
        from,
        to,
        row: first,
        rows: Math.ceil(row + this._height / ROW) - first,
        width: this._width,
        least: LEAST
      },
      this._boxes
    );
  }

  private _top(row: number): number {
    const down = (row - this.sight.row) * ROW;
    return this.picture?.isUp ? this._height - ROW - down : down;
  }

  private _palette: IPalette | null = null;
  private _matches: Uint8Array | null = null;
  private _selected: FuncIndex | typeof NONE = NONE;
  private _context: CanvasRenderingContext2D | null = null;
  private _text: TextFit | null = null;
  private readonly _boxes = new Boxes();
  private _width = 0;
  private _height = 0;
  private _scale = 1;
}
