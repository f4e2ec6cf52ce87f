/** How far beyond what is seen counts as near: it is drawn before a reader has scrolled to it. */
const NEAR = '600px';

/** An edge that peeks in by no more than so many px is not in sight. */
const EDGE = 64;
const SIGHT = `-${EDGE}px 0px`;

/** How long what is near waits for what is in sight, in ms. */
const PATIENCE = 300;

/**
 * Call back once, when a node is in sight, or a little later when it is near: what nobody looks at need not be drawn.
 *
 * @returns ends the waiting
 */
export function whenNear(node: HTMLElement, callback: () => void): () => void {
  if (typeof IntersectionObserver === 'undefined') {
    callback();
    return () => undefined;
  }
  let timer: number | undefined;
  const stop = () => {
    window.clearTimeout(timer);
    sight.disconnect();
    near.disconnect();
  };
  const draw = () => {
    stop();
    callback();
  };
  const observe = (options: IntersectionObserverInit, onMet: () => void) => {
    const observer = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) {
        onMet();
      }
    }, options);
    observer.observe(node);
    return observer;
  };
  const sight = observe({ rootMargin: SIGHT }, draw);
  // Notebooks scroll inside of the page, whose own margin would not reach them.
  const beyond: IntersectionObserverInit & { scrollMargin: string } = {
    rootMargin: NEAR,
    scrollMargin: NEAR
  };
  const near = observe(beyond, () => {
    timer ??= window.setTimeout(draw, PATIENCE);
  });
  return stop;
}

/** Nodes that are to be looked at together, and what to do with those that are in sight. */
const asked = new Map<HTMLElement, () => void>();

/**
 * Call back if a node is in sight already, before the next frame is drawn: observers tell only after it. To be asked
 * when the node has just been put into the page.
 */
export function ifInSight(node: HTMLElement, callback: () => void): void {
  if (asked.size === 0) {
    // All are measured before any is drawn, which would have the page laid out again for the next.
    queueMicrotask(() => {
      const seen = [...asked].filter(([one]) => isInSight(one));
      asked.clear();
      seen.forEach(([, draw]) => draw());
    });
  }
  asked.set(node, callback);
}

function isInSight(node: HTMLElement): boolean {
  const { top, bottom, width } = node.getBoundingClientRect();
  return width > 0 && bottom > EDGE && top < window.innerHeight - EDGE;
}
