import type { IProfile } from '../profile/model';
import type { IContext } from './context';

/**
 * Why there is no table of functions. That none was called is only said where nothing else was measured.
 */
export function noFunctions(profile: IProfile, { trans }: IContext): string {
  return profile.edges.length > 0 || profile.hasUnknownTables
    ? trans.__('This profile holds no functions.')
    : trans.__('No function was called.');
}
