import type { IAccount } from '../profile/account';
import type { FuncIndex } from '../profile/indices';
import { savedBy } from '../profile/whatIf';
import type { IContext } from './context';
import { element } from './dom';
import { isTimed, type Result } from './result';
import { ownOf } from './ownOf';

/** How many times faster; null: free. */
const FACTORS: readonly (number | null)[] = [1.5, 2, 5, 10, null];

/**
 * What the whole would take if the selected functions were faster: their own code, and of a single one also all that
 * it calls.
 *
 * @returns nothing where the whole is not known, or is of several threads: these run side by side, so that it would not
 * get shorter by what one of them saves
 */
export function whatIf(
  result: Result,
  account: IAccount,
  selection: readonly FuncIndex[],
  { trans, numbers }: IContext
): Node[] {
  if (!(result.whole > 0) || result.threads > 1) {
    return [];
  }
  const { factor } = result.state;
  const unit = result.rows.metric?.unit ?? '';
  const timed = isTimed(result);
  const choice = element(
    'select',
    {
      attributes: {
        'aria-label': trans.__('How much less it takes'),
        'data-focus': 'factor'
      }
    },
    FACTORS.map(one =>
      element('option', {
        text:
          one === null
            ? trans.__('free')
            : timed
              ? trans.__('%1 times faster', `${one}`)
              : trans.__('%1 times less', `${one}`)
      })
    )
  );
  choice.selectedIndex = Math.max(FACTORS.indexOf(factor), 0);
  choice.addEventListener('change', () =>
    result.update({ factor: FACTORS[choice.selectedIndex] })
  );
  const line = (name: string, value: number) => {
    // A total may pass the whole by what was rounded, and where calls come back, by more.
    const taken = Math.min(value, result.whole);
    const saved = savedBy(taken, FACTORS[choice.selectedIndex]);
    return element('li', {
      text: trans.__(
        '%1: %2 → %3, saves %4 (%5)',
        name,
        numbers.text(result.whole, unit),
        numbers.text(result.whole - saved, unit),
        numbers.text(saved, unit),
        numbers.percent(result.share(saved))
      )
    });
  };
  const lines = [
    line(
      selection.length > 1
        ? trans.__('own code of the selected functions')
        : trans.__('own code'),
      ownOf(result, selection)
    ),
    ...(selection.length === 1 && account.total > account.self
      ? [line(trans.__('with all that it calls'), account.total)]
      : [])
  ];
  return [
    element('div', { className: 'jp-Profiler-whatif' }, [
      element('label', {}, [
        element('span', { text: trans.__('What if this were') }),
        choice
      ]),
      element('ul', {}, lines)
    ])
  ];
}
