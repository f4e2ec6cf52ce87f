import type { Later } from './result';

/**
 * What a result needs only when its reader asks for it. The next call tries again where it did not come.
 */
export function loadLater(): Promise<Later> {
  return import(/* webpackChunkName: "later" */ './later');
}

/**
 * Do something with what is loaded when it is asked for. Never rejects.
 *
 * @param fail - what is done where it did not come, or the doing failed
 */
export async function withLater(
  use: (later: Later) => void | Promise<void>,
  fail: () => void
): Promise<void> {
  try {
    await use(await loadLater());
  } catch {
    fail();
  }
}
