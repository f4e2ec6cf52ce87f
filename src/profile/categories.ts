import { NONE, type FuncIndex } from './indices';
import type { FunctionKind, IProfile } from './model';

/** Kinds of functions that are compiled code. Of a class or another callable, what calls it is. */
export const COMPILED: ReadonlySet<FunctionKind> = new Set<FunctionKind>([
  'builtin',
  'callable',
  'native'
]);

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
    case 'pseudo':
      return 'other';
    default:
  }
  if (COMPILED.has(functions.kind[func])) {
    return 'compiled';
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
