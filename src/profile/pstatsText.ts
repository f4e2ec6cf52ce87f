import { type RowIndex } from './indices';
import { limitRows } from './limits';
import type { IProfile, Limit } from './model';
import { fileLabels, standardName } from './names';
import { printable } from './printable';
import { sumOverFunctions, type IFunctionRows } from './rows';
import { sortRows, type ISortKey, type SortColumn } from './sort';

/** What pstats calls an order. */
const PSTATS_ORDER: Partial<Record<SortColumn, string>> = {
  calls: 'call count',
  primitive: 'primitive call count',
  self: 'internal time',
  total: 'cumulative time',
  file: 'file name',
  line: 'line number',
  name: 'function name',
  standardName: 'standard name'
};

/**
 * Rows as `pstats.Stats.print_stats` prints them. Times in seconds, other values as they are; a number that is not
 * known is `-`.
 *
 * @param order - the rows to print
 * @param keys - what they are ordered by
 */
export function pstatsText(
  profile: IProfile,
  rows: IFunctionRows,
  order: readonly RowIndex[],
  keys: readonly ISortKey[]
): string {
  const calls = sumOverFunctions(profile, rows, rows.calls);
  const primitive = sumOverFunctions(profile, rows, rows.primitive);
  const own = rows.self.reduce((sum, value) => sum + value, 0);
  const recursive =
    Number.isFinite(primitive) && primitive !== calls
      ? `(${primitive} primitive calls) `
      : '';
  const orders = keys.map(
    ({ column }) => PSTATS_ORDER[column] ?? NAMES[column] ?? column
  );
  const unit = rows.metric?.unit ?? '';
  const write = unit === 'ns' ? seconds : plain;
  return [
    `         ${whole(calls)} function calls ${recursive}in ${write(own)} ${unit === 'ns' ? 'seconds' : unit}`,
    '',
    `   Ordered by: ${orders.join(', ')}`,
    ...reductions(profile, rows, order, keys).map(line => `   ${line}`),
    '',
    '   ncalls  tottime  percall  cumtime  percall filename:lineno(function)',
    ...order.map(row => pstatsLine(profile, rows, row, write)),
    ''
  ].join('\n');
}

/**
 * What pstats says of rows that are fewer: a line for each restriction where those of the profile's own view lead to
 * them, else one in all.
 */
function reductions(
  profile: IProfile,
  rows: IFunctionRows,
  order: readonly RowIndex[],
  keys: readonly ISortKey[]
): string[] {
  if (order.length === rows.length) {
    return [];
  }
  let left: readonly RowIndex[] = sortRows(
    profile,
    rows,
    keys,
    fileLabels(profile)
  );
  const told: string[] = [];
  for (const limit of profile.view.limits) {
    const { order: next } = limitRows(profile, rows, left, [limit]);
    if (next.length < left.length) {
      told.push(
        `List reduced from ${left.length} to ${next.length} due to restriction <${restriction(limit)}>`
      );
    }
    left = next;
  }
  const isByLimits =
    left.length === order.length && left.every((row, i) => row === order[i]);
  return isByLimits
    ? told
    : [`List reduced from ${rows.length} to ${order.length}`];
}

/** As Python writes it. */
function restriction(limit: Limit): string {
  if ('count' in limit) {
    return `${limit.count}`;
  }
  if ('fraction' in limit) {
    return Number.isInteger(limit.fraction)
      ? limit.fraction.toFixed(1)
      : `${limit.fraction}`;
  }
  const quote =
    limit.regex.includes("'") && !limit.regex.includes('"') ? '"' : "'";
  const inside = printable(limit.regex.replaceAll('\\', '\\\\'));
  return `${quote}${inside.replaceAll(quote, `\\${quote}`)}${quote}`;
}

/** Orders that pstats does not have. */
const NAMES: Partial<Record<SortColumn, string>> = {
  selfPerCall: 'internal time per call',
  totalPerCall: 'cumulative time per call',
  place: 'file name, line number, function name'
};

function pstatsLine(
  profile: IProfile,
  rows: IFunctionRows,
  row: RowIndex,
  write: (value: number) => string
): string {
  const calls = rows.calls[row];
  const primitive = rows.primitive[row];
  const count =
    Number.isNaN(primitive) || calls === primitive
      ? whole(calls)
      : `${whole(calls)}/${primitive}`;
  const perCall = (value: number) =>
    Number.isNaN(value) ? ''.padStart(8) : write(value).padStart(8);
  return [
    count.padStart(9),
    write(rows.self[row]).padStart(8),
    perCall(rows.selfPerCall[row]),
    write(rows.total[row]).padStart(8),
    perCall(rows.totalPerCall[row]),
    printable(standardName(profile, rows.function[row]))
  ].join(' ');
}

function whole(count: number): string {
  return Number.isNaN(count) ? '-' : `${count}`;
}

function seconds(nanoseconds: number): string {
  return Number.isNaN(nanoseconds) ? '-' : (nanoseconds / 1e9).toFixed(3);
}

/** Bytes, samples and the like: whole ones whole, shares of them with three digits. */
function plain(value: number): string {
  return Number.isNaN(value)
    ? '-'
    : Number.isInteger(value)
      ? `${value}`
      : value.toFixed(3);
}
