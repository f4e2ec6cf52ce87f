import { NONE, type FuncIndex } from './indices';
import type { IProfile } from './model';

/**
 * A function's name as pstats prints it: `FILE:LINE(NAME)`, and `{...}` for what has no file.
 *
 * Sort keys and regular expressions of pstats work on this text, so it has the bare name and the whole path.
 */
export function standardName(profile: IProfile, func: FuncIndex): string {
  const { name, file, line } = profile.functions;
  const bare = name[func];
  if (file[func] === NONE) {
    return bare.startsWith('<') && bare.endsWith('>')
      ? `{${bare.slice(1, -1)}}`
      : bare;
  }
  return `${profile.files.path[file[func]]}:${line[func]}(${bare})`;
}

/**
 * A function's name for people: qualified where that is known.
 */
export function displayName(profile: IProfile, func: FuncIndex): string {
  return profile.functions.qualified[func] || profile.functions.name[func];
}

/**
 * A function's name beside its lines: bare, as line_profiler prints it, but of a compiled function, which may be mangled
 * then.
 */
export function nameOfLines(profile: IProfile, func: FuncIndex): string {
  const { kind, name } = profile.functions;
  return (kind[func] !== 'native' && name[func]) || displayName(profile, func);
}

/**
 * A short name for each file, no two alike unless their paths are: the label that the kernel gave, else the end of
 * the path that tells it from the others.
 */
export function fileLabels(profile: IProfile): readonly string[] {
  const { label, path } = profile.files;
  const pathOfLabel = new Map<string, string>();
  const shared = new Set<string>();
  label.forEach((text, file) => {
    const other = pathOfLabel.get(text);
    if (other !== undefined && other !== path[file]) {
      shared.add(text);
    }
    pathOfLabel.set(text, path[file]);
  });
  const short = shortenPaths(path);
  return label.map((text, file) =>
    text && !shared.has(text) ? text : short[file]
  );
}

/** Paths that are alike in so many last parts are shown whole. */
const MOST_PARTS = 8;

/**
 * Shorten paths to as many last parts as tell them apart.
 *
 * ```
 * shortenPaths(['/a/x/util.py', '/a/y/util.py', '/a/y/main.py'])  // ['x/util.py', 'y/util.py', 'main.py']
 * ```
 */
export function shortenPaths(paths: readonly string[]): string[] {
  const parts = paths.map(path => path.split(/[\\/]/).filter(part => part));
  const short = new Array<string>(paths.length);
  let open = new Set(paths.keys());
  // Each round takes one part more; what is then the only one, or is used up, is done.
  for (let depth = 1; open.size > 0 && depth <= MOST_PARTS; depth++) {
    const pathsOfTail = new Map<string, Set<string>>();
    const tail = (i: number) => parts[i].slice(-depth).join('/');
    for (const i of open) {
      const key = tail(i);
      const same = pathsOfTail.get(key) ?? new Set<string>();
      pathsOfTail.set(key, same.add(paths[i]));
    }
    const rest = new Set<number>();
    for (const i of open) {
      if (parts[i].length <= depth) {
        short[i] = parts[i].length === 0 ? paths[i] : tail(i);
      } else if (pathsOfTail.get(tail(i))?.size === 1) {
        short[i] = tail(i);
      } else {
        rest.add(i);
      }
    }
    open = rest;
  }
  for (const i of open) {
    short[i] = paths[i];
  }
  return short;
}
