import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import type { FuncIndex } from '../profile/indices';
import type { Language } from '../profile/language';
import type { IProfile } from '../profile/model';
import { compiledCode, functionName } from './functionName';

/**
 * What a function is written in; null for Python, and where the profile has no compiled frames.
 */
export function languageIn(
  profile: IProfile,
  func: FuncIndex
): Language | null {
  return compiledCode()?.language(profile, func) ?? null;
}

/**
 * What a language is called.
 */
export function languageName(
  language: Language,
  trans: IRenderMime.TranslationBundle
): string {
  return compiledCode()?.name(language, trans) ?? language;
}

/**
 * A function's name for the reader, with the sign of its language: for pictures, which have no elements in them.
 */
export function signedName(
  profile: IProfile,
  func: FuncIndex,
  trans: IRenderMime.TranslationBundle
): string {
  const language = languageIn(profile, func);
  const name = functionName(profile, func, trans);
  return language ? `${compiledCode()?.sign(language) ?? ''} ${name}` : name;
}
