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

/** What a cell can be profiled for. */
const KINDS = ['functions', 'lines', 'native', 'memory'];

/** The magic's line that a cell is run as if it had. Functions are what the kernel part measures by itself. */
const MAGICS: ReadonlyMap<unknown, string> = new Map([
  ['lines', '%%lprun'],
  ['native', '%%native'],
  ['memory', '%%memory']
]);

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

    const label = (kind: unknown): string => {
      const count = selected().length || 1;
      switch (kind) {
        case 'lines':
          return trans._n(
            'Profile Lines of Cell',
            'Profile Lines of Selected Cells',
            count
          );
        case 'native':
          return trans._n(
            'Profile Cell Natively',
            'Profile Selected Cells Natively',
            count
          );
        case 'memory':
          return trans._n(
            'Profile Memory of Cell',
            'Profile Memory of Selected Cells',
            count
          );
        default:
          return trans._n('Profile Cell', 'Profile Selected Cells', count);
      }
    };

    const caption = (kind: unknown): string => {
      switch (kind) {
        case 'lines':
          return trans.__(
            'Run the selected cells and show what each line took'
          );
        case 'native':
          return trans.__(
            'Run the selected cells and show Python and compiled code in one stack'
          );
        case 'memory':
          return trans.__('Run the selected cells and show who held memory');
        default:
          return trans.__(
            'Profile the selected cells: run them and show where the time went'
          );
      }
    };

    app.commands.addCommand(PROFILE_CELL_COMMAND, {
      label: args => (args.toolbar ? '' : label(args.kind)),
      caption: args => caption(args.kind),
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
            kind: {
              enum: KINDS,
              description: trans.__('What is measured')
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
        await module.profileCells(panel, ids, trans, MAGICS.get(args.kind));
      }
    });
    for (const kind of KINDS) {
      palette?.addItem({
        command: PROFILE_CELL_COMMAND,
        category: trans.__('Profiler'),
        args: { isPalette: true, kind }
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
