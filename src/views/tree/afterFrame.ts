/**
 * Work that waits until the next frame has been drawn, so that the frame is not late for it.
 */
export class AfterFrame {
  /**
   * Do this then, and not what was to be done before it.
   */
  run(work: () => void): void {
    this.stop();
    this._frame = requestAnimationFrame(() => {
      this._timer = window.setTimeout(work);
    });
  }

  stop(): void {
    cancelAnimationFrame(this._frame);
    window.clearTimeout(this._timer);
  }

  private _frame = 0;
  private _timer = 0;
}
