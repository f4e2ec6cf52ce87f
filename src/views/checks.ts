import type { ICheck } from '../profile/model';
import type { IContext } from './context';
import { element } from './dom';

/**
 * How many checks hold, in a few words; null where none has a verdict.
 */
export function checkSummary(
  checks: readonly ICheck[],
  { trans, numbers }: IContext
): HTMLElement | null {
  const judged = checks.filter(check => check.ok !== null);
  const failed = judged.filter(check => !check.ok).length;
  if (judged.length === 0) {
    return null;
  }
  return element('span', {
    className: `jp-Profiler-verdict${failed > 0 ? ' jp-mod-failed' : ''}`,
    text:
      failed > 0
        ? trans._n(
            '✗ %2 check does not hold',
            '✗ %2 checks do not hold',
            failed,
            numbers.count(failed)
          )
        : trans._n(
            '✓ %2 check holds',
            '✓ %2 checks hold',
            judged.length,
            numbers.count(judged.length)
          )
  });
}
