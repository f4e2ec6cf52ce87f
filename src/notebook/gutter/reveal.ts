import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';

import type { ResultHeat } from './resultHeat';

/** A line of a profile. */
interface ILine {
  readonly path: string;
  readonly line: number;
}

/** Where results are looked for, and how they are brought to the front. */
interface IReach {
  readonly results: readonly ResultHeat[];
  readonly tracker: INotebookTracker;
  readonly shell: JupyterFrontEnd.IShell;
}

/**
 * Lead from the margin to the line in the result: the one in the same view of the notebook, where there is one.
 *
 * @param from - node that the reader comes from
 */
export async function reveal(
  heat: ResultHeat,
  { path, line }: ILine,
  from: Node,
  { results, tracker, shell }: IReach
): Promise<void> {
  const here = tracker.find(panel => panel.node.contains(from));
  const { result, place } =
    results.find(one => one.place.panel === here && one.key === heat.key) ??
    heat;
  if (!result.showLine(path, line)) {
    return;
  }
  const { panel } = place;
  if (panel !== here) {
    shell.activateById(panel.id);
  }
  if (result.node.isConnected) {
    return;
  }
  // Cells out of sight may not be in the page, and nothing scrolls to what is not.
  const index = panel.content.widgets.findIndex(
    ({ model }) => model.id === place.cell
  );
  if (index >= 0) {
    // Rejected by JupyterLab when the reader scrolls on meanwhile.
    await panel.content.scrollToItem(index, 'smart').catch(() => undefined);
    result.showLine(path, line);
  }
}
