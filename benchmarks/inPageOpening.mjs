// What runs inside the page to time how a notebook opens; sent there as text, like inPage.mjs.

/** Gives the page `window.opening`. All results are in ms. */
export function installOpening() {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const pause = ms => new Promise(done => setTimeout(done, ms));
  const painted = async () => {
    await frame();
    // A task that is queued before a frame is painted runs after it.
    return new Promise(done => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(null);
    });
  };

  /** Frames further apart than this say that the page works, in ms. */
  const BUSY = 40;
  /** For so long it must not, to be at rest. */
  const REST = 700;
  /** After so long it is taken to be at rest: on a busy machine frames are always late. */
  const LONGEST = 10_000;
  const PATIENCE = 40_000;

  const isDrawn = output =>
    output.matches('.jp-Profiler')
      ? output.dataset.state === 'ready' && output.querySelector('tbody tr')
      : output.querySelector('pre')?.textContent;

  /** Whether every output in sight is drawn, and there is one. */
  const isOpen = panel => {
    const { top, bottom } = panel.content.node.getBoundingClientRect();
    let seen = 0;
    for (const { node } of panel.content.widgets) {
      const box = node.isConnected && node.getBoundingClientRect();
      if (!box || box.height === 0 || box.bottom < top || box.top > bottom) {
        continue;
      }
      const outputs = [...node.querySelectorAll('.jp-OutputArea-output')];
      if (outputs.length === 0 || !outputs.every(isDrawn)) {
        return false;
      }
      seen++;
    }
    return seen > 0;
  };

  window.opening = {
    /**
     * Open a notebook of so many cells, and close it: ms until what is in sight was painted
     * (`seen`), until the end of the last long frame after that (`rest`), and how many of its
     * outputs were `drawn` then.
     */
    async open(path, count) {
      const { commands } = window.jupyterapp;
      // So that it meets a frame at any of its moments, as a user's click does.
      await pause(500 + Math.random() * 17);
      const began = performance.now();
      const panel = await commands.execute('docmanager:open', {
        path,
        factory: 'Notebook',
        kernelPreference: { shouldStart: false, canStart: false }
      });
      await panel.context.ready;
      while (
        panel.content.widgets.length < count ||
        (count > 0 && !isOpen(panel))
      ) {
        if (performance.now() - began > PATIENCE) {
          throw new Error(
            `${path} was not open after ${PATIENCE / 1000} s: ${panel.content.node.innerText.slice(0, 200)}`
          );
        }
        await frame();
      }
      const seen = (await painted()) - began;
      let last = performance.now();
      let rest = last;
      while (last - rest < REST && last - began < seen + LONGEST) {
        await frame();
        const now = performance.now();
        if (now - last > BUSY) {
          rest = now;
        }
        last = now;
      }
      const drawn = [
        ...panel.content.node.querySelectorAll('.jp-OutputArea-output')
      ].filter(isDrawn).length;
      // Closing asks whether to save.
      panel.dispose();
      return { seen, rest: Math.max(seen, rest - began), drawn };
    }
  };
}
