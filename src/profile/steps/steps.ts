/** Steps that need nothing but to be chosen. */
export const PLAIN_STEPS = [
  'fold-glue',
  'python-only',
  'native-only',
  'merge-library',
  'merge-unnamed'
] as const;

/** Steps that are written as rules. */
export const RULE_STEPS = ['rename', 'ancestor'] as const;

/** What a limit is about: of a stack, how many events it is made of, its value, and the value of one event. */
export const LIMITS = ['count', 'value', 'average'] as const;

/**
 * A change of a whole profile that a reader asked for. Plain and serialisable. A list of them is applied in order, and
 * leaving one out undoes it.
 *
 * `fold-glue`: what glue (`isGlue`) owns is its caller's, and so is what it called. Glue without a caller goes, unless
 * it owns something.
 * ```
 *   f 1                    f 3
 *   └ _PyEval 2       →    └ g 4
 *     └ g 4
 * ```
 *
 * `python-only`: the same with all compiled functions. What they own without a Python caller is in a frame *(native)*.
 *
 * `native-only`: the compiled functions without the Python frames between them. What Python frames own is in frames
 * called *(Python)*, so that nothing is lost.
 * ```
 *   f 1 (Python)           (Python) 1
 *   └ g 4             →    g 4
 *     └ h 2 (Python)       └ (Python) 2
 * ```
 *
 * `merge-library`: a compiled function is called as its library; calls within a library are one frame.
 * ```
 *   f 1 (a.so)             a.so 3
 *   └ g 2 (a.so)      →    └ b.so 4
 *     └ h 4 (b.so)
 * ```
 *
 * `merge-unnamed`: the same with compiled functions that have no name, as their library was stripped of symbols.
 * ```
 *   f 1                    f 1
 *   ├ @{b.so+16} 2    →    └ @{b.so} 6
 *   └ @{b.so+32} 4
 * ```
 *
 * `counter`: of the metrics only this one, and calls.
 *
 * `rename`: igprof-analyse's `-mr`, `s/RE/TO/;…`. A name in which an expression is found has each match replaced, by the
 * first rule that changes it; where none is found, the library or file is tried. `\1` and `$1` are groups. Functions of
 * one new name then are one.
 *
 * `ancestor`: igprof-analyse's `-ma`, `A>B/NAME`: what is below a frame that matches B below one that matches A is called
 * `NAME:…`, and that frame itself `NAME`.
 *
 * `limit`: only stacks whose own value of the shown metric (in its unit), whose number of events or whose average is
 * within bounds, as igprof-analyse's `-mc -Mc -mf -Mf -Ma`. The whole is less than before. A bound of null or 0 is none.
 */
export type Step =
  | { readonly kind: (typeof PLAIN_STEPS)[number] }
  | { readonly kind: 'counter'; readonly metric: string }
  | { readonly kind: (typeof RULE_STEPS)[number]; readonly rules: string }
  | {
      readonly kind: 'limit';
      readonly by: (typeof LIMITS)[number];
      readonly min: number | null;
      readonly max: number | null;
    };

/** How many are kept. */
export const MOST_STEPS = 20;

/** Characters of a metric's id, and of rules. */
const MOST_ID = 200;
const MOST_RULES = 1_000;

/**
 * Read steps that were stored. What is none is left out.
 *
 * @param stored - anything
 */
export function readSteps(stored: unknown): readonly Step[] {
  return Array.isArray(stored)
    ? stored.slice(0, MOST_STEPS).flatMap(one => readStep(one) ?? [])
    : [];
}

function readStep(stored: unknown): Step | null {
  if (typeof stored !== 'object' || stored === null) {
    return null;
  }
  const of = (name: string): unknown =>
    Object.hasOwn(stored, name) ? Reflect.get(stored, name) : undefined;
  const kind = of('kind');
  const plain = PLAIN_STEPS.find(one => one === kind);
  if (plain) {
    return { kind: plain };
  }
  if (kind === 'counter') {
    const metric = of('metric');
    return isText(metric, MOST_ID) ? { kind, metric } : null;
  }
  const rule = RULE_STEPS.find(one => one === kind);
  if (rule) {
    const rules = of('rules');
    return isText(rules, MOST_RULES) ? { kind: rule, rules } : null;
  }
  const by = LIMITS.find(one => one === of('by'));
  const [min, max] = [of('min') ?? null, of('max') ?? null];
  return kind === 'limit' && by && isBound(min) && isBound(max)
    ? { kind, by, min, max }
    : null;
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= most;
}

function isBound(value: unknown): value is number | null {
  return (
    value === null ||
    (typeof value === 'number' && Number.isFinite(value) && value >= 0)
  );
}
