import { indexColumn, NONE } from '../profile/indices';
import type { IFunctions, IProfile } from '../profile/model';

/**
 * Gives mangled names names for people: of as many as it can, and why it left out others that it may know, as the end of
 * a sentence; null if it left out none.
 */
export type Demangle = (names: readonly string[]) => Promise<{
  readonly found: ReadonlyMap<string, string>;
  readonly fault: string | null;
}>;

/** What names of C++ and Rust look like in object files, on macOS and of blocks with more marks before. */
const MANGLED = /^(?:_{1,4}Z[A-Za-z\d]|_{1,2}R[A-Z\d])/;

/**
 * The profile with names for people. The mangled name stays a function's bare name, as in profiles that the kernel makes
 * of such files, so that it is found and rules know it.
 *
 * Functions that have one name then are one, as the constructors of a class: where all is summed from call paths, and the
 * functions are alike in file, line, kind and library.
 *
 * @param isByName - whether the format tells functions apart by nothing but their names, wherever they lie
 */
export async function named(
  profile: IProfile,
  demangle: Demangle,
  isByName: boolean
): Promise<IProfile> {
  const { functions, totals, edges, meta } = profile;
  const isMangled = functions.name.map(
    (name, func) =>
      isCompiled(functions, func) &&
      functions.qualified[func] === '' &&
      MANGLED.test(name)
  );
  const names = new Set(functions.name.filter((_, func) => isMangled[func]));
  if (names.size === 0) {
    return profile;
  }
  const { found, fault } = await demangle([...names]);
  const qualified = functions.qualified.map(
    (own, func) => (isMangled[func] && found.get(functions.name[func])) || own
  );
  const left = [...names].filter(name => !found.has(name)).length;
  const renamed: IProfile = {
    ...profile,
    functions: { ...functions, qualified },
    meta:
      fault === null || left === 0
        ? meta
        : {
            ...meta,
            warnings: [
              ...meta.warnings,
              {
                code: 'mangled',
                text: `Of C++ and Rust functions ${left} ${left === 1 ? 'name is' : 'names are'} as in the file, mangled: ${fault}.`
              }
            ]
          }
  };
  // Sums of two functions of which one calls the other are not known.
  return found.size === 0 || totals.length > 0 || edges.length > 0
    ? renamed
    : merged(renamed, func => isMangled[func], isByName);
}

function isCompiled({ kind }: IFunctions, func: number): boolean {
  return ['native', 'jit', 'generated', 'other'].includes(kind[func]);
}

/** @param isNew - whether a function has got its name just now: those are put together with others */
function merged(
  profile: IProfile,
  isNew: (func: number) => boolean,
  isByName: boolean
): IProfile {
  const { functions, paths, lines } = profile;
  const { name, qualified, file, line, kind, object } = functions;
  const keys = name.map((bare, func) => {
    const shown = qualified[func] || bare;
    return isByName
      ? shown
      : `${file[func]},${line[func]},${kind[func]},${object[func]},${shown}`;
  });
  const newKeys = new Set(keys.filter((_, func) => isNew(func)));
  const known = new Map<string, number>();
  const kept: number[] = [];
  const now = Int32Array.from({ length: functions.length }, (_, func) => {
    const isOpen = newKeys.has(keys[func]) && isCompiled(functions, func);
    const same = isOpen ? known.get(keys[func]) : undefined;
    if (same !== undefined) {
      return same;
    }
    if (isOpen) {
      known.set(keys[func], kept.length);
    }
    return kept.push(func) - 1;
  });
  if (kept.length === functions.length) {
    return profile;
  }
  const moved = (column: Int32Array) =>
    indexColumn<never>(column.map(func => (func === NONE ? NONE : now[func])));
  const pick = <T>(column: readonly T[]) => kept.map(func => column[func]);
  return {
    ...profile,
    functions: {
      length: kept.length,
      name: pick(name),
      qualified: pick(qualified),
      file: indexColumn(Int32Array.from(kept, func => file[func])),
      line: Float64Array.from(kept, func => line[func]),
      kind: pick(kind),
      object: indexColumn(Int32Array.from(kept, func => object[func]))
    },
    paths: { ...paths, function: moved(paths.function) },
    lines: { ...lines, function: moved(lines.function) }
  };
}
