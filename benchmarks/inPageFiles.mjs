// What runs inside JupyterLab to time how a profile file opens; sent there as text, like inPage.mjs.

/** Gives the page `window.files`. All results are in ms. */
export function installFiles() {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const painted = async () => {
    await frame();
    // A task that is queued before a frame is painted runs after it.
    return new Promise(done => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(null);
    });
  };
  const page = () => document.querySelector('.jp-Profiler-page');

  /** Whether a canvas in sight has something drawn on it, looked for in a few lines of it. */
  const isDrawn = canvas => {
    const { width, height } = canvas;
    if (width === 0 || height === 0 || !canvas.checkVisibility()) {
      return false;
    }
    const context = canvas.getContext('2d');
    return [0.02, 0.5].some(part =>
      context
        .getImageData(0, Math.floor(height * part), width, 1)
        .data.some(value => value > 0)
    );
  };

  window.files = {
    /** Open a file: ms from the command until rows of its table of functions were painted. */
    async open(path) {
      const began = performance.now();
      await window.jupyterapp.commands.execute('docmanager:open', {
        path,
        factory: 'Profile'
      });
      for (;;) {
        const { state } = page()?.dataset ?? {};
        if (state === 'error' || state === 'cancelled') {
          throw new Error(page().innerText.slice(0, 300));
        }
        const row = page()?.querySelector('tbody tr');
        if (state === 'ready' && row?.getBoundingClientRect().height > 0) {
          return (await painted()) - began;
        }
        await frame();
      }
    },
    /** Look at another view: ms from the click on its tab until its picture was painted; null if there is no such tab. */
    async look(label) {
      const tab = [...page().querySelectorAll('[role="tab"]')].find(
        ({ textContent }) => textContent === label
      );
      if (!tab) {
        return null;
      }
      const panel = document.getElementById(tab.getAttribute('aria-controls'));
      const began = performance.now();
      tab.click();
      while (![...panel.querySelectorAll('canvas')].some(isDrawn)) {
        const said = panel.querySelector('[role="alert"]');
        if (said?.textContent) {
          throw new Error(said.textContent);
        }
        // Of sums there is no tree but an estimated one, which is shown to who asks for it.
        [...panel.querySelectorAll('button')]
          .find(({ textContent }) => textContent === 'Show an estimate')
          ?.click();
        await frame();
      }
      return (await painted()) - began;
    }
  };
}
