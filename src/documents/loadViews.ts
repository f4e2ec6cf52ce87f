/**
 * What draws a profile. The next call tries again where it did not come.
 */
export function loadViews(): Promise<typeof import('../views')> {
  return import(/* webpackChunkName: "views" */ '../views');
}
