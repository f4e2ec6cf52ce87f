/** What a reader takes at most, so that no payload can fill the memory or hold the page. */

/** Rows of a table of values. */
export const MAX_ROWS = 4_194_304;

/** Rows of a table of things with names: files, objects, functions, threads, sources. */
export const MAX_ENTRIES = 1_048_576;

/** Metrics of a profile. */
export const MAX_METRICS = 256;

/** Bytes of a column before compression, for each row. */
export const MAX_BYTES_A_ROW = 8;

/** Numbers in all columns together, 256 MB in memory. */
export const MAX_NUMBERS = 33_554_432;

/** Strings of a payload. */
export const MAX_STRINGS = 1_048_576;

/** Characters (UTF-16 code units) in all strings together. */
export const MAX_CHARACTERS = 64 * 1024 * 1024;

/** Frames of a call path. */
export const MAX_DEPTH = 1_048_576;
