import type { IListing } from '../profile/functionList';
import type { IContext } from './context';
import { searchRefusal } from './searchRefusal';

/**
 * What of a search, of the magic's limits and of the settings is not applied to a listing, in sentences.
 *
 * @param unusable - patterns of the settings that cannot be
 * @param search - what is searched for
 */
export function notApplied(
  { isSearchApplied, skipped }: IListing,
  unusable: readonly string[],
  search: string,
  context: IContext
): string[] {
  const { trans } = context;
  return [
    ...(isSearchApplied ? [] : [searchRefusal(search, context)]),
    ...skipped.map(pattern =>
      trans.__('the pattern %1 is not applied here', pattern)
    ),
    ...unusable.map(pattern =>
      trans.__(
        'the pattern %1 of your settings cannot be applied here',
        pattern
      )
    )
  ];
}
