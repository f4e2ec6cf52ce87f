import type { IContext } from '../views/context';
import type { IProgress } from './readFiles';

/** What draws; this chunk has no copy of it. */
export type Views = typeof import('../views');

/** Reading that takes no longer shows nothing: it would only flicker. In ms. */
const PATIENCE = 300;

/** A screen reader is told so often, in ms. */
const SPOKEN = 5000;

/** Bytes of a megabyte, as JupyterLab's file browser counts. */
const MEGABYTE = 1024 * 1024;

/**
 * How far reading is, with a button that ends it.
 */
export class Progress {
  constructor(
    private readonly _views: Views,
    private readonly _context: IContext,
    onCancel: () => void
  ) {
    const { trans } = _context;
    const { button, element } = _views;
    this._bar = element('progress', {
      attributes: { 'aria-label': trans.__('Reading the profile') }
    });
    this._text = element('p');
    this._spoken = element('p', {
      className: 'jp-Profiler-spoken',
      attributes: { 'aria-live': 'polite' }
    });
    this.node = element(
      'div',
      { className: 'jp-Profiler-progress jp-mod-waiting' },
      [
        this._text,
        this._bar,
        button(trans.__('Cancel'), onCancel),
        this._spoken
      ]
    );
    this._timer = window.setTimeout(
      () => this.node.classList.remove('jp-mod-waiting'),
      PATIENCE
    );
  }

  readonly node: HTMLElement;

  show({ name, step, done, size }: IProgress): void {
    const { trans, numbers } = this._context;
    const amount = (bytes: number) =>
      trans.__('%1 MB', numbers.count(Math.ceil(bytes / MEGABYTE)));
    const shown = this._views.clipped(name);
    if (size > 0) {
      const parts = [shown, amount(done), amount(size)] as const;
      this._text.textContent =
        step === 'read'
          ? trans.__('Reading %1: %2 of %3', ...parts)
          : trans.__('Fetching %1: %2 of %3', ...parts);
      this._bar.max = size;
      this._bar.value = done;
    } else {
      this._text.textContent = trans.__('Fetching %1: %2', shown, amount(done));
      this._bar.removeAttribute('value');
    }
    const now = performance.now();
    if (now - this._last > SPOKEN) {
      this._last = now;
      this._spoken.textContent = this._text.textContent;
    }
  }

  /** What stands there when reading was ended. */
  cancelled(onAgain: () => void): HTMLElement {
    const { trans } = this._context;
    const { button, element } = this._views;
    const again = button(trans.__('Read it again'), onAgain);
    return element('div', { className: 'jp-Profiler-progress' }, [
      element('p', {
        text: trans.__('Reading was cancelled.'),
        attributes: { role: 'status' }
      }),
      again
    ]);
  }

  dispose(): void {
    window.clearTimeout(this._timer);
  }

  private readonly _text: HTMLElement;
  private readonly _bar: HTMLProgressElement;
  private readonly _spoken: HTMLElement;
  private readonly _timer: number;
  private _last = performance.now();
}
