import type { ICodeNavigator } from '../tokens';
import type { IHost, ViewStates } from '../views';
import type { Preferences } from './preferences';

/** What all results share. */
export interface IResultSettings {
  /** The reader's settings. */
  readonly preferences: Preferences;
  /** What readers chose; made with the first result. */
  states?: ViewStates;
}

/**
 * What a place that shows a profile has for its view.
 *
 * @param key - of the view state; nothing is kept of an empty one
 * @param cell - id of the cell that can be run again, if any
 * @param node - where it is shown
 */
export function resultHost(
  views: typeof import('../views'),
  settings: IResultSettings,
  navigator: ICodeNavigator | null,
  node: HTMLElement,
  key: string,
  cell: string | null
): IHost {
  const { state, hidden } = settings.preferences.current;
  const states = (settings.states ??= new views.ViewStates(storage));
  return {
    state: views.readViewState(states.read(key), {
      ...views.DEFAULT_VIEW_STATE,
      ...state
    }),
    remember: changed => states.write(key, changed),
    hidden,
    open: async place => (await navigator?.open(place, node)) ?? false,
    profileLines:
      navigator && cell
        ? place => navigator.profileLines(cell, place, node)
        : undefined,
    page
  };
}

/** Where the bundler's files are, with a slash at the end. */
declare const __webpack_public_path__: string;

async function page(charts: boolean): Promise<string> {
  const name = charts ? 'report-charts' : 'report';
  const answer = await fetch(`${__webpack_public_path__}${name}.html`);
  if (!answer.ok) {
    throw new Error(answer.statusText);
  }
  return answer.text();
}

/** Outside of all functions: what is made in one holds on to all that it was given. */
const storage = () => window.localStorage;
