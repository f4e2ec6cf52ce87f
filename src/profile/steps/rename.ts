import { indexColumn, NONE } from '../indices';
import type { IFunctions, ILines, IProfile } from '../model';
import { fullName, withFunctions, type IFunctionParts } from './functions';
import { JOIN, rebuild, STAY } from './rebuild';
import {
  isFound,
  readAncestry,
  readSubstitutions,
  stopwatch,
  substituted
} from './rules';

/** Call compiled functions as their libraries. Null where no library is known. */
export function mergeLibrary(profile: IProfile): IProfile | null {
  const { functions, objects } = profile;
  return renamed(profile, JOIN, func => {
    const object: number = functions.object[func];
    if (functions.kind[func] !== 'native' || object === NONE) {
      return null;
    }
    const path = objects.path[object];
    return {
      name: path.slice(path.lastIndexOf('/') + 1) || path,
      qualified: path,
      kind: 'native',
      object
    };
  });
}

/** Call compiled functions without a name as their libraries. Null where there is none. */
export function mergeUnnamed(profile: IProfile): IProfile | null {
  const { functions, objects } = profile;
  const isUnnamed = unnamedFunctions(profile);
  return renamed(profile, JOIN, func => {
    if (isUnnamed[func] === 0) {
      return null;
    }
    const object: number = functions.object[func];
    const path = objects.path[object];
    const name = `@{${path.slice(path.lastIndexOf('/') + 1) || path}}`;
    return { name, qualified: name, kind: 'native', object };
  });
}

/** What stands for the name of a function of a stripped library: the library and an address in it, or the address. */
const ADDRESS = /^(?:@\{.*[+-]\d+\}|@\?(?:0x[\da-f]+|\(nil\))|0x[\da-f]+)$/;

/** For each function 1 where it is one without a name, in a library that is known. */
export function unnamedFunctions({ functions }: IProfile): Uint8Array {
  return Uint8Array.from(functions.name, (name, func) =>
    functions.kind[func] === 'native' &&
    functions.object[func] !== (NONE as number) &&
    ADDRESS.test(name)
      ? 1
      : 0
  );
}

/**
 * Call functions otherwise by rules. Null where none is.
 *
 * Throws `RuleFault`.
 */
export function rename(profile: IProfile, rules: string): IProfile | null {
  const substitutions = readSubstitutions(rules);
  const { functions, objects, files } = profile;
  const check = stopwatch();
  return renamed(profile, STAY, func => {
    check();
    const object: number = functions.object[func];
    const file: number = functions.file[func];
    const texts = [
      fullName(functions, func),
      // As it is in the file: mangled.
      functions.kind[func] === 'native' ? functions.name[func] : '',
      object === NONE ? '' : objects.path[object],
      file === NONE ? '' : files.path[file]
    ];
    for (const substitution of substitutions) {
      for (const text of texts) {
        const name = substituted(text, substitution);
        if (name !== text) {
          return {
            name,
            qualified: name,
            kind: functions.kind[func],
            object
          };
        }
      }
    }
    return null;
  });
}

/**
 * Call what lies below ancestors by their name. Null where nothing does.
 *
 * Throws `RuleFault`.
 */
export function renameBelow(profile: IProfile, rules: string): IProfile | null {
  const { patterns, name } = readAncestry(rules);
  const { paths, functions } = profile;
  const names = new Names(functions);
  const check = stopwatch();
  const isMatch = patterns.map(pattern =>
    functions.name.map((_, func) => {
      check();
      return isFound(pattern, fullName(functions, func));
    })
  );
  const hasName = functions.name.map(() => NONE as number);
  const hasBelow = functions.name.map(() => NONE as number);
  /** For each row how many patterns were found on the way to it, its own included. */
  const found = new Uint16Array(paths.length);
  const now = paths.function.slice();
  for (let row = 0; row < paths.length; row++) {
    const parent: number = paths.parent[row];
    const func: number = paths.function[row];
    const above = parent === NONE ? 0 : found[parent];
    if (above === patterns.length) {
      if (hasBelow[func] === NONE) {
        const own = fullName(functions, func);
        hasBelow[func] = names.of(`${name}:${own}`, func);
      }
      now[row] = hasBelow[func];
      found[row] = above;
      continue;
    }
    found[row] = above + (isMatch[above][func] ? 1 : 0);
    if (found[row] === patterns.length) {
      if (hasName[func] === NONE) {
        hasName[func] = names.of(name, func);
      }
      now[row] = hasName[func];
    }
  }
  if (names.parts.length === 0) {
    return null;
  }
  const all = withFunctions(profile, names.parts).functions;
  const fates = new Uint8Array(paths.length).fill(STAY);
  return {
    ...profile,
    functions: all,
    paths: rebuild(profile, { fates, functions: now }).paths
  };
}

/** New functions by name; each has what the first one that is called so had. */
class Names {
  constructor(private readonly _functions: IFunctions) {}

  readonly parts: IFunctionParts[] = [];

  of(name: string, func: number): number {
    const { kind, object, length } = this._functions;
    let index = this._known.get(name);
    if (index === undefined) {
      index = length + this.parts.length;
      this._known.set(name, index);
      this.parts.push({
        name,
        qualified: name,
        kind: kind[func],
        object: object[func]
      });
    } else {
      const at = index - length;
      if (this.parts[at].object !== (object[func] as number)) {
        this.parts[at] = { ...this.parts[at], object: NONE };
      }
    }
    return index;
  }

  private readonly _known = new Map<string, number>();
}

/** @param fate - of frames that are called otherwise */
function renamed(
  profile: IProfile,
  fate: number,
  nameOf: (func: number) => IFunctionParts | null
): IProfile | null {
  const { functions, paths, lines } = profile;
  const isUsed = new Uint8Array(functions.length);
  for (const column of [paths.function, lines.function]) {
    for (let row = 0; row < column.length; row++) {
      if (column[row] !== (NONE as number)) {
        isUsed[column[row]] = 1;
      }
    }
  }
  const parts: IFunctionParts[] = [];
  const known = new Map<string, number>();
  const now = Int32Array.from({ length: functions.length }, (_, func) => {
    const part = isUsed[func] ? nameOf(func) : null;
    if (!part) {
      return func;
    }
    let index = known.get(part.qualified);
    if (index === undefined) {
      index = parts.length;
      known.set(part.qualified, index);
      parts.push(part);
    } else if (parts[index].object !== part.object) {
      parts[index] = { ...parts[index], object: NONE };
    }
    return functions.length + index;
  });
  if (parts.length === 0) {
    return null;
  }
  const ofRows = new Int32Array(paths.length);
  const fates = new Uint8Array(paths.length);
  for (let row = 0; row < paths.length; row++) {
    ofRows[row] = now[paths.function[row]];
    fates[row] = ofRows[row] < functions.length ? STAY : fate;
  }
  const rebuilt = rebuild(profile, { fates, functions: ofRows });
  return {
    ...profile,
    functions: withFunctions(profile, parts).functions,
    paths: rebuilt.paths,
    lines: renamedLines(lines, now)
  };
}

function renamedLines(lines: ILines, now: Int32Array): ILines {
  return {
    ...lines,
    function: indexColumn(
      Int32Array.from(lines.function, func =>
        func === NONE ? NONE : now[func]
      )
    )
  };
}
