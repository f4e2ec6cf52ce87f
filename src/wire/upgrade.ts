import { WireError } from './error';
import type { JsonObject } from './json';

/**
 * Turns a payload of one version into one of the next. It must not change what it is given.
 */
export type Upgrade = (payload: JsonObject) => JsonObject;

/**
 * The upgrade from version N stands at `UPGRADES[N - 1]`. Empty as long as there is one version.
 */
export const UPGRADES: readonly Upgrade[] = [];

/**
 * Bring a payload to the newest version, one step after the other.
 *
 * @param version - the version that it was written in
 * @param upgrades - a step for each version but the newest
 *
 * Throws `WireError` with the code `newer` if there is no way from its version.
 */
export function upgrade(
  payload: JsonObject,
  version: number,
  upgrades: readonly Upgrade[] = UPGRADES
): JsonObject {
  const newest = upgrades.length + 1;
  if (version > newest) {
    throw new WireError(
      'version',
      `a version up to ${newest}`,
      `${version}`,
      'newer'
    );
  }
  return upgrades
    .slice(version - 1)
    .reduce((older, step) => step(older), payload);
}
