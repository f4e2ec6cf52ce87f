import type { IGroupEntry } from '../profile/functionList';
import { Grouping as PureGrouping } from '../profile/grouping';
import { categoryName } from './categories';
import type { IContext } from './context';
import { clipped, element } from './dom';
import type { FunctionRowPainter } from './functionRow';

/**
 * Puts functions together by file or package, and draws the rows of groups.
 */
export class Grouping extends PureGrouping {
  /**
   * A group's row.
   *
   * @param painter - draws the cells as those of functions are
   */
  row(
    { group, rows, calls, self, selfPerCall, isOpen }: IGroupEntry,
    painter: FunctionRowPainter,
    { trans, numbers }: IContext
  ): HTMLTableRowElement {
    const name = group.name || categoryName(group.category, trans);
    return element('tr', {}, [
      painter.cell('calls', numbers.count(calls)),
      painter.value(self, 'self'),
      painter.quantity(selfPerCall, 'percall'),
      element('td', {
        className: 'jp-Profiler-total',
        title: trans.__(
          'Totals of functions that call each other hold each other, and cannot be added.'
        )
      }),
      element('td', { className: 'jp-Profiler-percall' }),
      painter.bar(self, NaN),
      painter.placeCell(group.path || name, [
        painter.disclosure(isOpen),
        element('span', {
          className: 'jp-Profiler-name',
          text: clipped(name)
        }),
        element('span', {
          className: 'jp-Profiler-count',
          text: trans._n('%2 row', '%2 rows', rows, numbers.count(rows))
        })
      ])
    ]);
  }
}
