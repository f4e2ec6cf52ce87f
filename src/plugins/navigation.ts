import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';

import { ITranslator } from '@jupyterlab/translation';

import { findCell } from '../notebook/panels';
import { ICodeNavigator, NAVIGATION_PLUGIN_ID } from '../tokens';

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
  ): ICodeNavigator => {
    const whether = async <T>(done: () => Promise<T>): Promise<T | false> => {
      try {
        return await done();
      } catch (reason) {
        console.warn('A result did not lead to the code.', reason);
        return false;
      }
    };
    const hosts = { shell: app.shell, tracker, docManager };
    const load = () => import('../notebook/openPlace');
    return {
      open: (...asked) =>
        whether(async () => (await load()).openPlace(...asked, hosts)),
      textOf: (...asked) =>
        whether(async () => (await load()).textOf(...asked, hosts)),
      notebookOf: (cell, from) =>
        findCell(cell, from, tracker)?.panel.context.path ?? '',
      profileAgain: (...asked) =>
        whether(async () => {
          const { profileAgain } = await import(
            /* webpackChunkName: "cells" */ '../notebook/profileAgain'
          );
          return profileAgain(...asked, tracker, translator);
        })
    };
  }
};

export default navigation;
