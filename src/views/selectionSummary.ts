import type { FuncIndex } from '../profile/indices';
import type { IContext } from './context';
import { element } from './dom';
import { ownOf } from './ownOf';
import type { Result } from './result';

/**
 * What several selected functions own together. Their totals may hold each other, and are not added.
 */
export function selectionSummary(
  result: Result,
  selection: readonly FuncIndex[],
  { trans, numbers }: IContext
): Node {
  const self = ownOf(result, selection);
  return element('p', {
    className: 'jp-Profiler-selected',
    text: trans._n(
      '%2 function selected: %3 own, %4 of the whole',
      '%2 functions selected: %3 own, %4 of the whole',
      selection.length,
      numbers.count(selection.length),
      numbers.text(self, result.rows.metric?.unit ?? ''),
      numbers.percent(result.share(self))
    ),
    attributes: { role: 'status' }
  });
}
