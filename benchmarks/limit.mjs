// What takes too long is left, so that a run ends by itself.

/** What did not end in time. */
export class TooLong extends Error {}

/** The outcome of a promise, or `TooLong` after so many seconds. What it waits for may go on. */
export async function within(seconds, promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new TooLong(`not done within ${seconds} s`)),
      seconds * 1000
    );
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
    // If it fails later, nobody asks any more.
    Promise.resolve(promise).catch(() => undefined);
  }
}
