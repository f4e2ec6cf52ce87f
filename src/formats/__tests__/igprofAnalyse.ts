import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { NONE } from '../../profile/indices';
import type { IFunctions, IProfile } from '../../profile/model';
import { IGPROF } from '../igprof';

/** Dumps of igprof (git head of June 2026), and what igprof-analyse printed of them (README.md there). */
export const DATA = new URL('../../../tests/data/igprof/', import.meta.url);

export const textOf = (name: string) =>
  readFileSync(new URL(name, DATA), 'utf8');

/** The unpacked bytes of a dump. */
export function bytesOf(name: string): Uint8Array {
  const bytes = readFileSync(new URL(name, DATA));
  return new Uint8Array(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

export const read = (bytes: Uint8Array) =>
  IGPROF.read(bytes, {
    name: 'a.pp',
    onProgress: () => undefined
  }) as IProfile;

const DEMANGLED = JSON.parse(textOf('demangled.json')) as Record<
  string,
  string
>;

/** A name as igprof-analyse -d prints it. */
export const demangled = (name: string) => DEMANGLED[name] ?? name;

export interface IRow {
  self: number;
  total: number;
}

/**
 * Rows as igprof-analyse has them: a function that is on the stack already is a row of its own, with the suffix `'2`,
 * `'3` and so on.
 *
 * @param combine - of subtrees
 * @param nameOf - what functions are called
 */
export function analysed(
  profile: IProfile,
  metric: string,
  combine = (a: number, b: number) => a + b,
  nameOf: (functions: IFunctions, func: number) => string = ({ name }, func) =>
    name[func]
): Map<string, IRow> {
  const { paths, functions } = profile;
  const own = paths.values.get(`self.${metric}`) ?? new Float64Array(0);
  const totals = Float64Array.from(own);
  for (let node = paths.length - 1; node >= 0; node--) {
    const parent = paths.parent[node];
    if (parent !== NONE) {
      totals[parent] = combine(totals[parent], totals[node]);
    }
  }
  const rows = new Map<string, IRow>();
  for (let node = 0; node < paths.length; node++) {
    const func = paths.function[node];
    let depth = 1;
    for (
      let above: number = paths.parent[node];
      above !== NONE;
      above = paths.parent[above]
    ) {
      depth += Number(paths.function[above] === func);
    }
    const key =
      demangled(nameOf(functions, func)) + (depth > 1 ? `'${depth}` : '');
    const row = rows.get(key) ?? { self: 0, total: 0 };
    rows.set(key, row);
    row.self += own[node];
    row.total = combine(row.total, totals[node]);
  }
  return rows;
}

/** A row of a flat table. */
export interface IPrinted {
  readonly name: string;
  readonly value: string;
  readonly calls: string | null;
}

/** The tables of a report: by cumulative and by own value. */
export function flatTables(report: string): [IPrinted[], IPrinted[]] {
  const [, total = '', self = ''] = report
    .split('Call tree profile')[0]
    .split(/^Flat profile .*$/m);
  const rows = (text: string) =>
    [
      ...text.matchAll(
        /^ *(?:-?[\d.]+|new) +(-?[\d.']+)(?: +([\d']+))? {2}(\S.*) \[\d+\]$/gm
      )
    ].map(([, value, calls, name]) => ({ name, value, calls: calls ?? null }));
  return [rows(total), rows(self)];
}

/** A whole number as igprof-analyse prints it. */
export const grouped = (n: number) => `${n}`.replace(/\B(?=(?:\d{3})+$)/g, "'");

/** Ticks of 5 ms as it prints them: it keeps the period in a float. */
export const seconds = (ticks: number) =>
  (ticks * Math.fround(0.005)).toFixed(2);
