import type { IProfile } from '../../profile/model';

/** Tables of a profile that have values. */
export const TABLES = ['totals', 'edges', 'paths', 'lines'] as const;

/** Sums of all values of role self, by table. */
export function sums(profile: IProfile): Record<string, number> {
  const found: Record<string, number> = {};
  for (const table of TABLES) {
    for (const [key, column] of profile[table].values) {
      found[`${table} ${key}`] = column.reduce((a, b) => a + b, 0);
    }
  }
  return found;
}
