import { ObjectReader } from '../wire/json';
import { readEvents } from './chromeEvents';
import { readCpuProfile } from './cpuProfile';
import { FormatError } from './error';
import type { IFormat } from './format';
import { jsonHead, readJson } from './jsonFile';
import { topKeys } from './jsonKeys';
import { ProfileBuilder } from './profileBuilder';

/**
 * Trace events of Chrome, as viztracer and many other tracers write them, and profiles of V8 (`.cpuprofile`).
 *
 * A trace is a list of events or an object with one. The end of a list may be missing, as tracers that are
 * killed leave it.
 */
export const CHROME_TRACE: IFormat = {
  id: 'chrome',
  label: 'Chrome trace',
  sniff(head) {
    const text = jsonHead(head);
    const keys = topKeys(text);
    return text.startsWith('[')
      ? keys.has('ph') && keys.has('name')
      : keys.has('traceEvents') ||
          (keys.has('nodes') && text.includes('"callFrame"'));
  },
  read(bytes, { name, onProgress }) {
    const builder = new ProfileBuilder({});
    const generator = readClosed(bytes, value => {
      if (Array.isArray(value)) {
        readEvents(value, '', new ObjectReader({}, ''), builder);
        return 'Chrome trace';
      }
      const file = new ObjectReader(value, '');
      if (file.raw('nodes') !== undefined) {
        readCpuProfile(file, builder);
        return 'V8';
      }
      readEvents(file.raw('traceEvents') ?? null, 'traceEvents', file, builder);
      return 'Chrome trace';
    });
    onProgress(bytes.length);
    return builder.done(generator, name);
  }
};

/** Read JSON; a list need not be closed, and may end in a comma. */
function readClosed<T>(bytes: Uint8Array, read: (value: unknown) => T): T {
  const closed = closedList(bytes);
  if (!closed) {
    return readJson(bytes, read);
  }
  try {
    return readJson(closed, read);
  } catch (error) {
    // A fault of the JSON is told of the file as it is.
    return error instanceof FormatError && error.at !== null
      ? readJson(bytes, read)
      : fail(error);
  }
}

function fail(error: unknown): never {
  throw error;
}

const [OPEN, CLOSE, COMMA, BRACE] = [...'[],}'].map(c => c.charCodeAt(0));

/** The file with the end of its list; `null` if it has one or is no list. */
function closedList(bytes: Uint8Array): Uint8Array | null {
  let first = 0;
  while (bytes[first] <= 32) {
    first++;
  }
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] <= 32) {
    end--;
  }
  const last = bytes[end - 1];
  if (bytes[first] !== OPEN || (last !== COMMA && last !== BRACE)) {
    return null;
  }
  end -= last === COMMA ? 1 : 0;
  const closed = new Uint8Array(end + 1);
  closed.set(bytes.subarray(0, end));
  closed[end] = CLOSE;
  return closed;
}
