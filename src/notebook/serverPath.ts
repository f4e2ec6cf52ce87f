import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { RenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import { pathBeside } from './places';

/**
 * The server's path of a file that the kernel names, null if the server does not offer it.
 *
 * @param panel - the notebook whose kernel is asked, too; outside of notebooks there is only the server
 * @param document - the server's path of what a path that is not absolute is looked for beside
 */
export async function serverPath(
  path: string,
  panel: NotebookPanel | undefined,
  docManager: IDocumentManager,
  document = ''
): Promise<string | null> {
  const beside = pathBeside(path, document);
  if (beside !== null && !panel) {
    return beside;
  }
  const resolver: IRenderMime.IResolver =
    panel?.content.rendermime.resolver ??
    new RenderMimeRegistry.UrlResolver({
      path: '',
      contents: docManager.services.contents
    });
  const found = await resolver.resolvePath?.(path);
  return found?.scope === 'server' ? found.path : beside;
}
