import type { IViewState } from '../profile/viewState';

/** Where view states are kept in the browser. */
const STORAGE_KEY = 'jupyterlab-profiler:view-states';

/** View states that are kept, the latest ones. */
const MOST_STATES = 200;

/** Characters of a state that is kept. */
const MOST_CHARACTERS = 10_000;

/** Pause after the last change before they are written, in ms. */
const PAUSE = 500;

/**
 * View states of results by key, for as long as the browser keeps them: a result has the state that it had before its
 * cell ran again or was moved, and before the page was loaded anew.
 *
 * They are kept in this browser, not in the notebook: looking at a result does not change the document.
 */
export class ViewStates {
  /**
   * @param storage - keeps texts; what it refuses is kept as long as the page
   */
  constructor(private readonly _storage: () => Storage) {}

  /**
   * What was kept under a key, as it was stored: not validated, since that comes with the views.
   */
  read(key: string): unknown {
    return key ? this._all().get(key) : undefined;
  }

  /**
   * Keep the state of a key; nothing is kept of an empty key, or of a state that is too long.
   */
  write(key: string, state: IViewState): void {
    // Names in it come from a payload, and the storage is that of the whole origin.
    if (!key || JSON.stringify(state).length > MOST_CHARACTERS) {
      return;
    }
    const states = this._all();
    states.delete(key);
    states.set(key, state);
    keepLatest(states);
    // The same order: what was changed last is the last one to be left out.
    this._changed.delete(key);
    this._changed.add(key);
    if (this._timer === undefined) {
      this._timer = window.setTimeout(this._save, PAUSE);
      // Who reloads the page does not wait.
      window.addEventListener('pagehide', this._save);
    }
  }

  private _all(): Map<string, unknown> {
    this._states ??= this._load();
    return this._states;
  }

  private _load(): Map<string, unknown> {
    try {
      const stored: unknown = JSON.parse(
        this._storage().getItem(STORAGE_KEY) ?? '[]'
      );
      return new Map(
        (Array.isArray(stored) ? stored : [])
          .filter(
            (entry): entry is [string, unknown] =>
              Array.isArray(entry) && typeof entry[0] === 'string'
          )
          .slice(-MOST_STATES)
      );
    } catch {
      // No storage here, or somebody else's text in it.
      return new Map();
    }
  }

  /**
   * Write what was changed here to what the storage has now, which another window may have changed.
   */
  private readonly _save = (): void => {
    window.clearTimeout(this._timer);
    window.removeEventListener('pagehide', this._save);
    this._timer = undefined;
    const states = this._load();
    for (const key of this._changed) {
      states.delete(key);
      states.set(key, this._all().get(key));
    }
    keepLatest(states);
    this._changed.clear();
    try {
      this._storage().setItem(STORAGE_KEY, JSON.stringify([...states]));
    } catch {
      // Full, or not allowed: the states last as long as the page.
    }
  };

  private _states: Map<string, unknown> | undefined;
  /** Keys of what is not written yet. */
  private readonly _changed = new Set<string>();
  private _timer: number | undefined;
}

function keepLatest(states: Map<string, unknown>): void {
  for (const oldest of states.keys()) {
    if (states.size <= MOST_STATES) {
      break;
    }
    states.delete(oldest);
  }
}
