import type { AccountGap } from '../profile/account';
import type { IContext } from './context';
import { element } from './dom';

/**
 * What the part of an account is called that nothing accounts for.
 */
export function restName(gap: AccountGap, trans: IContext['trans']): string {
  return gap === 'recursive'
    ? trans.__('recursive / other')
    : trans.__('other');
}

/**
 * Why an account does not add up.
 */
export function gapSentence(gap: AccountGap, trans: IContext['trans']): string {
  switch (gap) {
    case 'recursive':
      return trans.__(
        'Does not add up: it comes back to itself through its callees, and what they took within each other is counted more than once in this profile.'
      );
    case 'unrecorded':
      return trans.__(
        'Does not add up: this profile does not hold all that it called.'
      );
    case 'unsummed':
      return trans.__(
        'The parts are not added: what was measured here is no sum of what its callees have.'
      );
    case 'folded':
      return trans.__(
        'Does not add up: small functions were put together to keep the result small.'
      );
    default:
      return trans.__(
        'Does not add up: the numbers of the source do not agree with each other.'
      );
  }
}

/**
 * How often a function called itself.
 */
export function byItself(
  recursiveCalls: number,
  { trans, numbers }: IContext
): HTMLElement[] {
  return [
    element('p', {
      text: trans._n(
        'and %2 time by itself',
        'and %2 times by itself',
        recursiveCalls,
        numbers.count(recursiveCalls)
      )
    })
  ];
}

/**
 * That nobody is known to have called a function.
 */
export function noCallers(trans: IContext['trans']): HTMLElement {
  return element('p', {
    className: 'jp-Profiler-note',
    text: trans.__('The profile does not say who called it.')
  });
}
