import type { Contents } from '@jupyterlab/services';

import type { IRemoteFile } from './readFiles';

/**
 * A file of the server, whose bytes come as they are sent: neither as one string, nor as base64.
 */
export function remoteFile(
  path: string,
  contents: Contents.IManager
): IRemoteFile {
  return {
    name: contents.localPath(path).split('/').pop() ?? path,
    fetch: async signal => {
      // As JupyterLab's own requests, which it hands over only as a whole.
      const { fetch, init, token } = contents.serverSettings;
      const response = await fetch(await contents.getDownloadUrl(path), {
        ...init,
        headers: { ...(token ? { Authorization: `token ${token}` } : {}) },
        cache: 'no-store',
        signal
      });
      if (!response.ok || !response.body) {
        throw new Error(`${response.status} ${response.statusText}`);
      }
      const length = response.headers.get('content-length');
      // Of what was compressed on the way, the length says nothing of what comes out.
      const isPlain = !response.headers.get('content-encoding');
      return {
        size: length !== null && isPlain ? Number(length) : -1,
        pieces: piecesOf(response.body)
      };
    }
  };
}

async function* piecesOf(
  body: ReadableStream<Uint8Array>
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield value as Uint8Array<ArrayBuffer>;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}
