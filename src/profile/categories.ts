import { NONE, type FuncIndex } from './indices';
import type { IProfile } from './model';

/** Whose code a function is, for the reader of a notebook. */
export const CATEGORIES = [
  'notebook',
  'files',
  'packages',
  'stdlib',
  'compiled',
  'other'
] as const;

/** Whose code a function is, for the reader of a notebook. */
export type Category = (typeof CATEGORIES)[number];

/**
 * Whose code a function is. Compiled functions are a category of their own wherever they come from; what is no
 * function, as *(awaiting)*, is other.
 */
export function categoryOf(
  { functions, files }: IProfile,
  func: FuncIndex
): Category {
  switch (functions.kind[func]) {
    case 'builtin':
    case 'native':
      return 'compiled';
    case 'pseudo':
      return 'other';
    default:
  }
  const file = functions.file[func];
  switch (file === NONE ? 'none' : files.origin[file]) {
    case 'cell':
      return 'notebook';
    case 'file':
      return 'files';
    case 'package':
      return 'packages';
    case 'stdlib':
    case 'frozen':
      return 'stdlib';
    case 'native':
      return 'compiled';
    default:
      return 'other';
  }
}
