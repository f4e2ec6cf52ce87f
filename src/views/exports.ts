import type { RowIndex } from '../profile/indices';
import { pstatsText } from '../profile/pstatsText';
import type { ISortKey } from '../profile/sort';
import { copyText } from './clipboard';
import type { IContext } from './context';
import type { Result } from './result';

/**
 * Copy rows as pstats prints them.
 *
 * @returns a sentence on what came of it
 */
export async function copyRows(
  { profile, rows }: Result,
  order: readonly RowIndex[],
  keys: readonly ISortKey[],
  { trans, numbers }: IContext
): Promise<string> {
  const count = order.length;
  return (await copyText(pstatsText(profile, rows, order, keys)))
    ? trans._n('%2 row copied', '%2 rows copied', count, numbers.count(count))
    : trans.__('The browser does not allow to copy');
}

/**
 * Where no text is marked, have the browser's own Copy take the selected rows, as pstats prints them.
 */
export function onCopy(
  node: HTMLElement,
  chosen: () => readonly RowIndex[],
  copy: (order: readonly RowIndex[]) => unknown
): void {
  node.addEventListener('copy', event => {
    const isInField = event.target instanceof HTMLInputElement;
    if (isInField || document.getSelection()?.type === 'Range') {
      return;
    }
    const order = chosen();
    if (order.length > 0) {
      event.preventDefault();
      copy(order);
    }
  });
}
