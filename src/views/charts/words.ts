/**
 * What charts say: names, shares, and sentences on what is drawn and what is not.
 */
import type { Category } from '../../profile/categories';
import type { IChart, ILeftOut } from '../../profile/charts';
import type { FuncIndex } from '../../profile/indices';
import type { IMetric, IProfile } from '../../profile/model';
import type { ISector } from '../../profile/packageChart';
import type { ChartName } from '../../profile/viewState';
import { categoryName } from '../categories';
import type { IContext } from '../context';
import { clipped } from '../dom';
import { shortPlace } from '../functionName';
import { signedName } from '../signs';

/**
 * Words for one profile in the reader's language.
 */
export class ChartWords {
  constructor(
    private readonly _profile: IProfile,
    private readonly _labels: readonly string[],
    private readonly _metric: IMetric | null,
    private readonly _context: IContext
  ) {}

  /** What a chart is called on its button. */
  button(chart: ChartName): string {
    const { trans } = this._context;
    switch (chart) {
      case 'hottest':
        return trans.__('Hottest');
      case 'packages':
        return trans.__('Packages');
      case 'calls':
        return trans.__('Calls');
    }
  }

  /** What a chart shows. */
  title(chart: ChartName): string {
    const { trans } = this._context;
    switch (chart) {
      case 'hottest':
        return trans.__('Functions with the most %1', this.own());
      case 'packages':
        return trans.__(
          'Shares of %1 by package, file and function',
          this.own()
        );
      case 'calls':
        return trans.__('Calls, and %1 of one call', this.own());
    }
  }

  /** What the values are called within a sentence. */
  own(): string {
    const { trans } = this._context;
    return this._metric === null || this._metric.unit === 'ns'
      ? trans.__('own time')
      : trans.__('own value (%1)', this._metric.label);
  }

  /** A value in the metric's unit. */
  value(value: number): string {
    return this._context.numbers.text(value, this._metric?.unit ?? '');
  }

  /** A whole number. */
  count(value: number): string {
    return this._context.numbers.count(value);
  }

  /** A share of 0 to 1, as the table of functions writes it; "" where it is not known. */
  share(share: number): string {
    return Number.isFinite(share) ? this._context.numbers.percent(share) : '';
  }

  /** A value and the share that it is of the whole, where that means something. */
  valueAndShare(value: number, share: number): string {
    const text = this.share(share);
    return text
      ? this._context.trans.__('%1 (%2)', this.value(value), text)
      : this.value(value);
  }

  /** A function's name for people. */
  func(func: FuncIndex): string {
    const { trans } = this._context;
    return clipped(signedName(this._profile, func, trans));
  }

  /** Where a function is, as `util.py:12`; "" where it has no file. */
  place(func: FuncIndex): string {
    return clipped(shortPlace(this._profile, func, this._labels));
  }

  /** What a sector stands for. */
  sector({ kind, group, file, func, rows }: ISector): string {
    const { trans } = this._context;
    switch (kind) {
      case 'whole':
        return trans.__('All');
      case 'function':
        return func === null ? '' : this.func(func);
      case 'rest':
        return trans.__('(%1 more)', this.count(rows));
      case 'file':
        return clipped(file?.name ?? '');
      case 'package':
        return clipped(
          group?.name || this.category(group?.category ?? 'other')
        );
    }
  }

  /** Whose code it is. */
  category(category: Category): string {
    return categoryName(category, this._context.trans);
  }

  /** How much of the profile a chart shows, as `300 of 5,000 functions, 99% of the whole`. */
  extent({ shown, functions, share }: IChart): string {
    const { trans } = this._context;
    const count =
      shown < functions
        ? trans.__(
            '%1 of %2 functions',
            this.count(shown),
            this.count(functions)
          )
        : trans._n('%2 function', '%2 functions', shown, this.count(shown));
    const part = this.share(share);
    return part ? trans.__('%1, %2 of the whole', count, part) : count;
  }

  /** What is not drawn, and why. */
  leftOut(chart: ChartName, left: ILeftOut): string[] {
    const { trans } = this._context;
    const sentences: string[] = [];
    if (left.rest > 0) {
      sentences.push(
        trans._n(
          '%2 function with less is not drawn.',
          '%2 functions with less are not drawn.',
          left.rest,
          this.count(left.rest)
        )
      );
    }
    if (left.zero > 0) {
      sentences.push(
        chart === 'calls'
          ? trans._n(
              '%2 function without %3 or calls is not drawn.',
              '%2 functions without %3 or calls are not drawn.',
              left.zero,
              this.count(left.zero),
              this.own()
            )
          : trans._n(
              '%2 function without %3 is not drawn.',
              '%2 functions without %3 are not drawn.',
              left.zero,
              this.count(left.zero),
              this.own()
            )
      );
    }
    if (left.negative > 0) {
      sentences.push(
        trans._n(
          '%2 function with a value below 0 has no place in this chart.',
          '%2 functions with values below 0 have no place in this chart.',
          left.negative,
          this.count(left.negative)
        )
      );
    }
    if (left.unknown > 0) {
      sentences.push(
        trans._n(
          'Of %2 function the values are not known.',
          'Of %2 functions the values are not known.',
          left.unknown,
          this.count(left.unknown)
        )
      );
    }
    const aside = left.aside.filter(({ self }) => self !== 0);
    if (aside.length > 0) {
      const most = aside.slice(0, MOST_ASIDE);
      const list = most
        .map(({ func, self }) =>
          trans.__('%1 %2', this.func(func), this.value(self))
        )
        .join(', ');
      const text =
        aside.length > most.length
          ? trans.__(
              '%1 and %2 more',
              list,
              this.count(aside.length - most.length)
            )
          : list;
      sentences.push(trans.__('No functions, and not drawn: %1.', text));
    }
    return sentences;
  }

  /** Why there is no picture. */
  obstacle(chart: ChartName, { obstacle, metric }: IChart): string {
    const { trans } = this._context;
    switch (obstacle) {
      case 'apart':
        return trans.__(
          'Values of “%1” do not add up, so that there are no shares of them to be drawn.',
          metric?.label ?? ''
        );
      case 'negative':
        return trans.__(
          'This profile has values below 0, as a difference of two profiles, and none above: there is nothing to be drawn here.'
        );
      case 'zero':
        return chart === 'calls'
          ? trans.__('No function has both calls and %1.', this.own())
          : trans.__('No function has any %1.', this.own());
      default:
        return trans.__(
          'This profile does not tell the %1 of functions.',
          this.own()
        );
    }
  }

  /** What stands for a chart where it cannot be seen: what it is, and its main facts. */
  description(chart: ChartName, extent: string, facts: string): string {
    return this._context.trans.__(
      '%1: %2. %3 The table below has the numbers.',
      this.title(chart),
      extent,
      facts
    );
  }
}

/** Rows that are no functions and are named. */
const MOST_ASIDE = 4;
