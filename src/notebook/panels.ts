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
