import type { Demangle } from '../formats/named';
import { Demangler } from './demangler';

/** ms for the names of a file: some 100 000 long ones. None takes more than a second. */
const MOST_TIME = 20_000;

/** ms until what reads names must be here. */
const MOST_WAIT = 30_000;

/**
 * What gives mangled names of C++ and Rust names for people. The library that does it, half a megabyte, is fetched when
 * there is the first name to read, and kept.
 *
 * @param bytesOf - fetches it
 * @param now - clock in ms
 */
export function demangling(
  bytesOf: () => Promise<Uint8Array<ArrayBuffer>> = fetched,
  now: () => number = () => performance.now()
): Demangle {
  let loading: Promise<Demangler> | null = null;
  return async names => {
    const found = new Map<string, string>();
    let demangler: Demangler;
    try {
      demangler = await (loading ??= bytesOf().then(Demangler.of));
    } catch {
      loading = null;
      return {
        found,
        fault: 'the part that reads them could not be loaded'
      };
    }
    const end = now() + MOST_TIME;
    for (const name of names) {
      if (demangler.isOver || now() > end) {
        if (demangler.isOver) {
          loading = null; // the next file has names of its own
        }
        return { found, fault: 'reading all of them would take too long' };
      }
      const text = await demangler.read(name);
      if (text !== null) {
        found.set(name, text);
      }
    }
    return { found, fault: null };
  };
}

/** The library's bytes, a file beside ours. */
async function fetched(): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(
    new URL('gecko-profiler-demangle/index_bg.wasm', import.meta.url),
    { signal: AbortSignal.timeout(MOST_WAIT) }
  );
  if (!answer.ok) {
    throw new Error(answer.statusText);
  }
  return new Uint8Array(await answer.arrayBuffer());
}
