import type { IContext } from '../context';
import { element } from '../dom';

/** Which way a tree is read: to callees, to callers, or to what is in a place. */
export type RowDirection = 'callees' | 'callers' | 'places';

/**
 * The heads of a tree's table: what its columns hold is another thing in each direction.
 */
export function treeHeads(
  direction: RowDirection,
  { trans }: IContext
): HTMLTableRowElement {
  const isDown = direction !== 'callers';
  const head = (name: string, text: string, title: string) =>
    element('th', {
      className: `jp-Profiler-${name}`,
      text,
      title,
      attributes: { scope: 'col' }
    });
  return element('tr', { attributes: { 'aria-rowindex': '1' } }, [
    head(
      'total',
      isDown ? trans.__('total') : trans.__('value'),
      direction === 'places'
        ? trans.__('All that the functions in it own.')
        : isDown
          ? trans.__('In the function and in all that it called, on this way.')
          : trans.__('Of the first row’s value, what came by this way.')
    ),
    head('percent', trans.__('share'), trans.__('Of all.')),
    head(
      'self',
      isDown ? trans.__('own') : trans.__('began'),
      isDown
        ? trans.__('In the function itself, without what it called.')
        : trans.__('What was called by nothing further.')
    ),
    head('calls', trans.__('calls'), trans.__('Number of calls.')),
    head('place', trans.__('name'), '')
  ]);
}
