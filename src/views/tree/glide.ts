/** How long a change of what is seen takes, in ms. */
const DURATION = 160;

/**
 * Goes from one picture to another in frames; at once for who wants no motion.
 */
export class Glide {
  /**
   * Start; what was under way ends where it is.
   *
   * @param step - draws a frame: 0 is the start, 1 the end. It is called with 1 exactly once, unless stopped
   */
  start(step: (part: number) => void): void {
    this.stop();
    if (wantsNoMotion()) {
      step(1);
      return;
    }
    let begin: number | null = null;
    const frame = (now: number) => {
      begin ??= now;
      const part = Math.min(1, (now - begin) / DURATION);
      this._frame = part < 1 ? requestAnimationFrame(frame) : null;
      // Fast at first: the eye is led to where it ends.
      step(1 - Math.pow(1 - part, 3));
    };
    this._frame = requestAnimationFrame(frame);
  }

  stop(): void {
    if (this._frame !== null) {
      cancelAnimationFrame(this._frame);
      this._frame = null;
    }
  }

  private _frame: number | null = null;
}

function wantsNoMotion(): boolean {
  return (
    // Where there is no window manager, as in tests, there is no motion either.
    typeof matchMedia !== 'function' ||
    matchMedia('(prefers-reduced-motion: reduce)').matches
  );
}
