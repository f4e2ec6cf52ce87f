import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import { MapBoxes, NODE } from '../../profile/map/mapBoxes';
import { layoutMap } from '../../profile/map/mapLayout';
import { element } from '../dom';
import type { IPalette } from '../pictures/palette';
import type { IPainting, Paper } from '../pictures/svgPicture';
import { TextFit } from '../pictures/textFit';
import { Tip } from '../pictures/tip';
import type { IMapShown } from './mapModel';
import { paintMap, type IMapLooks } from './mapPaint';

/** Height of the map: a part of its width, within these, in px. */
const HEIGHT = 0.6;
const LEAST_HEIGHT = 280;
const MOST_HEIGHT = 560;

/** What a map asks, and tells. */
export interface IMapPaneOptions {
  readonly label: string;
  /** What is said beside the pointer. */
  linesOf(node: TreeIndex): readonly string[];
  /** The pointer is on another box; `NONE`: on none. */
  onHover(node: TreeIndex | typeof NONE): void;
  /** The reader is on another box. */
  onActive(node: TreeIndex): void;
  /** The reader wants a box to fill the map. */
  onRoot(node: TreeIndex): void;
  /** A key that the map has no use for; whether something was done. */
  onKey(event: KeyboardEvent): boolean;
}

/**
 * A tree as boxes within boxes on a canvas, with pointer and keys. Marks are on a canvas above, so that to point at
 * something draws no box anew.
 */
export class MapPane {
  constructor(private readonly _options: IMapPaneOptions) {
    const canvas = () =>
      element('canvas', { attributes: { 'aria-hidden': 'true' } });
    this.canvas = canvas();
    this._marks = canvas();
    this._ring = element('div', {
      className: 'jp-Profiler-flame-ring',
      attributes: { 'aria-hidden': 'true' }
    });
    this._ring.hidden = true;
    this.node = element(
      'div',
      {
        className: 'jp-Profiler-flame jp-Profiler-mapStage',
        attributes: {
          role: 'application',
          tabindex: '0',
          'aria-label': _options.label
        }
      },
      [this.canvas, this._marks, this._ring]
    );
    this._tip = new Tip(this.node);
    this.node.addEventListener('pointermove', this._onMove);
    this.node.addEventListener('pointerleave', () => this._point(NONE, null));
    this.node.addEventListener('click', event => {
      const node = this._nodeAt(event);
      if (node !== NONE) {
        this.activate(node, true);
      }
    });
    this.node.addEventListener('dblclick', event => {
      const node = this._nodeAt(event);
      if (node !== NONE) {
        _options.onRoot(node);
      }
    });
    this.node.addEventListener('keydown', this._onKeyDown);
  }

  readonly node: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly boxes = new MapBoxes();

  /** What is seen, with its marks. */
  get picture(): HTMLCanvasElement {
    const picture = element('canvas');
    picture.width = this.canvas.width;
    picture.height = this.canvas.height;
    const context = picture.getContext('2d');
    context?.drawImage(this.canvas, 0, 0);
    context?.drawImage(this._marks, 0, 0);
    return picture;
  }

  /** The same, to be painted again. */
  get painting(): IPainting {
    return {
      width: this._width,
      height: this._height,
      paint: paper => {
        this._paintBoxes(paper);
        this._paintMarks(paper);
      }
    };
  }

  /** The box that the keyboard is on. */
  get active(): TreeIndex | typeof NONE {
    return this._active;
  }

  /**
   * Show a tree. Its colours come with the next palette: until then nothing is drawn.
   *
   * @param depth - levels that are drawn below the first one; `null`: all
   */
  show(shown: IMapShown, looks: IMapLooks, depth: number | null): void {
    if (shown !== this._shown) {
      this._active = NONE;
      this._point(NONE, null);
    }
    this._shown = shown;
    this._looks = looks;
    this._depth = depth;
    this._palette = null;
    this._fit();
  }

  /** Colours and font. */
  setPalette(palette: IPalette): void {
    this._palette = palette;
    this._text = null;
    this._paint();
  }

  /** Mark the boxes of functions. */
  mark(
    selected: FuncIndex | typeof NONE,
    hovered: FuncIndex | typeof NONE
  ): void {
    this._selected = selected;
    this._hovered = hovered;
    this._drawMarks();
  }

  /** Put the keyboard on a box. */
  activate(node: TreeIndex | typeof NONE, isTold = false): void {
    this._active = node;
    this._placeRing();
    if (isTold && node !== NONE) {
      this._options.onActive(node);
    }
  }

  /** Fit to the size that the node has now. */
  layout(): void {
    if (Math.floor(this.node.clientWidth) !== this._width) {
      this._fit();
    }
  }

  focus(): void {
    this.node.focus({ preventScroll: true });
  }

  dispose(): void {
    // Gives its memory back at once.
    for (const canvas of [this.canvas, this._marks]) {
      canvas.width = canvas.height = 0;
    }
  }

  /** Lay out the boxes for the size that the node has, and draw them. */
  private _fit(): void {
    const shown = this._shown;
    this._width = Math.floor(this.node.clientWidth);
    if (!shown || !this._looks) {
      return;
    }
    const width = this._width;
    const height = Math.round(
      Math.max(LEAST_HEIGHT, Math.min(HEIGHT * width, MOST_HEIGHT))
    );
    layoutMap(shown.tree, { width, height, depth: this._depth }, this.boxes);
    const scale = globalThis.devicePixelRatio || 1;
    for (const canvas of [this.canvas, this._marks]) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    this._height = height;
    this._paint();
    this._placeRing();
  }

  private _paint(): void {
    const context = this.canvas.getContext('2d');
    const palette = this._palette;
    const scale = globalThis.devicePixelRatio || 1;
    if (context && palette && this._width > 0) {
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.font = palette.font;
      this._text ??= new TextFit(text => context.measureText(text).width);
      this._paintBoxes(context);
    }
    this._drawMarks();
  }

  private _paintBoxes(paper: Paper): void {
    const { _width: width, _height: height, _palette: palette } = this;
    if (palette && this._looks && this._text) {
      paintMap(paper, this.boxes, this._looks, palette, this._text, {
        width,
        height
      });
    }
  }

  /** Outlines: thick round the selected function, dashed round that which is pointed at. */
  private _drawMarks(): void {
    const context = this._marks.getContext('2d');
    if (!context) {
      return;
    }
    const scale = globalThis.devicePixelRatio || 1;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, this._marks.width, this._marks.height);
    this._paintMarks(context);
  }

  private _paintMarks(paper: Paper): void {
    if (this._palette) {
      const { selected, match } = this._palette;
      this._outline(paper, this._selected, selected, []);
      this._outline(paper, this._hovered, match, [4, 3]);
    }
  }

  private _outline(
    context: Paper,
    func: FuncIndex | typeof NONE,
    colour: string,
    dash: number[]
  ): void {
    const tree = this._shown?.tree;
    if (func === NONE || !tree) {
      return;
    }
    const { boxes } = this;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.beginPath();
    for (let box = 0; box < boxes.length; box++) {
      if (boxes.kind[box] === NODE && tree.func[boxes.node[box]] === func) {
        context.rect(
          boxes.left[box] + 1,
          boxes.top[box] + 1,
          Math.max(0, boxes.width[box] - 2),
          Math.max(0, boxes.height[box] - 2)
        );
      }
    }
    context.stroke();
  }

  private _placeRing(): void {
    const box = this._active === NONE ? NONE : this.boxes.of(this._active);
    this._ring.hidden = box === NONE;
    if (box !== NONE) {
      const { left, top, width, height } = this.boxes;
      const { style } = this._ring;
      style.transform = `translate(${left[box]}px, ${top[box]}px)`;
      style.width = `${width[box]}px`;
      style.height = `${height[box]}px`;
    }
  }

  private _nodeAt({ clientX, clientY }: MouseEvent): TreeIndex | typeof NONE {
    const { left, top } = this.canvas.getBoundingClientRect();
    const box = this.boxes.at(clientX - left, clientY - top);
    return box === NONE ? NONE : (this.boxes.node[box] as TreeIndex);
  }

  private readonly _onMove = (event: PointerEvent): void =>
    this._point(this._nodeAt(event), event);

  private _point(
    node: TreeIndex | typeof NONE,
    event: MouseEvent | null
  ): void {
    if (node === NONE || !event) {
      this._tip.hide();
    } else {
      this._tip.show(this._options.linesOf(node), event);
    }
    if (node !== this._pointed) {
      this._pointed = node;
      this._options.onHover(node);
    }
  }

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== this.node) {
      return;
    }
    const isPlain =
      !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if ((isPlain && this._onPlain(event.key)) || this._options.onKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  private _onPlain(key: string): boolean {
    const { boxes, _active: active } = this;
    const box = active === NONE ? NONE : boxes.of(active);
    switch (key) {
      case 'Home':
        return this._to(0);
      case 'End': {
        let last = Math.max(0, box);
        for (let one = last; one !== NONE; one = this._within(one)) {
          last = one;
        }
        return this._to(last);
      }
      case 'ArrowUp':
        return this._to(box === NONE ? 0 : boxes.around[box]);
      case 'ArrowDown':
        return this._to(box === NONE ? 0 : this._within(box));
      case 'ArrowLeft':
        return this._to(box === NONE ? 0 : this._beside(box, -1));
      case 'ArrowRight':
        return this._to(box === NONE ? 0 : this._beside(box, 1));
      case 'Enter':
      case ' ':
        if (active !== NONE) {
          this._options.onRoot(active);
        }
        return true;
      default:
        return false;
    }
  }

  /** The first box in one; `NONE` where there is none. */
  private _within(box: number): number {
    const { first, last, kind } = this.boxes;
    return first[box] < last[box] && kind[first[box]] === NODE
      ? first[box]
      : NONE;
  }

  private _beside(box: number, step: number): number {
    const { around, kind, roots, first, last } = this.boxes;
    const from = around[box] === NONE ? 0 : first[around[box]];
    const to = around[box] === NONE ? roots : last[around[box]];
    const next = box + step;
    return next >= from && next < to && kind[next] === NODE ? next : NONE;
  }

  private _to(box: number): boolean {
    if (box !== NONE && box < this.boxes.length) {
      this.activate(this.boxes.node[box] as TreeIndex, true);
    }
    return true;
  }

  private readonly _marks: HTMLCanvasElement;
  private readonly _ring: HTMLElement;
  private readonly _tip: Tip;
  private _shown: IMapShown | null = null;
  private _looks: IMapLooks | null = null;
  private _depth: number | null = null;
  private _palette: IPalette | null = null;
  private _text: TextFit | null = null;
  private _width = -1;
  private _height = 0;
  private _active: TreeIndex | typeof NONE = NONE;
  private _pointed: TreeIndex | typeof NONE = NONE;
  private _selected: FuncIndex | typeof NONE = NONE;
  private _hovered: FuncIndex | typeof NONE = NONE;
}
