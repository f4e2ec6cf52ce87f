// Time in a page: what a step takes, and when it is to be seen.

const frame = () => new Promise(done => requestAnimationFrame(done));

/** Resolves when the second frame from now on has been painted: some viewers draw in the next one. */
export async function settled() {
  await frame();
  await frame();
  // A task that is queued before a frame is painted runs after it.
  await new Promise(done => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(null);
  });
}

/**
 * Milliseconds of a step: `work` until it returns, `paint` until it is to be seen, and what it
 * returned. An idle page has a `paint` of two frames, 33 ms.
 */
export async function timed(step) {
  const began = performance.now();
  const value = await step();
  const work = performance.now() - began;
  await settled();
  return { work, paint: performance.now() - began, value };
}

/** Milliseconds of something that is done at once. */
export function clocked(step) {
  const began = performance.now();
  step();
  return performance.now() - began;
}

/** The node to zoom to: about a twentieth of all, some levels down. */
export function zoomTarget({ length, total, whole, depth }) {
  let best = 0;
  let least = Infinity;
  for (let node = 0; node < length; node++) {
    const off =
      Math.abs(total[node] / whole - 0.05) + Math.abs(depth[node] - 6) * 0.01;
    if (off < least) {
      least = off;
      best = node;
    }
  }
  return best;
}

/** What is searched for: each is in the names of about a tenth of the functions. */
export const terms = ['parse', 'merge', 'sort', 'render', 'check'];
