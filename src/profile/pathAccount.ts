import type { IAccount, IAccountEntry } from './account';
import { NONE, type FuncIndex } from './indices';
import type { IProfile } from './model';
import type { IFunctionRows } from './rows';
import { subtreeValues } from './totals';
import { combinationOf } from './combine';

/** What a call tree tells of a function; what it took itself is in its row. */
type FromPaths = Pick<IAccount, 'callees' | 'callers'>;

/**
 * Callees and callers of a function from the call tree, exactly, recursion or not.
 *
 * What a callee took is its subtree without the frames that came back into the function: each frame belongs to the
 * nearest frame of the function above it. What a caller gave is counted at outermost frames, as the total is.
 *
 * ```
 *   main 1           f: self 2 + 6
 *   └ f 2            callees: g 3, h 4
 *     └ g 3          callers: main 15 (g called it too, within what main gave)
 *       └ f 6
 *         └ h 4
 * ```
 *
 * @returns null where there is no call tree, or one that holds a part of what the rows hold
 */
export function accountOfPaths(
  profile: IProfile,
  { metric }: IFunctionRows,
  func: FuncIndex
): FromPaths | null {
  const { paths } = profile;
  const self = metric && paths.values.get(`self.${metric.id}`);
  if (!self || metric.combine !== 'sum' || profile.totals.length > 0) {
    return null;
  }
  const { tick } = metric;
  const calls = paths.values.get('self.calls');
  const below = withoutReturns(profile, self, func);
  const callees = new Sums();
  const callers = new Sums();
  const sum = combinationOf(metric);
  const subtree = sum ? subtreeValues(paths, self, sum) : self;
  /** 1 for what lies below a frame of the function. */
  const isInside = new Uint8Array(paths.length);
  for (let node = 0; node < paths.length; node++) {
    const parent = paths.parent[node];
    const caller = parent === NONE ? NONE : paths.function[parent];
    isInside[node] =
      parent !== NONE && (isInside[parent] || caller === func) ? 1 : 0;
    const count = calls ? calls[node] : NaN;
    if (paths.function[node] === func) {
      if (caller !== func) {
        callers.add(caller, isInside[node] ? 0 : subtree[node] * tick, count);
      }
    } else if (caller === func) {
      callees.add(paths.function[node], below[node] * tick, count);
    }
  }
  return { callees: callees.entries(), callers: callers.entries() };
}

/**
 * Sums of subtrees, cut where they come back into a function.
 */
function withoutReturns(
  { paths }: IProfile,
  self: Float64Array,
  func: FuncIndex
): Float64Array {
  const sums = Float64Array.from(self);
  for (let node = paths.length - 1; node >= 0; node--) {
    const parent = paths.parent[node];
    if (parent !== NONE && paths.function[node] !== func) {
      sums[parent] += sums[node];
    }
  }
  return sums;
}

/** Values and calls by function. */
class Sums {
  add(func: FuncIndex | typeof NONE, value: number, calls: number): void {
    const sums = this._sums.get(func);
    if (sums) {
      sums.value += value;
      sums.calls += calls;
    } else {
      this._sums.set(func, { value, calls });
    }
  }

  entries(): readonly IAccountEntry[] {
    return [...this._sums].map(([func, sums]) => ({ function: func, ...sums }));
  }

  private readonly _sums = new Map<
    FuncIndex | typeof NONE,
    { value: number; calls: number }
  >();
}
