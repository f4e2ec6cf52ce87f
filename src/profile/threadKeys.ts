import type { ThreadIndex } from './indices';
import type { IThreads } from './model';

/**
 * Names threads and tasks so that a later run has the same names: by kind and name; namesakes are counted.
 *
 * @returns one key a thread, as `thread|MainThread` or `task|Task-3|2`
 */
export function threadKeys({
  length,
  kind,
  name
}: IThreads): readonly string[] {
  const seen = new Map<string, number>();
  return Array.from({ length }, (_, thread) => {
    const stem = `${kind[thread]}|${name[thread]}`;
    const place = (seen.get(stem) ?? 0) + 1;
    seen.set(stem, place);
    return place > 1 ? `${stem}|${place}` : stem;
  });
}

/** The thread that has a key; `null` where none has. */
export function findThread(
  keys: readonly string[],
  key: string | null
): ThreadIndex | null {
  const thread = key === null ? -1 : keys.indexOf(key);
  return thread < 0 ? null : (thread as ThreadIndex);
}
