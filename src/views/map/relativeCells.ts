import type { IRelative } from '../../profile/map/relatives';

/** Directories that are told of a path; the rest is in a title. */
const MOST_DIRECTORIES = 2;

/** What each call took; NaN where it is not known. */
export function perCall(
  { calls, primitive, self, total }: IRelative,
  of: 'self' | 'total'
): number {
  // Where it is not known which calls came from within, all count.
  const count = of === 'total' && primitive > 0 ? primitive : calls;
  return count > 0 ? (of === 'total' ? total : self) / count : NaN;
}

/** Whether a value or a text says nothing. */
export function isUnknown(key: number | string): boolean {
  return key === '' || Number.isNaN(key);
}

/** The last directories of a path. */
export function shortened(path: string): string {
  const parts = path.split(/[\\/]/);
  return parts.length > MOST_DIRECTORIES
    ? `…/${parts.slice(-MOST_DIRECTORIES).join('/')}`
    : path;
}
