import { NONE } from '../profile/indices';
import type { FuncIndex } from '../profile/indices';
import type { ValueKey } from '../profile/model';
import { growingFloats, growingInts } from './growing';
import type { ProfileBuilder } from './profileBuilder';
import { TreeBuilder } from './treeBuilder';

/** A frame of a stack: a function at a line. */
export interface IFrame {
  readonly func: FuncIndex;
  /** Line that it was at, 0 if not known. */
  readonly line?: number;
  /** File of that line; `NONE` or missing if it is not known. */
  readonly file?: number;
  /** Offset in the function's object, 0 if not known. */
  readonly address?: number;
  readonly inlined?: boolean;
}

/**
 * Collects stacks whose frames are at lines, and makes of them a call tree of functions and a table of lines.
 *
 * In the tree, frames of one function at one line below one node are one node. In the table, a line has in `self` what was its own,
 * and in `total` each stack once, however often the line is in it.
 *
 * ```
 * const stacks = new StackTree(builder);
 * const leaf = stacks.frames.stack([stacks.frame({ func, line: 3, file })]);
 * stacks.frames.add(leaf, 'self.samples', 1);
 * stacks.finish();
 * ```
 */
export class StackTree {
  constructor(private readonly _builder: ProfileBuilder) {}

  /** The tree of frames: what it calls functions are numbers from {@link StackTree.frame}. */
  readonly frames = new TreeBuilder();

  /** The number of a frame. Frames with equal parts have one. */
  frame(parts: IFrame): FuncIndex {
    const { func, line = 0, address = 0, inlined = false } = parts;
    const file = line > 0 ? (parts.file ?? NONE) : NONE;
    const key =
      line === 0 && address === 0 && !inlined
        ? func
        : `${func},${line},${file},${address},${inlined ? 1 : 0}`;
    let frame = this._frameOf.get(key);
    if (frame === undefined) {
      frame = this._func.length as FuncIndex;
      this._frameOf.set(key, frame);
      this._func.push(func);
      this._line.push(file === NONE ? 0 : line);
      this._file.push(file);
      this._address.push(address);
      this._inlined.push(inlined ? 1 : 0);
    }
    return frame;
  }

  /**
   * Put what was collected into the builder's tables.
   */
  finish(): void {
    const { paths: tree } = this._builder;
    const rows = this.frames.done();
    const nodes = new Int32Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const frame = rows.function[row];
      const parent = rows.parent[row] as number;
      nodes[row] = tree.child(
        parent === NONE ? NONE : nodes[parent],
        this._func.numbers[frame] as FuncIndex,
        rows.thread[row],
        this._lineOf(frame)
      );
      tree.place(
        nodes[row],
        this._address.numbers[frame],
        this._inlined.numbers[frame] === 1
      );
    }
    for (const [key, values] of rows.values) {
      for (let row = 0; row < rows.length; row++) {
        if (values[row] !== 0) {
          tree.add(nodes[row], key, values[row]);
        }
      }
    }
    if (this._line.numbers.some(line => line > 0)) {
      this._addLines(rows);
    }
  }

  /** The line of a frame, if it is one of its function's file. */
  private _lineOf(frame: FuncIndex): number {
    const func = this._func.numbers[frame] as FuncIndex;
    return this._builder.fileOf(func) === this._file.numbers[frame]
      ? this._line.numbers[frame]
      : 0;
  }

  private _addLines(rows: ReturnType<TreeBuilder['done']>): void {
    const { length, parent, function: frames, thread, values } = rows;
    const outermost = this._outermost(rows);
    const lineRows = new Int32Array(length).fill(NONE);
    const rowOf = new Map<number, number>();
    const frameCount = this._func.length;
    for (let row = 0; row < length; row++) {
      const frame: number = frames[row];
      const line = this._line.numbers[frame];
      if (line === 0) {
        continue;
      }
      const key = thread[row] * frameCount + frame;
      let lineRow = rowOf.get(key);
      if (lineRow === undefined) {
        lineRow = this._builder.lines.row(
          this._file.numbers[frame],
          line,
          this._func.numbers[frame],
          thread[row]
        );
        rowOf.set(key, lineRow);
      }
      lineRows[row] = lineRow;
    }
    for (const [key, own] of values) {
      const totalKey = key.replace('self.', 'total.') as ValueKey;
      const total = own.slice();
      for (let row = length - 1; row >= 0; row--) {
        if (parent[row] !== (NONE as number)) {
          total[parent[row]] += total[row];
        }
        if (lineRows[row] !== NONE) {
          this._builder.lines.add(lineRows[row], key, own[row]);
          if (outermost[row] === 1) {
            this._builder.lines.add(lineRows[row], totalKey, total[row]);
          }
        }
      }
    }
  }

  /** Of each row 1 where no row above it is at the same line of the same function. */
  private _outermost(rows: ReturnType<TreeBuilder['done']>): Uint8Array {
    const places = this._places();
    const outermost = new Uint8Array(rows.length);
    const open = new Int32Array(this._func.length);
    const way: number[] = [];
    for (let row = 0; row < rows.length; row++) {
      const parent: number = rows.parent[row];
      while (way.length > 0 && way[way.length - 1] !== parent) {
        open[places[rows.function[way.pop() as number]]]--;
      }
      const place = places[rows.function[row]];
      outermost[row] = open[place] === 0 ? 1 : 0;
      open[place]++;
      way.push(row);
    }
    return outermost;
  }

  /** For each frame the first one at the same line of the same function. */
  private _places(): Int32Array {
    const first = new Map<string, number>();
    return Int32Array.from({ length: this._func.length }, (_, frame) => {
      const key = `${this._func.numbers[frame]},${this._file.numbers[frame]},${this._line.numbers[frame]}`;
      const place = first.get(key) ?? frame;
      first.set(key, place);
      return place;
    });
  }

  private readonly _frameOf = new Map<string | number, FuncIndex>();
  private readonly _func = growingInts();
  private readonly _line = growingFloats();
  private readonly _file = growingInts();
  private readonly _address = growingFloats();
  private readonly _inlined = growingInts();
}
