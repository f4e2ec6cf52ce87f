import { LIMITS, type Step } from '../../profile/steps';
import type { IContext } from '../context';
import { button, element } from '../dom';
import { choice, labelled } from '../pictures/choice';
import type { StepWords } from './stepWords';

/** Makes the id that ties the button to what it opens. */
let forms = 0;

/** Characters of rules. */
const MOST_RULES = 1_000;

/** What is asked for in words: renaming, or a filter. */
type Asked = 'rename' | 'ancestor' | 'limit';

/**
 * Asks for the changes that need words or numbers: names by expressions, and filters.
 */
export class StepForm {
  /**
   * @param onAdd - the reader wants this step, too
   */
  constructor(
    words: StepWords,
    private readonly _context: IContext,
    private readonly _onAdd: (step: Step) => void
  ) {
    const { trans } = _context;
    const id = `jp-profiler-steps-${++forms}`;
    this.toggle = button(
      trans.__('Rename or filter…'),
      () => this._open(this.node.hidden),
      { attributes: { 'aria-expanded': 'false', 'aria-controls': id } }
    );
    this._kind = choice<Asked>(
      [
        ['rename', trans.__('Rename and merge')],
        ['ancestor', trans.__('Rename below a caller')],
        ['limit', trans.__('Filter stacks')]
      ],
      () => this._refresh()
    );
    this._rules = this._input('text');
    this._rules.maxLength = MOST_RULES;
    this._rules.spellcheck = false;
    this._by = choice(
      LIMITS.map(by => [by, words.limited(by)] as const),
      () => undefined
    );
    this._min = this._input('number');
    this._max = this._input('number');
    this._ofRules = [labelled(trans.__('Rules'), this._rules)];
    this._ofLimits = [
      labelled(trans.__('by'), this._by),
      labelled(trans.__('from'), this._min),
      labelled(trans.__('to'), this._max)
    ];
    this._say = element('p', { attributes: { role: 'status' } });
    this._add = element('button', {
      className: 'jp-Profiler-button',
      text: trans.__('Apply'),
      attributes: { type: 'submit' }
    });
    this.node = element(
      'form',
      {
        className: 'jp-Profiler-stepForm',
        attributes: { id, 'aria-label': trans.__('Rename or filter') }
      },
      [
        labelled(trans.__('Change'), this._kind),
        ...this._ofRules,
        ...this._ofLimits,
        this._add,
        this._say
      ]
    );
    this.node.noValidate = true;
    this.node.hidden = true;
    this.node.addEventListener('submit', event => {
      event.preventDefault();
      this._submit();
    });
    this.node.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        this._open(false);
        this.toggle.focus();
      }
    });
    this._refresh();
  }

  readonly node: HTMLFormElement;

  /** Opens and closes it. */
  readonly toggle: HTMLButtonElement;

  /**
   * Whether there is room for no further step.
   */
  setFull(isFull: boolean): void {
    this._add.disabled = isFull;
  }

  private _open(isOpen: boolean): void {
    this.node.hidden = !isOpen;
    this.toggle.setAttribute('aria-expanded', `${isOpen}`);
    if (isOpen) {
      this._kind.focus();
    }
  }

  private _refresh(): void {
    const { trans } = this._context;
    const isLimit = this._kind.value === 'limit';
    this._ofRules.forEach(node => (node.hidden = isLimit));
    this._ofLimits.forEach(node => (node.hidden = !isLimit));
    const [example, about] = {
      rename: [
        's/std::vector<.*>/vector/',
        trans.__(
          's/EXPRESSION/NAME/, several with ; between. Functions that have one name then are one.'
        )
      ],
      ancestor: [
        'main>read/READING',
        trans.__(
          'CALLER>FUNCTION/NAME: what is below FUNCTION, where CALLER called it, is called NAME.'
        )
      ],
      limit: [
        '',
        trans.__(
          'Only stacks whose own value is within these bounds: the whole is less than before.'
        )
      ]
    }[this._kind.value as Asked];
    this._rules.placeholder = example;
    this._say.textContent = about;
  }

  private _submit(): void {
    const { trans } = this._context;
    const kind = this._kind.value as Asked;
    if (kind !== 'limit') {
      const rules = this._rules.value.trim();
      if (rules === '') {
        this._say.textContent = trans.__('There is no rule to apply.');
        return;
      }
      this._onAdd({ kind, rules });
      this._rules.value = '';
      return;
    }
    const [min, max] = [bound(this._min), bound(this._max)];
    if (Number.isNaN(min) || Number.isNaN(max) || (!min && !max)) {
      this._say.textContent = trans.__(
        'Bounds are numbers from 0 on; at least one is needed.'
      );
      return;
    }
    const by = LIMITS[this._by.selectedIndex];
    this._onAdd({ kind, by, min, max });
  }

  private _input(type: string): HTMLInputElement {
    return element('input', { attributes: { type } });
  }

  private readonly _kind: HTMLSelectElement;
  private readonly _rules: HTMLInputElement;
  private readonly _by: HTMLSelectElement;
  private readonly _min: HTMLInputElement;
  private readonly _max: HTMLInputElement;
  private readonly _ofRules: readonly HTMLElement[];
  private readonly _ofLimits: readonly HTMLElement[];
  private readonly _say: HTMLElement;
  private readonly _add: HTMLButtonElement;
}

/** The number in a field, null where it is empty, NaN where it is none. */
function bound({ value, validity }: HTMLInputElement): number | null {
  if (validity?.badInput) {
    return NaN;
  }
  if (value.trim() === '') {
    return null;
  }
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : NaN;
}
