import { ViewPlugin, type EditorView } from '@codemirror/view';

import { heatIn } from './heatState';

/** CodeMirror's attribute for what screen readers are not told. */
const HIDDEN = 'aria-hidden';

/** What holds all gutters of one side. */
const GUTTERS = '.cm-gutters';

/**
 * CodeMirror keeps gutters from screen readers, all in one. While costs are shown, their gutter is told, and the others
 * are kept from them one by one.
 */
class Speaking {
  constructor(private readonly _view: EditorView) {
    this.update();
  }

  update(): void {
    if (!this._own?.isConnected) {
      this._own = this._view.dom.querySelector('.jp-Profiler-heat');
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
    for (const gutter of this._all?.children ?? []) {
      gutter.removeAttribute(HIDDEN);
    }
    this._all?.setAttribute(HIDDEN, 'true');
  }

  private _own: Element | null = null;
  private _all: Element | null = null;
}

/** Lets screen readers come to the gutter of costs. */
export const spokenGutter = ViewPlugin.fromClass(Speaking);
