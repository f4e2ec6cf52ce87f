import { NONE } from '../profile/indices';
import type { FunctionKind, IProfile } from '../profile/model';

/** Sources of compiled code, as their names tell. */
const SOURCE =
  /\.(?:c|cc|cpp|cxx|c\+\+|C|h|hh|hpp|hxx|h\+\+|ipp|tcc|tpp|inl|rs|f|f90|f95|s|S)$/;

/** A name with a scope, or one as it is in object files: no Python function is called so. */
const COMPILED = /\w::[\w~(<{]|^_?_Z(?:[A-Z]|\d)/;

/** A symbol of C, and what compilers put behind it. */
const SYMBOL = /^[A-Za-z_]\w*(?:[.@][\w.@]+)?$/;

/**
 * The profile with kinds of functions that a file names and no more: those with a source of compiled code or a name of
 * C++ are compiled; and where others are Python functions, all that have a symbol's name and no file.
 */
export function withNativeKinds(profile: IProfile): IProfile {
  const { functions, files } = profile;
  const hasPython = functions.kind.includes('python');
  const kind = functions.kind.map((known, func): FunctionKind => {
    if (known !== 'other') {
      return known;
    }
    const file: number = functions.file[func];
    const name = functions.name[func];
    const isNative =
      file === NONE
        ? COMPILED.test(name) || (hasPython && SYMBOL.test(name))
        : SOURCE.test(files.path[file]);
    return isNative ? 'native' : known;
  });
  return { ...profile, functions: { ...functions, kind } };
}
