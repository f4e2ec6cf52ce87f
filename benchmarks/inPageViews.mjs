// What runs inside the page to time the views; sent there as text, like inPage.mjs.

/** Gives the page `window.views`, with what is timed. All results are in ms. */
export function installViews() {
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
  const pause = ms => new Promise(done => setTimeout(done, ms));
  // So that an action meets a frame at any of its moments, as a user's does.
  const rest = () => pause(60 + Math.random() * 17);
  const area = () =>
    window.jupyterapp.shell.currentWidget.content.widgets[0].outputArea;
  const result = () =>
    area().node.querySelector('.jp-Profiler[data-state="ready"]');
  const table = () =>
    [...(result()?.querySelectorAll('table') ?? [])].find(
      each => each.querySelector('th button') && each.querySelector('tbody tr')
    );
  const isRow = node => Boolean(node?.closest('tbody tr:not([aria-hidden])'));

  /** What tells that the order has changed. */
  const state = () => {
    const found = table();
    const orders = [...found.querySelectorAll('th')].map(
      head => head.getAttribute('aria-sort') ?? ''
    );
    const rows = found.querySelectorAll('tbody tr:not([aria-hidden])');
    return [orders, rows[0]?.textContent, rows[1]?.textContent].join('|');
  };

  /** The element that scrolls the rows. */
  const scroller = () => {
    for (let node = table(); node && node !== document.body;) {
      node = node.parentElement;
      const { overflowY } = getComputedStyle(node);
      if (
        /auto|scroll/.test(overflowY) &&
        node.scrollHeight > node.clientHeight + 1
      ) {
        return node;
      }
    }
    throw new Error('nothing scrolls the rows');
  };

  window.views = {
    async load(mime, address) {
      const answer = await fetch(address);
      this.mime = mime;
      this.payload = await answer.json();
    },

    /** Milliseconds in which the browser itself lays out as many cells as a table shows, with a number in each. */
    bare() {
      const rows = Array.from({ length: 40 }, () => {
        const row = document.createElement('tr');
        for (let cell = 0; cell < 7; cell++) {
          row.insertCell().textContent = `${Math.random().toFixed(3)} ms`;
        }
        return row;
      });
      const bare = document.createElement('table');
      bare.append(...rows);
      area().node.append(bare);
      const began = performance.now();
      bare.getBoundingClientRect();
      const time = performance.now() - began;
      bare.remove();
      return time;
    },

    /** Milliseconds from the output's arrival in the notebook to the painted result. */
    async show() {
      area().model.clear();
      await rest();
      const began = performance.now();
      area().model.add({
        output_type: 'display_data',
        metadata: {},
        data: { [this.mime]: this.payload, 'text/plain': 'a profile' }
      });
      while (!table()) {
        if (area().node.querySelector('.jp-Profiler[data-state="error"]')) {
          throw new Error(area().node.textContent.slice(0, 300));
        }
        if (performance.now() - began > 60_000) {
          throw new Error('no table of functions within a minute');
        }
        await frame();
      }
      return (await painted()) - began;
    },

    /** For each column's head: `{ label, work, paint }` of a click. */
    async sort() {
      const found = [];
      const count = table().querySelectorAll('th button').length;
      for (let index = 0; index < count; index++) {
        const button = table().querySelectorAll('th button')[index];
        const label = button.textContent.replace(/[^\p{L}\p{N} %:()]/gu, '');
        const before = state();
        await rest();
        const began = performance.now();
        button.click();
        // Layout is part of the work, and is done when it is asked for.
        table().getBoundingClientRect();
        const work = performance.now() - began;
        while (state() === before) {
          if (performance.now() - began > 10_000) {
            throw new Error(`a click on "${label}" changed nothing`);
          }
          await frame();
        }
        found.push({ label, work, paint: (await painted()) - began });
      }
      return found;
    },

    /** Scroll to the end in steps, one a frame: ms between frames, and how often no row was there. */
    async scroll(steps) {
      const node = scroller();
      node.scrollTop = 0;
      await rest();
      await painted();
      const { left, top, width, height } = node.getBoundingClientRect();
      const far = node.scrollHeight - node.clientHeight;
      const frames = [];
      let blank = 0;
      let last = await frame();
      for (let step = 1; step <= steps; step++) {
        node.scrollTop = (far * step) / steps;
        // Events of scrolling come with the next frame, before its callbacks.
        const time = await frame();
        frames.push(time - last);
        last = time;
        const middle = document.elementFromPoint(
          left + width / 2,
          Math.min(top + height / 2, window.innerHeight - 10)
        );
        blank += isRow(middle) ? 0 : 1;
      }
      const moved = node.scrollTop;
      node.scrollTop = 0;
      await painted();
      if (moved < far / 2) {
        throw new Error(`scrolling ended at ${moved} px of ${far} px`);
      }
      return { frames, blank };
    }
  };
}
