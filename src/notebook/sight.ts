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
    asked.delete(node);
    window.clearTimeout(timer);
    sight.disconnect();
    near.disconnect();
  };
  const draw = () => {
    stop();
    callback();
  };
  asked.set(node, draw);
  if (asked.size === 1) {
    queueMicrotask(look);
  }
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

/** Nodes that are to be looked at together, when they are in the page, and what draws each. */
const asked = new Map<HTMLElement, () => void>();

/**
 * Draw what is in sight already, before the next frame: observers tell only after it. All are measured before any is
 * drawn, which would have the page laid out again for the next.
 */
function look(): void {
  const seen = [...asked].filter(([node]) => {
    const { top, bottom, width } = node.getBoundingClientRect();
    return width > 0 && bottom > EDGE && top < window.innerHeight - EDGE;
  });
  asked.clear();
  seen.forEach(([, draw]) => draw());
}
