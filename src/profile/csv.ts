import { NONE, type FuncIndex, type RowIndex } from './indices';
import type { IProfile } from './model';
import { displayName } from './names';
import type { IFunctionRows } from './rows';

/** Heads of `csv`. */
const CSV_HEAD =
  'ncalls,primitive_calls,tottime,tottime_percall,cumtime,cumtime_percall,kind,file,line,function';

/**
 * Rows as comma-separated values (RFC 4180), exact numbers, times in seconds; empty where a number is not known.
 *
 * A text that a spreadsheet would calculate, as `=1+1`, has an apostrophe in front.
 */
export function csv(
  profile: IProfile,
  rows: IFunctionRows,
  order: readonly RowIndex[]
): string {
  const scale = rows.metric?.unit === 'ns' ? 1e9 : 1;
  const lines = order.map(row => {
    const func = rows.function[row];
    const { file, line, kind } = profile.functions;
    const path = file[func] === NONE ? '' : profile.files.path[file[func]];
    return [
      number(rows.calls[row]),
      number(rows.primitive[row]),
      number(rows.self[row] / scale),
      number(rows.selfPerCall[row] / scale),
      number(rows.total[row] / scale),
      number(rows.totalPerCall[row] / scale),
      kind[func],
      text(path),
      line[func] > 0 ? `${line[func]}` : '',
      text(displayName(profile, func as FuncIndex))
    ].join(',');
  });
  return [CSV_HEAD, ...lines, ''].join('\r\n');
}

function number(value: number): string {
  return Number.isNaN(value) ? '' : `${value}`;
}

function text(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
