import type { ICheck } from '../profile/model';
import type { IContext } from './context';
import { clipped, element } from './dom';

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
  return failed > 0
    ? element('span', {
        className: 'jp-Profiler-verdict jp-mod-failed',
        text: trans._n(
          '✗ %2 check does not hold',
          '✗ %2 checks do not hold',
          failed,
          numbers.count(failed)
        )
      })
    : element('span', {
        className: 'jp-Profiler-verdict',
        text: trans._n(
          '✓ %2 check holds',
          '✓ %2 checks hold',
          judged.length,
          numbers.count(judged.length)
        )
      });
}

/**
 * Each check: whether it holds, its sentence, and its numbers.
 */
export function checkList(
  checks: readonly ICheck[],
  context: IContext
): HTMLElement {
  const { trans } = context;
  const verdict = ({ ok }: ICheck): [string, string] =>
    ok === null
      ? ['·', trans.__('Remark')]
      : ok
        ? ['✓', trans.__('Holds')]
        : ['✗', trans.__('Does not hold')];
  return element(
    'ul',
    { className: 'jp-Profiler-checks' },
    checks.map(check => {
      const [mark, word] = verdict(check);
      return element('li', {}, [
        element('span', {
          className: `jp-Profiler-mark${check.ok === false ? ' jp-mod-failed' : ''}`,
          text: mark,
          attributes: { role: 'img', 'aria-label': word }
        }),
        element('span', { text: clipped(check.text) }),
        element('span', {
          className: 'jp-Profiler-values',
          text: values(check, context)
        })
      ]);
    })
  );
}

/**
 * The numbers behind a verdict; "" where they are not given.
 */
function values(check: ICheck, { trans, numbers }: IContext): string {
  const { value, expected, tolerance, unit } = check;
  const text = (number: number) => numbers.text(number, unit ?? '');
  if (value === null || expected === null) {
    return '';
  }
  return tolerance === null
    ? trans.__('%1, expected %2', text(value), text(expected))
    : trans.__(
        '%1, expected %2 ± %3',
        text(value),
        text(expected),
        text(tolerance)
      );
}
