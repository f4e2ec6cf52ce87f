/** An edge that peeks in by no more than so many px is not in sight. */
const EDGE = 64;

/**
 * Call back once, when a node is in sight: what nobody looks at need not be drawn.
 *
 * @returns ends the waiting
 */
export function whenInSight(
  node: HTMLElement,
  callback: () => void
): () => void {
  if (typeof IntersectionObserver === 'undefined') {
    callback();
    return () => undefined;
  }
  const stop = () => {
    asked.delete(node);
    observer.disconnect();
  };
  const draw = () => {
    stop();
    callback();
  };
  const observer = new IntersectionObserver(
    entries => {
      if (entries.some(entry => entry.isIntersecting)) {
        draw();
      }
    },
    { rootMargin: `-${EDGE}px 0px` }
  );
  observer.observe(node);
  asked.set(node, draw);
  if (asked.size === 1) {
    queueMicrotask(look);
  }
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
