import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

/**
 * The notebooks that are open: the one that holds a node first, then the current one, then the others.
 */
export function panelsAround(
  from: HTMLElement,
  tracker: INotebookTracker | null
): NotebookPanel[] {
  const all = tracker?.filter(() => true) ?? [];
  const rank = (panel: NotebookPanel) =>
    panel.node.contains(from) ? 0 : panel === tracker?.currentWidget ? 1 : 2;
  return all.sort((a, b) => rank(a) - rank(b));
}

/** A cell of an open notebook. */
export interface IFoundCell {
  readonly panel: NotebookPanel;
  /** Place of the cell in the notebook. */
  readonly index: number;
}

/**
 * Find a cell in the notebooks that are open, in the order of `panelsAround`.
 *
 * @param cell - its id
 */
export function findCell(
  cell: string,
  from: HTMLElement,
  tracker: INotebookTracker | null
): IFoundCell | undefined {
  return panelsAround(from, tracker)
    .map(panel => ({
      panel,
      index: panel.content.widgets.findIndex(({ model }) => model.id === cell)
    }))
    .find(({ index }) => index >= 0);
}
