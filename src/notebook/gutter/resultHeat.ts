import type { NotebookPanel } from '@jupyterlab/notebook';

import { lineHeat } from '../../profile/lineHeat';
import type { IProfile } from '../../profile/model';
import type { ILineResult } from '../../tokens';
import { FileHeat } from './fileHeat';
import type { IWordsContext } from './words';

/** Where a result stands. */
export interface IResultPlace {
  readonly panel: NotebookPanel;
  /** Id of the cell whose output it is. */
  readonly cell: string;
}

/** A cell, as far as it matters for what it is given. */
export interface ICellText {
  readonly id: string;
  readonly text: string;
}

/** A result with lines, and what its lines cost. */
export class ResultHeat {
  /**
   * @param reveal - leads to a line in a result
   */
  constructor(
    readonly result: ILineResult,
    readonly place: IResultPlace,
    profile: IProfile,
    context: IWordsContext,
    reveal: (heat: ResultHeat, path: string, line: number, from: Node) => void
  ) {
    const { meta } = profile;
    this.started = Date.parse(meta.started ?? '') || 0;
    this.key = JSON.stringify([place.cell, meta.started, meta.label]);
    const heat = lineHeat(profile);
    this.files = [...heat.files.keys()].map(
      file =>
        new FileHeat(profile, heat, file, context, ({ path }, line, from) =>
          reveal(this, path, line, from)
        )
    );
  }

  /** When it ran, in ms. */
  readonly started: number;

  /** The same for the same result in another view of the notebook. */
  readonly key: string;

  readonly files: readonly FileHeat[];

  /**
   * Which cells its sources are: those with their ids, else a cell that has the same text. Where several have it, none
   * is, unless it is the one above the result.
   *
   * @param cells - the code cells of the notebook
   */
  cells(cells: readonly ICellText[]): ReadonlyMap<string, FileHeat> {
    const ids = new Set(cells.map(({ id }) => id));
    const found = new Map<string, FileHeat>();
    for (const heat of this.files) {
      const known = heat.cell || (this._matched.get(heat) ?? '');
      if (heat.isCell && ids.has(known)) {
        found.set(known, heat);
      }
    }
    for (const heat of this.files) {
      if (heat.isCell && !ids.has(heat.cell) && !this._matched.has(heat)) {
        const same = cells.filter(({ text }) => heat.isSource(text));
        const cell =
          same.find(({ id }) => id === this.place.cell) ??
          (same.length === 1 ? same[0] : undefined);
        if (cell && !found.has(cell.id)) {
          found.set(cell.id, heat);
          // It stays that cell's when the text is changed.
          this._matched.set(heat, cell.id);
        }
      }
    }
    return found;
  }

  private readonly _matched = new Map<FileHeat, string>();
}
