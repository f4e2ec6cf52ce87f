import { cut, element } from '../../views/dom';

/** Distance from the marker, and from the window's edges, in px. */
const GAP = 6;

let tip: HTMLElement | null = null;
let owner: HTMLElement | null = null;
/** Where the owner was when the tip was put beside it. */
let place = { left: 0, top: 0 };

/**
 * Show lines of text beside a marker, in place of those of any other one. They are in the marker's label, too.
 */
export function showTip(marker: HTMLElement, lines: readonly string[]): void {
  hideTip();
  owner = marker;
  tip = element(
    'div',
    { className: 'jp-Profiler-heatTip', attributes: { 'aria-hidden': 'true' } },
    lines.map(line => element('div', { text: cut(line) }))
  );
  // In the page, not in the editor, which would cut it off.
  document.body.append(tip);
  const own = tip.getBoundingClientRect();
  const { left, top, bottom } = marker.getBoundingClientRect();
  place = { left, top };
  // Not over the line that it is about.
  const fits = bottom + GAP + own.height + GAP <= window.innerHeight;
  const x = Math.min(left, window.innerWidth - own.width - GAP);
  const y = fits ? bottom + GAP : top - GAP - own.height;
  tip.style.left = `${Math.max(GAP, x)}px`;
  tip.style.top = `${Math.max(GAP, y)}px`;
  window.addEventListener('scroll', hideMoved, { capture: true });
}

/**
 * The tip stands still: where what it belongs to moves, it goes. A scroll is told a frame later, when the pointer may
 * have come to a marker already: such a tip is where it should be.
 */
function hideMoved(): void {
  const now = owner?.getBoundingClientRect();
  if (now?.left !== place.left || now.top !== place.top) {
    hideTip();
  }
}

/** Show nothing. */
export function hideTip(): void {
  tip?.remove();
  tip = owner = null;
  window.removeEventListener('scroll', hideMoved, { capture: true });
}

/** Show nothing of this marker. */
export function hideTipOf(marker: Node): void {
  if (marker === owner) {
    hideTip();
  }
}
