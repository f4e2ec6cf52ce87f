import type { FuncIndex } from '../profile/indices';
import type { Result } from './result';

/**
 * What functions own together.
 */
export function ownOf(
  { rows, graph }: Result,
  functions: readonly FuncIndex[]
): number {
  return functions.reduce(
    (sum, func) => sum + (rows.self[graph.rowOf(func)] || 0),
    0
  );
}
