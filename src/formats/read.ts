import type { IProfile } from '../profile/model';
import { WireError } from '../wire/error';
import { CALLGRIND } from './callgrind';
import { CHROME_TRACE } from './chromeTrace';
import { COLLAPSED } from './collapsed';
import { FormatError, shown } from './error';
import { HEAD, type IAsyncFormat, type IFormat } from './format';
import { GPERFTOOLS } from './gperftools';
import { IGPROF } from './igprof';
import { LPROF } from './lprof';
import { named, type Demangle } from './named';
import { OWN } from './own';
import { PERF_SCRIPT } from './perfScript';
import { PPROF } from './pprof';
import { PSTATS } from './pstats';
import { PYINSTRUMENT } from './pyinstrument';
import { SPEEDSCOPE } from './speedscope';
import { MOST_UNPACKED, packingOf, unpack, unpackHead } from './unpack';
import { requireValid } from './valid';

/** The kinds that are read. Those that can be told for certain stand first. */
export const FORMATS: readonly (IFormat | IAsyncFormat)[] = [
  PSTATS,
  LPROF,
  IGPROF,
  GPERFTOOLS,
  CALLGRIND,
  OWN,
  SPEEDSCOPE,
  PYINSTRUMENT,
  CHROME_TRACE,
  PERF_SCRIPT,
  PPROF,
  COLLAPSED
];

/**
 * The kind of a file by its content; null if it is none that is known.
 *
 * @param head - the first bytes of the unpacked file, `HEAD` at most
 * @param size - bytes of the whole
 */
export function detect(
  head: Uint8Array,
  size: number
): IFormat | IAsyncFormat | null {
  return FORMATS.find(format => format.sniff(head, size)) ?? null;
}

/**
 * Look at the start of a file before the rest is there, so that what is of no known kind need not be fetched.
 *
 * @param start - its first bytes; not all of them
 * @param size - bytes of the whole as it is stored, -1 if nobody knows
 * @returns whether the start has told. More of it may tell otherwise
 *
 * Rejects with the `FormatError` with which reading the whole file would.
 */
export async function lookAtStart(
  start: Uint8Array<ArrayBuffer>,
  size: number
): Promise<boolean> {
  const packing = packingOf(start);
  if (packing === null) {
    requireSize(size);
  }
  const head = await unpackHead(start, HEAD + 1);
  if (head.length <= HEAD) {
    return false;
  }
  // No kind looks at the size of what has more than a head, but for that.
  if (!detect(head.subarray(0, HEAD), head.length)) {
    throw unknown(head, packing);
  }
  return true;
}

/**
 * Read a profile file of any kind that is known, packed or not.
 *
 * @param name - the file's name without folders, to be shown
 * @param onProgress - told how many bytes of how many were read, now and then. Of a packed file those of its content
 * @param demangle - gives mangled names of C++ and Rust names for people; where it is missing they stay
 *
 * Rejects with `FormatError`, and nothing else.
 *
 * ```
 * const profile = await readProfile(bytes, 'run.prof');
 * ```
 */
export async function readProfile(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  onProgress: (done: number, size: number) => void = () => undefined,
  demangle: Demangle | null = null
): Promise<IProfile> {
  try {
    const content = await unpack(bytes);
    const size = content.length;
    requireSize(size);
    const format = detect(content.subarray(0, HEAD), size);
    if (!format) {
      throw unknown(content, packingOf(bytes));
    }
    const asStored = await format.read(content, {
      name,
      onProgress: done => onProgress(done, size)
    });
    const profile = demangle
      ? await named(asStored, demangle, format.isByName ?? false)
      : asStored;
    requireValid(profile);
    return profile;
  } catch (error) {
    throw asFormatError(error);
  }
}

function requireSize(size: number): void {
  if (size > MOST_UNPACKED) {
    throw new FormatError(
      `Expected a file of at most ${MOST_UNPACKED} bytes, found ${size}`,
      MOST_UNPACKED
    );
  }
}

/** Bytes that a message shows of the start of a file. */
const SHOWN_BYTES = 16;

function unknown(content: Uint8Array, packing: string | null): FormatError {
  const where = packing === null ? 'a file' : `a ${packing} file`;
  const first = new TextDecoder().decode(content.subarray(0, SHOWN_BYTES));
  return content.length === 0
    ? new FormatError(
        packing === null
          ? 'Expected a profile, found an empty file'
          : `Expected a profile, found ${where} with nothing in it`
      )
    : new FormatError(
        `Expected ${where} of a known kind (${FORMATS.map(({ label }) => label).join(', ')}), found ${shown(first)}`,
        0
      );
}

function asFormatError(error: unknown): FormatError {
  if (error instanceof FormatError) {
    return error;
  }
  if (error instanceof WireError) {
    return new FormatError(error.message.replace(/\.$/, ''));
  }
  if (error instanceof RangeError) {
    // No memory, an array or a text beyond what the browser can have.
    return new FormatError(
      `Expected a file that fits into the memory, found one that does not (${error.message})`
    );
  }
  return new FormatError(
    `The file cannot be read (${error instanceof Error ? error.message : String(error)})`
  );
}
