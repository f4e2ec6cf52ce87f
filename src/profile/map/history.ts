/** Steps that can be taken back, as in RunSnakeRun. */
export const MOST_STEPS = 200;

/**
 * Where a reader has been, so that there is a way back.
 */
export class History<T> {
  /** Whether there is a way back. */
  get isEmpty(): boolean {
    return this._steps.length === 0;
  }

  /**
   * Keep a place that the reader leaves. Of too many the first ones are forgotten.
   */
  leave(place: T): void {
    this._steps.push(place);
    if (this._steps.length > MOST_STEPS) {
      this._steps.shift();
    }
  }

  /**
   * The place that was left last, which is forgotten with this; `undefined` where there is none.
   */
  back(): T | undefined {
    return this._steps.pop();
  }

  private readonly _steps: T[] = [];
}
