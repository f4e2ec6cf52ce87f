import { WireError } from './error';

/**
 * Compressed bytes that are unpacked at a time. Deflate grows a thousandfold at most, so that no more than 4 MB come
 * out before the limit is looked at.
 */
const SLICE = 4096;

/**
 * Compress bytes to a gzip member.
 */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const { writable, readable } = new CompressionStream('gzip');
  const fed = feed(writable, bytes);
  const packed = await collect(readable, Infinity);
  await fed;
  return joined(packed ?? []);
}

/**
 * Unpack a gzip member.
 *
 * @param most - bytes that may come out. Unpacking ends when there are more, whatever the member would still give.
 *
 * Throws `WireError` if more come out, or the bytes are no gzip member.
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
  where: string
): Promise<Uint8Array<ArrayBuffer>> {
  const unpacked = await unpackGzip(bytes, most);
  if (unpacked === 'broken') {
    throw new WireError(where, 'a gzip member', 'other bytes');
  }
  if (unpacked === 'more') {
    throw new WireError(
      where,
      `at most ${most} bytes when unpacked`,
      'more',
      'limit'
    );
  }
  return unpacked;
}

/**
 * Unpack a gzip member.
 *
 * @param most - bytes that may come out
 * @returns what came out; `more` if that would be more, `broken` if the bytes are no whole gzip member
 */
export async function unpackGzip(
  bytes: Uint8Array<ArrayBuffer>,
  most: number
): Promise<Uint8Array<ArrayBuffer> | 'more' | 'broken'> {
  try {
    const { writable, readable } = new DecompressionStream('gzip');
    const fed = feed(writable, bytes);
    const unpacked = await collect(readable, most);
    if (!unpacked) {
      return 'more';
    }
    await fed;
    return joined(unpacked);
  } catch (error) {
    if (error instanceof RangeError) {
      throw error; // no memory
    }
    return 'broken';
  }
}

/**
 * Write bytes in slices, as fast as the other end takes them.
 */
function feed(
  writable: WritableStream<BufferSource>,
  bytes: Uint8Array<ArrayBuffer>
): Promise<void> {
  const writer = writable.getWriter();
  const write = async () => {
    for (let i = 0; i < bytes.length; i += SLICE) {
      await writer.write(bytes.subarray(i, i + SLICE));
    }
    await writer.close();
  };
  const fed = write();
  // The reading end fails with the same error; who waits for this one sees it too.
  fed.catch(() => undefined);
  return fed;
}

/**
 * Read to the end; null if there are more bytes than wanted.
 */
async function collect(
  readable: ReadableStream<Uint8Array<ArrayBuffer>>,
  most: number
): Promise<Uint8Array[] | null> {
  const reader = readable.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = await reader.read();
    if (chunk.done) {
      return chunks;
    }
    size += chunk.value.length;
    if (size > most) {
      await reader.cancel();
      return null;
    }
    chunks.push(chunk.value);
  }
}

function joined(chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(
    chunks.reduce((size, chunk) => size + chunk.length, 0)
  );
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
