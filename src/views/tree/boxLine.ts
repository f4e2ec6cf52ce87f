import type { IContext } from '../context';
import { element } from '../dom';
import type { BoxWords, IBox } from './words';

/** What the buttons beside the box's line do. */
export interface IBoxLineOptions {
  onZoom(box: IBox): void;
  onOpen(box: IBox): void;
  onAccount(box: IBox): void;
  /** The reader wants to know what else can be done; the button is what the menu opens at. */
  onMore(box: IBox, button: HTMLElement): void;
}

/**
 * The box that the keyboard is on, in a sentence that screen readers are told, and what can be done with it.
 */
export class BoxLine {
  constructor(
    private readonly _words: BoxWords,
    { trans }: IContext,
    options: IBoxLineOptions
  ) {
    this._text = element('p', { attributes: { role: 'status' } });
    const button = (text: string, onClick: (node: HTMLElement) => void) => {
      const node = element('button', {
        className: 'jp-Profiler-button',
        text,
        attributes: { type: 'button' }
      });
      node.addEventListener('click', () => onClick(node));
      return node;
    };
    const ofBox = (run: (box: IBox) => void) => () => {
      if (this._box) {
        run(this._box);
      }
    };
    const more = button(trans.__('More …'), node =>
      ofBox(box => options.onMore(box, node))()
    );
    more.setAttribute('aria-haspopup', 'menu');
    this._tools = element('span', { className: 'jp-Profiler-boxTools' }, [
      button(trans.__('Zoom'), ofBox(options.onZoom)),
      button(trans.__('Code'), ofBox(options.onOpen)),
      button(trans.__('Account'), ofBox(options.onAccount)),
      more
    ]);
    this.node = element('div', { className: 'jp-Profiler-boxLine' }, [
      this._text,
      this._tools
    ]);
    this.show(null);
  }

  readonly node: HTMLElement;

  /**
   * Tell of another box.
   */
  show(box: IBox | null): void {
    this._box = box;
    this._tools.hidden = !box;
    const text = box ? this._words.sentence(box) : '';
    if (this._text.textContent !== text) {
      this._text.textContent = text;
    }
  }

  private readonly _text: HTMLElement;
  private readonly _tools: HTMLElement;
  private _box: IBox | null = null;
}
