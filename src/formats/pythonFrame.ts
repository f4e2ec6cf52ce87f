import type { IFunctionParts } from './profileBuilder';

/**
 * A Python function by its qualified name: what pstats calls it is the last part.
 *
 * ```
 * pythonFunction('Butler.__init__.<locals>.<lambda>', '/a.py')  // { name: '<lambda>', ... }
 * ```
 */
export function pythonFunction(
  qualified: string,
  path: string
): IFunctionParts & { readonly kind: 'python' } {
  const name = qualified.slice(qualified.lastIndexOf('.') + 1) || qualified;
  return {
    name,
    qualified: name === qualified ? '' : qualified,
    path,
    kind: 'python'
  };
}

const TRAMPOLINE = 'py::';

/**
 * The function that CPython's perf trampoline names, as `py::Butler.get:/opt/mosaic.py`; `null` if it is none.
 */
export function trampolineFunction(symbol: string): IFunctionParts | null {
  if (!symbol.startsWith(TRAMPOLINE)) {
    return null;
  }
  const colon = symbol.indexOf(':', TRAMPOLINE.length);
  return colon < 0
    ? pythonFunction(symbol.slice(TRAMPOLINE.length), '')
    : pythonFunction(
        symbol.slice(TRAMPOLINE.length, colon),
        symbol.slice(colon + 1)
      );
}

/** A name with what stands in the brackets behind it. */
export interface ILocated {
  readonly name: string;
  readonly path: string;
  /** 0 if there is none. */
  readonly line: number;
}

/**
 * The parts of `name (path:line)`, as py-spy and viztracer write it; `null` if there are no such brackets. Brackets
 * in the path must come in pairs.
 */
export function located(text: string): ILocated | null {
  const end = text.length - 1;
  const open = openingBracket(text);
  if (open < 2 || text[open - 1] !== ' ') {
    return null;
  }
  const name = text.slice(0, open - 1);
  const inside = text.slice(open + 1, end);
  const colon = inside.lastIndexOf(':');
  const line = colon > 0 ? inside.slice(colon + 1) : '';
  if (/^\d{1,9}$/.test(line)) {
    return { name, path: inside.slice(0, colon), line: Number(line) };
  }
  return isPythonPath(inside) || isObjectPath(inside)
    ? { name, path: inside, line: 0 }
    : null;
}

/** Where the bracket opens that the last character closes; -1 if there is none. */
export function openingBracket(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') {
      depth++;
    } else if (text[at] === '(' && --depth === 0) {
      return at;
    } else if (depth === 0) {
      return -1;
    }
  }
  return -1;
}

/** Whether Python code lies in a file, as its name tells. */
export function isPythonPath(path: string): boolean {
  return /\.(?:py[xw]?|px[di])$|^<.+>$/.test(path);
}

/** Whether a path is one of a library, as its name tells. */
export function isObjectPath(path: string): boolean {
  return /\.(?:so|dll|dylib|pyd|exe)$|\.so\.[\d.]{1,20}$/.test(path);
}
