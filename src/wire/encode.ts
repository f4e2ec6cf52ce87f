import { NONE } from '../profile/indices';
import type { IMeta, IProfile, Values } from '../profile/model';
import type { IColumn } from './column';
import { encodeColumn } from './encodeColumn';
import {
  COLUMNS,
  SCHEMA,
  TABLE_NAMES,
  VERSION,
  type ColumnLayout
} from './layout';

/** A table as it stands in a payload. */
export interface IWireTable {
  readonly length: number;
  readonly columns: Readonly<Record<string, IColumn>>;
}

/** A payload of version 1. */
export interface IPayload {
  readonly schema: typeof SCHEMA;
  readonly version: typeof VERSION;
  readonly generator: string;
  readonly meta: object;
  readonly metrics: readonly object[];
  readonly strings: readonly string[];
  readonly tables: Readonly<Record<string, IWireTable>>;
  readonly checks: readonly object[];
  readonly view: object;
}

/**
 * Write a profile. `decode` gives back an equal one, but for the mark of tables that were not known.
 *
 * Nothing is folded to make it small. Rejects with `WireError` where a column holds a number that is not finite.
 */
export async function encode(profile: IProfile): Promise<IPayload> {
  const strings = new StringTable();
  const tables: Record<string, IWireTable> = {};
  for (const name of TABLE_NAMES) {
    const table: { length: number; values?: Values } = profile[name];
    if (table.length === 0) {
      continue;
    }
    const columns: Record<string, IColumn> = {};
    for (const [column, layout] of Object.entries<ColumnLayout>(
      COLUMNS[name]
    )) {
      const values: unknown = Reflect.get(table, column);
      const numbers = toNumbers(values, layout, strings);
      // Left out where it says nothing: a thread table may be missing then, too.
      if (layout.required || numbers.some(number => !Object.is(number, 0))) {
        columns[column] = await encodeColumn(
          numbers,
          `tables.${name}.${column}`
        );
      }
    }
    for (const [key, numbers] of table.values ?? []) {
      columns[key] = await encodeColumn(numbers, `tables.${name}.${key}`);
    }
    tables[name] = { length: table.length, columns };
  }
  return {
    schema: SCHEMA,
    version: VERSION,
    generator: profile.generator,
    meta: writeMeta(profile.meta),
    metrics: profile.metrics.map(metric => ({ ...metric })),
    strings: strings.all,
    tables,
    checks: profile.checks.map(check => ({ ...check })),
    view: {
      sort: [...profile.view.sort],
      limits: profile.view.limits.map(limit => ({ ...limit }))
    }
  };
}

/** Each text once, in order of first use. "" stands first, so that a column of nothing but "" is all zeros. */
class StringTable {
  readonly all: string[] = [''];

  index(text: string): number {
    let index = this._index.get(text);
    if (index === undefined) {
      index = this.all.length;
      this.all.push(text);
      this._index.set(text, index);
    }
    return index;
  }

  private readonly _index = new Map<string, number>([['', 0]]);
}

/**
 * A column of the model as the numbers of the payload.
 */
function toNumbers(
  values: unknown,
  layout: ColumnLayout,
  strings: StringTable
): number[] | Float64Array {
  switch (layout.is) {
    case 'text':
    case 'choice':
      return (values as readonly string[]).map(text => strings.index(text));
    case 'reference':
      return Array.from(values as Int32Array, index => index + 1);
    case 'offset':
      return Array.from(values as Int32Array, (parent, row) =>
        parent === NONE ? 0 : row - parent
      );
    case 'index':
    case 'flag':
      return Array.from(values as Int32Array | Uint8Array);
    case 'whole':
    case 'number':
      return values as Float64Array;
  }
}

function writeMeta(meta: IMeta): object {
  return {
    ...meta,
    where: meta.where && { ...meta.where, file: meta.where.file + 1 },
    source: { ...meta.source },
    engine: { ...meta.engine },
    warnings: meta.warnings.map(warning => ({ ...warning }))
  };
}
