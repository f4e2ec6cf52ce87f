import { NONE, type TreeIndex } from '../../profile/indices';
import type { FlamePane } from './flamePane';
import { ROW } from './paint';

/** From so many px on a press that moves draws a range. */
const DRAG = 5;

/** How much one px of the wheel zooms. */
const WHEEL = 0.002;

/** Height of a line in px, for wheels that count lines. */
const LINE = 18;

/**
 * What the pointer does in a picture: it tells what is under it, a click zooms, a drag zooms to a range.
 *
 * The wheel is the page's, so that one can scroll past a picture: with Ctrl it zooms, with Shift it goes to the side,
 * and where the picture has the focus it scrolls rows.
 */
export class PanePointer {
  constructor(private readonly _pane: FlamePane) {
    const { stage } = _pane;
    stage.addEventListener('pointermove', this._onMove);
    stage.addEventListener('pointerleave', this._onLeave);
    stage.addEventListener('pointerdown', this._onDown);
    stage.addEventListener('pointerup', this._onUp);
    stage.addEventListener('pointercancel', this._onCancel);
    stage.addEventListener('dblclick', this._onDoubleClick);
    stage.addEventListener('contextmenu', this._onContextMenu);
    stage.addEventListener('wheel', this._onWheel, { passive: false });
  }

  /**
   * The picture is another one: what was under the pointer is no longer.
   */
  leave(): void {
    this._pressed = null;
    this._pane.showRange(null, 0);
    this._pane.hover(NONE, null);
  }

  dispose(): void {
    const { stage } = this._pane;
    stage.removeEventListener('pointermove', this._onMove);
    stage.removeEventListener('pointerleave', this._onLeave);
    stage.removeEventListener('pointerdown', this._onDown);
    stage.removeEventListener('pointerup', this._onUp);
    stage.removeEventListener('pointercancel', this._onCancel);
    stage.removeEventListener('dblclick', this._onDoubleClick);
    stage.removeEventListener('contextmenu', this._onContextMenu);
    stage.removeEventListener('wheel', this._onWheel);
  }

  private readonly _onMove = (event: PointerEvent): void => {
    const [x, y] = this._placeOf(event);
    const pressed = this._pressed;
    if (pressed && Math.abs(x - pressed.x) >= DRAG) {
      pressed.isDrag = true;
    }
    if (pressed?.isDrag) {
      this._pane.hover(NONE, null);
      this._pane.showRange(pressed.x, this._within(x));
      return;
    }
    this._pane.hover(this._pane.hit(x, y), event);
  };

  private readonly _onLeave = (): void => {
    this._pane.hover(NONE, null);
  };

  private readonly _onDown = (event: PointerEvent): void => {
    if (event.button !== 0) {
      return;
    }
    const [x, y] = this._placeOf(event);
    this._pressed = { x, node: this._pane.hit(x, y), isDrag: false };
    // A touch that moves scrolls the page.
    if (event.pointerType !== 'touch') {
      this._pane.stage.setPointerCapture(event.pointerId);
    }
  };

  private readonly _onUp = (event: PointerEvent): void => {
    const pressed = this._pressed;
    this._pressed = null;
    this._pane.showRange(null, 0);
    if (!pressed) {
      return;
    }
    const [x] = this._placeOf(event);
    if (pressed.isDrag) {
      this._toRange(pressed.x, this._within(x));
    } else if (pressed.node !== NONE) {
      this._pane.activate(pressed.node);
      this._pane.options.onZoom(pressed.node);
    }
  };

  private readonly _onCancel = (): void => this.leave();

  private readonly _onDoubleClick = (event: MouseEvent): void => {
    const node = this._pane.hit(...this._placeOf(event));
    if (node !== NONE) {
      this._pane.options.onOpen(node);
    }
  };

  private readonly _onContextMenu = (event: MouseEvent): void => {
    // With Shift it is the browser's own.
    if (event.shiftKey || event.button !== 2) {
      return;
    }
    const [x, y] = this._placeOf(event);
    const node = this._pane.hit(x, y);
    if (node !== NONE) {
      event.preventDefault();
      event.stopPropagation();
      this._pane.hover(NONE, null);
      this._pane.activate(node);
      this._pane.options.onMenu(
        node,
        x,
        this._pane.stage.offsetTop + Math.ceil(y / ROW) * ROW
      );
    }
  };

  private readonly _onWheel = (event: WheelEvent): void => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const [across, down] = [event.deltaX * unit, event.deltaY * unit];
    const pane = this._pane;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const [x] = this._placeOf(event);
      pane.zoomBy(Math.exp(-down * WHEEL), x);
      return;
    }
    const aside = event.shiftKey && across === 0 ? down : across;
    if ((event.shiftKey || Math.abs(across) > Math.abs(down)) && aside !== 0) {
      if (!pane.isWhole) {
        event.preventDefault();
        pane.pan(aside / pane.width);
      }
      return;
    }
    if (pane.stage === document.activeElement) {
      const isUp = pane.picture?.isUp ?? false;
      const step =
        Math.sign(down) * Math.max(1, Math.round(Math.abs(down) / LINE / 2));
      // At the end the page goes on.
      if (pane.scroll(isUp ? -step : step)) {
        event.preventDefault();
      }
    }
  };

  private _toRange(start: number, end: number): void {
    const { from, to, row } = this._pane.sight;
    const unit = (to - from) / this._pane.width;
    this._pane.see(
      {
        from: from + Math.min(start, end) * unit,
        to: from + Math.max(start, end) * unit,
        row
      },
      true
    );
  }

  private _placeOf({ clientX, clientY }: MouseEvent): [number, number] {
    const { left, top } = this._pane.canvas.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  private _within(x: number): number {
    return Math.max(0, Math.min(x, this._pane.width));
  }

  private _pressed: {
    readonly x: number;
    readonly node: TreeIndex | typeof NONE;
    isDrag: boolean;
  } | null = null;
}
