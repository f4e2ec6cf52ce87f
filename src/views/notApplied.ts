import type { IListing } from '../profile/functionList';
import type { IContext } from './context';
import { searchRefusal } from './searchRefusal';

/**
 * What the settings hide of a listing, and what of a search, of the magic's limits and of the settings is not applied to
 * it, in sentences.
 *
 * @param unusable - patterns of the settings that cannot be
 * @param search - what is searched for
 */
export function notApplied(
  { isSearchApplied, skipped, hiddenBySettings }: IListing,
  unusable: readonly string[],
  search: string,
  context: IContext
): string[] {
  const { trans, numbers } = context;
  return [
    ...(hiddenBySettings > 0
      ? [
          trans.__(
            '%1 hidden by your settings',
            numbers.count(hiddenBySettings)
          )
        ]
      : []),
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
