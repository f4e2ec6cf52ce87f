import { searchFunctions, type ISearchResult } from '../../profile/search';
import type { ICallTree } from '../../profile/tree/callTree';
import { searchTree } from '../../profile/tree/treeSearch';
import type { IContext } from '../context';
import type { Result } from '../result';

/** What the search that all views share finds. */
export interface IFound extends ISearchResult {
  /** Why it is not applied, in a sentence; "" where it is. */
  readonly refusal: string;
}

/**
 * What the search that all views share finds; `null`: nothing is searched for.
 */
export function searched(result: Result, context: IContext): IFound | null {
  const { profile, labels, state, later } = result;
  const { search, regex } = state;
  if (search === '') {
    return null;
  }
  const found = searchFunctions(profile, labels, search, regex);
  return {
    ...found,
    refusal: found.isApplied
      ? ''
      : (later?.searchRefusal(search, context) ??
        context.trans.__('the search is not applied'))
  };
}

/** One byte a function, 1 where it is searched for; `null`: no box is marked. */
export function matchesOf(found: IFound | null): Uint8Array | null {
  return found?.isApplied ? found.matches : null;
}

/**
 * What was found in a tree, in words: "12 matches, 34%"; "" where nothing is searched for.
 *
 * @param source - which has all that the tree has. Turned upside down, not all boxes are there; what they take is known
 */
export function foundWords(
  found: IFound | null,
  tree: ICallTree,
  source: ICallTree,
  { trans, numbers }: IContext
): string {
  if (!found) {
    return '';
  }
  if (!found.isApplied) {
    return found.refusal;
  }
  const { nodes, share: seen } = searchTree(tree, found.matches);
  const share =
    source === tree ? seen : searchTree(source, found.matches).share;
  return nodes === 0
    ? trans.__('no matches')
    : trans._n(
        '%2 match, %3',
        '%2 matches, %3',
        nodes,
        numbers.count(nodes),
        numbers.percent(share)
      );
}
