import type { ThreadIndex } from './indices';
import { NONE } from './indices';
import type { IProfile } from './model';

/**
 * How many threads and processes a profile has values of. They run side by side: what they took together is no part of
 * the wall time. Tasks take turns, and count as the thread that they ran in.
 *
 * ```
 *   main        main thread
 *   ├ task 1    main thread: 1 of 2
 *   ├ task 2    main thread
 *   └ worker    another one: 2 of 2
 * ```
 */
export function rootCount({ threads, totals, paths }: IProfile): number {
  const { thread } = totals.length > 0 ? totals : paths;
  const roots = new Set<ThreadIndex>();
  for (const one of new Set(thread)) {
    let root = one as ThreadIndex;
    while (threads.kind[root] === 'task' && threads.parent[root] !== NONE) {
      root = threads.parent[root];
    }
    roots.add(root);
  }
  return roots.size;
}
