import { glueOf } from '../glue';
import { languagesOf, LANGUAGES } from '../language';
import type { IProfile } from '../model';
import { withFunctions } from './functions';
import { foldedLines } from './foldLines';
import { LEAF, LIFT, rebuild, STAY } from './rebuild';

/** What stands for Python frames that were taken out. */
const PYTHON = '(Python)';

/** Fold glue into its callers. Null where there is none. */
export function foldGlue(profile: IProfile): IProfile | null {
  return lifted(profile, glueOf(profile));
}

/** Fold compiled functions into their callers. Null where there are none. */
export function pythonOnly(profile: IProfile): IProfile | null {
  return lifted(profile, nativeFunctions(profile));
}

/** Take Python frames out; what they own is in frames called *(Python)*. Null where there are none. */
export function nativeOnly(profile: IProfile): IProfile | null {
  const isPython = pythonFunctions(profile);
  const { paths } = profile;
  if (!paths.function.some(func => isPython[func])) {
    return null;
  }
  const { functions, added } = withFunctions(profile, [
    { name: PYTHON, qualified: 'python', kind: 'pseudo', object: -1 }
  ]);
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

function lifted(profile: IProfile, isLifted: Uint8Array): IProfile | null {
  const { paths } = profile;
  const fates = new Uint8Array(paths.length);
  let isAny = false;
  for (let row = 0; row < paths.length; row++) {
    const fate = isLifted[paths.function[row]] ? LIFT : STAY;
    fates[row] = fate;
    isAny ||= fate === LIFT;
  }
  if (!isAny) {
    return null;
  }
  const rebuilt = rebuild(profile, {
    fates,
    functions: paths.function
  });
  return {
    ...profile,
    paths: rebuilt.paths,
    lines: foldedLines(profile, rebuilt, func => isLifted[func] === 1)
  };
}
