import { decode } from '../wire/decode';
import { WireError } from '../wire/error';
import { FormatError } from './error';
import type { IAsyncFormat } from './format';
import { readJson } from './jsonFile';

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
    const payload = readJson(bytes, payloadOf);
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

function payloadOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, MIME)
    ? (json as Record<string, unknown>)[MIME]
    : json;
}
