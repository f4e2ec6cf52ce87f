import { combinationOf } from '../combine';
import { indexColumn, NONE } from '../indices';
import type { ILines, IProfile, ValueKey } from '../model';
import type { IRebuilt } from './rebuild';

/**
 * Lines after functions went into their callers: the lines of these functions go, and what they owned is own value of
 * the line that called, which has it in its total already. Where the line is not known it is in the row without a number
 * of the calling function (`line` 0).
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
    const line = now.line[host];
    const to = table.row(file, line, func, now.thread[host]);
    for (const { own, of, self, total } of moves) {
      table.add(to, self, own[row], of);
      if (line === 0) {
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
      this._rows.set(
        `${file[from]},${line[from]},${func[from]},${thread[from]}`,
        row
      );
    });
  }

  /** The row of a line, made if there is none. */
  row(file: number, line: number, func: number, thread: number): number {
    const key = `${file},${line},${func},${thread}`;
    let row = this._rows.get(key);
    if (row === undefined) {
      row = this._from.length;
      this._rows.set(key, row);
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
  /** For each row the one that it was; `NONE` of a new one. */
  private readonly _from: number[];
  private readonly _made = new Map<
    number,
    readonly [number, number, number, number]
  >();
  private readonly _added = new Map<ValueKey, Map<number, number>>();
}
