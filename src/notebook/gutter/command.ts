import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';

import { LINE_COSTS_COMMAND } from '../../tokens';
import type { IWordsContext } from './words';

/** What the command turns on and off. */
export interface IToggle {
  readonly isOn: () => boolean;
  /** Whether there is something to see in the notebook in front. */
  readonly isOffered: () => boolean;
  readonly toggle: () => Promise<void>;
}

/**
 * Add the command that shows costs in margins or hides them. In which menus it stands is in the schema.
 */
export function addToggle(
  commands: JupyterFrontEnd['commands'],
  palette: ICommandPalette | null,
  { trans }: IWordsContext,
  { isOn, isOffered, toggle }: IToggle
): { changed(): void } {
  commands.addCommand(LINE_COSTS_COMMAND, {
    label: trans.__('Show Line Costs in the Margin'),
    caption: trans.__('Show what lines cost beside the code'),
    isToggleable: true,
    isToggled: isOn,
    isVisible: ({ isPalette }) => isPalette === true || isOffered(),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          isPalette: {
            type: 'boolean',
            description: trans.__(
              'Whether the command palette shows it, which always does'
            )
          }
        }
      }
    },
    execute: toggle
  });
  palette?.addItem({
    command: LINE_COSTS_COMMAND,
    category: trans.__('Profiler'),
    args: { isPalette: true }
  });
  return { changed: () => commands.notifyCommandChanged(LINE_COSTS_COMMAND) };
}
