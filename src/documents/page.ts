import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import '../../style/documents.css';
import type { IPreferences, Preferences } from '../notebook/preferences';
import { resultHost } from '../notebook/resultHost';
import {
  TRANSLATION_DOMAIN,
  type ICodeNavigator,
  type IResultSettings
} from '../tokens';
import type { IDrawn } from '../views';
import { loadViews } from './loadViews';
import type { Together } from './messages';
import { Progress, type Views } from './progress';
import { readFiles, type IRemoteFile } from './readFiles';

/** What a page of a profile needs. */
export interface IPageOptions {
  /** Files. Asked anew whenever they are read. */
  readonly files: () => readonly IRemoteFile[];
  /** What becomes of several. */
  readonly together: Together;
  /** Under what the reader's choices are kept. */
  readonly key: string;
  readonly settings: IResultSettings;
  readonly navigator: ICodeNavigator | null;
  readonly translator: Pick<
    import('@jupyterlab/translation').ITranslator,
    'load' | 'languageCode'
  >;
}

/**
 * The profile of files, in a tab of its own: how far reading is, then the views, or why there are none.
 *
 * `data-state` of the node tells `loading`, `ready`, `error` or `cancelled`.
 */
export class ProfilePage extends Widget {
  constructor(private readonly _options: IPageOptions) {
    super();
    const { translator, settings } = _options;
    this._trans = translator.load(TRANSLATION_DOMAIN);
    this._locale = translator.languageCode;
    this.addClass('jp-Profiler');
    this.addClass('jp-Profiler-page');
    settings.preferences.changed.connect(this._onPreferences, this);
    void this.load();
  }

  /**
   * Read the files, again if they were read already; the latest call wins. What is shown stays until then.
   */
  async load(): Promise<void> {
    this._reading?.abort();
    const reading = (this._reading = new AbortController());
    let views: Views;
    try {
      views = await loadViews();
    } catch {
      this.node.textContent = this._trans.__(
        'A part of jupyterlab-profiler did not load. Check the connection to the server and reload the page.'
      );
      this.node.dataset.state = 'error';
      return;
    }
    if (reading.signal.aborted) {
      return;
    }
    const numbers = new views.NumberFormat(this._locale);
    const progress = new Progress(views, { trans: this._trans, numbers }, () =>
      reading.abort(CANCELLED)
    );
    if (!this._drawn) {
      this._put(progress.node, 'loading');
    }
    const drawn = await this._draw(views, progress, reading.signal);
    progress.dispose();
    if (drawn && !reading.signal.aborted && !this.isDisposed) {
      this._drawn?.dispose();
      this._drawn = drawn;
      this._put(drawn.node, drawn.state);
      this._fit();
      return;
    }
    drawn?.dispose();
    if (reading.signal.reason === CANCELLED && !this._drawn) {
      this._put(
        progress.cancelled(() => void this.load()),
        'cancelled'
      );
    }
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._options.settings.preferences.changed.disconnect(
      this._onPreferences,
      this
    );
    this._reading?.abort();
    this._drawn?.dispose();
    this._drawn = null;
    super.dispose();
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    if (!this.node.contains(document.activeElement)) {
      this.node
        .querySelector<HTMLElement>(
          '[role="tab"][aria-selected="true"], button'
        )
        ?.focus({ preventScroll: true });
    }
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._fit();
  }

  protected override onResize(msg: Widget.ResizeMessage): void {
    super.onResize(msg);
    this._fit();
  }

  /** What there is to see of the files: their profile, or why there is none; `null` where reading was given up. */
  private async _draw(
    views: Views,
    progress: Progress,
    signal: AbortSignal
  ): Promise<IDrawn | null> {
    const { files, together, settings, navigator, key } = this._options;
    const reading = readFiles(
      files(),
      told => progress.show(told),
      signal,
      together
    );
    await reading.catch(() => undefined);
    if (signal.aborted) {
      return null;
    }
    return views.drawProfile(
      reading,
      { trans: this._trans, locale: this._locale },
      () => resultHost(views, settings, navigator, this.node, key, null)
    );
  }

  private _put(node: HTMLElement, state: string): void {
    this.node.replaceChildren(node);
    this.node.dataset.state = state;
  }

  private _onPreferences(sender: Preferences, { hidden }: IPreferences): void {
    this._drawn?.hide(hidden);
  }

  private _fit(): void {
    if (this.isVisible && this.node.clientWidth > 0) {
      this._drawn?.layout();
    }
  }

  private readonly _trans: IRenderMime.TranslationBundle;
  private readonly _locale: string;
  private _drawn: IDrawn | null = null;
  private _reading: AbortController | null = null;
}

/** Why reading ended: the reader did not want to wait. */
const CANCELLED = Symbol('cancelled');
