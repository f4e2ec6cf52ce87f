import { NONE, type FuncIndex } from '../../profile/indices';
import { FunctionKeys } from '../../profile/keys';
import type { IProfile } from '../../profile/model';
import { applySteps, readSteps, stepsOf, type Step } from '../../profile/steps';
import type { IViewState } from '../../profile/viewState';
import type { IContext } from '../context';
import { element } from '../dom';
import type { IDrawn } from '../draw';
import { ProfileView, type IHost } from '../profileView';
import type { Later } from '../result';
import { tellLanguages } from './compiled';
import { figuresOf } from './figures';
import { StepsBar } from './stepsBar';

/**
 * A profile with compiled frames, or of several metrics: what is chosen of it, and the views of what is left.
 *
 * What is chosen changes the whole profile, so all views follow: they are made anew, in the state that they were in.
 */
export class NativeView implements IDrawn {
  /**
   * @param profile - as it was measured
   * @param _later - what is loaded later, where it is there already
   */
  constructor(
    readonly profile: IProfile,
    private readonly _context: IContext,
    private readonly _host: IHost,
    private readonly _later: Later | null
  ) {
    this._hidden = _host.hidden;
    this._view = _host.state;
    this._steps = stepsIn(profile, _host.state.steps);
    this._bar = new StepsBar(profile, _context, steps => this._choose(steps));
    this._inner = this._draw();
    this._view = withFound(this._view, this._inner.profile);
    if (this._view !== _host.state) {
      this._inner.dispose();
      this._inner = this._draw();
    }
    // Samples know of no calls and hits: these columns would be empty.
    const counts = profile.metrics.some(
      ({ id }) => id === 'calls' || id === 'hits'
    );
    this.node = element(
      'div',
      { className: `jp-Profiler-native${counts ? '' : ' jp-mod-uncounted'}` },
      [this._inner.node]
    );
  }

  readonly node: HTMLElement;
  readonly state = 'ready';

  layout(): void {
    this._inner.layout();
  }

  showLine(path: string, line: number): boolean {
    return this._inner.showLine(path, line);
  }

  hide(patterns: readonly string[]): void {
    this._hidden = patterns;
    this._inner.hide(patterns);
  }

  dispose(): void {
    this._inner.dispose();
    this.node.remove();
  }

  /** Views of the profile as it is shown now. */
  private _draw(): ProfileView {
    const { profile, told } = applySteps(this.profile, this._steps);
    if (profile.functions.kind.includes('native')) {
      tellLanguages(profile);
    }
    this._bar.show(told);
    const host: IHost = {
      ...this._host,
      // As they are, where nothing was chosen yet, too.
      state: { ...this._view, steps: this._steps },
      hidden: this._hidden,
      remember: state => {
        // Views know nothing of the steps.
        this._view = { ...state, steps: this._view.steps };
        this._host.remember(this._view);
      }
    };
    return new ProfileView(profile, this._context, host, this._later, {
      figures: figuresOf(this.profile, profile, this._context),
      bar: this._bar.node
    });
  }

  private _choose(steps: readonly Step[]): void {
    const focused = document.activeElement;
    this._steps = steps;
    // The place in a tree is one of the tree before.
    this._view = { ...this._view, steps, zoom: [] };
    this._host.remember(this._view);
    const before = this._inner;
    this._inner = this._draw();
    before.node.replaceWith(this._inner.node);
    before.dispose();
    this._inner.layout();
    // The bar went from one view to the next, and lost the focus on the way.
    if (
      focused instanceof HTMLElement &&
      document.activeElement !== focused &&
      this._bar.node.contains(focused)
    ) {
      focused.focus({ preventScroll: true });
    }
  }

  private readonly _bar: StepsBar;
  private _inner: ProfileView;
  private _view: IViewState;
  private _steps: readonly Step[];
  private _hidden: readonly string[];
}

/**
 * What was chosen; as long as nothing was, of Python with compiled frames glue is hidden, and addresses without a name
 * are put together by library.
 */
function stepsIn(profile: IProfile, stored: unknown): readonly Step[] {
  if (stored !== null) {
    return readSteps(stored);
  }
  const { hasNative, ranPython, hasUnnamed } = stepsOf(profile);
  const hides = hasNative && ranPython;
  return [
    ...(hides ? ([{ kind: 'fold-glue' }] as const) : []),
    ...(hides && hasUnnamed ? ([{ kind: 'merge-unnamed' }] as const) : [])
  ];
}

/**
 * The state with a selection that is there: who comes from a builtin function of an exact profile, which is called
 * after its Python name, finds the compiled function of that name.
 */
function withFound(state: IViewState, profile: IProfile): IViewState {
  const last = state.selection?.at(-1) ?? '';
  const { functions } = profile;
  const wanted = last.startsWith('|')
    ? (last.slice(1).split(/[. ]/).pop() ?? '').replace(/\W/g, '')
    : '';
  const keys = new FunctionKeys(profile);
  if (wanted === '' || keys.find(last) !== NONE) {
    return state;
  }
  const found = functions.name.findIndex(
    (name, func) => functions.kind[func] === 'native' && name === wanted
  );
  return found < 0
    ? state
    : { ...state, selection: [keys.keyOf(found as FuncIndex)] };
}
