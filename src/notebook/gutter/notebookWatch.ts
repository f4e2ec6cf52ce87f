import type { CellList, NotebookPanel } from '@jupyterlab/notebook';

/** A cell's widget, of a package that is not loaded for this. */
type Cell = NotebookPanel['content']['widgets'][number];

/**
 * Tells when a notebook has other cells, or an editor that it had not: cells that were never in sight have none.
 */
export class NotebookWatch {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _onChange: () => void
  ) {
    _panel.content.modelChanged.connect(this._onModel, this);
    _panel.disposed.connect(this._onChange);
    this._watchCells();
  }

  /**
   * Tell when a cell gets its editor.
   */
  awaitEditor(cell: Cell): void {
    if (!this._awaited.has(cell)) {
      this._awaited.add(cell);
      cell.ready.then(this._onReady, () => undefined);
    }
  }

  dispose(): void {
    this._isDisposed = true;
    this._panel.content.modelChanged.disconnect(this._onModel, this);
    this._panel.disposed.disconnect(this._onChange);
    this._cells?.changed.disconnect(this._onChange);
    this._cells = null;
  }

  private _onModel(): void {
    this._watchCells();
    this._onChange();
  }

  private _watchCells(): void {
    this._cells?.changed.disconnect(this._onChange);
    this._cells = this._panel.content.model?.cells ?? null;
    this._cells?.changed.connect(this._onChange);
  }

  private readonly _onReady = (): void => {
    if (!this._isDisposed) {
      this._onChange();
    }
  };

  private readonly _awaited = new WeakSet<Cell>();
  /** Kept: a model that was disposed has none. */
  private _cells: CellList | null = null;
  private _isDisposed = false;
}
