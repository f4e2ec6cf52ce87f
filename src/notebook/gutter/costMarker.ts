import { GutterMarker } from '@codemirror/view';

import { heatOf } from '../../profile/lineHeat';
import { cut, element } from '../../views/dom';
import type { FileHeat } from './fileHeat';
import { hideTipOf } from './heatTip';

/**
 * What one line cost, in the margin: a number on a bar, and all of it in words for who points at it or listens.
 */
export class CostMarker extends GutterMarker {
  /**
   * @param line - of the source as it ran, from 1
   * @param code - text of that line
   * @param _isEntry - whether the Tab key comes to it: one marker of an editor is the entry to all
   */
  constructor(
    readonly heat: FileHeat,
    readonly line: number,
    readonly code: string,
    private readonly _isEntry: boolean
  ) {
    super();
  }

  /** All that is said of the line. */
  get words(): readonly string[] {
    return this.heat.wordsOf(this.line);
  }

  /** Markers are made once for each line, so equal ones are one. */
  override eq(other: GutterMarker): boolean {
    return this === other;
  }

  override toDOM(): HTMLElement {
    const share = this.heat.shareOf(this.line);
    const node = element('div', {
      className: `jp-Profiler-cost jp-mod-heat${heatOf(share)}`,
      text: this.heat.shortOf(this.line),
      attributes: {
        role: 'button',
        tabindex: this._isEntry ? '0' : '-1',
        'aria-label': [...this.words, cut(this.code.trim())].join('; ')
      }
    });
    const length = Math.round(100 * Math.max(0, Math.min(share || 0, 1)));
    node.style.setProperty('--jp-profiler-share', `${length}%`);
    return node;
  }

  override destroy(node: Node): void {
    hideTipOf(node);
  }
}
