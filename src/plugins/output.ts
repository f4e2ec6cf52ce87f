import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { Links } from '../notebook/links';
import { Preferences } from '../notebook/preferences';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- a renderer is made at once; what draws comes later
import { ProfileRenderer } from '../notebook/renderer';
import {
  ICodeNavigator,
  ILineCosts,
  IResultSettings,
  OUTPUT_PLUGIN_ID,
  PROFILE_MIME,
  ROWS_PROPERTY
} from '../tokens';

/** Before text/html (50) and text/plain, which every result carries for other programs. */
const RANK = 10;

/**
 * Shows profiles in outputs, and applies the settings to all of them at once.
 */
const output: JupyterFrontEndPlugin<IResultSettings> = {
  id: OUTPUT_PLUGIN_ID,
  description: 'Shows profiles in the outputs of cells.',
  autoStart: true,
  provides: IResultSettings,
  requires: [IRenderMimeRegistry],
  optional: [ISettingRegistry, ICodeNavigator, ILineCosts],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    registry: ISettingRegistry | null,
    navigator: ICodeNavigator | null,
    lineCosts: ILineCosts | null
  ): IResultSettings => {
    const preferences = new Preferences();
    const links = new Links(
      app.serviceManager.serverSettings,
      new URL(location.href)
    );
    const results: IResultSettings = { preferences, links };
    if (links.path) {
      void app.restored
        .then(() => import('../notebook/openLink'))
        .then(({ openLink }) => openLink(links, app));
    }
    // Safe: nothing of a payload ever becomes HTML or code, so results in notebooks that are not trusted are drawn too.
    rendermime.addFactory(
      {
        safe: true,
        mimeTypes: [PROFILE_MIME],
        createRenderer: options =>
          new ProfileRenderer({
            ...options,
            navigator,
            lineCosts,
            settings: results
          })
      },
      RANK
    );
    // Not awaited: nothing may hold up the start, and the style sheet has the default.
    registry
      ?.load(OUTPUT_PLUGIN_ID)
      .then(settings => {
        const apply = (changed: ISettingRegistry.ISettings) => {
          preferences.read(changed.composite);
          setRows(changed.composite.rows);
        };
        apply(settings);
        settings.changed.connect(apply);
      })
      .catch(reason => {
        console.error(`Settings of ${OUTPUT_PLUGIN_ID} did not load.`, reason);
      });
    return results;
  }
};

export default output;

/**
 * Style sheets read it from a custom property of the page, so that open results follow a change.
 */
function setRows(rows: unknown): void {
  if (typeof rows === 'number' && Number.isFinite(rows)) {
    document.documentElement.style.setProperty(ROWS_PROPERTY, `${rows}`);
  }
}
