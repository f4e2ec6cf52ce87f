import type { IListing } from '../profile/functionList';
import type { IContext } from './context';

/**
 * What of a search, of the magic's limits and of the settings is not applied to a listing, in sentences.
 *
 * @param unusable - patterns of the settings that cannot be
 */
export function notApplied(
  { isSearchApplied, skipped }: IListing,
  unusable: readonly string[],
  { trans }: IContext
): string[] {
  return [
    ...(isSearchApplied
      ? []
      : [
          trans.__(
            'the search is not applied: it is no regular expression, or has parts not known here, as \\b'
          )
        ]),
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
