import type { ITransformStep } from '../../profile/tree/applyTransforms';
import { readTransforms } from '../../profile/tree/transforms';
import type { IContext } from '../context';
import type { Result } from '../result';
import { BoxActions, type IBoxHost } from './boxActions';
import { BoxMenu } from './boxMenu';
import { Chips } from './chips';
import { TransformWords } from './transformWords';
import type { BoxWords, IBox } from './words';

/** What changes of a tree need. */
export interface IChangesOptions {
  readonly result: Result;
  readonly context: IContext;
  readonly words: BoxWords;
  /** Where menus open. */
  readonly figure: HTMLElement;
  readonly host: IBoxHost;
  /** The reader wants to take away what was done last. */
  onUndo(): void;
  /** The menu is closed, and the focus was in it. */
  onClose(): void;
}

/**
 * What can be done with boxes, and what was done to the tree.
 */
export class Changes {
  constructor({
    result,
    context,
    words,
    figure,
    host,
    onUndo,
    onClose
  }: IChangesOptions) {
    const { trans } = context;
    this._result = result;
    this._context = context;
    this._transforms = new TransformWords(result, words, context);
    this._actions = new BoxActions(
      result,
      context,
      words,
      this._transforms,
      host
    );
    this._menu = new BoxMenu(
      figure,
      trans.__('What can be done with the box'),
      onClose
    );
    this._chips = new Chips(
      context,
      onUndo,
      trans.__('Changes of the tree'),
      true
    );
  }

  /** What was done to the tree. */
  get node(): HTMLElement {
    return this._chips.node;
  }

  /**
   * Show what was done to the tree.
   *
   * @param steps - what became of each transform
   */
  show(steps: readonly ITransformStep[]): void {
    const { trans } = this._context;
    const transforms = readTransforms(this._result.state.transforms);
    this._chips.show(
      transforms.map((transform, i) => {
        const { text, title } = this._transforms.of(transform);
        const outcome = steps[i]?.outcome ?? 'done';
        return {
          text,
          title,
          remark:
            outcome === 'gone'
              ? trans.__('not in this profile')
              : outcome === 'idle'
                ? trans.__('nothing to change')
                : '',
          remove: () =>
            this._result.update({
              transforms: transforms.filter((_, j) => j !== i),
              zoom: []
            })
        };
      })
    );
  }

  /**
   * Show what can be done with a box, at a place in px from the corner of the figure.
   */
  open(box: IBox, left: number, top: number): void {
    this._menu.open(this._actions.of(box), left, top);
  }

  close(): void {
    this._menu.close();
  }

  /**
   * Do with a box what a letter stands for.
   */
  byKey(key: string, box: IBox): void {
    this._actions.byKey(key, box);
  }

  private readonly _result: Result;
  private readonly _context: IContext;
  private readonly _transforms: TransformWords;
  private readonly _actions: BoxActions;
  private readonly _menu: BoxMenu;
  private readonly _chips: Chips;
}
