import type { Result } from './result';
import type { IContext } from './context';
import { element } from './dom';

/**
 * A cell with what a function took of the whole: the share in words, and a bar in two parts, its own, filled, and its
 * callees', in outline.
 *
 * The bar is the cell's background: a table draws many, and an element more in each row is one more to lay out.
 */
export function shareCell(
  result: Result,
  self: number,
  total: number,
  { trans, numbers }: IContext
): HTMLTableCellElement {
  const own = result.share(self);
  // A group has no total: what its functions own is all that can be added.
  const all = result.share(Number.isNaN(total) ? self : total);
  const whole = numbers.text(result.whole, result.rows.metric?.unit ?? '');
  const cell = element('td', {
    className: 'jp-Profiler-share jp-Profiler-shareBar',
    text: numbers.percent(all),
    title: Number.isNaN(all)
      ? ''
      : Number.isNaN(total)
        ? trans.__('Own %1 of %2', numbers.percent(own), whole)
        : trans.__(
            'Own %1, callees %2 of %3',
            numbers.percent(own),
            numbers.percent(Math.max(0, all - own)),
            whole
          )
  });
  cell.style.setProperty('--own', `${within(own)}`);
  cell.style.setProperty('--all', `${within(all)}`);
  return cell;
}

/** A share that can be drawn. */
function within(share: number): number {
  return Math.min(Math.max(share || 0, 0), 1);
}

/**
 * Parts of a whole side by side, the first one filled, the others in outline. A picture of numbers that stand in
 * words beside it.
 *
 * @param shares - 0 to 1 each
 */
export function track(shares: readonly number[]): HTMLElement {
  let left = 0;
  const parts = shares.flatMap((share, i) => {
    const width = Math.min(within(share), 1 - left);
    if (width === 0) {
      return [];
    }
    const part = element('span', {
      className: i === 0 ? 'jp-mod-own' : 'jp-mod-callees'
    });
    part.style.left = `${left * 100}%`;
    part.style.width = `${width * 100}%`;
    left += width;
    return [part];
  });
  return element(
    'span',
    { className: 'jp-Profiler-track', attributes: { 'aria-hidden': 'true' } },
    parts
  );
}
