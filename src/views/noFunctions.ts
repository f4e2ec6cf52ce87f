import type { IProfile } from '../profile/model';
import type { IContext } from './context';
import { element } from './dom';

/**
 * Why there is no table of functions. That none was called is only said where nothing else was measured.
 */
export function noFunctions(
  profile: IProfile,
  { trans }: IContext
): HTMLElement {
  return element('p', {
    className: 'jp-Profiler-note',
    text:
      profile.edges.length > 0 || profile.hasUnknownTables
        ? trans.__('This profile holds no functions.')
        : trans.__('No function was called.')
  });
}
