import { NONE, type TreeIndex } from '../../profile/indices';
import type { ICallTree } from '../../profile/tree/callTree';
import { breadcrumbsOf } from '../../profile/tree/walk';
import type { IContext } from '../context';
import { element } from '../dom';
import type { BoxWords } from './words';

/** Steps that are shown at most. */
const MOST = 7;

/**
 * The way to the box that fills the picture. Each step is a button that goes there.
 */
export class Breadcrumbs {
  /**
   * @param _onZoom - the reader wants to go to a box; `NONE`: to all
   */
  constructor(
    private readonly _words: BoxWords,
    private readonly _context: IContext,
    private readonly _onZoom: (node: TreeIndex | typeof NONE) => void
  ) {
    this._list = element('ol');
    this.node = element(
      'nav',
      {
        className: 'jp-Profiler-crumbs',
        attributes: { 'aria-label': _context.trans.__('Zoomed to') }
      },
      [this._list]
    );
  }

  readonly node: HTMLElement;

  /**
   * Show the way to a box.
   */
  show(tree: ICallTree, node: TreeIndex | typeof NONE): void {
    const { trans, numbers } = this._context;
    this.node.hidden = node === NONE;
    if (node === NONE) {
      this._list.replaceChildren();
      return;
    }
    const hadFocus = this._list.contains(document.activeElement);
    const { first, hidden, last } = breadcrumbsOf(tree, node, MOST);
    const left =
      hidden > 0
        ? [
            element('li', {
              text: trans._n(
                '… %2 more …',
                '… %2 more …',
                hidden,
                numbers.count(hidden)
              )
            })
          ]
        : [];
    this._list.replaceChildren(
      this._step(trans.__('All'), '', NONE, false),
      ...first.map(one => this._box(tree, one, node)),
      ...left,
      ...last.map(one => this._box(tree, one, node))
    );
    if (hadFocus) {
      this._list.querySelector<HTMLElement>('li:last-child button')?.focus();
    }
  }

  private _box(
    tree: ICallTree,
    node: TreeIndex,
    here: TreeIndex
  ): HTMLLIElement {
    const func = tree.func[node];
    return this._step(
      this._words.name(func),
      this._words.title(func),
      node,
      node === here
    );
  }

  private _step(
    text: string,
    title: string,
    node: TreeIndex | typeof NONE,
    isHere: boolean
  ): HTMLLIElement {
    const button = element('button', {
      className: 'jp-Profiler-link',
      text,
      title,
      attributes: {
        type: 'button',
        ...(isHere ? { 'aria-current': 'location' } : {})
      }
    });
    button.addEventListener('click', () => this._onZoom(node));
    return element('li', {}, [button]);
  }

  private readonly _list: HTMLElement;
}
