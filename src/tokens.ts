/**
 * Ids and names that several parts share. Importing this loads nothing.
 */

/** MIME type of a profile in a cell's output. */
export const PROFILE_MIME =
  'application/vnd.jupyterlab-profiler.profile.v1+json';

/** Id of the MIME renderer. */
export const RENDERER_ID = 'jupyterlab-profiler:renderer';

/** Id of the plugin that applies the settings of results in a notebook. */
export const OUTPUT_PLUGIN_ID = 'jupyterlab-profiler:output';

/** Domain of the translations. */
export const TRANSLATION_DOMAIN = 'jupyterlab_profiler';

/** CSS custom property for the height from which a table scrolls, as `420px`. */
export const MAX_HEIGHT_PROPERTY = '--jp-profiler-max-height';
