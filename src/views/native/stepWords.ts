import type { IProfile } from '../../profile/model';
import type { ITold, Step } from '../../profile/steps';
import type { IContext } from '../context';
import { shownMetric } from './figures';

/** What steps are called, and what is said of what they did. */
export class StepWords {
  constructor(
    private readonly _profile: IProfile,
    private readonly _context: IContext
  ) {}

  /** What a step is called. */
  name(step: Step): string {
    const { trans } = this._context;
    switch (step.kind) {
      case 'fold-glue':
        return trans.__('Interpreter and glue hidden');
      case 'python-only':
        return trans.__('Python only');
      case 'native-only':
        return trans.__('Native only');
      case 'merge-library':
        return trans.__('Merged by library');
      case 'merge-unnamed':
        return trans.__('Unnamed code merged by library');
      case 'counter':
        return step.metric;
      case 'rename':
        return trans.__('Renamed: %1', step.rules);
      case 'ancestor':
        return trans.__('Renamed below: %1', step.rules);
      case 'limit':
        return this._limit(step);
    }
  }

  /** What a step did, or why it did nothing. */
  told({ step, frames, share, fault }: ITold): string {
    const { trans, numbers } = this._context;
    if (fault !== null) {
      return trans.__('not applied: %1', fault);
    }
    if (frames === 0 && !(share > 0)) {
      return trans.__('nothing to change');
    }
    const count = numbers.count(frames);
    if (Number.isNaN(share)) {
      return trans._n('%2 function', '%2 functions', frames, count);
    }
    const part = numbers.percent(share);
    switch (step.kind) {
      case 'fold-glue':
        return trans._n(
          '%2 frame, %3 folded into its callers',
          '%2 frames, %3 folded into their callers',
          frames,
          count,
          part
        );
      case 'python-only':
        return trans._n(
          '%2 compiled frame, %3 given to its Python caller, or (native)',
          '%2 compiled frames, %3 given to their Python callers, or (native)',
          frames,
          count,
          part
        );
      case 'native-only':
        return trans._n(
          '%2 Python frame, %3 kept as (Python)',
          '%2 Python frames, %3 kept as (Python)',
          frames,
          count,
          part
        );
      case 'limit':
        return trans._n(
          '%2 function, %3 left out',
          '%2 functions, %3 left out',
          frames,
          count,
          part
        );
      default:
        return trans._n(
          '%2 function, %3 under another name',
          '%2 functions, %3 under another name',
          frames,
          count,
          part
        );
    }
  }

  /** What a limit is about. */
  limited(by: (Step & { kind: 'limit' })['by']): string {
    const { trans } = this._context;
    switch (by) {
      case 'count':
        return trans.__('events of a stack');
      case 'value':
        return trans.__('value of a stack');
      case 'average':
        return trans.__('value of one event');
    }
  }

  private _limit({ by, min, max }: Step & { kind: 'limit' }): string {
    const { trans, numbers } = this._context;
    const unit =
      by === 'count' ? 'count' : (shownMetric(this._profile)?.unit ?? '');
    const what = this.limited(by);
    const text = (value: number) => numbers.text(value, unit);
    return min && max
      ? trans.__('Filter: %1 from %2 to %3', what, text(min), text(max))
      : max
        ? trans.__('Filter: %1 up to %2', what, text(max))
        : trans.__('Filter: %1 from %2', what, text(min ?? 0));
  }
}
