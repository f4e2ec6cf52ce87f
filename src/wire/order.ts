/**
 * What rows of a table owe to each other. Everything that walks them later relies on it.
 */
import { NONE } from '../profile/indices';
import type { IPaths, ISources, IThreads } from '../profile/model';
import { WireError } from './error';
import { MAX_DEPTH } from './limits';

/**
 * Check that call paths stand in pre-order and in the threads of their parents: the parent of a row is the row before
 * it, or one of that row's ancestors. Throws `WireError` if not, or if a path is too deep.
 */
export function checkPaths(paths: IPaths): void {
  let above: number = NONE;
  let depth = 0;
  for (let row = 0; row < paths.length; row++) {
    const parent: number = paths.parent[row];
    // Parents stand before their children, so that a walk up cannot miss an ancestor it has not passed.
    while (above > parent) {
      above = paths.parent[above];
      depth--;
    }
    if (above !== parent) {
      throw new WireError(
        `tables.paths.parent[${row}]`,
        'the row before or one of its ancestors (pre-order)',
        `row ${parent}`
      );
    }
    if (parent !== NONE && paths.thread[row] !== paths.thread[parent]) {
      throw new WireError(
        `tables.paths.thread[${row}]`,
        `${paths.thread[parent]}, the thread of its parent`,
        `${paths.thread[row]}`
      );
    }
    above = row;
    depth++;
    if (depth > MAX_DEPTH) {
      throw new WireError(
        `tables.paths.parent[${row}]`,
        `a call path of at most ${MAX_DEPTH} rows`,
        'a deeper one',
        'limit'
      );
    }
  }
}

/**
 * Check that no thread is its own ancestor. Throws `WireError` if one is.
 */
export function checkThreads(threads: IThreads): void {
  /** The walk that first met each thread. */
  const metBy = new Int32Array(threads.length).fill(NONE);
  for (let row = 0; row < threads.length; row++) {
    let thread: number = row;
    while (thread !== NONE && metBy[thread] === NONE) {
      metBy[thread] = row;
      thread = threads.parent[thread];
    }
    if (thread !== NONE && metBy[thread] === row) {
      throw new WireError(
        `tables.threads.parent[${thread}]`,
        'a thread that does not descend from this one',
        `row ${threads.parent[thread]}`
      );
    }
  }
}

/**
 * Check that every block of source text has a file. Throws `WireError` if one has none.
 */
export function checkSources(sources: ISources): void {
  sources.file.forEach((file, row) => {
    if (file === NONE) {
      throw new WireError(`tables.sources.file[${row}]`, 'a file', 'none');
    }
  });
}
