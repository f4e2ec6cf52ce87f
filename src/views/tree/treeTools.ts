import {
  readTransforms,
  type PLAIN_TRANSFORMS
} from '../../profile/tree/transforms';
import {
  TREE_COLOURS,
  TREE_MODES,
  type TreeMode
} from '../../profile/viewState';
import type { IContext } from '../context';
import { element } from '../dom';
import { choice, labelled } from '../pictures/choice';
import { ChoiceSwitch } from '../pictures/choiceSwitch';
import { SearchTools } from '../pictures/searchTools';
import { ThreadChoice, type Threads } from '../pictures/threads';
import { colourName } from '../pictures/treeColours';
import type { Result } from '../result';

/** A change of the tree that needs nothing but to be chosen. */
type PlainTransform = (typeof PLAIN_TRANSFORMS)[number];

/**
 * What chooses how the tree is drawn: its form, the search, thread, and colours.
 */
export class TreeTools {
  /**
   * @param threads - that there are
   */
  constructor(
    private readonly _result: Result,
    context: IContext,
    threads: Threads
  ) {
    const { trans } = context;
    this._modes = new ChoiceSwitch<TreeMode>(
      TREE_MODES.map(name => ({ name, label: modeName(name, context) })),
      trans.__('Form of the tree'),
      tree => _result.update({ tree, zoom: [] })
    );
    this._search = new SearchTools(_result, context);
    this._threads = new ThreadChoice(_result, context, threads);
    this._colours = choice(
      TREE_COLOURS.map(name => [name, colourName(name, context)] as const),
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
        ...this._search.nodes,
        ...this._threads.nodes,
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
    this._search.refresh();
    for (const [kind, button] of this._plain) {
      const isOn = readTransforms(state.transforms).some(
        one => one.kind === kind
      );
      button.setAttribute('aria-pressed', `${isOn}`);
    }
    this._colours.value = state.treeColour;
    this._threads.refresh();
  }

  /**
   * Say what the search found.
   */
  found(text: string): void {
    this._search.found(text);
  }

  dispose(): void {
    this._search.dispose();
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
      const transforms = readTransforms(this._result.state.transforms);
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

  private readonly _modes: ChoiceSwitch<TreeMode>;
  private readonly _search: SearchTools;
  private readonly _threads: ThreadChoice;
  private readonly _colours: HTMLSelectElement;
  private readonly _plain: ReadonlyMap<PlainTransform, HTMLButtonElement>;
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
