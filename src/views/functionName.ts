import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import { NONE, type FuncIndex } from '../profile/indices';
import type { IProfile } from '../profile/model';
import { displayName } from '../profile/names';
import { button, clipped } from './dom';

/**
 * A function's name for the reader; what is no function is told in the reader's language.
 */
export function functionName(
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
  const { functions, files } = profile;
  const name = functionName(profile, func, trans);
  const file = functions.file[func];
  const line = functions.line[func];
  return file === NONE
    ? name
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
  return button(clipped(functionName(profile, func, trans)), onClick, {
    className: 'jp-Profiler-link',
    title: clipped(placeTitle(profile, func, trans)),
    attributes
  });
}
