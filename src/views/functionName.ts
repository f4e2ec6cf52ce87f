import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import { NONE, type FuncIndex } from '../profile/indices';
import type { IProfile } from '../profile/model';
import type { Language } from '../profile/language';
import { displayName } from '../profile/names';
import { button, clipped } from './dom';

/** What is known of compiled code by the part of the views that is loaded for it. */
export interface ICompiled {
  /** A name that may be very long, in few characters. */
  short(name: string): string;
  /** What a function is written in, where its profile tells languages apart; null for Python, and for other profiles. */
  language(profile: IProfile, func: FuncIndex): Language | null;
  /** What a language is called. */
  name(language: Language, trans: IRenderMime.TranslationBundle): string;
  /** The same in a few letters. */
  sign(language: Language): string;
  /** The same as an element, with its colour. */
  badge(language: Language, trans: IRenderMime.TranslationBundle): HTMLElement;
}

/** Loaded with the first profile that has compiled frames. */
let compiled: ICompiled | null = null;

/**
 * Tell languages apart from now on, and shorten names of compiled functions.
 */
export function useCompiled(loaded: ICompiled): void {
  compiled = loaded;
}

/** What is known of compiled code; null until that is loaded. */
export function compiledCode(): ICompiled | null {
  return compiled;
}

/**
 * The sign of a function's language as an element; null for Python, and where the profile has no compiled frames.
 */
export function languageBadge(
  profile: IProfile,
  func: FuncIndex,
  trans: IRenderMime.TranslationBundle
): HTMLElement | null {
  const language = compiled?.language(profile, func);
  return language ? (compiled?.badge(language, trans) ?? null) : null;
}

/**
 * A function's name for the reader; what is no function is told in the reader's language.
 */
export function functionName(
  profile: IProfile,
  func: FuncIndex,
  trans: IRenderMime.TranslationBundle
): string {
  const name = wholeName(profile, func, trans);
  return compiled && profile.functions.kind[func] === 'native'
    ? compiled.short(name)
    : name;
}

/**
 * The same, however long it is.
 */
export function wholeName(
  profile: IProfile,
  func: FuncIndex,
  trans: IRenderMime.TranslationBundle
): string {
  const { functions } = profile;
  if (functions.kind[func] === 'pseudo') {
    switch (functions.qualified[func]) {
      case 'awaiting':
        return trans.__('(awaiting)');
      case 'displaying':
        return trans.__('(displaying)');
      case 'tracing':
        return trans.__('(tracing)');
      default:
        // Folded rows say how many they are; their name is a sentence already.
        return functions.name[func];
    }
  }
  return displayName(profile, func);
}

/**
 * Name and whole place, for a tooltip: `/a/b.py:12 (main)`.
 */
export function placeTitle(
  profile: IProfile,
  func: FuncIndex,
  trans: IRenderMime.TranslationBundle
): string {
  const { functions, files, objects } = profile;
  const name = wholeName(profile, func, trans);
  const file = functions.file[func];
  const object = functions.object[func];
  const line = functions.line[func];
  return file === NONE
    ? object === NONE
      ? name
      : trans.__('%1 (%2)', objects.path[object], name)
    : line > 0
      ? trans.__('%1:%2 (%3)', files.path[file], `${line}`, name)
      : trans.__('%1 (%2)', files.path[file], name);
}

/**
 * Where a function stands, shortly: `b.py:12`; "" where it has no file.
 */
export function shortPlace(
  profile: IProfile,
  func: FuncIndex,
  labels: readonly string[]
): string {
  const file = profile.functions.file[func];
  const line = profile.functions.line[func];
  return file === NONE
    ? ''
    : line > 0
      ? `${labels[file]}:${line}`
      : labels[file];
}

/**
 * A function's name as a button that looks like a link.
 *
 * @param attributes - further ones of the button
 */
export function functionLink(
  profile: IProfile,
  func: FuncIndex,
  trans: IRenderMime.TranslationBundle,
  onClick: () => void,
  attributes: Readonly<Record<string, string>> = {}
): HTMLButtonElement {
  const link = button(clipped(functionName(profile, func, trans)), onClick, {
    className: 'jp-Profiler-link',
    title: clipped(placeTitle(profile, func, trans)),
    attributes
  });
  const badge = languageBadge(profile, func, trans);
  if (badge) {
    link.append(badge);
  }
  return link;
}
