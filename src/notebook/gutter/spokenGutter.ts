import { ViewPlugin, type EditorView } from '@codemirror/view';

import { PlainKeys } from '../../views/plainKeys';
import { heatIn } from './heatState';

/** CodeMirror's attribute for what screen readers are not told. */
const HIDDEN = 'aria-hidden';

/** What holds all gutters of one side. */
const GUTTERS = '.cm-gutters';

/**
 * CodeMirror keeps gutters from screen readers, all in one. While costs are shown, their gutter is told, and the others
 * are kept from them one by one. Keys that go from marker to marker are not JupyterLab's there.
 */
class Speaking {
  constructor(private readonly _view: EditorView) {
    this.update();
  }

  update(): void {
    if (!this._own || !this._view.dom.contains(this._own)) {
      this._keys?.dispose();
      this._own = this._view.dom.querySelector('.jp-Profiler-heat');
      this._keys = this._own && new PlainKeys(this._own);
    }
    const all = this._own?.closest(GUTTERS);
    if (!this._own || !all) {
      return;
    }
    this._all = all;
    this._own.setAttribute('role', 'group');
    this._own.setAttribute('aria-label', heatIn(this._view.state)?.title ?? '');
    all.removeAttribute(HIDDEN);
    for (const gutter of all.children) {
      if (gutter !== this._own) {
        gutter.setAttribute(HIDDEN, 'true');
      }
    }
  }

  destroy(): void {
    this._keys?.dispose();
    for (const gutter of this._all?.children ?? []) {
      gutter.removeAttribute(HIDDEN);
    }
    this._all?.setAttribute(HIDDEN, 'true');
  }

  private _own: HTMLElement | null = null;
  private _keys: PlainKeys | null = null;
  private _all: Element | null = null;
}

/** Lets screen readers come to the gutter of costs. */
export const spokenGutter = ViewPlugin.fromClass(Speaking);
