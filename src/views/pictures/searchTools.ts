import { MOST_SEARCH } from '../../profile/viewState';
import type { IContext } from '../context';
import { button, element } from '../dom';
import type { Result } from '../result';

/** Pause in typing after which is searched, in ms. */
const PAUSE = 120;

/**
 * The search that all views share, beside a picture whose boxes it marks.
 */
export class SearchTools {
  constructor(
    private readonly _result: Result,
    { trans }: IContext
  ) {
    this._search = element('input', {
      className: 'jp-Profiler-search',
      attributes: {
        type: 'search',
        placeholder: trans.__('Search functions'),
        'aria-label': trans.__('Search functions and files'),
        maxlength: `${MOST_SEARCH}`,
        spellcheck: 'false'
      }
    });
    this._search.addEventListener('input', this._onType);
    const title = trans.__('Search for a regular expression');
    this._regex = button(
      '.*',
      () => _result.update({ regex: !_result.state.regex }),
      {
        className: 'jp-Profiler-button jp-mod-joined',
        title,
        attributes: { 'aria-label': title }
      }
    );
    this._found = element('span', {
      className: 'jp-Profiler-found',
      attributes: { role: 'status' }
    });
    this.nodes = [
      element('span', { className: 'jp-Profiler-joined' }, [
        this._search,
        this._regex
      ]),
      this._found
    ];
  }

  /** The field, and what was found. */
  readonly nodes: readonly HTMLElement[];

  /**
   * Show the state as it is now.
   */
  refresh(): void {
    const { state } = this._result;
    // What is being typed is newer than the state.
    if (this._timer === null && this._search.value !== state.search) {
      this._search.value = state.search;
    }
    this._regex.setAttribute('aria-pressed', `${state.regex}`);
  }

  /**
   * Say what the search found.
   */
  found(text: string): void {
    if (this._found.textContent !== text) {
      this._found.textContent = text;
    }
  }

  dispose(): void {
    if (this._timer !== null) {
      window.clearTimeout(this._timer);
    }
  }

  private readonly _onType = (): void => {
    if (this._timer !== null) {
      window.clearTimeout(this._timer);
    }
    this._timer = window.setTimeout(() => {
      this._timer = null;
      this._result.update({ search: this._search.value });
    }, PAUSE);
  };

  private readonly _search: HTMLInputElement;
  private readonly _regex: HTMLButtonElement;
  private readonly _found: HTMLElement;
  private _timer: number | null = null;
}
