import type { IProfile } from '../profile/model';

/** What becomes of several files: their sum, or the first less the second. */
export type Together = 'sum' | 'difference';

/** What the page tells the worker that reads: files one after the other, each in pieces, and then that this is all. */
export type ToWorker =
  | {
      readonly kind: 'file';
      readonly name: string;
      /** Bytes, as far as the server tells; -1 if not known. */
      readonly size: number;
    }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end'; readonly together: Together };

/** What the worker tells the page. */
export type FromWorker =
  | {
      readonly kind: 'progress';
      readonly name: string;
      /** Bytes of the unpacked file. */
      readonly done: number;
      readonly size: number;
    }
  | { readonly kind: 'profile'; readonly profile: IProfile }
  | {
      readonly kind: 'refused';
      readonly name: string;
      readonly reason: string;
      readonly at: number | null;
      readonly line: number | null;
    };

/**
 * The memory of a profile's columns, which can be handed over instead of copied.
 */
export function buffersOf(profile: IProfile): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const take = (value: unknown) => {
    if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) {
      found.add(value.buffer);
    }
  };
  for (const table of Object.values<unknown>({ ...profile })) {
    if (typeof table === 'object' && table !== null && 'length' in table) {
      for (const column of Object.values<unknown>({ ...table })) {
        take(column);
        if (column instanceof Map) {
          column.forEach(take);
        }
      }
    }
  }
  return [...found];
}
