import { element } from './dom';

/** Makes ids that tie a tab to its panel. */
let lists = 0;

/** A view and its tab. */
export interface ITab<V extends string> {
  readonly view: V;
  readonly label: string;
  readonly panel: HTMLElement;
}

/**
 * Tabs, of which one is shown: arrow keys go from one to the next.
 */
export class Tabs<V extends string> {
  /**
   * @param label - what the list of tabs is called
   * @param onChoose - the reader chose a view
   */
  constructor(
    private readonly _tabs: readonly ITab<V>[],
    label: string,
    private readonly _onChoose: (view: V) => void
  ) {
    const id = `jp-profiler-tabs-${++lists}`;
    this._buttons = _tabs.map(({ view, label, panel }) => {
      const button = element('button', {
        text: label,
        attributes: {
          type: 'button',
          role: 'tab',
          id: `${id}-${view}`,
          'aria-controls': `${id}-${view}-panel`
        }
      });
      button.addEventListener('click', () => _onChoose(view));
      panel.id = `${id}-${view}-panel`;
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', button.id);
      return button;
    });
    this.node = element(
      'div',
      {
        className: 'jp-Profiler-tabs',
        attributes: { role: 'tablist', 'aria-label': label }
      },
      this._buttons
    );
    this.node.addEventListener('keydown', this._onKeyDown);
  }

  readonly node: HTMLElement;

  /**
   * Show the panel of a view, and hide the others.
   */
  show(view: V): void {
    this._tabs.forEach((tab, i) => {
      const isShown = tab.view === view;
      tab.panel.hidden = !isShown;
      this._buttons[i].setAttribute('aria-selected', `${isShown}`);
      this._buttons[i].tabIndex = isShown ? 0 : -1;
    });
  }

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    const last = this._buttons.length - 1;
    const now = this._buttons.findIndex(
      button => button === document.activeElement
    );
    const next = {
      ArrowRight: now === last ? 0 : now + 1,
      ArrowLeft: now === 0 ? last : now - 1,
      Home: 0,
      End: last
    }[event.key];
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (isPlain && now >= 0 && next !== undefined) {
      event.preventDefault();
      this._onChoose(this._tabs[next].view);
      this._buttons[next].focus();
    }
  };

  private readonly _buttons: readonly HTMLButtonElement[];
}
