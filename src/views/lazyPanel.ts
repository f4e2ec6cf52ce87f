import type { IViewState } from '../profile/viewState';
import { notLoaded, type IContext } from './context';
import { element } from './dom';
import type { Result } from './result';

/** A view that comes in a chunk of its own. */
export interface ILazyView {
  readonly node: HTMLElement;
  /** Fit to the size that the node has now. */
  layout(): void;
  /**
   * The view state is another one.
   *
   * @param before - as it was
   */
  onChange(before: IViewState): void;
  /** The page has another theme. */
  refreshTheme(): void;
  /** Take the keyboard's focus. */
  focus?(): void;
  dispose(): void;
}

/**
 * A panel whose view is loaded when it is first looked at.
 */
export class LazyPanel {
  /**
   * @param _load - loads the view's code, and says what makes the view
   */
  constructor(
    className: string,
    result: Result,
    private readonly _context: IContext,
    private readonly _load: () => Promise<() => ILazyView>
  ) {
    this.node = element('div', { className });
    result.onChange(before => this._view?.onChange(before));
  }

  readonly node: HTMLElement;

  /**
   * Draw where nothing is drawn yet, and fit to the size that the node has now.
   */
  layout(): void {
    if (this._view) {
      this._view.layout();
    } else if (!this._isLoading && !this.node.hidden) {
      this._isLoading = true;
      void this._fetch();
    }
  }

  /**
   * Take the keyboard's focus.
   */
  focus(): void {
    this._view?.focus?.();
  }

  dispose(): void {
    this._isDisposed = true;
    this._theme?.disconnect();
    this._view?.dispose();
    this._view = null;
  }

  private async _fetch(): Promise<void> {
    const { trans } = this._context;
    this._say(trans.__('Loading …'), 'status');
    let make: () => ILazyView;
    try {
      make = await this._load();
    } catch {
      // The next look tries again.
      this._isLoading = false;
      this._say(notLoaded(this._context), 'alert');
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
      this._say(trans.__('This cannot be shown: %1', String(reason)), 'alert');
    }
  }

  private _show(view: ILazyView): void {
    this._view = view;
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

  private _view: ILazyView | null = null;
  private _theme: MutationObserver | null = null;
  private _isLoading = false;
  private _isDisposed = false;
}
