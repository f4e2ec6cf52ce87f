import { notLoaded, type IContext } from './context';
import { element } from './dom';

/** A view that comes in a chunk of its own. */
export interface ILazyView {
  readonly node: HTMLElement;
  /** Fit to the size that the node has now. */
  layout(): void;
  /** The page has another theme. */
  refreshTheme(): void;
  /** Take the keyboard's focus. */
  focus?(): void;
  dispose(): void;
}

/**
 * A panel whose view is loaded when it is first looked at.
 */
export abstract class LazyPanel<V extends ILazyView> {
  constructor(
    className: string,
    protected readonly context: IContext
  ) {
    this.node = element('div', { className });
  }

  readonly node: HTMLElement;

  /**
   * Draw where nothing is drawn yet, and fit to the size that the node has now.
   */
  layout(): void {
    if (this.view) {
      this.view.layout();
    } else if (!this._isLoading && !this.node.hidden) {
      this._isLoading = true;
      void this._load();
    }
  }

  /**
   * Take the keyboard's focus.
   */
  focus(): void {
    this.view?.focus?.();
  }

  dispose(): void {
    this._isDisposed = true;
    this._theme?.disconnect();
    this.view?.dispose();
    this.view = null;
  }

  /** The view, once it has come. */
  protected view: V | null = null;

  /**
   * Load the view's code.
   *
   * @returns what makes the view
   */
  protected abstract load(): Promise<() => V>;

  /** That the view is on its way. */
  protected abstract loading(): string;

  /** That the view cannot be made. */
  protected abstract failed(reason: string): string;

  private async _load(): Promise<void> {
    this._say(this.loading(), 'status');
    let make: () => V;
    try {
      make = await this.load();
    } catch {
      // The next look tries again.
      this._isLoading = false;
      this._say(notLoaded(this.context), 'alert');
      return;
    }
    if (this._isDisposed) {
      return;
    }
    try {
      this._show(make());
    } catch (reason) {
      // A mistake of ours. The console gets the rest of it.
      console.error(reason);
      this._say(this.failed(String(reason)), 'alert');
    }
  }

  private _show(view: V): void {
    this.view = view;
    this.node.replaceChildren(view.node);
    // Where another view is shown meanwhile, there is no size to fit to.
    if (!this.node.hidden) {
      view.layout();
    }
    // JupyterLab changes these attributes after the new theme's style sheet has come.
    this._theme = new MutationObserver(() => view.refreshTheme());
    this._theme.observe(document.body, {
      attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light']
    });
  }

  private _say(text: string, role: 'status' | 'alert'): void {
    this.node.replaceChildren(
      element('p', {
        className: 'jp-Profiler-note',
        text,
        attributes: { role }
      })
    );
  }

  private _theme: MutationObserver | null = null;
  private _isLoading = false;
  private _isDisposed = false;
}
