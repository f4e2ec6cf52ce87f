/**
 * The tables of a payload, as the columns that the model has.
 */
import { NONE } from '../profile/indices';
import type { IMetric, ITables, ValueKey } from '../profile/model';
import { decodeColumn } from './column';
import { WireError } from './error';
import { ObjectReader } from './json';
import {
  COLUMNS,
  TABLE_NAMES,
  VALUE_ROLES,
  type ColumnLayout,
  type TableName
} from './layout';
import { MAX_ENTRIES, MAX_NUMBERS, MAX_ROWS } from './limits';
import { known } from './meta';

type Column = readonly string[] | Float64Array | Int32Array | Uint8Array;

/**
 * Read all tables. One that is missing is empty.
 *
 * Throws `WireError` for what the format does not allow, in the first place where it is met.
 */
export async function readTables(
  value: unknown,
  strings: readonly string[],
  metrics: readonly IMetric[]
): Promise<ITables> {
  return new TablesReader(value, strings, metrics).read();
}

/**
 * Whether there are tables that are not read.
 */
export function hasUnknownTables(value: unknown): boolean {
  const names: readonly string[] = TABLE_NAMES;
  return new ObjectReader(value, 'tables')
    .keys()
    .some(name => !names.includes(name));
}

class TablesReader {
  constructor(
    value: unknown,
    private readonly _strings: readonly string[],
    private readonly _metrics: readonly IMetric[]
  ) {
    const tables = new ObjectReader(value, 'tables');
    for (const name of TABLE_NAMES) {
      if (tables.raw(name) === undefined) {
        continue;
      }
      const table = tables.object(name);
      const length = table.whole('length');
      const most = VALUE_ROLES[name] ? MAX_ROWS : MAX_ENTRIES;
      if (length > most) {
        throw new WireError(
          table.where('length'),
          `at most ${most} rows`,
          `${length}`,
          'limit'
        );
      }
      this._lengths.set(name, length);
      const columns = new ObjectReader(
        table.raw('columns'),
        table.where('columns')
      );
      this._columns.set(name, columns);
    }
    const measured = TABLE_NAMES.some(
      name => VALUE_ROLES[name] && this._length(name) > 0
    );
    if (measured && this._length('threads') === 0) {
      // Values without threads are read as if there was one without a name.
      this._lengths.set('threads', 1);
      this._impliedThread = true;
    }
  }

  async read(): Promise<ITables> {
    const tables = new Map<TableName, object>();
    for (const name of TABLE_NAMES) {
      tables.set(name, await this._table(name));
    }
    // The layout has the columns of every table: the compiler saw to it there.
    return Object.fromEntries(tables) as unknown as ITables;
  }

  private async _table(name: TableName): Promise<object> {
    const columns = new Map<string, unknown>([['length', this._length(name)]]);
    for (const [column, layout] of Object.entries(COLUMNS[name])) {
      columns.set(column, await this._column(name, column, layout));
    }
    const roles = VALUE_ROLES[name];
    if (roles) {
      const values = new Map<ValueKey, Float64Array>();
      for (const { id } of this._metrics) {
        for (const role of roles) {
          const key: ValueKey = `${role}.${id}`;
          const numbers = await this._numbers(name, key);
          if (numbers && numbers.length > 0) {
            values.set(key, numbers);
          }
        }
      }
      columns.set('values', values);
    }
    return Object.fromEntries(columns);
  }

  private async _column(
    name: TableName,
    column: string,
    layout: ColumnLayout
  ): Promise<Column> {
    const length = this._length(name);
    const where = `tables.${name}.${column}`;
    const numbers = await this._numbers(name, column);
    if (!numbers && layout.required && length > 0 && !this._implied(name)) {
      throw new WireError(where, 'a column', 'nothing');
    }
    switch (layout.is) {
      case 'number':
        return numbers ?? new Float64Array(length);
      case 'whole':
        return numbers
          ? checked(numbers, Infinity, where)
          : new Float64Array(length);
      case 'flag':
        return numbers
          ? Uint8Array.from(
              checked(numbers, Infinity, where),
              // Not zero counts as true, also where it is a multiple of 256.
              value => (value === 0 ? 0 : 1)
            )
          : new Uint8Array(length);
      case 'text':
        return numbers ? this._texts(numbers, where) : filled(length, '');
      case 'choice':
        return numbers
          ? this._texts(numbers, where).map(text => known(layout.of, text))
          : filled(length, 'other');
      case 'index':
        return numbers
          ? Int32Array.from(checked(numbers, this._length(layout.into), where))
          : new Int32Array(length);
      case 'reference':
        return numbers
          ? Int32Array.from(
              checked(numbers, this._length(layout.into) + 1, where),
              reference => (reference === 0 ? NONE : reference - 1)
            )
          : new Int32Array(length).fill(NONE);
      case 'offset':
        return Int32Array.from(
          checked(numbers ?? new Float64Array(0), Infinity, where),
          (offset, row) => {
            if (offset > row) {
              throw new WireError(
                `${where}[${row}]`,
                `an offset up to ${row}`,
                `${offset}`
              );
            }
            return offset === 0 ? NONE : row - offset;
          }
        );
    }
  }

  /**
   * Numbers of a column; null if the table has no such column. Those of an empty table are checked, too.
   */
  private async _numbers(
    name: TableName,
    column: string
  ): Promise<Float64Array | null> {
    const value = this._columns.get(name)?.raw(column);
    if (value === undefined) {
      return null;
    }
    const where = `tables.${name}.${column}`;
    this._count += this._length(name);
    if (this._count > MAX_NUMBERS) {
      throw new WireError(
        where,
        `at most ${MAX_NUMBERS} numbers in all columns together`,
        'more',
        'limit'
      );
    }
    if (this._implied(name)) {
      // The table in the payload has no row, and so its columns have none.
      await decodeColumn(value, 0, where);
      return null;
    }
    return decodeColumn(value, this._length(name), where);
  }

  /**
   * Whether a table has no rows in the payload, and one here.
   */
  private _implied(name: TableName): boolean {
    return name === 'threads' && this._impliedThread;
  }

  private _texts(numbers: Float64Array, where: string): string[] {
    return Array.from(
      checked(numbers, this._strings.length, where),
      index => this._strings[index]
    );
  }

  private _length(name: TableName): number {
    return this._lengths.get(name) ?? 0;
  }

  private readonly _lengths = new Map<TableName, number>();
  private readonly _columns = new Map<TableName, ObjectReader>();
  private _count = 0;
  private _impliedThread = false;
}

/**
 * The numbers, if all are whole, from 0 on and below a limit.
 */
function checked(
  numbers: Float64Array,
  below: number,
  where: string
): Float64Array {
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row];
    if (!Number.isSafeInteger(number) || number < 0 || number >= below) {
      throw new WireError(
        `${where}[${row}]`,
        below === Infinity
          ? 'a whole number from 0 on'
          : `an index below ${below}`,
        `${number}`
      );
    }
  }
  return numbers;
}

function filled(length: number, text: string): string[] {
  return new Array<string>(length).fill(text);
}
