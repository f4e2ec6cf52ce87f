import { NONE, type TreeIndex } from '../../profile/indices';
import { stepFrom, type Step } from '../../profile/tree/walk';
import type { FlamePane } from './flamePane';

/** How far a key goes to the side, as a part of what is seen. */
const PAN = 0.2;

/**
 * What the keyboard does in a picture.
 *
 * Arrows go from box to box as the picture shows them. Space zooms to a box, Enter leads to the code, as in the other
 * views. + - 0 and W A S D zoom and go to the side; Escape shows all again.
 */
export class PaneKeys {
  constructor(private readonly _pane: FlamePane) {
    _pane.stage.addEventListener('keydown', this._onKeyDown);
  }

  dispose(): void {
    this._pane.stage.removeEventListener('keydown', this._onKeyDown);
  }

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== this._pane.stage) {
      return;
    }
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (
      (isPlain && this._onPlain(event)) ||
      this._pane.options.onKey(event, this._pane.active)
    ) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  /** Whether the key did something. */
  private _onPlain(event: KeyboardEvent): boolean {
    const pane = this._pane;
    const isUp = pane.picture?.isUp ?? false;
    const { active } = pane;
    switch (event.key) {
      case 'ArrowUp':
        return this._step(isUp ? 'callee' : 'caller');
      case 'ArrowDown':
        return this._step(isUp ? 'caller' : 'callee');
      case 'ArrowLeft':
      case 'ArrowRight': {
        const isRight = event.key === 'ArrowRight';
        if (event.shiftKey) {
          pane.pan(isRight ? PAN : -PAN, true);
          return true;
        }
        return this._step(isRight ? 'next' : 'previous');
      }
      case 'Home':
        return this._to(0 as TreeIndex);
      case 'PageDown':
        return this._page(1) || true;
      case 'PageUp':
        return this._page(-1) || true;
      case '+':
      case '=':
      case 'w':
      case 'W':
        pane.zoomStep(1);
        return true;
      case '-':
      case '_':
      case 's':
      case 'S':
        pane.zoomStep(-1);
        return true;
      case 'a':
      case 'A':
        pane.pan(-PAN, true);
        return true;
      case 'd':
      case 'D':
        pane.pan(PAN, true);
        return true;
      case '0':
        pane.options.onZoom(NONE);
        return true;
      case 'Escape': {
        const isOther = !pane.isWhole || pane.zoomed !== NONE;
        if (isOther) {
          pane.options.onZoom(NONE);
        }
        return isOther;
      }
      case ' ':
        if (active !== NONE) {
          pane.options.onZoom(active);
        }
        return true;
      case 'Enter':
        if (active !== NONE && !event.shiftKey) {
          pane.options.onOpen(active);
          return true;
        }
        return false;
      case 'ContextMenu':
      case 'F10':
        if (
          active !== NONE &&
          (event.key === 'ContextMenu' || event.shiftKey)
        ) {
          pane.menu(active);
          return true;
        }
        return false;
      default:
        return false;
    }
  }

  private _step(step: Step): boolean {
    const pane = this._pane;
    const tree = pane.picture?.places.tree;
    if (!tree || tree.length === 0) {
      return true;
    }
    const next =
      pane.active === NONE
        ? (0 as TreeIndex)
        : stepFrom(tree, pane.active, step);
    if (next !== NONE) {
      return this._to(next);
    }
    // Beyond the root there may be another picture.
    if (step === 'caller') {
      pane.options.onBeyond();
    }
    return true;
  }

  private _to(node: TreeIndex): boolean {
    if ((this._pane.picture?.places.tree.length ?? 0) > 0) {
      this._pane.activate(node);
    }
    return true;
  }

  private _page(step: number): boolean {
    const isUp = this._pane.picture?.isUp ?? false;
    return this._pane.scroll((isUp ? -step : step) * (this._pane.rows - 1));
  }
}
