import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { MAX_HEIGHT_PROPERTY, OUTPUT_PLUGIN_ID } from '../tokens';

/**
 * Applies the settings of results in a notebook, at once and to all of them.
 */
const output: JupyterFrontEndPlugin<void> = {
  id: OUTPUT_PLUGIN_ID,
  description: 'Applies the settings of profiles in the outputs of cells.',
  autoStart: true,
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, registry: ISettingRegistry | null) => {
    // Not awaited: nothing may hold up the start, and the style sheet has the default.
    registry
      ?.load(OUTPUT_PLUGIN_ID)
      .then(settings => {
        apply(settings);
        settings.changed.connect(apply);
      })
      .catch(reason => {
        console.error(`Settings of ${OUTPUT_PLUGIN_ID} did not load.`, reason);
      });
  }
};

export default output;

/**
 * Style sheets read the settings from custom properties of the page, so that open results follow a change.
 */
function apply(settings: ISettingRegistry.ISettings): void {
  const maxHeight = Number(settings.composite.maxHeight);
  if (Number.isFinite(maxHeight)) {
    document.documentElement.style.setProperty(
      MAX_HEIGHT_PROPERTY,
      `${maxHeight}px`
    );
  }
}
