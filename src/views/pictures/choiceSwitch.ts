import { element } from '../dom';

/** Something that can be chosen. */
export interface IChoice<N extends string> {
  readonly name: N;
  readonly label: string;
}

/** How far a key goes among the choices. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1
};

/**
 * Buttons of which one is on. One of them is in the order of Tab, the arrow keys go on from it, as with radio buttons.
 */
export class ChoiceSwitch<N extends string> {
  /**
   * @param label - what is chosen
   * @param _onChoose - the reader chose another one
   */
  constructor(
    choices: readonly IChoice<N>[],
    label: string,
    private readonly _onChoose: (name: N) => void
  ) {
    this._names = choices.map(({ name }) => name);
    this._buttons = choices.map(choice => {
      const button = element('button', {
        text: choice.label,
        attributes: { type: 'button', role: 'radio' }
      });
      button.addEventListener('click', () => this._choose(choice.name));
      return button;
    });
    this.node = element(
      'div',
      {
        className: 'jp-Profiler-switch',
        attributes: { role: 'radiogroup', 'aria-label': label }
      },
      this._buttons
    );
    this.node.addEventListener('keydown', this._onKeyDown);
  }

  readonly node: HTMLElement;

  /**
   * Show which one is on.
   */
  choose(name: N): void {
    this._chosen = name;
    this._buttons.forEach((button, i) => {
      const isOn = this._names[i] === name;
      button.setAttribute('aria-checked', `${isOn}`);
      button.tabIndex = isOn ? 0 : -1;
    });
  }

  private _choose(name: N): void {
    if (name !== this._chosen) {
      this._onChoose(name);
    }
  }

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    const step = Object.hasOwn(STEPS, event.key) ? STEPS[event.key] : 0;
    const at = this._buttons.findIndex(button => button === event.target);
    if (
      step === 0 ||
      at < 0 ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    ) {
      return;
    }
    event.preventDefault();
    const next = (at + step + this._names.length) % this._names.length;
    this._choose(this._names[next]);
    this._buttons[next].focus();
  };

  private readonly _names: readonly N[];
  private readonly _buttons: readonly HTMLButtonElement[];
  private _chosen: N | null = null;
}
