import type { PLAIN_TRANSFORMS } from '../../profile/tree/transforms';
import type { IThreadShare } from '../../profile/tree/treeOf';
import {
  MOST_SEARCH,
  TREE_COLOURS,
  TREE_MODES,
  type TreeMode
} from '../../profile/viewState';
import type { IContext } from '../context';
import { clipped, element } from '../dom';
import { choice, labelled } from '../pictures/choice';
import { ChoiceSwitch } from '../pictures/choiceSwitch';
import { colourName } from '../pictures/treeColours';
import type { Result } from '../result';

/** A change of the tree that needs nothing but to be chosen. */
type PlainTransform = (typeof PLAIN_TRANSFORMS)[number];

/** Pause in typing after which is searched, in ms. */
const PAUSE = 120;

/** Stands for all threads in the list. */
const ALL = '';

/**
 * What chooses how the tree is drawn: its form, the search, thread, and colours.
 */
export class TreeTools {
  /**
   * @param threads - that there are
   * @param keyOf - names a thread in the view state
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    threads: readonly IThreadShare[],
    keyOf: (thread: IThreadShare) => string
  ) {
    const { trans } = _context;
    this._modes = new ChoiceSwitch<TreeMode>(
      TREE_MODES.map(name => ({ name, label: modeName(name, _context) })),
      trans.__('Form of the tree'),
      tree => _result.update({ tree, zoom: [] })
    );
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
    this._regex = element('button', {
      className: 'jp-Profiler-button jp-mod-joined',
      text: '.*',
      title: trans.__('Search for a regular expression'),
      attributes: {
        type: 'button',
        'aria-label': trans.__('Search for a regular expression')
      }
    });
    this._regex.addEventListener('click', () =>
      _result.update({ regex: !_result.state.regex })
    );
    this._found = element('span', {
      className: 'jp-Profiler-found',
      attributes: { role: 'status' }
    });
    this._thread =
      threads.length > 1
        ? choice(
            [
              [ALL, trans.__('all')],
              ...threads.map(
                one => [keyOf(one), this._threadName(one)] as const
              )
            ],
            value => _result.update({ thread: value || null, zoom: [] })
          )
        : null;
    this._colours = choice(
      TREE_COLOURS.map(name => [name, colourName(name, _context)] as const),
      value => _result.update({ treeColour: value })
    );
    this._plain = new Map<PlainTransform, HTMLButtonElement>([
      [
        'my-code',
        this._plainToggle(
          'my-code',
          trans.__('My code only'),
          trans.__(
            'Only my notebook and my files; what others own is their caller’s.'
          )
        )
      ],
      [
        'fold-spine',
        this._plainToggle(
          'fold-spine',
          trans.__('Fold the spine'),
          trans.__('Without the frames that only lead to the work.')
        )
      ]
    ]);
    this.node = element(
      'div',
      {
        className: 'jp-Profiler-tools',
        attributes: {
          role: 'toolbar',
          'aria-label': trans.__('How the tree is drawn')
        }
      },
      [
        this._modes.node,
        element('span', { className: 'jp-Profiler-joined' }, [
          this._search,
          this._regex
        ]),
        this._found,
        ...(this._thread
          ? [labelled(trans.__('Thread or task'), this._thread)]
          : []),
        labelled(trans.__('Colors'), this._colours),
        ...this._plain.values()
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
    this._modes.choose(state.tree);
    // What is being typed is newer than the state.
    if (this._timer === null && this._search.value !== state.search) {
      this._search.value = state.search;
    }
    this._regex.setAttribute('aria-pressed', `${state.regex}`);
    for (const [kind, button] of this._plain) {
      const isOn = state.transforms.some(one => one.kind === kind);
      button.setAttribute('aria-pressed', `${isOn}`);
    }
    this._colours.value = state.treeColour;
    if (this._thread) {
      this._thread.value = state.thread ?? ALL;
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
    if (this._timer !== null) {
      window.clearTimeout(this._timer);
    }
  }

  /** A change that needs nothing but to be chosen: it is among the others, and goes with them. */
  private _plainToggle(
    kind: PlainTransform,
    text: string,
    title: string
  ): HTMLButtonElement {
    const button = element('button', {
      className: 'jp-Profiler-button',
      text,
      title,
      attributes: { type: 'button' }
    });
    button.addEventListener('click', () => {
      const { transforms } = this._result.state;
      const others = transforms.filter(one => one.kind !== kind);
      this._result.update({
        transforms:
          others.length < transforms.length
            ? others
            : [...transforms, { kind }],
        zoom: []
      });
    });
    return button;
  }

  private _threadName({ thread, value, share }: IThreadShare): string {
    const { trans, numbers } = this._context;
    const { threads } = this._result.profile;
    const name = clipped(
      threads.name[thread] || trans.__('Thread %1', `${thread + 1}`)
    );
    return Number.isFinite(share)
      ? trans.__('%1, %2', name, numbers.percent(share))
      : trans.__(
          '%1, %2',
          name,
          numbers.text(value, this._result.rows.metric?.unit ?? '')
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

  private readonly _modes: ChoiceSwitch<TreeMode>;
  private readonly _search: HTMLInputElement;
  private readonly _regex: HTMLButtonElement;
  private readonly _found: HTMLElement;
  private readonly _thread: HTMLSelectElement | null;
  private readonly _colours: HTMLSelectElement;
  private readonly _plain: ReadonlyMap<PlainTransform, HTMLButtonElement>;
  private _timer: number | null = null;
}

/** What a form of the tree is called. */
export function modeName(mode: TreeMode, { trans }: IContext): string {
  switch (mode) {
    case 'icicle':
      return trans.__('Icicle');
    case 'flame':
      return trans.__('Flame');
    case 'inverted':
      return trans.__('Inverted');
    case 'sandwich':
      return trans.__('Sandwich');
  }
}
