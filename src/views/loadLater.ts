import type { Later } from './result';

/**
 * What a result needs only when its reader asks for it. The next call tries again where it did not come.
 */
export function loadLater(): Promise<Later> {
  return import(/* webpackChunkName: "later" */ './later');
}
