import type { IAccountEntry } from '../profile/account';
import type { IContext } from './context';
import { element } from './dom';
import type { Result } from './result';

/**
 * A line that stands for the entries of an account that are not shown, with the button that shows them.
 */
export function moreEntries(
  { rows }: Result,
  others: readonly IAccountEntry[],
  { trans, numbers }: IContext,
  button: (text: string) => HTMLElement
): HTMLElement[] {
  const value =
    rows.metric?.combine === 'sum'
      ? others.reduce((sum, other) => sum + other.value, 0)
      : NaN;
  const text = trans._n(
    'Show %2 more',
    'Show %2 more',
    others.length,
    numbers.count(others.length)
  );
  return [
    element('tr', {}, [
      element('th', { attributes: { scope: 'row' } }, [button(text)]),
      element('td', { text: numbers.text(value, rows.metric?.unit ?? '') }),
      element('td'),
      element('td')
    ])
  ];
}
