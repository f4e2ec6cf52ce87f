/**
 * Whether two values of JSON are alike. Not recursive: a payload may be nested deeper than the stack reaches.
 *
 * ```
 * sameJson({ a: [1] }, { a: [1] })  // true
 * ```
 */
export function sameJson(left: unknown, right: unknown): boolean {
  const pairs: [unknown, unknown][] = [[left, right]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [a, b] = pair;
    if (a === b) {
      continue;
    }
    if (
      typeof a !== 'object' ||
      typeof b !== 'object' ||
      a === null ||
      b === null ||
      Array.isArray(a) !== Array.isArray(b)
    ) {
      return false;
    }
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) {
      return false;
    }
    for (const key of keys) {
      if (!Object.hasOwn(b, key)) {
        return false;
      }
      pairs.push([Reflect.get(a, key), Reflect.get(b, key)]);
    }
  }
  return true;
}
