import { NONE } from '../profile/indices';
import type { FuncIndex, ThreadIndex } from '../profile/indices';
import type { TreeBuilder } from './treeBuilder';

/** Something that happens: `B` and `E` in the order of the file, `X` with its duration. */
interface IStep {
  readonly is: 'B' | 'E' | 'X';
  readonly at: number;
  readonly duration: number;
  /** Rising: of two at one time, which is outside. */
  readonly order: number;
  /** `null` for an end that does not say of what. */
  readonly func: FuncIndex | null;
}

/** A call that has not ended. */
interface IOpen {
  readonly func: FuncIndex;
  /** When it ends; `Infinity` until an `E` tells. */
  readonly end: number;
  /** When it and all around it have not ended yet. */
  readonly bound: number;
}

/** The events of one thread, of which calls are made when all are there. */
export class ChromeThread {
  /** Calls that do not end. */
  unclosed = 0;

  /** Ends of what has not begun. */
  unopened = 0;

  /** Calls that end later than what they begin in. */
  overlapping = 0;

  /** When the first event begins. */
  first = 0;

  /** When the last one ends. */
  last = 0;

  get length(): number {
    return this._steps.length;
  }

  begin(at: number, order: number, func: FuncIndex): void {
    this._steps.push({ is: 'B', at, duration: 0, order, func });
  }

  end(at: number, order: number, func: FuncIndex | null): void {
    this._steps.push({ is: 'E', at, duration: 0, order, func });
  }

  whole(at: number, duration: number, order: number, func: FuncIndex): void {
    this._steps.push({ is: 'X', at, duration, order, func });
  }

  /** Put the calls into a tree. */
  finish(tree: TreeBuilder, thread: ThreadIndex): void {
    this._tree = tree;
    this._steps.sort(inTime);
    this.first = this._steps[0]?.at ?? 0;
    this.last = this.first;
    for (const { at, duration } of this._steps) {
      this.last = Math.max(this.last, at + duration);
    }
    this._at = this.first;
    for (const step of this._steps) {
      this._endUntil(step);
      this._passTo(step.at);
      if (step.is === 'E') {
        this._endOf(step.func, step.at);
      } else if (step.func !== null) {
        this._begin(step, step.func, thread);
      }
    }
    this._endUntil(null);
    this._passTo(this.last);
    while (this._open.length > 0) {
      this._close(this.last);
    }
  }

  /** End the calls that are over when something happens; what has no end stays, unless something around it is over. */
  private _endUntil(step: IStep | null): void {
    for (;;) {
      const top = this._open[this._open.length - 1];
      if (
        !top ||
        top.bound === Infinity ||
        (step &&
          (top.bound > step.at ||
            (top.bound === step.at && step.is === 'E' && top.end === Infinity)))
      ) {
        return;
      }
      this._passTo(top.bound);
      this._close(top.bound);
    }
  }

  private _begin(
    { is, at, duration }: IStep,
    func: FuncIndex,
    thread: ThreadIndex
  ): void {
    const around = this._open[this._open.length - 1]?.bound ?? Infinity;
    const end = is === 'X' ? at + duration : Infinity;
    if (is === 'X' && end > around) {
      this.overlapping++;
    }
    this._node = this._tree.child(this._node, func, thread);
    this._tree.add(this._node, 'self.calls', 1);
    this._open.push({
      func,
      end: is === 'X' ? Math.min(end, around) : end,
      bound: Math.min(end, around)
    });
    this._openOf.set(
      func,
      (this._openOf.get(func) ?? 0) + (is === 'B' ? 1 : 0)
    );
    this._begun += is === 'B' ? 1 : 0;
  }

  /** End the innermost call that an `E` can mean. */
  private _endOf(func: FuncIndex | null, at: number): void {
    const count = func === null ? this._begun : (this._openOf.get(func) ?? 0);
    if (count === 0) {
      this.unopened++;
      return;
    }
    for (;;) {
      const top = this._open[this._open.length - 1];
      const isIt = top.end === Infinity && (func === null || top.func === func);
      this._close(isIt ? Infinity : at);
      if (isIt) {
        return;
      }
    }
  }

  /** End the innermost call at a time, `Infinity` where an `E` said so. */
  private _close(at: number): void {
    const { func, end } = this._open.pop() as IOpen;
    if (end === Infinity) {
      this._openOf.set(func, (this._openOf.get(func) as number) - 1);
      this._begun--;
      this.unclosed += at === Infinity ? 0 : 1;
    } else if (end > at) {
      this.overlapping++;
    }
    this._node = this._tree.parentOf(this._node);
  }

  /** The time until then is that of the innermost call. */
  private _passTo(at: number): void {
    if (this._node !== NONE && at > this._at) {
      this._tree.add(this._node, 'self.time', at - this._at);
    }
    this._at = Math.max(this._at, at);
  }

  private readonly _steps: IStep[] = [];
  private readonly _open: IOpen[] = [];
  /** How many calls of a function wait for an `E`. */
  private readonly _openOf = new Map<FuncIndex, number>();
  private _begun = 0;
  private _node: number = NONE;
  private _at = 0;
  private _tree!: TreeBuilder;
}

/** By time; at one time `B` and `E` as they are written, then `X`, the longest first. */
function inTime(a: IStep, b: IStep): number {
  return (
    a.at - b.at ||
    Number(a.is === 'X') - Number(b.is === 'X') ||
    b.duration - a.duration ||
    a.order - b.order
  );
}
