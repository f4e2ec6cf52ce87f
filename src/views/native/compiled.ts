import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import type { FuncIndex } from '../../profile/indices';
import { languageOf, type Language } from '../../profile/language';
import type { IProfile } from '../../profile/model';
import { shortNative } from '../../profile/shortName';
import { element } from '../dom';
import type { ICompiled } from '../functionName';

/** Profiles whose functions are told apart by language. */
const TOLD = new WeakSet<IProfile>();

/**
 * Tell the languages of a profile apart, wherever its functions are named.
 */
export function tellLanguages(profile: IProfile): void {
  TOLD.add(profile);
}

/** What a language is called. */
export function languageName(
  language: Language,
  trans: IRenderMime.TranslationBundle
): string {
  switch (language) {
    case 'python':
      return trans.__('Python');
    case 'cython':
      return trans.__('Cython');
    case 'c':
      return trans.__('C');
    case 'cpp':
      return trans.__('C++');
    case 'other':
      return trans.__('other code');
  }
}

const SIGNS: Readonly<Record<Language, string>> = {
  python: 'Py',
  cython: 'Cy',
  c: 'C',
  cpp: 'C++',
  other: '?'
};

/** Languages of compiled frames, and their names. Python has no sign: it is what the reader wrote. */
export const COMPILED_CODE: ICompiled = {
  short: shortNative,
  language: (profile, func: FuncIndex) => {
    const kind = profile.functions.kind[func];
    if (!TOLD.has(profile) || kind === 'pseudo') {
      return null;
    }
    const language = languageOf(profile, func);
    // What is no compiled code, as what was generated while it ran, has a word of its own.
    return language === 'python' || (language === 'other' && kind !== 'native')
      ? null
      : language;
  },
  name: languageName,
  sign: language => SIGNS[language],
  badge: (language, trans) =>
    element('span', {
      className: `jp-Profiler-badge jp-Profiler-language jp-mod-${language}`,
      text: SIGNS[language],
      title: languageName(language, trans)
    })
};
