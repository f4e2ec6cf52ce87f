import { MOST_FOUND, type ILinePlace } from '../../profile/lineList';
import type { ILineRows } from '../../profile/lineRows';
import type { IContext } from '../context';

/** How many functions and lines there are, and what shares are of. */
export function summaryWords(
  { blocks, metric, whole }: ILineRows,
  { trans, numbers }: IContext
): string {
  const lines = blocks.reduce((sum, { line }) => sum + line.length, 0);
  const ran = blocks.filter(({ all }) => all.hits !== 0).length;
  return [
    trans._n(
      '%2 function',
      '%2 functions',
      blocks.length,
      numbers.count(blocks.length)
    ),
    ...(ran < blocks.length
      ? [trans.__('%1 never ran', numbers.count(blocks.length - ran))]
      : []),
    trans._n('%2 line', '%2 lines', lines, numbers.count(lines)),
    ...(metric && whole > 0
      ? [trans.__('% all is of %1', numbers.text(whole, metric.unit))]
      : [])
  ].join(' · ');
}

/**
 * What a search found.
 *
 * @param at - the match that the reader is at; `null`: at none
 */
export function foundWords(
  found: readonly ILinePlace[],
  at: ILinePlace | null,
  { trans, numbers }: IContext
): string {
  const count = found.length;
  const all =
    count < MOST_FOUND
      ? numbers.count(count)
      : trans.__('%1 or more', numbers.count(count));
  const position = found.findIndex(
    ({ block, line }) => block === at?.block && line === at.line
  );
  return count === 0
    ? trans.__('no matches')
    : position >= 0
      ? trans.__('%1 of %2', numbers.count(position + 1), all)
      : trans._n('%2 match', '%2 matches', count, all);
}
