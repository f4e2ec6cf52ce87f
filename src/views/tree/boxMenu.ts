import { element } from '../dom';

/** Something that can be done with a box. */
export interface IMenuItem {
  readonly label: string;
  /** The key that does it without the menu; "" if there is none. */
  readonly key: string;
  /** Why it cannot be done, in a sentence; nothing where it can. */
  readonly refusal?: string;
  run(): void;
}

/**
 * What can be done with a box, as a menu beside it.
 */
export class BoxMenu {
  /**
   * @param _host - positioned; the menu stays within its width
   * @param _label - what the menu is called
   * @param _onClose - the menu is closed, and the focus was in it
   */
  constructor(
    private readonly _host: HTMLElement,
    private readonly _label: string,
    private readonly _onClose: () => void
  ) {}

  /** Whether it is open. */
  get isOpen(): boolean {
    return this._node !== null;
  }

  /**
   * Open at a place within the host, in px.
   *
   * @param groups - lines are drawn between them
   */
  open(
    groups: readonly (readonly IMenuItem[])[],
    left: number,
    top: number
  ): void {
    this.close();
    const node = element('div', {
      className: 'jp-Profiler-menu',
      attributes: { role: 'menu', 'aria-label': this._label }
    });
    groups.forEach((items, i) => {
      if (i > 0) {
        node.append(element('div', { attributes: { role: 'separator' } }));
      }
      node.append(...items.map(item => this._item(item)));
    });
    node.addEventListener('keydown', this._onKeyDown);
    node.addEventListener('focusout', this._onFocusOut);
    node.addEventListener('contextmenu', swallow);
    this._host.append(node);
    this._node = node;
    const room = this._host.clientWidth - node.offsetWidth;
    node.style.left = `${Math.max(0, Math.min(left, room))}px`;
    // An output shows nothing beyond its lower edge.
    const frame = this._host.closest('.jp-Profiler') ?? this._host;
    const [own, all] = [this._host, frame].map(one =>
      one.getBoundingClientRect()
    );
    const lowest = all.bottom - own.top - node.offsetHeight;
    node.style.top = `${Math.max(all.top - own.top, Math.min(top, lowest))}px`;
    this._items()[0]?.focus();
  }

  /**
   * Close it, where it is open.
   */
  close(): void {
    const node = this._node;
    this._node = null;
    if (!node) {
      return;
    }
    const hadFocus = node.contains(document.activeElement);
    node.remove();
    if (hadFocus) {
      this._onClose();
    }
  }

  private _item({ label, key, refusal, run }: IMenuItem): HTMLButtonElement {
    const item = element(
      'button',
      {
        attributes: {
          type: 'button',
          role: 'menuitem',
          tabindex: '-1',
          ...(refusal ? { 'aria-disabled': 'true' } : {}),
          ...(key ? { 'aria-keyshortcuts': key } : {})
        }
      },
      [
        element('span', {}, [
          label,
          ...(refusal ? [element('small', { text: refusal })] : [])
        ]),
        ...(key
          ? [
              element('kbd', {
                text: key,
                attributes: { 'aria-hidden': 'true' }
              })
            ]
          : [])
      ]
    );
    item.addEventListener('click', () => {
      this.close();
      run();
    });
    return item;
  }

  private _items(): readonly HTMLButtonElement[] {
    return [...(this._node?.querySelectorAll('button') ?? [])];
  }

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    const items = this._items();
    const at = items.findIndex(item => item === document.activeElement);
    const last = items.length - 1;
    const next: number | undefined = new Map([
      ['ArrowDown', at === last ? 0 : at + 1],
      ['ArrowUp', at <= 0 ? last : at - 1],
      ['Home', 0],
      ['End', last]
    ]).get(event.key);
    if (event.key === 'Escape' || event.key === 'Tab') {
      this.close();
    } else if (next !== undefined) {
      items[next].focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly _onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (!(
      relatedTarget instanceof Node && this._node?.contains(relatedTarget)
    )) {
      const node = this._node;
      this._node = null;
      node?.remove();
    }
  };

  private _node: HTMLElement | null = null;
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
