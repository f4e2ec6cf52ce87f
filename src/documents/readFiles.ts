import { FileRefused, FormatError } from '../formats/error';
import type { IProfile } from '../profile/model';
import type { FromWorker, Together, ToWorker } from './messages';

/** A file that is not here yet. */
export interface IRemoteFile {
  /** Without folders. */
  readonly name: string;
  /**
   * Fetch its bytes, a piece after the other.
   *
   * @returns how many there are in all, -1 if nobody knows
   */
  readonly fetch: (signal: AbortSignal) => Promise<{
    readonly size: number;
    readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>;
  }>;
}

/** How far it is. */
export interface IProgress {
  readonly name: string;
  /** `fetch`: bytes of the file as it is stored; `read`: bytes of the unpacked file. */
  readonly step: 'fetch' | 'read';
  readonly done: number;
  /** -1 if nobody knows. */
  readonly size: number;
}

/**
 * Read files and add them, or take one from the other, in a worker of its own.
 *
 * @param signal - ends it at once: the worker with all that it holds, and what is fetched. The promise then rejects
 * with the signal's reason
 * @param make - makes the worker; where a page must have none, it is read in the page itself
 *
 * Rejects with {@link FileRefused} for what is no profile, and with what fetching rejects with.
 */
export async function readFiles(
  files: readonly IRemoteFile[],
  onProgress: (progress: IProgress) => void,
  signal: AbortSignal,
  together: Together = 'sum',
  make: () => IReader = makeReader
): Promise<IProfile> {
  signal.throwIfAborted();
  const reader = make();
  let end: () => void = () => undefined;
  try {
    return await Promise.race([
      new Promise<never>((_, reject) => {
        end = () => reject(signal.reason as Error);
        signal.addEventListener('abort', end);
      }),
      exchange(files, reader, onProgress, signal, together)
    ]);
  } finally {
    signal.removeEventListener('abort', end);
    reader.close();
  }
}

/** What reads, in the page or beside it. */
export interface IReader {
  send(message: ToWorker): void;
  onMessage: (message: FromWorker) => void;
  onError: (error: Error) => void;
  close(): void;
}

async function exchange(
  files: readonly IRemoteFile[],
  reader: IReader,
  onProgress: (progress: IProgress) => void,
  signal: AbortSignal,
  together: Together
): Promise<IProfile> {
  let isOver = false;
  const done = new Promise<IProfile>((resolve, reject) => {
    reader.onMessage = message => {
      if (message.kind === 'progress') {
        const { name, done, size } = message;
        onProgress({ name, step: 'read', done, size });
      } else if (message.kind === 'profile') {
        resolve(message.profile);
      } else {
        isOver = true;
        const { name, reason, at, line } = message;
        reject(new FileRefused(name, new FormatError(reason, at, line)));
      }
    };
    reader.onError = reject;
  });
  done.catch(() => undefined); // it is awaited below, but fetching may reject first
  for (const { name, fetch } of files) {
    const { size, pieces } = await fetch(signal);
    reader.send({ kind: 'file', name, size });
    let fetched = 0;
    for await (const bytes of pieces) {
      if (isOver) {
        return done;
      }
      fetched += bytes.length;
      onProgress({ name, step: 'fetch', done: fetched, size });
      reader.send({ kind: 'piece', bytes });
    }
  }
  reader.send({ kind: 'end', together });
  return done;
}

function makeReader(): IReader {
  try {
    return new WorkerReader(
      new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
    );
  } catch {
    // The page's files come from elsewhere, or it forbids workers.
    return new PageReader();
  }
}

class WorkerReader implements IReader {
  constructor(private readonly _worker: Worker) {
    _worker.onmessage = ({ data }: MessageEvent<FromWorker>) =>
      this.onMessage(data);
    _worker.onerror = event => {
      event.preventDefault();
      this.onError(
        new Error(event.message || 'The part that reads files did not load.')
      );
    };
  }

  onMessage: (message: FromWorker) => void = () => undefined;
  onError: (error: Error) => void = () => undefined;

  send(message: ToWorker): void {
    this._worker.postMessage(
      message,
      message.kind === 'piece' ? [message.bytes.buffer] : []
    );
  }

  close(): void {
    this._worker.terminate();
  }
}

/** Reads in the page, which stands still meanwhile. */
class PageReader implements IReader {
  onMessage: (message: FromWorker) => void = () => undefined;
  onError: (error: Error) => void = () => undefined;

  send(message: ToWorker): void {
    this._take ??= import('./reading').then(({ reader }) =>
      reader(answer => {
        if (!this._isClosed) {
          this.onMessage(answer);
        }
      })
    );
    this._take.then(
      take => take(message),
      (error: Error) => this.onError(error)
    );
  }

  close(): void {
    this._isClosed = true;
  }

  private _take: Promise<(message: ToWorker) => void> | null = null;
  private _isClosed = false;
}
