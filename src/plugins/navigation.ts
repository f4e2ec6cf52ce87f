import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';

import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import {
  ICodeNavigator,
  NAVIGATION_PLUGIN_ID,
  TRANSLATION_DOMAIN
} from '../tokens';

/**
 * Leads from results to cells and files. How it does comes in a chunk of its own.
 */
const navigation: JupyterFrontEndPlugin<ICodeNavigator> = {
  id: NAVIGATION_PLUGIN_ID,
  description: 'Shows the cell or the file that a place in a profile names.',
  autoStart: true,
  provides: ICodeNavigator,
  optional: [INotebookTracker, IDocumentManager, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker | null,
    docManager: IDocumentManager | null,
    translator: ITranslator | null
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
    },
    profileLines: async (cell, place, from) => {
      try {
        const { profileLines } = await import(
          /* webpackChunkName: "profile-cells" */ '../notebook/profileLines'
        );
        const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
        return await profileLines(cell, place, from, tracker, trans);
      } catch (reason) {
        console.warn('Lines were not profiled.', reason);
        return false;
      }
    }
  })
};

export default navigation;
