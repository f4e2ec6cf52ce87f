import { decode } from '../wire/decode';
import { WireError } from '../wire/error';
import { FormatError } from './error';
import type { IAsyncFormat } from './format';

/** What the payload is called in a notebook's outputs. */
const MIME = 'application/vnd.jupyterlab-profiler.profile.v1+json';

const SCHEMA = /"schema"\s*:\s*"jupyterlab-profiler"/;

/** A notebook, which may hold payloads. */
const NOTEBOOK = /^\s*\{\s*"(?:cells|metadata|nbformat)"/;

/**
 * Our own files: the payload of `wire/README.md` as JSON, as `Profile.save("x.json")` writes it, or a bundle by MIME
 * type with it, as a notebook keeps it.
 */
export const OWN: IAsyncFormat = {
  id: 'own',
  label: 'jupyterlab-profiler',
  sniff(head) {
    const text = new TextDecoder().decode(head);
    return (
      /^\s*\{/.test(text) &&
      !NOTEBOOK.test(text) &&
      (SCHEMA.test(text) || text.includes(`"${MIME}"`))
    );
  },
  async read(bytes, { onProgress }) {
    const payload = payloadOf(parse(bytes));
    onProgress(bytes.length);
    try {
      return await decode(payload);
    } catch (error) {
      if (error instanceof WireError) {
        throw new FormatError(error.message.replace(/\.$/, ''));
      }
      throw error;
    }
  }
};

function parse(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    // In ASCII, which is what is written, a character is a byte.
    const at = / at position (\d+)/.exec(error.message);
    throw new FormatError(
      'Expected JSON, found other text',
      at && text.length === bytes.length ? Number(at[1]) : null
    );
  }
}

function payloadOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, MIME)
    ? (json as Record<string, unknown>)[MIME]
    : json;
}
