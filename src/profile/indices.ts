/**
 * Index types. An index says into which table it points, so that a wrong one does not compile.
 */

/** Row of `functions`. */
export type FuncIndex = number & { readonly __into: 'functions' };

/** Row of `files`. */
export type FileIndex = number & { readonly __into: 'files' };

/** Row of `objects`, the libraries and executables that native frames lie in. */
export type ObjectIndex = number & { readonly __into: 'objects' };

/** Row of `threads`. */
export type ThreadIndex = number & { readonly __into: 'threads' };

/** Row of `paths`, a node of the call tree. */
export type PathIndex = number & { readonly __into: 'paths' };

/** Node of an `ICallTree`, a tree made of `paths` (or edges) to look at. */
export type TreeIndex = number & { readonly __into: 'tree' };

/** Row of an `IFunctionRows`. */
export type RowIndex = number & { readonly __into: 'rows' };

/** What a reference holds where it points at nothing. */
export const NONE = -1;

/**
 * A column of indices. Reading an element gives the index type; writing is done by whoever made the `Int32Array`.
 */
export type IndexColumn<I extends number> = Int32Array & {
  readonly [row: number]: I;
};

/**
 * Declare what the numbers of an array point into.
 *
 * @param column - indices that were checked against the length of their table
 */
export function indexColumn<I extends number>(
  column: Int32Array
): IndexColumn<I> {
  return column as IndexColumn<I>;
}
