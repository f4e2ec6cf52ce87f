import type { FuncIndex, TreeIndex } from '../indices';
import type { ICallTree } from './callTree';

/**
 * Where a function is called from elsewhere: its nodes that have no other one of it above, in pre-order. Their totals
 * together are the function's total by pprof's rule.
 */
export function outermostOf(
  { length, func, end }: ICallTree,
  wanted: FuncIndex
): readonly TreeIndex[] {
  const found: TreeIndex[] = [];
  for (let node = 0 as TreeIndex; node < length;) {
    if (func[node] === wanted) {
      found.push(node);
      node = end[node];
    } else {
      node++;
    }
  }
  return found;
}
