import { glueOf } from '../glue';
import { languagesOf, LANGUAGES } from '../language';
import { NONE } from '../indices';
import type { IProfile } from '../model';
import { withFunctions, type IFunctionParts } from './functions';
import { foldedLines } from './foldLines';
import { LEAF, LIFT, rebuild } from './rebuild';

/** What stands for Python frames that were taken out. */
const PYTHON: IFunctionParts = {
  name: '(Python)',
  qualified: 'python',
  kind: 'pseudo',
  object: NONE
};

/** What stands for compiled functions that no Python function called. */
const NATIVE: IFunctionParts = {
  ...PYTHON,
  name: '(native)',
  qualified: 'native'
};

/** Fold glue into its callers. Null where there is none. */
export function foldGlue(profile: IProfile): IProfile | null {
  return lifted(profile, glueOf(profile));
}

/**
 * Fold compiled functions into their callers; what they own without a Python caller is in *(native)*. Null where there
 * are none.
 */
export function pythonOnly(profile: IProfile): IProfile | null {
  return lifted(profile, nativeFunctions(profile), NATIVE);
}

/** Take Python frames out; what they own is in frames called *(Python)*. Null where there are none. */
export function nativeOnly(profile: IProfile): IProfile | null {
  const isPython = pythonFunctions(profile);
  const { paths } = profile;
  if (!paths.function.some(func => isPython[func])) {
    return null;
  }
  const { functions, added } = withFunctions(profile, [PYTHON]);
  const fates = new Uint8Array(paths.length);
  const now = new Int32Array(paths.function);
  for (let row = 0; row < paths.length; row++) {
    if (isPython[paths.function[row]]) {
      fates[row] = LEAF;
      now[row] = added[0];
    }
  }
  const change = { fates, functions: now };
  const rebuilt = rebuild(profile, change);
  return {
    ...profile,
    functions,
    paths: rebuilt.paths,
    lines: foldedLines(profile, rebuilt, func => isPython[func] === 1)
  };
}

/** For each function 1 where it is compiled, or nothing tells that it is not. */
export function nativeFunctions({ functions }: IProfile): Uint8Array {
  return Uint8Array.from(functions.kind, kind =>
    kind !== 'python' && kind !== 'pseudo' ? 1 : 0
  );
}

/** For each function 1 where it is Python's, Cython's of Python kind included. */
export function pythonFunctions(profile: IProfile): Uint8Array {
  const languages = languagesOf(profile);
  const { kind } = profile.functions;
  return languages.map((language, func) =>
    kind[func] === 'python' && LANGUAGES[language] === 'python' ? 1 : 0
  );
}

/** @param alone - what lifted functions without a caller are called; themselves if missing */
function lifted(
  profile: IProfile,
  isLifted: Uint8Array,
  alone?: IFunctionParts
): IProfile | null {
  const { paths } = profile;
  const { functions, added } = withFunctions(profile, alone ? [alone] : []);
  const fates = new Uint8Array(paths.length);
  const now = paths.function.slice();
  let isAny = false;
  for (let row = 0; row < paths.length; row++) {
    if (isLifted[paths.function[row]]) {
      fates[row] = LIFT;
      now[row] = added[0] ?? now[row];
      isAny = true;
    }
  }
  if (!isAny) {
    return null;
  }
  const rebuilt = rebuild(profile, { fates, functions: now });
  return {
    ...profile,
    functions: alone ? functions : profile.functions,
    paths: rebuilt.paths,
    lines: foldedLines(profile, rebuilt, func => isLifted[func] === 1)
  };
}
