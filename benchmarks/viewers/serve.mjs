// A server for the pages with the viewers, on this machine only.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2'
};

/**
 * Serve folders by the first part of the address: `{ pages: '/a/folder' }` serves its files below
 * /pages/. Resolves with `{ url, close }`.
 */
export async function serve(folders) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const [, name, ...rest] = normalize(decodeURIComponent(pathname)).split(
      /[\\/]/
    );
    const folder = Object.hasOwn(folders, name) ? folders[name] : undefined;
    const path = folder && join(folder, ...rest);
    if (!path || !existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'content-length': statSync(path).size,
      'cache-control': 'no-store',
      // Pages that share nothing with others have a clock of 5 µs instead of 100.
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp'
    });
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve, reject) =>
    server.on('error', reject).listen(0, '127.0.0.1', resolve)
  );
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    }
  };
}
