import { NONE, type FuncIndex } from './indices';
import type { IFunctions, IProfile } from './model';

/** Languages that functions are told apart by. */
export const LANGUAGES = ['python', 'cython', 'c', 'cpp', 'other'] as const;

/** What a function is written in. `c`: compiled code of which nothing tells that it is C++. */
export type Language = (typeof LANGUAGES)[number];

const CYTHON_FILE = /\.(?:pyx|pxd|pxi)$/i;
const CPP_FILE = /\.(?:cpp|cc|cxx|c\+\+|hpp|hh|hxx|h\+\+|ipp|tpp|tcc|inl|C)$/;
const C_FILE = /\.(?:c|h)$/i;

/** Sources of compiled code that is neither C nor C++. */
const OTHER_FILE =
  /\.(?:rs|go|f|for|f77|f90|f95|f03|f08|swift|java|kt|jl|zig|d|ada|adb|pas|s|asm)$/i;

/** Of C++: scopes, names as they are in object files, template arguments and parameters behind a name. */
const CPP_NAME =
  /::|^_?_Z(?:[A-Z]|\d)|\w<.*>|^[\w~$.]+(?: |\[abi:\w+\])*\(.*\)(?: const)?(?: \[clone|$)|\boperator\b/;

/** What is written for a place without a name, as `0x7f12 (libm.so.6)`. */
const NO_NAME = /^(?:@|0x|\[|\(|<|\?)/;

/** What Cython calls its C functions. */
const CYTHON_NAME = /^(?:__pyx_|__Pyx_|_*pyx_)/;

/**
 * What a function is written in, by its kind, the ending of its file and its name.
 *
 * ```
 * languageOf(profile, func)  // 'cpp'
 * ```
 */
export function languageOf(profile: IProfile, func: FuncIndex): Language {
  return LANGUAGES[languagesOf(profile)[func]];
}

/**
 * The own values of the functions of each language, in the metric's unit. Null where there are no own values of the
 * metric, or they do not sum.
 */
export function ownByLanguage(
  profile: IProfile,
  metricId: string
): ReadonlyMap<Language, number> | null {
  const metric = profile.metrics.find(({ id }) => id === metricId);
  const { totals, paths } = profile;
  const table = totals.length > 0 ? totals : paths;
  const own = table.values.get(`self.${metricId}`);
  if (!metric || metric.combine !== 'sum' || !own) {
    return null;
  }
  const languages = languagesOf(profile);
  const sums = new Float64Array(LANGUAGES.length);
  for (let row = 0; row < table.length; row++) {
    sums[languages[table.function[row]]] += own[row];
  }
  return new Map(
    LANGUAGES.map((language, i) => [language, sums[i] * metric.tick])
  );
}

const KNOWN = new WeakMap<IFunctions, Uint8Array>();

/** For each function its place in `LANGUAGES`. */
export function languagesOf({ functions, files }: IProfile): Uint8Array {
  let column = KNOWN.get(functions);
  if (!column) {
    const ofFile = files.path.map(languageOfFile);
    column = Uint8Array.from(functions.name, (name, func) => {
      const file: number = functions.file[func];
      return LANGUAGES.indexOf(
        languageBy(
          functions.kind[func],
          functions.qualified[func] || name,
          name,
          file === NONE ? null : ofFile[file]
        )
      );
    });
    KNOWN.set(functions, column);
  }
  return column;
}

/** What the ending of a file tells; `h`: a header of either C or C++. */
function languageOfFile(path: string): Language | 'h' | null {
  return CYTHON_FILE.test(path)
    ? 'cython'
    : CPP_FILE.test(path)
      ? 'cpp'
      : C_FILE.test(path)
        ? path.toLowerCase().endsWith('h')
          ? 'h'
          : 'c'
        : OTHER_FILE.test(path)
          ? 'other'
          : null;
}

function languageBy(
  kind: IFunctions['kind'][number],
  qualified: string,
  name: string,
  file: Language | 'h' | null
): Language {
  switch (kind) {
    case 'python':
      return file === 'cython' ? 'cython' : 'python';
    case 'builtin':
    case 'callable':
      return 'c';
    case 'native': {
      if (file === 'cython' || CYTHON_NAME.test(name)) {
        return 'cython';
      }
      if (file !== null && file !== 'h') {
        return file;
      }
      // Names come from files: only the first part of a very long one is looked at.
      const head = qualified.slice(0, 2000);
      return !NO_NAME.test(head) && CPP_NAME.test(head) ? 'cpp' : 'c';
    }
    default:
      return 'other';
  }
}
