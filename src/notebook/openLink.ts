import type { JupyterFrontEnd } from '@jupyterlab/application';
import { NotebookPanel } from '@jupyterlab/notebook';

import type { Links } from './links';
import { goTo } from './openPlace';

/** Viewer of profile files: by its name, a file may be for another one. */
const VIEWER = 'Profile';

/**
 * Open what this page's address names: a profile file, or a notebook at the result of a cell. The function that it names
 * is taken by the view.
 *
 * @throws what JupyterLab throws, or when the cell is not there within five seconds
 */
export async function openLink(
  { path, cell }: Links,
  { commands, shell }: JupyterFrontEnd
): Promise<void> {
  const widget: unknown = await commands.execute('docmanager:open', {
    path,
    ...(cell ? {} : { factory: VIEWER })
  });
  if (!cell || !(widget instanceof NotebookPanel)) {
    return;
  }
  await widget.revealed;
  const index = widget.content.widgets.findIndex(
    ({ model }) => model.id === cell
  );
  if (index >= 0) {
    const { node } = await goTo({ panel: widget, index }, shell);
    // Results are drawn when they come in sight, which below a long cell they are not.
    node.querySelector('.jp-Profiler')?.scrollIntoView({ block: 'start' });
  }
}
