import type { IPathTransform, Run } from './transforms';

/** Keys that come again and again, at most: of more functions that call each other in turn each is written down. */
const LONGEST_TURN = 32;

/**
 * A way from a root as it is kept: what comes again and again, as in a recursion, is written down once.
 *
 * ```
 *   main f g f g f g h   →   path: main f g h, runs: [[1, 2, 3]]
 * ```
 */
export function focusPath(way: readonly string[]): IPathTransform {
  const path: string[] = [];
  const runs: Run[] = [];
  for (let at = 0; at < way.length;) {
    let [length, times] = [1, 1];
    for (let turn = 1; turn <= LONGEST_TURN; turn++) {
      let end = at + turn;
      while (end < way.length && way[end] === way[end - turn]) {
        end++;
      }
      const count = Math.floor((end - at) / turn);
      if (count > 1 && turn * (count - 1) > length * (times - 1)) {
        [length, times] = [turn, count];
      }
    }
    if (times > 1) {
      runs.push([path.length, length, times]);
    }
    path.push(...way.slice(at, at + length));
    at += length * times;
  }
  return { kind: 'focus-path', path, ...(runs.length > 0 ? { runs } : {}) };
}

/**
 * The whole way of a path, key by key.
 */
export function wayOf({ path, runs = [] }: IPathTransform): readonly string[] {
  const way: string[] = [];
  let from = 0;
  for (const [at, length, times] of runs) {
    way.push(...path.slice(from, at));
    from = at + length;
    const turn = path.slice(at, from);
    for (let i = 0; i < times; i++) {
      way.push(...turn);
    }
  }
  way.push(...path.slice(from));
  return way;
}
