import type { IProfile } from '../../profile/model';

/** What a file holds; a text is written in UTF-8. */
export type FileContent = string | Uint8Array<ArrayBuffer>;

/** A kind of file that a profile can be written to. */
export interface IWriter {
  /** As `pstats`: that of the format that reads it. */
  readonly id: string;
  /** What names of its files end in, as `.prof`. */
  readonly ending: string;
  /** Type of its content, as `application/json`. */
  readonly mime: string;
  /**
   * The whole file. Throws, or rejects with, `FormatError`: with the sentence of `refusal`, or if the file would be
   * too large.
   */
  readonly write: (profile: IProfile) => FileContent | Promise<FileContent>;
  /**
   * Why a profile cannot be written, in a sentence; null where it can. Looks at no rows.
   */
  readonly refusal: (profile: IProfile) => string | null;
}
