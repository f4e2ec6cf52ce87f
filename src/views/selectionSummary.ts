import type { FuncIndex } from '../profile/indices';
import type { IContext } from './context';
import { element } from './dom';
import type { Result } from './result';

/**
 * What several selected functions own together. Their totals may hold each other, and are not added.
 *
 * @returns nothing where one function is selected
 */
export function selectionSummary(
  result: Result,
  selection: readonly FuncIndex[],
  { trans, numbers }: IContext
): Node[] {
  if (selection.length < 2) {
    return [];
  }
  const self = ownOf(result, selection);
  return [
    element('p', {
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
    })
  ];
}

/**
 * What functions own together.
 */
export function ownOf(
  { rows, graph }: Result,
  functions: readonly FuncIndex[]
): number {
  return functions.reduce(
    (sum, func) => sum + (rows.self[graph.rowOf(func)] || 0),
    0
  );
}
