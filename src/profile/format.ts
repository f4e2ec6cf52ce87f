/** A number and its unit, apart, so that a view can set them apart. */
export interface IQuantity {
  /** As `12.3`. */
  readonly number: string;
  /** As `ms`; "" where there is none. */
  readonly unit: string;
}

/** What stands for a value that is not known. */
export const UNKNOWN = '–';

/** Steps of a unit, smallest first: how many of the base make one, and its sign. */
type Scale = readonly (readonly [number, string])[];

const SCALES: ReadonlyMap<string, Scale> = new Map<string, Scale>([
  [
    'ns',
    [
      [1, 'ns'],
      [1e3, 'µs'],
      [1e6, 'ms'],
      [1e9, 's']
    ]
  ],
  [
    'bytes',
    [
      [1, 'B'],
      [1e3, 'kB'],
      [1e6, 'MB'],
      [1e9, 'GB']
    ]
  ]
]);

/** Three digits tell 1 % apart. */
const SIGNIFICANT_DIGITS = 3;

/**
 * Writes numbers for people, in their language's manner: significant digits and a unit that fits, so that nothing that
 * took time reads 0.000.
 *
 * ```
 * const numbers = new NumberFormat('en');
 * numbers.quantity(12_345, 'ns');  // { number: '12.3', unit: 'µs' }
 * ```
 */
export class NumberFormat {
  /**
   * @param locale - as `en` or `pt_BR`; what is no locale counts as `en`
   */
  constructor(locale = 'en') {
    const tag = supported(locale.replace('_', '-'));
    this._whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
    this._decimals = Array.from(
      { length: SIGNIFICANT_DIGITS + 1 },
      (_, digits) =>
        new Intl.NumberFormat(tag, {
          minimumFractionDigits: digits,
          maximumFractionDigits: digits
        })
    );
    this._percent = new Intl.NumberFormat(tag, { style: 'percent' });
    this._percentTenth = new Intl.NumberFormat(tag, {
      style: 'percent',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1
    });
    this._small = new Intl.NumberFormat(tag, {
      maximumSignificantDigits: SIGNIFICANT_DIGITS
    });
  }

  /**
   * A whole number with its thousands apart.
   */
  count(value: number): string {
    return Number.isFinite(value) ? this._whole.format(value) : UNKNOWN;
  }

  /**
   * A share of 0 to 1 as a percentage with the digits of `percent` that is not above it: for what is a lower bound.
   */
  percentAtLeast(share: number): string {
    const [format, steps] =
      share < 0.1 ? [this._percentTenth, 1000] : [this._percent, 100];
    // 0.29 * 100 is 28.999999999999996: what is that near to a whole number is that number.
    const whole = Math.floor(Number((share * steps).toPrecision(12)));
    return format.format(whole / steps);
  }

  /**
   * A share of 0 to 1: whole percents from 10 % on, below that with one digit behind the point. What is there but too
   * small for that reads `<0.1%`.
   */
  percent(share: number): string {
    if (!Number.isFinite(share)) {
      return UNKNOWN;
    }
    const size = Math.abs(share);
    if (size > 0 && size < 0.0005) {
      return `<${this._percentTenth.format(0.001)}`;
    }
    return (
      size < 0.0995 && size > 0 ? this._percentTenth : this._percent
    ).format(share);
  }

  /**
   * A value with three significant digits in the unit that fits it. Numbers of 1000 and more keep all their digits
   * before the point.
   *
   * @param unit - a metric's unit; `ns` and `bytes` are scaled, others are written behind the number
   */
  quantity(value: number, unit: string): IQuantity {
    if (!Number.isFinite(value)) {
      return { number: UNKNOWN, unit: '' };
    }
    const scale = SCALES.get(unit);
    if (value === 0) {
      return { number: this._whole.format(0), unit: scale ? '' : unitOf(unit) };
    }
    if (!scale) {
      const format = Number.isInteger(value)
        ? this._whole.format(value)
        : this._digits(value);
      return { number: format, unit: unitOf(unit) };
    }
    // What rounds to 1000 belongs to the next unit: 999.7 ns is 1.00 µs, not 1,000 ns.
    const size = Math.abs(value);
    const [factor, sign] =
      scale.find(([one]) => size / one < 999.5) ?? scale[scale.length - 1];
    // Below the smallest unit there are no digits to be lost: 3 ns is not 3.00 ns.
    const number =
      factor === 1 && Number.isInteger(value)
        ? this._whole.format(value)
        : this._digits(value / factor);
    return { number, unit: sign };
  }

  /**
   * A quantity in one text, its parts kept on one line.
   */
  text(value: number, unit: string): string {
    const { number, unit: sign } = this.quantity(value, unit);
    return sign ? `${number}\u00a0${sign}` : number;
  }

  private _digits(value: number): string {
    const size = Math.abs(value);
    if (size < 0.9995) {
      return this._small.format(value);
    }
    // 9.996 is written 10.0: digits before the point are counted after rounding.
    const before = Math.max(
      1,
      Math.floor(Math.log10(Number(size.toPrecision(SIGNIFICANT_DIGITS)))) + 1
    );
    const after = Math.max(0, SIGNIFICANT_DIGITS - before);
    return this._decimals[after].format(value);
  }

  private readonly _whole: Intl.NumberFormat;
  private readonly _decimals: readonly Intl.NumberFormat[];
  private readonly _percent: Intl.NumberFormat;
  private readonly _percentTenth: Intl.NumberFormat;
  private readonly _small: Intl.NumberFormat;
}

/** Counts are plain numbers. */
function unitOf(unit: string): string {
  return unit === 'count' ? '' : unit;
}

function supported(tag: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag)[0] ?? 'en';
  } catch {
    return 'en';
  }
}
