import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { RenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

/**
 * The server's path of a file that the kernel names, null if the server does not offer it.
 *
 * @param panel - the notebook whose kernel is asked, too; outside of notebooks there is only the server
 */
export async function serverPath(
  path: string,
  panel: NotebookPanel | undefined,
  docManager: IDocumentManager
): Promise<string | null> {
  const resolver: IRenderMime.IResolver =
    panel?.content.rendermime.resolver ??
    new RenderMimeRegistry.UrlResolver({
      path: '',
      contents: docManager.services.contents
    });
  const found = await resolver.resolvePath?.(path);
  return found?.scope === 'server' ? found.path : null;
}
