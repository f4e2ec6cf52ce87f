/** How far beyond what is seen counts as near: it is drawn before a reader has scrolled to it. */
const NEAR = '600px';

/**
 * Call back once, when a node is in sight or near: what nobody looks at need not be drawn.
 *
 * @returns ends the waiting
 */
export function whenNear(node: HTMLElement, callback: () => void): () => void {
  if (typeof IntersectionObserver === 'undefined') {
    callback();
    return () => undefined;
  }
  // Notebooks scroll inside of the page, whose own margin would not reach them.
  const options: IntersectionObserverInit & { scrollMargin: string } = {
    rootMargin: NEAR,
    scrollMargin: NEAR
  };
  const observer = new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting)) {
      observer.disconnect();
      callback();
    }
  }, options);
  observer.observe(node);
  return () => observer.disconnect();
}
