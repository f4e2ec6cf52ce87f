import type { ICheck, IProfile } from '../profile/model';
import type { IContext } from './context';
import { clipped, element } from './dom';

/**
 * Everything that tells whether the numbers can be trusted: what measured them, and each check.
 */
export function measurement(
  { meta, generator, checks }: IProfile,
  context: IContext
): HTMLElement[] {
  const { trans } = context;
  const facts: [string, string | null][] = [
    [trans.__('Clock'), meta.engine.clock],
    [trans.__('Python'), meta.python],
    [trans.__('Platform'), meta.platform],
    [trans.__('Written by'), generator]
  ];
  return [
    element(
      'dl',
      {},
      facts.flatMap(([term, fact]) =>
        fact
          ? [
              element('dt', { text: term }),
              element('dd', { text: clipped(fact) })
            ]
          : []
      )
    ),
    ...(checks.length > 0 ? [checkList(checks, context)] : [])
  ];
}

/**
 * Each check: whether it holds, its sentence, and its numbers.
 */
function checkList(checks: readonly ICheck[], context: IContext): HTMLElement {
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
 * The numbers behind a verdict; "" where they are not given. Sentences of remarks hold their counts and sizes, but say
 * only that something took "this long".
 */
function values(check: ICheck, { trans, numbers }: IContext): string {
  const { value, expected, tolerance, unit } = check;
  const text = (number: number) =>
    unit === 'share'
      ? numbers.percent(number)
      : numbers.text(number, unit ?? '');
  if (value === null || expected === null) {
    return value !== null && unit === 'ns' ? text(value) : '';
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
