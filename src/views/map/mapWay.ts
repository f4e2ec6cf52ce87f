import type { FuncIndex, TreeIndex } from '../../profile/indices';
import { History } from '../../profile/map/history';
import type { MapBoxes } from '../../profile/map/mapBoxes';
import { MOST_DEPTH, type IMapState } from '../../profile/map/mapState';
import type { Result } from '../result';
import type { IMapShown, MapModel } from './mapModel';

/** What fills the map, and what it is a map of. */
type Root = Pick<IMapState, 'mode' | 'root'>;

/** Where a reader is. */
export interface IMapHere {
  readonly state: IMapState;
  readonly shown: IMapShown | null;
  readonly boxes: Pick<MapBoxes, 'deepest' | 'isCut'>;
}

/**
 * Leads through a map: what fills it, how deep it is, and the way back.
 */
export class MapWay {
  /**
   * @param _here - where the reader is now
   */
  constructor(
    private readonly _result: Result,
    private readonly _model: MapModel,
    private readonly _here: () => IMapHere
  ) {}

  /** Whether there is a way back. */
  get hasBack(): boolean {
    return !this._history.isEmpty;
  }

  /** Change what is chosen of the map. */
  update(change: Partial<IMapState>): void {
    this._result.update({ map: { ...this._here().state, ...change } });
  }

  /** Let something else fill the map; there is a way back. */
  go({ mode, root }: Root): void {
    const { state } = this._here();
    if (mode !== this._model.modeOf(state) || root !== state.root) {
      this._history.leave({ mode: state.mode, root: state.root });
      this.update({ mode, root });
    }
  }

  /** Let a box fill the map. */
  toBox(node: TreeIndex): void {
    const { shown } = this._here();
    if (shown) {
      this.go({ mode: shown.mode, root: this._model.rootOf(shown, node) });
    }
  }

  /** Let a function fill the map. */
  toFunction(func: FuncIndex): void {
    const mode = this._model.modeOf(this._here().state);
    const key = this._result.keys.keyOf(func);
    this.go({ mode, root: mode === 'calls' ? key : `@${key}` });
  }

  home(): void {
    this.go({ mode: this._model.modeOf(this._here().state), root: null });
  }

  back(): void {
    const place = this._history.back();
    if (place) {
      this.update(place);
    }
  }

  /** To what is around. */
  up(): void {
    const { shown } = this._here();
    if (shown && shown.root !== null) {
      this.go({ mode: shown.mode, root: this._model.above(shown) });
    }
  }

  /** Draw one level more or less. */
  deepen(step: 1 | -1): void {
    const {
      state: { depth },
      boxes: { deepest, isCut }
    } = this._here();
    if (step < 0 && deepest > 0) {
      this.update({ depth: Math.min(deepest - 1, MOST_DEPTH) });
    } else if (step > 0 && depth !== null) {
      this.update({ depth: isCut ? depth + 1 : null });
    }
  }

  /** Do what a key of picture or table stands for; whether something was done. */
  onKey({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey) {
      return false;
    }
    if (altKey) {
      if (key === 'ArrowLeft') {
        this.back();
      } else if (key === 'ArrowUp') {
        this.up();
      }
      return key === 'ArrowLeft' || key === 'ArrowUp';
    }
    switch (key) {
      case 'Backspace':
        this.back();
        return true;
      case '+':
      case '=':
        this.deepen(1);
        return true;
      case '-':
        this.deepen(-1);
        return true;
      case 'Escape': {
        const hasRoot = this._here().shown?.root != null;
        this.home();
        return hasRoot;
      }
      default:
        return false;
    }
  }

  private readonly _history = new History<Root>();
}
