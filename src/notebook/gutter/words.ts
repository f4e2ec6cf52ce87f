import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import type { NumberFormat } from '../../profile/format';
import { UNKNOWN } from '../../profile/format';
import { NONE } from '../../profile/indices';
import type { ILineCost, ILineHeat, ILinePart } from '../../profile/lineHeat';
import type { IProfile } from '../../profile/model';
import { displayName } from '../../profile/names';
import { clipped } from '../../views/dom';

/** Functions of a line that are named; the others are counted. */
const MOST_FUNCTIONS = 5;

/** Stands in the margin beside a line that did not run. */
const NOT_RUN = '○';

/** What words about a line's cost are made with. */
export interface IWordsContext {
  readonly trans: IRenderMime.TranslationBundle;
  readonly numbers: NumberFormat;
}

/**
 * Says what lines cost.
 */
export class CostWords {
  constructor(
    private readonly _profile: IProfile,
    private readonly _heat: ILineHeat,
    private readonly _context: IWordsContext
  ) {}

  /** What the margin is called. */
  get title(): string {
    return this._context.trans.__('Cost of lines');
  }

  /**
   * What fits into the margin.
   */
  short({ hits, share }: ILineCost): string {
    return hits === 0 ? NOT_RUN : this._context.numbers.percent(share);
  }

  /**
   * All that is known, a sentence a line: share and time, hits, functions.
   */
  long(cost: ILineCost): string[] {
    const { trans } = this._context;
    if (cost.hits === 0) {
      return [trans.__('Not run')];
    }
    const [first, ...others] = cost.parts;
    const said = [this._share(cost), this._hits(cost), this._in(first)];
    for (const part of others.slice(0, MOST_FUNCTIONS)) {
      const of = `${this._time(part.time)}, ${this._hits(part)}`;
      said.push(trans.__('also %1: %2', this._name(part), of));
    }
    const more = others.length - MOST_FUNCTIONS;
    if (more > 0) {
      said.push(
        trans._n('and %1 more function', 'and %1 more functions', more)
      );
    }
    return said.filter(text => text !== '');
  }

  private _share({ share, time }: ILineCost): string {
    const { trans, numbers } = this._context;
    const took = this._time(time);
    return Number.isFinite(share)
      ? trans.__(
          '%1 of %2: %3 with what it calls',
          numbers.percent(share),
          this._time(this._heat.whole),
          took
        )
      : took;
  }

  private _hits({ hits, time }: ILinePart): string {
    const { trans, numbers } = this._context;
    if (!Number.isFinite(hits)) {
      return '';
    }
    const count = trans._n('%2 hit', '%2 hits', hits, numbers.count(hits));
    return hits > 0 && Number.isFinite(time)
      ? trans.__('%1, %2 per hit', count, this._time(time / hits))
      : count;
  }

  private _in(part: ILinePart): string {
    const name = this._name(part);
    return name && this._context.trans.__('in %1', name);
  }

  private _name({ function: func }: ILinePart): string {
    return func === NONE ? '' : clipped(displayName(this._profile, func));
  }

  private _time(value: number): string {
    return Number.isFinite(value)
      ? this._context.numbers.text(value, this._heat.unit)
      : UNKNOWN;
  }
}
