import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IViewState } from '../profile/viewState';

/** The reader's settings for results. */
export interface IPreferences {
  /** What a result shows of which nothing is kept. */
  readonly state: Pick<IViewState, 'view' | 'percent'>;
  /** Patterns of functions that are not listed, searched in the names that pstats prints. */
  readonly hidden: readonly string[];
}

/**
 * The settings of results, as they are now.
 */
export class Preferences {
  /** What is set. */
  get current(): IPreferences {
    return this._current;
  }

  /**
   * Read what the settings hold. What is not as the schema wants it has its default.
   */
  read(composite: Readonly<Record<string, unknown>>): void {
    const { view, percent, hiddenFunctions } = composite;
    this._current = {
      state: {
        view: view === 'charts' || view === 'tree' ? view : 'functions',
        percent: percent === true
      },
      hidden: Array.isArray(hiddenFunctions)
        ? hiddenFunctions.filter(text => typeof text === 'string')
        : []
    };
    this._changed.emit(this._current);
  }

  /** Emitted when something was set. */
  get changed(): ISignal<this, IPreferences> {
    return this._changed;
  }

  private _current: IPreferences = {
    state: { view: 'functions', percent: false },
    hidden: []
  };
  private readonly _changed = new Signal<this, IPreferences>(this);
}
