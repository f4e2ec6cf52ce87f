import type { IViewState } from '../profile/viewState';
import type { ICodeNavigator, ICodePlace, IResultSettings } from '../tokens';
import type { IHost } from '../views';

/** What keys of documents begin with. */
const FILE = 'file:';

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
  const chosen = views.readViewState(states.read(key), {
    ...views.DEFAULT_VIEW_STATE,
    ...state
  });
  // Asked anew each time: notebooks are renamed.
  const path = () =>
    key.startsWith(FILE)
      ? key.slice(FILE.length)
      : ((cell && navigator?.notebookOf(cell, node)) ?? '');
  const there = (place: ICodePlace) => ({ ...place, document: path() });
  const linked = settings.links.take(path(), cell ?? '');
  const now: IViewState = linked
    ? { ...chosen, view: 'calls', selection: [linked] }
    : chosen;
  if (linked) {
    states.write(key, now);
  }
  return {
    state: now,
    remember: changed => states.write(key, changed),
    hidden,
    open: async place => (await navigator?.open(there(place), node)) ?? false,
    textOf: async place => navigator?.textOf(there(place), node),
    ...(navigator && cell
      ? {
          profileLines: place => navigator.profileAgain(cell, place, node),
          profileNatively: () => navigator.profileAgain(cell, null, node)
        }
      : {}),
    link: path()
      ? func => settings.links.to(path(), cell ?? '', func)
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
