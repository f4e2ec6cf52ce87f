import type { FuncIndex } from '../../profile/indices';
import { clipped, element } from '../dom';
import type { IPictureRow, IPictureTable } from './picture';

/** Indentation of a level, in ch. */
const INDENT = 2;

/**
 * The numbers of a picture as a table. Functions are buttons.
 *
 * @param caption - what the table is of
 */
export function pictureTable(
  { heads, rows }: IPictureTable,
  caption: string,
  onSelect: (func: FuncIndex) => void
): HTMLTableElement {
  return element(
    'table',
    {
      className: 'jp-Profiler-chartTable',
      attributes: { 'aria-label': caption }
    },
    [
      element('thead', {}, [
        element(
          'tr',
          {},
          heads.map(text =>
            element('th', { text, attributes: { scope: 'col' } })
          )
        )
      ]),
      element(
        'tbody',
        {},
        rows.map(row =>
          element('tr', {}, [
            nameCell(row, onSelect),
            ...row.cells.map(text => element('td', { text }))
          ])
        )
      )
    ]
  );
}

function nameCell(
  { name, title, func, depth }: IPictureRow,
  onSelect: (func: FuncIndex) => void
): HTMLTableCellElement {
  const text = clipped(name);
  const options = {
    className: 'jp-Profiler-chartName',
    text,
    title: clipped(title)
  };
  const node =
    func === null
      ? element('span', options)
      : element('button', { ...options, attributes: { type: 'button' } });
  if (func !== null) {
    node.addEventListener('click', () => onSelect(func));
    node.dataset.func = `${func}`;
  }
  const cell = element('th', { attributes: { scope: 'row' } }, [node]);
  cell.style.paddingLeft = `${depth * INDENT}ch`;
  return cell;
}
