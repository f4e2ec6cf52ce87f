import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { ProfileRenderer } from '../notebook/renderer';
import {
  ICodeNavigator,
  MAX_HEIGHT_PROPERTY,
  OUTPUT_PLUGIN_ID,
  PROFILE_MIME
} from '../tokens';

/** Before text/html (50) and text/plain, which every result carries for other programs. */
const RANK = 10;

/**
 * Shows profiles in outputs, and applies the settings to all of them at once.
 */
const output: JupyterFrontEndPlugin<void> = {
  id: OUTPUT_PLUGIN_ID,
  description: 'Shows profiles in the outputs of cells.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [ISettingRegistry, ICodeNavigator],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    registry: ISettingRegistry | null,
    navigator: ICodeNavigator | null
  ) => {
    // Safe: nothing of a payload ever becomes HTML or code, so results in notebooks that are not trusted are drawn too.
    rendermime.addFactory(
      {
        safe: true,
        mimeTypes: [PROFILE_MIME],
        createRenderer: options =>
          new ProfileRenderer({ ...options, navigator })
      },
      RANK
    );
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
