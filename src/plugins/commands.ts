import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { profileIcon } from '../notebook/icon';
import {
  COMMANDS_PLUGIN_ID,
  PROFILE_CELL_COMMAND,
  TRANSLATION_DOMAIN
} from '../tokens';

/**
 * The command that profiles cells. Where it is offered is in the plugin's schema; what it does comes in a chunk of its own.
 */
const commands: JupyterFrontEndPlugin<void> = {
  id: COMMANDS_PLUGIN_ID,
  description: 'Profiles the selected cells of a notebook.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);

    /** Ids of the selected code cells of the notebook in front, the active one included. */
    const selected = (): readonly string[] => {
      const panel = tracker.currentWidget;
      return panel && panel === app.shell.currentWidget
        ? panel.content.selectedCells
            .filter(({ model }) => model.type === 'code')
            .map(({ model }) => model.id)
        : [];
    };

    app.commands.addCommand(PROFILE_CELL_COMMAND, {
      label: args =>
        args.toolbar
          ? ''
          : args.lines
            ? trans._n(
                'Profile Lines of Cell',
                'Profile Lines of Selected Cells',
                selected().length || 1
              )
            : trans._n(
                'Profile Cell',
                'Profile Selected Cells',
                selected().length || 1
              ),
      caption: args =>
        args.lines
          ? trans.__('Run the selected cells and show what each line took')
          : trans.__(
              'Profile the selected cells: run them and show where the time went'
            ),
      icon: args => (args.isPalette ? undefined : profileIcon),
      isEnabled: () => selected().length > 0,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            toolbar: {
              type: 'boolean',
              description: trans.__('Without text')
            },
            lines: {
              type: 'boolean',
              description: trans.__('Measure lines')
            },
            isPalette: {
              type: 'boolean',
              description: trans.__('Without icon')
            }
          }
        }
      },
      execute: async args => {
        const panel = tracker.currentWidget;
        // Before anything is waited for: a reader goes on.
        const ids = selected();
        if (!panel || ids.length === 0) {
          return;
        }
        let module: typeof import('../notebook/profileCells');
        try {
          module = await import(
            /* webpackChunkName: "cells" */ '../notebook/profileCells'
          );
        } catch {
          Notification.error(
            trans.__(
              'A part of jupyterlab-profiler did not load. Check the connection to the server and reload the page.'
            )
          );
          return;
        }
        await module.profileCells(
          panel,
          ids,
          trans,
          args.lines ? '%%lprun' : undefined
        );
      }
    });
    for (const lines of [false, true]) {
      palette?.addItem({
        command: PROFILE_CELL_COMMAND,
        category: trans.__('Profiler'),
        args: { isPalette: true, lines }
      });
    }

    const changed = () =>
      app.commands.notifyCommandChanged(PROFILE_CELL_COMMAND);
    tracker.currentChanged.connect(changed, app);
    tracker.activeCellChanged.connect(changed, app);
    tracker.selectionChanged.connect(changed, app);
    app.shell.currentChanged?.connect(changed, app);
  }
};

export default commands;
