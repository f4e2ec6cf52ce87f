import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { nullTranslator } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import {
  TRANSLATION_DOMAIN,
  type ICodeNavigator,
  type ILineCosts,
  type ILineResult,
  type IResultSettings
} from '../tokens';
import type { IDrawn } from '../views';
import { sameJson } from '../wire/same';
import type { IPreferences, Preferences } from './preferences';
import { resultHost } from './resultHost';
import { whenInSight } from './sight';

/**
 * Shows one profile in an output.
 *
 * Only a shell: views and decoder come in a chunk of their own with the first result. `data-state` of the node tells
 * `loading`, `ready` or `error`. What cannot be shown is told in a sentence; `renderModel` never rejects.
 */
export class ProfileRenderer
  extends Widget
  implements IRenderMime.IRenderer, ILineResult
{
  constructor(options: ProfileRenderer.IOptions) {
    super();
    this._mimeType = options.mimeType;
    const translator = options.translator ?? nullTranslator;
    this._trans = translator.load(TRANSLATION_DOMAIN);
    this._locale = translator.languageCode;
    this._navigator = options.navigator;
    this._lineCosts = options.lineCosts;
    this._settings = options.settings;
    this._settings.preferences.changed.connect(this._onPreferences, this);
    this.addClass('jp-Profiler');
    this.node.dataset.state = 'loading';
  }

  /**
   * Show the profile of a model, as soon as this output is in sight: a notebook with many results opens as quickly as one
   * with few. The latest call wins; data that is shown already is left as it is, with the reader's order
   * and place in it.
   */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const payload = model.data[this._mimeType];
    if (this._payload && sameJson(this._payload.value, payload)) {
      return this._done;
    }
    this._payload = { value: payload };
    const run = ++this._run;
    this._done = Promise.resolve();
    const render = () => {
      this._done = this._render(payload, run);
    };
    this._stopWaiting();
    if (this._drawn) {
      render();
    } else {
      this._stopWaiting = whenInSight(this.node, render);
    }
    return this._done;
  }

  showLine(path: string, line: number): boolean {
    return this._drawn?.showLine(path, line) ?? false;
  }

  /**
   * Release the view.
   */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._settings.preferences.changed.disconnect(this._onPreferences, this);
    this._stopWaiting();
    this._drawn?.dispose();
    this._drawn = null;
    this._payload = null;
    super.dispose();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._fit();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._fit();
  }

  protected override onResize(msg: Widget.ResizeMessage): void {
    super.onResize(msg);
    this._fit();
  }

  private async _render(payload: unknown, run: number): Promise<void> {
    const isLatest = () => !this.isDisposed && run === this._run;
    let views: typeof import('../views');
    try {
      views = await import(/* webpackChunkName: "views" */ '../views');
    } catch {
      if (isLatest()) {
        // The next call tries again.
        this._payload = null;
        this._fail();
      }
      return;
    }
    const language = { trans: this._trans, locale: this._locale };
    const drawn = await views.draw(payload, language, (key, { source }) =>
      resultHost(
        views,
        this._settings,
        this._navigator,
        this.node,
        key,
        source.cell
      )
    );
    if (!isLatest()) {
      drawn.dispose();
      return;
    }
    this._show(drawn);
  }

  private _onPreferences(sender: Preferences, { hidden }: IPreferences): void {
    this._drawn?.hide(hidden);
  }

  private _show(drawn: IDrawn): void {
    this._drawn?.dispose();
    this._drawn = drawn;
    this.node.replaceChildren(drawn.node);
    this.node.dataset.state = drawn.state;
    this._lineCosts?.show(this, drawn.profile);
    this._fit();
  }

  /**
   * Tell that the chunk did not come.
   */
  private _fail(): void {
    const message = document.createElement('p');
    message.className = 'jp-Profiler-refusal';
    message.setAttribute('role', 'alert');
    message.textContent = this._trans.__(
      'The profile cannot be shown, because a part of jupyterlab-profiler did not load. Check the connection to the server and reload the page.'
    );
    this._drawn?.dispose();
    this._drawn = null;
    this.node.replaceChildren(message);
    this.node.dataset.state = 'error';
  }

  /**
   * Fit the view to its size. Drawing happens before the widget has any, and nobody tells when it is shown: so this is
   * called at every chance and does nothing where there is nothing to do.
   */
  private _fit(): void {
    if (this._drawn && this.isVisible && this.node.clientWidth > 0) {
      this._drawn.layout();
    }
  }

  private readonly _mimeType: string;
  private readonly _trans: IRenderMime.TranslationBundle;
  private readonly _locale: string;
  private readonly _navigator: ICodeNavigator | null;
  private readonly _lineCosts: ILineCosts | null;
  private readonly _settings: IResultSettings;
  private _payload: { readonly value: unknown } | null = null;
  private _drawn: IDrawn | null = null;
  private _done: Promise<void> = Promise.resolve();
  private _stopWaiting: () => void = () => undefined;
  private _run = 0;
}

/** The namespace for `ProfileRenderer`. */
export namespace ProfileRenderer {
  /** What a renderer needs. */
  export interface IOptions extends IRenderMime.IRendererOptions {
    /** Leads to the code, where the application can. */
    readonly navigator: ICodeNavigator | null;
    /** Shows lines beside the code, where the application can. */
    readonly lineCosts: ILineCosts | null;
    /** What all results share. */
    readonly settings: IResultSettings;
  }
}
