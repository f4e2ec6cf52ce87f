import type { IProfile } from '../../profile/model';
import {
  MOST_STEPS,
  type PLAIN_STEPS,
  stepsOf,
  type IStepsThere,
  type ITold,
  type Step
} from '../../profile/steps';
import type { IContext } from '../context';
import { button, element } from '../dom';
import { choice, labelled } from '../pictures/choice';
import { Chips } from '../tree/chips';
import { countersOf, sentencesOf, shownMetric } from './figures';
import { StepForm } from './stepForm';
import { StepWords } from './stepWords';

/** Steps that are switched on and off. */
type Toggled = (typeof PLAIN_STEPS)[number];

/** Of two of these only one makes sense. */
const EXCLUDES: Partial<Record<Toggled, Toggled>> = {
  'python-only': 'native-only',
  'native-only': 'python-only'
};

/**
 * What chooses how a profile is shown: which metric, without which frames, under which names. What was chosen stands
 * in a list, with what it did.
 */
export class StepsBar {
  /**
   * @param onChoose - the reader wants these steps
   */
  constructor(
    profile: IProfile,
    context: IContext,
    private readonly _onChoose: (steps: readonly Step[]) => void
  ) {
    const { trans } = context;
    this._words = new StepWords(profile, context);
    this._there = stepsOf(profile);
    const counters = countersOf(profile);
    const first = shownMetric(profile)?.id ?? '';
    this._first = first;
    this._counter = choice(
      counters.map(({ id, label }) => [id, label] as const),
      id => this._chooseCounter(id)
    );
    this._toggles = new Map(this._offered(context));
    const hasPaths = profile.paths.length > 0;
    this._form = new StepForm(this._words, context, step =>
      this._choose([...this._steps, step])
    );
    this._chips = new Chips(
      context,
      () => this._undo(),
      trans.__('Changes of the profile'),
      false
    );
    const toggles = [...this._toggles.values()];
    const tools = [
      ...(counters.length > 1
        ? [labelled(trans.__('Counter'), this._counter)]
        : []),
      ...(toggles.length > 0
        ? [
            element(
              'span',
              {
                className: 'jp-Profiler-chips',
                attributes: {
                  role: 'group',
                  'aria-label': trans.__('Frames that are shown')
                }
              },
              toggles
            )
          ]
        : []),
      ...(hasPaths ? [this._form.toggle] : [])
    ];
    this.node = element('div', { className: 'jp-Profiler-steps' }, [
      ...sentencesOf(profile)
    ]);
    if (tools.length > 0) {
      this.node.append(
        element(
          'div',
          {
            className: 'jp-Profiler-tools',
            attributes: {
              role: 'toolbar',
              'aria-label': trans.__('How the profile is shown')
            }
          },
          tools
        )
      );
    }
    this.node.append(this._form.node, this._chips.node);
  }

  readonly node: HTMLElement;

  /**
   * Show what is chosen, and what each of it did.
   */
  show(told: readonly ITold[]): void {
    const steps = told.map(({ step }) => step);
    this._steps = steps;
    this._counter.value =
      steps.find(step => step.kind === 'counter')?.metric ?? this._first;
    for (const [kind, toggle] of this._toggles) {
      const isOn = steps.some(step => step.kind === kind);
      toggle.setAttribute('aria-pressed', `${isOn}`);
    }
    this._form.setFull(steps.length >= MOST_STEPS);
    this._chips.show(
      told.flatMap((one, i) => {
        // The switch above says it, unless this profile has no such metric.
        if (one.step.kind === 'counter' && one.fault === null) {
          return [];
        }
        const text = this._words.name(one.step);
        const remark = this._words.told(one);
        return [
          {
            text,
            title: `${text}: ${remark}`,
            remark,
            remove: () => this._choose(steps.filter((_, j) => j !== i))
          }
        ];
      })
    );
  }

  /** Switches for what can be done with the frames of this profile. */
  private _offered({
    trans
  }: IContext): (readonly [Toggled, HTMLButtonElement])[] {
    const { hasNative, isMixed, libraries, hasUnnamed }: IStepsThere =
      this._there;
    const offer = (kind: Toggled, text: string, title: string) => {
      const node = button(text, () => this._toggle(kind), {
        title,
        attributes: { 'aria-pressed': 'false' }
      });
      node.classList.add('jp-Profiler-chip');
      return [kind, node] as const;
    };
    return [
      ...(hasNative
        ? [
            offer(
              'fold-glue',
              trans.__('Hide interpreter and glue'),
              trans.__(
                'Frames of CPython’s interpreter, pybind11, std:: and the like are folded into their callers, which keep their value.'
              )
            )
          ]
        : []),
      ...(isMixed
        ? [
            offer(
              'python-only',
              trans.__('Python only'),
              trans.__(
                'Compiled code is counted for the Python that called it.'
              )
            ),
            offer(
              'native-only',
              trans.__('Native only'),
              trans.__(
                'Compiled code without the Python between; what Python owned is kept as (Python).'
              )
            )
          ]
        : []),
      ...(libraries
        ? [
            offer(
              'merge-library',
              trans.__('By library'),
              trans.__('Compiled functions are called as their library.')
            )
          ]
        : []),
      ...(hasUnnamed
        ? [
            offer(
              'merge-unnamed',
              trans.__('Unnamed by library'),
              trans.__(
                'Compiled functions without a name, of libraries that were stripped of symbols, are called as their library.'
              )
            )
          ]
        : [])
    ];
  }

  private _toggle(kind: Toggled): void {
    const others = this._steps.filter(step => step.kind !== kind);
    this._choose(
      others.length < this._steps.length
        ? others
        : [...others.filter(step => step.kind !== EXCLUDES[kind]), { kind }]
    );
  }

  private _chooseCounter(metric: string): void {
    const others = this._steps.filter(({ kind }) => kind !== 'counter');
    // First of all: what a filter is about is the metric that is shown.
    this._choose(
      metric === this._first ? others : [{ kind: 'counter', metric }, ...others]
    );
  }

  private _undo(): void {
    const last = this._steps
      .map(({ kind }) => kind !== 'counter')
      .lastIndexOf(true);
    this._choose(this._steps.filter((_, i) => i !== last));
  }

  private _choose(steps: readonly Step[]): void {
    this._onChoose(steps.slice(0, MOST_STEPS));
  }

  private readonly _words: StepWords;
  private readonly _there: IStepsThere;
  private readonly _first: string;
  private readonly _counter: HTMLSelectElement;
  private readonly _toggles: ReadonlyMap<Toggled, HTMLButtonElement>;
  private readonly _form: StepForm;
  private readonly _chips: Chips;
  private _steps: readonly Step[] = [];
}
