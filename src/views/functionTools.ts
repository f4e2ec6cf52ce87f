import { CATEGORIES, type Category } from '../profile/categories';
import { MOST_SEARCH, type Grouping } from '../profile/viewState';
import { categoryCaption, categoryName } from './categories';
import type { IContext } from './context';
import { button, element } from './dom';
import { LEAST_TOLD } from './header';
import { isTimed, type Result } from './result';

/** Pause in typing after which is searched, in ms. */
const PAUSE = 120;

/**
 * What chooses the functions that the table lists: search, chips, grouping, shares or times, the spine.
 */
export class FunctionTools {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext
  ) {
    const { trans } = _context;
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
    this._regex = toggle(
      '.*',
      trans.__('Search for a regular expression'),
      () => _result.update({ regex: !_result.state.regex })
    );
    this._regex.classList.add('jp-mod-joined');
    name(this._regex);
    this._percent = toggle(
      '%',
      isTimed(_result)
        ? trans.__('Times as shares of the whole')
        : trans.__('Values as shares of the whole'),
      () => _result.update({ percent: !_result.state.percent })
    );
    name(this._percent);
    this._group = this._groupChoice();
    this._spine = this._spineToggle();
    this._chips = this._categoryChips();
    this.node = element(
      'div',
      {
        className: 'jp-Profiler-tools',
        attributes: {
          role: 'toolbar',
          'aria-label': trans.__('What the table lists')
        }
      },
      [
        element('span', { className: 'jp-Profiler-joined' }, [
          this._search,
          this._regex
        ]),
        element(
          'span',
          {
            className: 'jp-Profiler-chips',
            attributes: {
              role: 'group',
              'aria-label': trans.__('Show functions of')
            }
          },
          [...this._chips.values()]
        ),
        element('label', { className: 'jp-Profiler-choice' }, [
          element('span', { text: trans.__('Group by') }),
          this._group
        ]),
        this._percent,
        ...(this._spine ? [this._spine] : [])
      ]
    );
    this.refresh();
  }

  readonly node: HTMLElement;

  /**
   * Show the state as it is now.
   */
  refresh(): void {
    const { state } = this._result;
    // What is being typed is newer than the state.
    if (this._timer === null && this._search.value !== state.search) {
      this._search.value = state.search;
    }
    press(this._regex, state.regex);
    press(this._percent, state.percent);
    this._group.value = state.group;
    if (this._spine) {
      press(this._spine, state.spine);
      this._spine.hidden = state.group !== 'none';
    }
    for (const [category, chip] of this._chips) {
      press(chip, !state.hidden.includes(category));
    }
  }

  dispose(): void {
    if (this._timer !== null) {
      window.clearTimeout(this._timer);
    }
  }

  /**
   * A chip for each category that there is, with what it owns.
   */
  private _categoryChips(): ReadonlyMap<Category, HTMLButtonElement> {
    const { trans, numbers } = this._context;
    const sums = this._result.list.categories();
    // The same words as in the header: of compiled code that is not sampled it is known how much it took at least.
    const isSampled = this._result.profile.functions.kind.includes('native');
    const owned = (category: Category, share: number) =>
      category === 'compiled' && !isSampled && share >= LEAST_TOLD
        ? trans.__('≥ %1', numbers.percentAtLeast(share))
        : numbers.percent(share);
    return new Map(
      CATEGORIES.flatMap(category => {
        const sum = sums.get(category);
        if (!sum) {
          return [];
        }
        const chip = toggle(
          categoryName(category, trans),
          trans.__(
            '%1 Alt+click shows them alone.',
            categoryCaption(category, trans)
          ),
          event => this._onChip(category, event.altKey)
        );
        chip.classList.add('jp-Profiler-chip');
        chip.append(
          ' ',
          element('span', {
            className: 'jp-Profiler-count',
            text: owned(category, this._result.share(sum.self))
          })
        );
        return [[category, chip] as const];
      })
    );
  }

  private _onChip(category: Category, isAlone: boolean): void {
    const { hidden } = this._result.state;
    const others = [...this._chips.keys()].filter(one => one !== category);
    const isAloneNow = others.every(one => hidden.includes(one));
    this._result.update({
      hidden: isAlone
        ? isAloneNow
          ? []
          : others
        : hidden.includes(category)
          ? hidden.filter(one => one !== category)
          : [...hidden, category]
    });
  }

  private _groupChoice(): HTMLSelectElement {
    const { trans } = this._context;
    const options: [Grouping, string][] = [
      ['none', trans.__('nothing')],
      ['file', trans.__('file')],
      ['package', trans.__('package')]
    ];
    const select = element(
      'select',
      {},
      options.map(([value, text]) =>
        element('option', { text, attributes: { value } })
      )
    );
    select.addEventListener('change', () =>
      this._result.update({
        group: options[select.selectedIndex][0]
      })
    );
    return select;
  }

  private _spineToggle(): HTMLButtonElement | null {
    const { trans, numbers } = this._context;
    const { spine } = this._result;
    if (!spine) {
      return null;
    }
    const count = spine.functions.length;
    return toggle(
      trans._n('Fold %2 frame', 'Fold %2 frames', count, numbers.count(count)),
      trans._n(
        '%2 frame that only leads to the work is one row.',
        '%2 frames that only lead to the work are one row.',
        count,
        numbers.count(count)
      ),
      () => this._result.update({ spine: !this._result.state.spine })
    );
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
  private readonly _percent: HTMLButtonElement;
  private readonly _group: HTMLSelectElement;
  private readonly _spine: HTMLButtonElement | null;
  private readonly _chips: ReadonlyMap<Category, HTMLButtonElement>;
  private _timer: number | null = null;
}

function toggle(
  text: string,
  title: string,
  onClick: (event: MouseEvent) => void
): HTMLButtonElement {
  return button(text, onClick, {
    title,
    attributes: { 'aria-pressed': 'false' }
  });
}

/** Let a button whose text is a sign be called what it does. */
function name(button: HTMLElement): void {
  button.setAttribute('aria-label', button.title);
}

function press(button: HTMLElement, isPressed: boolean): void {
  button.setAttribute('aria-pressed', `${isPressed}`);
}
