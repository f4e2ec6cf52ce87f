import { NONE, type FuncIndex, type TreeIndex } from '../indices';
import type { ICallTree } from './callTree';

/**
 * The node of a function that took most, the first of equal ones; `NONE` where it has none.
 *
 * @param wanted - `NONE`: no function
 */
export function largestOf(
  { length, func, total }: ICallTree,
  wanted: FuncIndex | typeof NONE
): TreeIndex | typeof NONE {
  let found: TreeIndex | typeof NONE = NONE;
  for (let node = 0 as TreeIndex; wanted !== NONE && node < length; node++) {
    if (
      func[node] === wanted &&
      (found === NONE || total[node] > total[found])
    ) {
      found = node;
    }
  }
  return found;
}
