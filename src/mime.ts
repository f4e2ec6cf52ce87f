import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import { ProfileRenderer } from './notebook/renderer';
import { PROFILE_MIME, RENDERER_ID } from './tokens';

/**
 * Makes renderers for profiles in outputs. Safe: nothing of a payload ever becomes HTML or code, so that results in
 * notebooks that are not trusted are drawn as well.
 */
export const rendererFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [PROFILE_MIME],
  createRenderer: options => new ProfileRenderer(options)
};

const extension: IRenderMime.IExtension = {
  id: RENDERER_ID,
  description: 'Shows profiles in the outputs of cells.',
  rendererFactory,
  // Before text/html (50) and text/plain, which every result carries for other programs.
  rank: 10,
  dataType: 'json'
};

export default extension;
