import type { IProfile } from '../profile/model';

/** What a reader is told, and whom it tells. */
export interface IReading {
  /** The file's name without folders. It is shown, and decides nothing. */
  readonly name: string;
  /**
   * Told how many bytes of the unpacked file were taken, now and then.
   */
  readonly onProgress: (done: number) => void;
}

/**
 * A kind of profile file.
 *
 * Pure: a reader knows bytes and a profile. It runs in a worker, so that it may take its time; it is ended from
 * outside.
 */
export interface IFormat {
  /** As `pstats`. */
  readonly id: string;
  /** As people say it: "cProfile / pstats". */
  readonly label: string;
  /**
   * Whether the content is of this kind. The name of a file tells nothing.
   *
   * @param head - the first bytes of the unpacked file, `HEAD` at most
   * @param size - bytes of the whole
   */
  readonly sniff: (head: Uint8Array, size: number) => boolean;
  /** Whether functions of one name are one, wherever they lie. */
  readonly isByName?: boolean;
  /**
   * Read the whole file. Throws `FormatError`, and nothing else, for what is not of the kind or too large.
   */
  readonly read: (bytes: Uint8Array, reading: IReading) => IProfile;
}

/**
 * A kind of profile file that takes its turns to be read.
 */
export interface IAsyncFormat extends Omit<IFormat, 'read'> {
  /** As `IFormat.read`; rejects with `FormatError`. */
  readonly read: (bytes: Uint8Array, reading: IReading) => Promise<IProfile>;
}

/** Bytes that {@link IFormat.sniff} gets at most. */
export const HEAD = 65_536;
