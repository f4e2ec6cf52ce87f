// speedscope, as it is released, with the tree that this package makes of the same payload.
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';

import { importLib } from '../lib.mjs';

/**
 * Write a payload's call tree as a file of speedscope's format, an event where a function begins
 * and one where it ends; resolves with its bytes.
 */
export async function writeSpeedscope(payloadPath, path) {
  const { decode } = await importLib('wire/index.js');
  const { treeOf } = await importLib('profile/tree/treeOf.js');
  const profile = await decode(JSON.parse(readFileSync(payloadPath, 'utf8')));
  const { length, parent, func, self, whole } = treeOf(
    profile,
    profile.metrics[0]
  );
  const file = createWriteStream(path);
  const frames = profile.functions.name.map(name => ({ name }));
  file.write(
    `{"$schema":"https://www.speedscope.app/file-format-schema.json","shared":{"frames":${JSON.stringify(frames)}},"profiles":[{"type":"evented","name":"tree","unit":"nanoseconds","startValue":0,"endValue":${whole},"events":[`
  );
  let events = [];
  let isFirst = true;
  const add = (type, node, at) => {
    events.push(`{"type":"${type}","frame":${func[node]},"at":${at}}`);
    if (events.length >= 50_000) {
      flush();
    }
  };
  const flush = () => {
    file.write((isFirst ? '' : ',') + events.join(','));
    isFirst = false;
    events = [];
  };
  const open = [];
  let at = 0;
  const close = () => {
    const node = open.pop();
    at += self[node];
    add('C', node, at);
  };
  for (let node = 0; node < length; node++) {
    while (open.length > 0 && open.at(-1) !== parent[node]) {
      close();
    }
    add('O', node, at);
    open.push(node);
  }
  while (open.length > 0) {
    close();
  }
  flush();
  file.end(']}]}');
  await finished(file);
  return file.bytesWritten;
}

/** In the page, before anything else of it: notes when the first picture is to be seen. */
export function watchSpeedscope() {
  const ready = () =>
    document.querySelector('canvas') &&
    /Left Heavy/.test(document.body.innerText);
  const finish = () => {
    // Without a read, drawing goes on in another process.
    const gl = document.querySelector('canvas').getContext('webgl');
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    return Boolean(gl);
  };
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const settled = async () => {
    await frame();
    await frame();
    await new Promise(done => setTimeout(done, 0));
    finish();
  };
  window.shown = (async () => {
    while (!document.body || !ready()) {
      await new Promise(done => setTimeout(done, 4));
    }
    await settled();
    if (!finish()) {
      throw new Error('speedscope has no WebGL here');
    }
    const [file] = performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.includes('/data/'));
    return performance.now() - file.startTime;
  })();
  window.key = async key => {
    const began = performance.now();
    window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    await settled();
    return performance.now() - began;
  };
  window.measure = async () => {
    const found = { file: await window.shown, zoom: [] };
    await settled();
    for (let turn = 0; turn < 5; turn++) {
      found.zoom.push(await window.key('+'));
    }
    return found;
  };
}
