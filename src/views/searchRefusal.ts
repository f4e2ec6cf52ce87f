import { typedPattern } from '../profile/typedPattern';
import type { IContext } from './context';

/**
 * Why a regular expression that a reader typed is not searched for, in a sentence.
 */
export function searchRefusal(text: string, { trans }: IContext): string {
  const read = typedPattern(text);
  switch (read) {
    case 'invalid':
      return trans.__('the search is not applied: it is no regular expression');
    case 'reference':
      return trans.__(
        'the search is not applied: what refers back to a group, as \\1, could take too long'
      );
    case 'large':
      return trans.__(
        'the search is not applied: what it repeats is too large, and could take too long'
      );
    default:
      return trans.__(
        'the search is not applied: it takes too long on so many functions'
      );
  }
}
