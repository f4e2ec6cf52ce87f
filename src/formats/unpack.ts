import { unpackGzip } from '../wire/gzip';
import { bunzip2 } from './bzip2';
import { FormatError } from './error';

/** Bytes that are unpacked at most. */
export const MOST_UNPACKED = 2 ** 29;

/** Members of a gzip file that are tried without success: bytes that look like a begin and are none. */
const MOST_TRIES = 4;

/** Packed bytes that are unpacked at a time where only the begin is wanted. */
const SLICE = 4096;

/** Bytes of the shortest gzip member. */
const SHORTEST_MEMBER = 18;

/**
 * How a file is packed, by its first bytes.
 */
export function packingOf(head: Uint8Array): 'gzip' | 'bzip2' | null {
  if (isGzip(head, 0)) {
    return 'gzip';
  }
  return head[0] === 0x42 &&
    head[1] === 0x5a &&
    head[2] === 0x68 &&
    head[3] >= 0x31 &&
    head[3] <= 0x39
    ? 'bzip2'
    : null;
}

/**
 * What is in a file that gzip or bzip2 packed; the bytes themselves of any other.
 *
 * @param most - bytes that may come out. Unpacking ends when there are more.
 *
 * Rejects with `FormatError` for what is broken, cut, or larger than that.
 */
export async function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  most = MOST_UNPACKED
): Promise<Uint8Array> {
  switch (packingOf(bytes)) {
    case 'gzip':
      return gunzipAll(bytes, most);
    case 'bzip2':
      return bunzip2(bytes, most);
    default:
      return bytes;
  }
}

/**
 * The first bytes of what is in a packed file, of which only the start is there.
 *
 * @param enough - how many are wanted; there may be more
 * @returns fewer where the start holds no more, or is damaged
 */
export async function unpackHead(
  start: Uint8Array<ArrayBuffer>,
  enough: number
): Promise<Uint8Array> {
  switch (packingOf(start)) {
    case 'gzip':
      return gunzipHead(start, enough);
    case 'bzip2':
      try {
        return bunzip2(start, MOST_UNPACKED, enough);
      } catch {
        return new Uint8Array(0); // it ends within the first block
      }
    default:
      return start;
  }
}

async function gunzipHead(
  start: Uint8Array<ArrayBuffer>,
  enough: number
): Promise<Uint8Array> {
  const { writable, readable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  const feed = async () => {
    for (let i = 0; i < start.length; i += SLICE) {
      await writer.write(start.subarray(i, i + SLICE));
    }
    // As it ends too early, this is an error, by which reading ends as well.
    await writer.close();
  };
  feed().catch(() => undefined);
  const reader = readable.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    while (size < enough) {
      const { value } = await reader.read();
      if (!value) {
        break;
      }
      parts.push(value);
      size += value.length;
    }
  } catch {
    // What is damaged is told when all of the file is there.
  }
  void reader.cancel().catch(() => undefined);
  return joined(parts, size);
}

/**
 * Unpack a gzip file. It may have several members, as files that were put together have. The browser unpacks one, and
 * does not say where it ends: so each is tried up to where the next seems to begin.
 */
async function gunzipAll(
  bytes: Uint8Array<ArrayBuffer>,
  most: number
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let tries = 0;
  let from = 0;
  let to = 0;
  while (from < bytes.length) {
    to = nextMember(bytes, Math.max(to + 1, from + SHORTEST_MEMBER));
    const part = await unpackGzip(bytes.subarray(from, to), most - size);
    if (part === 'more') {
      throw new FormatError(
        `Expected at most ${most} bytes when unpacked, found more in the gzip member`,
        from
      );
    }
    if (part === 'broken') {
      if (to === bytes.length || ++tries === MOST_TRIES) {
        throw new FormatError(
          'Expected a whole gzip member, found one that is cut or damaged',
          from
        );
      }
      continue;
    }
    parts.push(part);
    size += part.length;
    from = to;
  }
  return parts.length === 1 ? parts[0] : joined(parts, size);
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Where the next member may begin, or the end of the file. */
function nextMember(bytes: Uint8Array, from: number): number {
  for (
    let at = bytes.indexOf(0x1f, from);
    at >= 0;
    at = bytes.indexOf(0x1f, at + 1)
  ) {
    if (isGzip(bytes, at)) {
      return at;
    }
  }
  return bytes.length;
}

/** Whether a member may begin here: its magic number, its only method, and flags that there are (RFC 1952). */
function isGzip(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x1f &&
    bytes[at + 1] === 0x8b &&
    bytes[at + 2] === 8 &&
    bytes[at + 3] < 0x20
  );
}
