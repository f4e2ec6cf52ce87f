import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';

import { ICodeNavigator, NAVIGATION_PLUGIN_ID } from '../tokens';

/**
 * Leads from results to cells and files. How it does comes in a chunk of its own.
 */
const navigation: JupyterFrontEndPlugin<ICodeNavigator> = {
  id: NAVIGATION_PLUGIN_ID,
  description: 'Shows the cell or the file that a place in a profile names.',
  autoStart: true,
  provides: ICodeNavigator,
  optional: [INotebookTracker, IDocumentManager],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker | null,
    docManager: IDocumentManager | null
  ): ICodeNavigator => ({
    open: async (place, from) => {
      try {
        const { openPlace } = await import(
          /* webpackChunkName: "open-place" */ '../notebook/openPlace'
        );
        return await openPlace(place, from, {
          shell: app.shell,
          tracker,
          docManager
        });
      } catch (reason) {
        console.warn('A place in a profile was not shown.', reason);
        return false;
      }
    }
  })
};

export default navigation;
