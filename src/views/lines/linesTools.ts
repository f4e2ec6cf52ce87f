import type { ThreadIndex } from '../../profile/indices';
import { LINE_UNITS, type ILinesState } from '../../profile/linesState';
import { MOST_SEARCH } from '../../profile/viewState';
import type { IContext } from '../context';
import { button, clipped, element } from '../dom';
import { choice, labelled } from '../pictures/choice';
import type { Result } from '../result';

/** Pause in typing after which is searched, in ms. */
const PAUSE = 120;

/** Stands for all threads in the list. */
const ALL = '';

/** What the tools tell. */
export interface ILinesToolsOptions {
  /** The reader searches for another text. */
  onSearch(text: string): void;
  /** The reader wants the next match, or the one before. */
  onFind(step: 1 | -1): void;
  /** The reader wants the next hot line, or the one before. */
  onHot(step: 1 | -1): void;
  onCopy(): void;
  /** The reader chooses something else. */
  onChange(change: Partial<ILinesState>): void;
}

/**
 * What chooses which lines are shown, and leads through them.
 */
export class LinesTools {
  /**
   * @param threads - that have lines
   * @param keys - names of all threads in the view state
   */
  constructor(
    private readonly _result: Result,
    context: IContext,
    threads: readonly ThreadIndex[],
    keys: readonly string[],
    private _state: ILinesState,
    private readonly _options: ILinesToolsOptions
  ) {
    const { trans } = context;
    this._search = element('input', {
      className: 'jp-Profiler-search',
      attributes: {
        type: 'search',
        placeholder: trans.__('Search the source'),
        'aria-label': trans.__('Search the source; Enter goes to the next'),
        maxlength: `${MOST_SEARCH}`,
        spellcheck: 'false'
      }
    });
    this._search.addEventListener('input', this._onType);
    this._search.addEventListener('keydown', this._onKeyDown);
    this._found = element('span', {
      className: 'jp-Profiler-found',
      attributes: { role: 'status' }
    });
    this._timed = button(
      trans.__('Hide lines without time'),
      () => _options.onChange({ timed: !this._state.timed }),
      { title: trans.__('Only lines that took time.') }
    );
    this._unit = choice(
      LINE_UNITS.map(
        name => [name, name === 'auto' ? trans.__('automatic') : name] as const
      ),
      unit => _options.onChange({ unit })
    );
    const { name } = _result.profile.threads;
    this._thread =
      threads.length > 1
        ? choice(
            [
              [ALL, trans.__('all')],
              ...threads.map(
                thread =>
                  [
                    keys[thread],
                    clipped(
                      name[thread] || trans.__('Thread %1', `${thread + 1}`)
                    )
                  ] as const
              )
            ],
            value => _result.update({ thread: value || null })
          )
        : null;
    const hot = (text: string, name: string, key: string, step: 1 | -1) =>
      button(text, () => _options.onHot(step), {
        title: trans.__('%1 (%2)', name, key),
        attributes: { 'aria-label': name, 'aria-keyshortcuts': key }
      });
    this.node = element(
      'div',
      {
        className: 'jp-Profiler-tools',
        attributes: {
          role: 'toolbar',
          'aria-label': trans.__('Which lines are shown')
        }
      },
      [
        element('span', { className: 'jp-Profiler-choice' }, [
          element('span', {
            text: trans.__('Hot lines'),
            attributes: { 'aria-hidden': 'true' }
          }),
          element('span', { className: 'jp-Profiler-pair' }, [
            hot('↑', trans.__('The hot line before'), 'p', -1),
            hot('↓', trans.__('The next hot line'), 'n', 1)
          ])
        ]),
        element('span', { className: 'jp-Profiler-joined' }, [this._search]),
        this._found,
        this._timed,
        labelled(trans.__('Unit'), this._unit),
        ...(this._thread
          ? [labelled(trans.__('Thread or task'), this._thread)]
          : []),
        element('span', { className: 'jp-Profiler-exports' }, [
          button(trans.__('Copy as text'), () => _options.onCopy(), {
            title: trans.__('As line_profiler prints it.')
          })
        ])
      ]
    );
    this.refresh(_state);
  }

  readonly node: HTMLElement;

  /**
   * Show the state as it is now.
   */
  refresh(state: ILinesState): void {
    this._state = state;
    this._timed.setAttribute('aria-pressed', `${state.timed}`);
    this._unit.value = state.unit;
    if (this._thread) {
      this._thread.value = this._result.state.thread ?? ALL;
      // A thread of an earlier run.
      if (this._thread.selectedIndex < 0) {
        this._thread.value = ALL;
      }
    }
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
    window.clearTimeout(this._timer);
  }

  private readonly _onType = (): void => {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._tell(), PAUSE);
  };

  private _tell(): void {
    window.clearTimeout(this._timer);
    this._options.onSearch(this._search.value);
  }

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key] as
      1 | -1 | undefined;
    const isPlain =
      !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (step && isPlain && !event.isComposing) {
      event.preventDefault();
      // Who is quicker than the pause means what is typed.
      this._tell();
      this._options.onFind(step);
    }
  };

  private readonly _search: HTMLInputElement;
  private readonly _found: HTMLElement;
  private readonly _timed: HTMLButtonElement;
  private readonly _unit: HTMLSelectElement;
  private readonly _thread: HTMLSelectElement | null;
  private _timer = 0;
}
