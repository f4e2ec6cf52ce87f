import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import type { SortColumn } from '../profile/sort';

/** A column of the function table. */
export interface ITableColumn {
  /** What it orders by. */
  readonly column: SortColumn;
  /** Its name in class names. */
  readonly name: string;
  /** pstats' name of it. */
  readonly label: string;
  /** What it holds, in a sentence. */
  readonly caption: string;
}

/**
 * pstats' columns in pstats' order, and the shares as a bar.
 *
 * @param unit - of what was measured; pstats' names are kept for times
 */
export function tableColumns(
  trans: IRenderMime.TranslationBundle,
  unit: string
): readonly ITableColumn[] {
  const timed = unit === 'ns';
  return [
    {
      column: 'calls',
      name: 'calls',
      label: trans.__('ncalls'),
      caption: trans.__(
        'Number of calls. Where two are given, all calls / those that did not come from within the function itself.'
      )
    },
    {
      column: 'self',
      name: 'self',
      label: timed ? trans.__('tottime') : trans.__('self'),
      caption: trans.__('In the function itself, without what it called.')
    },
    {
      column: 'selfPerCall',
      name: 'percall',
      label: trans.__('percall'),
      caption: timed
        ? trans.__('tottime for each call.')
        : trans.__('self for each call.')
    },
    {
      column: 'total',
      name: 'total',
      label: timed ? trans.__('cumtime') : trans.__('total'),
      caption: trans.__('In the function and in all that it called.')
    },
    {
      column: 'totalPerCall',
      name: 'percall',
      label: trans.__('percall'),
      caption: timed
        ? trans.__('cumtime for each call from outside the function itself.')
        : trans.__('total for each call from outside the function itself.')
    },
    {
      column: 'total',
      name: 'share',
      label: trans.__('own | callees'),
      caption: trans.__(
        'Share of the whole: what the function took itself, filled, and what its callees took, in outline.'
      )
    },
    {
      column: 'place',
      name: 'place',
      label: trans.__('filename:lineno(function)'),
      caption: trans.__('Where the function is defined, and its name.')
    }
  ];
}

/**
 * What an order is called, columns that are not shown included.
 */
export function orderName(
  trans: IRenderMime.TranslationBundle,
  columns: readonly ITableColumn[],
  column: SortColumn
): string {
  switch (column) {
    case 'selfPerCall':
      return trans.__('%1 per call', labelOf(columns, 'self'));
    case 'totalPerCall':
      return trans.__('%1 per call', labelOf(columns, 'total'));
    case 'primitive':
      return trans.__('primitive calls');
    case 'file':
      return trans.__('file name');
    case 'line':
      return trans.__('line number');
    case 'name':
      return trans.__('function name');
    case 'standardName':
      return trans.__('standard name');
    default:
      return labelOf(columns, column);
  }
}

function labelOf(columns: readonly ITableColumn[], column: SortColumn): string {
  return columns.find(one => one.column === column)?.label ?? column;
}
