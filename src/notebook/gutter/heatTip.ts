import { clipped, element } from '../../views/dom';

/** Distance from the marker, and from the window's edges, in px. */
const GAP = 6;

let tip: HTMLElement | null = null;
let owner: Node | null = null;

/**
 * Show lines of text beside a marker, in place of those of any other one. They are in the marker's label, too.
 */
export function showTip(marker: HTMLElement, lines: readonly string[]): void {
  hideTip();
  owner = marker;
  tip = element(
    'div',
    { className: 'jp-Profiler-heatTip', attributes: { 'aria-hidden': 'true' } },
    lines.map(line => element('div', { text: clipped(line) }))
  );
  // In the page, not in the editor, which would cut it off.
  document.body.append(tip);
  const own = tip.getBoundingClientRect();
  const { left, top, bottom } = marker.getBoundingClientRect();
  // Not over the line that it is about.
  const fits = bottom + GAP + own.height + GAP <= window.innerHeight;
  const x = Math.min(left, window.innerWidth - own.width - GAP);
  const y = fits ? bottom + GAP : top - GAP - own.height;
  tip.style.left = `${Math.max(GAP, x)}px`;
  tip.style.top = `${Math.max(GAP, y)}px`;
  // It stands still: where what it belongs to moves, it goes.
  window.addEventListener('scroll', hideTip, { capture: true, once: true });
}

/** Show nothing. */
export function hideTip(): void {
  tip?.remove();
  tip = owner = null;
  window.removeEventListener('scroll', hideTip, { capture: true });
}

/** Show nothing of this marker. */
export function hideTipOf(marker: Node): void {
  if (marker === owner) {
    hideTip();
  }
}
