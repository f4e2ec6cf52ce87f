import '../../../style/changes.css';
import type { IContext } from '../context';
import { element } from '../dom';

/** Something that was done to the tree, or to the profile. */
export interface IChip {
  readonly text: string;
  /** All of it, for a tooltip. */
  readonly title: string;
  /** What it did, or why it has no effect; "" where the text says all. */
  readonly remark: string;
  /** Take it away. */
  remove(): void;
}

/**
 * What was done, in the order in which it was done: each can be taken away, the last one by Undo, too.
 */
export class Chips {
  /**
   * @param onUndo - the reader wants to take away the last one
   * @param label - what the list is called
   * @param hasKey - whether Ctrl+Z does so, too
   */
  constructor(
    private readonly _context: IContext,
    onUndo: () => void,
    label: string,
    hasKey: boolean
  ) {
    const { trans } = _context;
    this._list = element('ol', { attributes: { 'aria-label': label } });
    this._undo = element('button', {
      className: 'jp-Profiler-button',
      text: trans.__('Undo'),
      title: hasKey
        ? trans.__('Take the last change away (Ctrl+Z)')
        : trans.__('Take the last change away'),
      attributes: {
        type: 'button',
        ...(hasKey ? { 'aria-keyshortcuts': 'Control+Z' } : {})
      }
    });
    this._undo.addEventListener('click', onUndo);
    this.node = element('div', { className: 'jp-Profiler-changes' }, [
      this._list,
      this._undo
    ]);
  }

  readonly node: HTMLElement;

  /**
   * Show other changes.
   */
  show(chips: readonly IChip[]): void {
    const focused = [...this._list.querySelectorAll('button')].findIndex(
      button => button === document.activeElement
    );
    const hadFocus = this.node.contains(document.activeElement);
    this._list.replaceChildren(...chips.map(chip => this._chip(chip)));
    this.node.hidden = chips.length === 0;
    // Who has just taken one away goes on with the next.
    if (hadFocus && chips.length > 0) {
      const buttons = this._list.querySelectorAll('button');
      (focused < 0
        ? this._undo
        : buttons[Math.min(focused, buttons.length - 1)]
      ).focus();
    }
  }

  private _chip({ text, title, remark, remove }: IChip): HTMLLIElement {
    const button = element('button', {
      text: '×',
      title: this._context.trans.__('Take away: %1', title),
      attributes: {
        type: 'button',
        'aria-label': this._context.trans.__('Take away: %1', title)
      }
    });
    button.addEventListener('click', remove);
    return element('li', { title }, [
      element('span', { text }),
      ...(remark
        ? [element('span', { className: 'jp-Profiler-count', text: remark })]
        : []),
      button
    ]);
  }

  private readonly _list: HTMLElement;
  private readonly _undo: HTMLButtonElement;
}
