import { combinationOf } from '../combine';
import { indexColumn, NONE } from '../indices';
import type { ILines, IProfile, ValueKey } from '../model';
import type { IRebuilt } from './rebuild';

/**
 * Lines after functions went into their callers: the lines of these functions go, and what they owned is own value of
 * the line that called, which has it in its total already. Where that line is not known, or was put together with others,
 * it is own value of the row without a number of the calling function (`line` 0); that row has a total only where it is
 * all that is known of the function.
 *
 * @param isGone - functions that went
 */
export function foldedLines(
  { lines, paths, metrics, functions }: IProfile,
  { paths: now, hosts }: IRebuilt,
  isGone: (func: number) => boolean
): ILines {
  if (lines.length === 0) {
    return lines;
  }
  const kept: number[] = [];
  for (let row = 0; row < lines.length; row++) {
    const func: number = lines.function[row];
    if (func === NONE || !isGone(func)) {
      kept.push(row);
    }
  }
  const table = new LineTable(lines, kept);
  const columns = metrics.flatMap(metric => {
    const own = paths.values.get(`self.${metric.id}`);
    const of = combinationOf(metric)?.of;
    const [self, total] = [
      `self.${metric.id}`,
      `total.${metric.id}`
    ] as const satisfies ValueKey[];
    const isThere = lines.values.has(self) || lines.values.has(total);
    return own && of && isThere && metric.id !== 'calls'
      ? [{ own, of, self, total }]
      : [];
  });
  for (let row = 0; row < paths.length; row++) {
    const host = hosts[row];
    if (host === NONE || !isGone(paths.function[row])) {
      continue;
    }
    const func: number = now.function[host];
    const file: number = functions.file[func] ?? NONE;
    const moves = columns.filter(({ own }) => own[row] !== 0);
    if (isGone(func) || file === NONE || moves.length === 0) {
      continue;
    }
    const thread: number = now.thread[host];
    const there = table.find(file, now.line[host], func, thread);
    const to = there ?? table.row(file, 0, func, thread);
    for (const { own, of, self, total } of moves) {
      table.add(to, self, own[row], of);
      if (!table.isKnown(func, thread)) {
        table.add(to, total, own[row], of);
      }
    }
  }
  return table.done();
}

/** Rows of lines that are kept, and new ones. */
class LineTable {
  constructor(
    private readonly _lines: ILines,
    kept: readonly number[]
  ) {
    this._from = [...kept];
    kept.forEach((from, row) => {
      const { file, line, function: func, thread } = _lines;
      this._known.add(`${func[from]},${thread[from]}`);
      this._rows.set(
        `${file[from]},${line[from]},${func[from]},${thread[from]}`,
        row
      );
    });
  }

  /** Whether there were lines of a function. */
  isKnown(func: number, thread: number): boolean {
    return this._known.has(`${func},${thread}`);
  }

  /** The row of a line, if there is one. */
  find(
    file: number,
    line: number,
    func: number,
    thread: number
  ): number | undefined {
    return this._rows.get(`${file},${line},${func},${thread}`);
  }

  /** The row of a line, made if there is none. */
  row(file: number, line: number, func: number, thread: number): number {
    let row = this.find(file, line, func, thread);
    if (row === undefined) {
      row = this._from.length;
      this._rows.set(`${file},${line},${func},${thread}`, row);
      this._from.push(NONE);
      this._made.set(row, [file, line, func, thread]);
    }
    return row;
  }

  add(
    row: number,
    key: ValueKey,
    value: number,
    of: (a: number, b: number) => number
  ): void {
    if (!this._lines.values.has(key)) {
      return;
    }
    let values = this._added.get(key);
    if (!values) {
      this._added.set(key, (values = new Map()));
    }
    const before =
      values.get(row) ??
      (this._from[row] === NONE
        ? undefined
        : this._lines.values.get(key)?.[this._from[row]]);
    values.set(row, before === undefined ? value : of(before, value));
  }

  done(): ILines {
    const { _lines: lines, _from: from, _made: made } = this;
    const ints = (column: Int32Array, part: 0 | 2 | 3) =>
      Int32Array.from(from, (row, to) =>
        row === NONE ? (made.get(to)?.[part] ?? 0) : column[row]
      );
    return {
      length: from.length,
      file: indexColumn(ints(lines.file, 0)),
      line: Float64Array.from(from, (row, to) =>
        row === NONE ? (made.get(to)?.[1] ?? 0) : lines.line[row]
      ),
      function: indexColumn(ints(lines.function, 2)),
      thread: indexColumn(ints(lines.thread, 3)),
      values: new Map(
        [...lines.values].map(([key, column]) => [
          key,
          Float64Array.from(
            from,
            (row, to) =>
              this._added.get(key)?.get(to) ?? (row === NONE ? 0 : column[row])
          )
        ])
      )
    };
  }

  private readonly _rows = new Map<string, number>();
  private readonly _known = new Set<string>();
  /** For each row the one that it was; `NONE` of a new one. */
  private readonly _from: number[];
  private readonly _made = new Map<
    number,
    readonly [number, number, number, number]
  >();
  private readonly _added = new Map<ValueKey, Map<number, number>>();
}
