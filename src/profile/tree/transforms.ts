/** Ways to look at a call tree otherwise that are about one function. */
export const FUNCTION_TRANSFORMS = [
  'focus-function',
  'merge-function',
  'drop-function',
  'collapse-recursion',
  'collapse-direct-recursion'
] as const;

/** Ways that need nothing but to be chosen. */
export const PLAIN_TRANSFORMS = ['my-code', 'fold-spine'] as const;

/**
 * A change of a call tree that a reader asked for. Plain and serialisable, and said in names that a later run has, too:
 * functions by `FunctionKeys`, packages by `IGroup.key`. A list of them is applied in order, and leaving one out undoes
 * it.
 *
 * `focus-path`: only what lies below one node.
 * ```
 *   main 1            f 2         path: main, f
 *   ├ f 2        →    └ g 5
 *   │ └ g 5
 *   └ g 3
 * ```
 *
 * `focus-function`: only what a function did, wherever it was called from; at its outermost places.
 * ```
 *   main 1            g 8         func: g
 *   ├ f 2             └ h 4
 *   │ └ g 5      →
 *   │   └ h 4
 *   └ g 3
 * ```
 *
 * `merge-function`: what a function owns is its caller's, and so is what it called. What has no caller stays with what
 * it owns.
 * ```
 *   main 1            main 3      func: f
 *   ├ f 2        →    ├ g 5
 *   │ └ g 5           └ h 3
 *   └ h 3
 * ```
 *
 * `drop-function`: as if it had not been called. The whole is less than before.
 * ```
 *   main 1            main 1      func: f; 4 of 11
 *   ├ f 2        →    └ h 3
 *   │ └ g 5
 *   └ h 3
 * ```
 *
 * `collapse-recursion`: where a function is called within itself, its outermost frame has it all. Those between stay
 * with what they own.
 * ```
 *   f 1               f 5         func: f
 *   └ g 2             ├ h 3
 *     └ f 4      →    └ g 2
 *       └ h 3
 * ```
 *
 * `collapse-direct-recursion`: the same where it calls itself, with nothing between.
 * ```
 *   f 1               f 3         func: f
 *   └ f 2        →    └ g 4
 *     └ g 4             └ f 5
 *       └ f 5
 * ```
 *
 * `collapse-package`: what frames of a package call within the package is the one's by which it was entered.
 * ```
 *   main 1            main 1
 *   └ pd.read 2       └ pd.read 5   group: pandas
 *     └ pd.parse 3 →    └ re.match 4
 *       └ re.match 4
 * ```
 *
 * `my-code`: only frames of the notebook, the user's own files, and what is no function; all others are merged as by
 * `merge-function`.
 * ```
 *   run_cell 1        main 9
 *   └ main 2     →    └ step 3
 *     └ map 7         run_cell 1
 *       └ step 3
 * ```
 *
 * `fold-spine`: leaves out the frames from the root on that only lead to where the value is shared out.
 * ```
 *   run 0.1           main 2
 *   └ exec 0.1        ├ f 60
 *     └ main 2   →    └ g 40
 *       ├ f 60        run 0.1
 *       └ g 40        exec 0.1
 * ```
 */
export type Transform =
  | IPathTransform
  | {
      readonly kind: (typeof FUNCTION_TRANSFORMS)[number];
      readonly func: string;
    }
  | { readonly kind: 'collapse-package'; readonly group: string }
  | { readonly kind: (typeof PLAIN_TRANSFORMS)[number] };

/** In a path, so many keys from one on come so many times, one after the other. */
export type Run = readonly [at: number, keys: number, times: number];

/** A path, as `focusPath` writes it. */
export interface IPathTransform {
  readonly kind: 'focus-path';
  readonly path: readonly string[];
  /** From left to right; none of them has a key of another. */
  readonly runs?: readonly Run[];
}

/** How many are kept, how many keys and levels a path may have, and how long a key may be. */
export const MOST_TRANSFORMS = 50;
export const MOST_PATH = 5_000;
export const MOST_LEVELS = 100_000;
const MOST_KEY = 1_000;

const NO_TRANSFORMS: readonly Transform[] = [];

/** By what was stored, so that the same list is the same object. */
const READ = new WeakMap<object, readonly Transform[]>();

/**
 * Read transforms that were stored. What is none is left out.
 *
 * @param stored - anything; not changed afterwards
 */
export function readTransforms(stored: unknown): readonly Transform[] {
  if (!Array.isArray(stored)) {
    return NO_TRANSFORMS;
  }
  let read = READ.get(stored);
  if (!read) {
    read = stored
      .slice(0, MOST_TRANSFORMS)
      .flatMap(one => readTransform(one) ?? []);
    READ.set(stored, read);
  }
  return read;
}

function readTransform(stored: unknown): Transform | null {
  if (typeof stored !== 'object' || stored === null) {
    return null;
  }
  const of = (name: 'kind' | 'func' | 'path' | 'runs' | 'group'): unknown =>
    Object.hasOwn(stored, name) ? Reflect.get(stored, name) : undefined;
  const [kind, func, path, group] = [
    of('kind'),
    of('func'),
    of('path'),
    of('group')
  ];
  if (kind === 'focus-path') {
    const runs = of('runs') ?? [];
    return Array.isArray(path) &&
      path.length > 0 &&
      path.length <= MOST_PATH &&
      path.every(isKey) &&
      areRuns(runs, path.length)
      ? { kind, path: [...path], ...(runs.length > 0 ? { runs } : {}) }
      : null;
  }
  if (kind === 'collapse-package') {
    return isKey(group) ? { kind, group } : null;
  }
  const plain = PLAIN_TRANSFORMS.find(one => one === kind);
  if (plain) {
    return { kind: plain };
  }
  const known = FUNCTION_TRANSFORMS.find(one => one === kind);
  return known && isKey(func) ? { kind: known, func } : null;
}

/** Whether these are runs of a path with so many keys, which is not too deep with them. */
function areRuns(stored: unknown, keys: number): stored is readonly Run[] {
  let end = 0;
  let levels = keys;
  return (
    Array.isArray(stored) &&
    stored.every((run: unknown) => {
      if (!Array.isArray(run) || !run.every(Number.isSafeInteger)) {
        return false;
      }
      const [at, length, times] = run as readonly number[];
      const isInPlace = at >= end && length > 0 && at + length <= keys;
      end = at + length;
      levels += length * (times - 1);
      return isInPlace && times > 0 && levels <= MOST_LEVELS;
    })
  );
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST_KEY;
}
