import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator } from '@jupyterlab/translation';

import { ILineCosts, LINE_COSTS_PLUGIN_ID } from '../tokens';

/**
 * Shows what lines cost beside the code. How it does comes in a chunk of its own with the first result that has lines.
 */
const lineCosts: JupyterFrontEndPlugin<ILineCosts> = {
  id: LINE_COSTS_PLUGIN_ID,
  description: 'Shows line costs in margins.',
  autoStart: true,
  provides: ILineCosts,
  requires: [INotebookTracker],
  optional: [IDocumentManager, ISettingRegistry, ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    docManager: IDocumentManager | null,
    registry: ISettingRegistry | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): ILineCosts => {
    let gutter: Promise<ILineCosts> | undefined;
    return {
      show: (result, profile) => {
        if (!gutter && !profile?.lines.length) {
          return;
        }
        gutter ??= import(
          /* webpackChunkName: "gutter" */ '../notebook/gutter'
        ).then(
          ({ Gutter }) =>
            new Gutter({
              app,
              tracker,
              docManager,
              registry,
              translator,
              palette
            })
        );
        gutter.then(
          ({ show }) => show(result, profile),
          reason => {
            // The next result tries again.
            gutter = undefined;
            console.warn('Costs of lines are not shown.', reason);
          }
        );
      }
    };
  }
};

export default lineCosts;
