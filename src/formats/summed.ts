import { combinationOf, type ICombination } from '../profile/combine';
import type { IMetric, ValueKey, Values } from '../profile/model';

/** A column, and for each row whether a value is in it. */
interface IColumn {
  readonly combination: ICombination;
  values: Float64Array;
  has: Uint8Array;
}

/**
 * Value columns of several tables as one, by row.
 */
export class Summed {
  /** @param metrics - those that are known; values of others are left out */
  constructor(metrics: readonly IMetric[]) {
    for (const metric of metrics) {
      const combination = combinationOf(metric);
      if (combination) {
        this._combinations.set(metric.id, combination);
      }
    }
  }

  /**
   * @param rows - where each row of the values goes
   * @param factors - by metric, what its values are multiplied with
   * @param isRounded - whether what is multiplied is rounded, halves to even, as line_profiler does
   */
  add(
    rows: Int32Array,
    values: Values,
    factors: ReadonlyMap<string, number>,
    isRounded: boolean
  ): void {
    const length = rows.reduce((most, row) => Math.max(most, row + 1), 0);
    for (const [key, stored] of values) {
      const id = key.slice(key.indexOf('.') + 1);
      const column = this._column(key, id, length);
      const factor = factors.get(id) ?? 1;
      if (!column) {
        continue;
      }
      const { combination } = column;
      stored.forEach((value, i) => {
        const scaled = factor === 1 ? value : value * factor;
        const one = factor !== 1 && isRounded ? roundHalfEven(scaled) : scaled;
        const row = rows[i];
        column.values[row] = column.has[row]
          ? combination.of(column.values[row], one)
          : one;
        column.has[row] = 1;
      });
    }
  }

  /** Each value, once. */
  each(take: (row: number, key: ValueKey, value: number) => void): void {
    for (const [key, { values, has }] of this._columns) {
      for (let row = 0; row < has.length; row++) {
        if (has[row]) {
          take(row, key, values[row]);
        }
      }
    }
  }

  private _column(key: ValueKey, id: string, length: number): IColumn | null {
    const combination = this._combinations.get(id);
    if (!combination) {
      return null;
    }
    let column = this._columns.get(key);
    if (!column) {
      column = {
        combination,
        values: new Float64Array(length),
        has: new Uint8Array(length)
      };
      this._columns.set(key, column);
    } else if (column.has.length < length) {
      const values = new Float64Array(length);
      const has = new Uint8Array(length);
      values.set(column.values);
      has.set(column.has);
      column.values = values;
      column.has = has;
    }
    return column;
  }

  private readonly _combinations = new Map<string, ICombination>();
  private readonly _columns = new Map<ValueKey, IColumn>();
}

/** As Python's `round`. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) {
    return below % 2 === 0 ? below : below + 1;
  }
  return Math.round(value);
}
