import { NONE } from './indices';
import { rowOf, type LineList } from './lineList';
import { perHit, type ILineBlock, type ILineValues } from './lineRows';
import type { IProfile } from './model';
import { displayName } from './names';
import { printable } from './printable';

const HEADS = ['Line #', 'Hits', 'Time', 'Per Hit', '% Time'];

/** Characters of the columns; they grow where a number needs more. */
const WIDTHS = [6, 9, 12, 8, 8];

/** Lines without a text that are written one by one; of more only those that have values are. */
const MOST_BLANK = 100_000;

/** Digits of %g. */
const DIGITS = 6;

/**
 * Lines as line_profiler prints them: functions by their place, and for each its lines.
 *
 * ```
 * Line #      Hits         Time  Per Hit   % Time  Line Contents
 * ==============================================================
 *     12       100       2302.0     23.0     71.3      total += f(x)
 * ```
 *
 * @param unit - of the times, in seconds, as 1e-6
 */
export function lineText(
  profile: IProfile,
  list: LineList,
  unit: number
): string {
  const { files } = profile;
  const path = ({ file }: ILineBlock) =>
    file === NONE ? '' : files.path[file];
  const blocks = [...list.rows.blocks].sort(
    (a, b) =>
      byCodePoints(path(a), path(b)) ||
      a.first - b.first ||
      byCodePoints(nameOf(profile, a), nameOf(profile, b))
  );
  return [
    `Timer unit: ${general(unit, DIGITS)} s\n\n`,
    ...blocks.map(block => blockText(profile, list, block, path(block), unit))
  ].join('');
}

function blockText(
  profile: IProfile,
  list: LineList,
  block: ILineBlock,
  path: string,
  unit: number
): string {
  const { first, last } = list.rangeOf(block);
  const total = block.all.time || 0;
  const hasSource = list.hasSource(block);
  const head = [
    `Total time: ${general(total * 1e-9, DIGITS)} s`,
    ...(hasSource
      ? [
          `File: ${printable(path)}`,
          `Function: ${printable(nameOf(profile, block))} at line ${block.first}`
        ]
      : [
          '',
          `Could not find file ${printable(path)}`,
          'Are you sure you are running this program from the same directory',
          'that you ran the profiler from?',
          "Continuing without the function's contents."
        ]),
    ''
  ];
  const lines =
    hasSource || last - first >= MOST_BLANK
      ? list.linesOf(block, false)
      : Float64Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const cellsOf = (values: ILineValues) => cells(values, total, unit);
  const rows = Array.from(lines, line => {
    const row = rowOf(block.line, line);
    const text = list.sources.text(block.file, line) ?? '';
    return {
      line: `${line}`,
      text,
      cells: row === NONE ? null : cellsOf(valuesAt(block, row))
    };
  });
  if (block.rest) {
    rows.push({
      line: '',
      text: '(more lines)',
      cells: cellsOf(block.rest)
    });
  }
  const widths = WIDTHS.map((width, column) =>
    column === 0
      ? width
      : rows.reduce(
          (most, row) => Math.max(most, row.cells?.[column - 1].length ?? 0),
          width
        )
  );
  const title = rowText(HEADS, widths, 'Line Contents');
  return `${[
    ...head,
    title,
    '='.repeat(title.length),
    ...rows.map(row =>
      rowText([row.line, ...(row.cells ?? ['', '', '', ''])], widths, row.text)
    )
  ].join('\n')}\n\n`;
}

function valuesAt({ hits, time, own }: ILineBlock, row: number): ILineValues {
  return { hits: hits[row], time: time[row], own: own[row] };
}

function nameOf(profile: IProfile, { function: func }: ILineBlock): string {
  return func === NONE ? '' : displayName(profile, func);
}

function rowText(
  texts: readonly string[],
  widths: readonly number[],
  content: string
): string {
  const columns = texts.map((text, i) => text.padStart(widths[i]));
  return `${columns.join(' ')}  ${content}`;
}

/** Hits, time, time a hit, share. What is not known is empty. */
function cells(
  values: ILineValues,
  total: number,
  unit: number
): readonly string[] {
  const { hits, time } = values;
  const inUnit = (value: number, width: number) =>
    fitting(
      fixed((value * 1e-9) / unit),
      general((value * 1e-9) / unit, 3).padStart(5),
      width
    );
  return [
    fitting(`${hits}`, general(hits, DIGITS), WIDTHS[1]),
    inUnit(time, WIDTHS[2]),
    hits === 0 ? '' : inUnit(perHit(values), WIDTHS[3]),
    total === 0 ? '' : fixed((100 * time) / total)
  ].map(text => (/NaN|Infinity/.test(text) ? '' : text));
}

function fitting(exact: string, short: string, width: number): string {
  return exact.length <= width ? exact : short;
}

/** Python's `%5.1f`. */
function fixed(value: number): string {
  // Exact halves go to the even digit in Python, and away from zero in JavaScript.
  const isHalf = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  const even = (2 * Math.round(value * 5 - 0.25)) / 10;
  return (isHalf ? even : value).toFixed(1).padStart(5);
}

/** Python's `%g`. */
function general(value: number, digits: number): string {
  if (!Number.isFinite(value) || value === 0) {
    return `${value}`;
  }
  const [digitsText, exponentText] = value.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= digits) {
    const sign = exponent < 0 ? '-' : '+';
    return `${shortened(digitsText)}e${sign}${`${Math.abs(exponent)}`.padStart(2, '0')}`;
  }
  return shortened(value.toFixed(Math.max(0, digits - 1 - exponent)));
}

/** Without the zeros at the end of a fraction. */
function shortened(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The order of texts in Python. */
function byCodePoints(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  const [one, other] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const order = (one[i].codePointAt(0) ?? 0) - (other[i].codePointAt(0) ?? 0);
    if (order !== 0) {
      return order;
    }
  }
  return one.length - other.length;
}
