import { addProfiles } from '../formats/add';
import { FormatError } from '../formats/error';
import type { Demangle } from '../formats/named';
import { HEAD } from '../formats/format';
import { lookAtStart, readProfile } from '../formats/read';
import { subtractProfile } from '../formats/subtract';
import type { IProfile } from '../profile/model';
import { demangling } from './demangle';
import type { FromWorker, Together, ToWorker } from './messages';

/** Bytes of a file at most. */
export const MOST_BYTES = 1 << 30;

/** Bytes of a file that are looked at before the rest is there; the last hold a whole block of bzip2. */
const LOOKS = [HEAD, 1 << 18, 1 << 20];

/** So many ms lie between two messages on how far it is. */
const PAUSE = 100;

/**
 * What reads: takes messages one after the other, whatever a step waits for, and answers.
 *
 * @param post - told of progress, and once of the profile or of what is wrong
 * @param demangle - has names of C++ and Rust for people
 */
export function reader(
  post: (message: FromWorker) => void,
  demangle: Demangle = demangling()
): (message: ToWorker) => void {
  let last = 0;
  const reading = new Reading((name, done, size) => {
    const now = performance.now();
    if (now - last >= PAUSE) {
      last = now;
      post({ kind: 'progress', name, done, size });
    }
  }, demangle);
  const take = async (message: ToWorker) => {
    switch (message.kind) {
      case 'file':
        return reading.file(message.name, message.size);
      case 'piece':
        return reading.piece(message.bytes);
      case 'end':
        return post({
          kind: 'profile',
          profile: await reading.end(message.together)
        });
    }
  };
  let steps: Promise<unknown> = Promise.resolve();
  let isRefused = false;
  return message => {
    steps = steps.then(async () => {
      if (isRefused) {
        return;
      }
      try {
        await take(message);
      } catch (error) {
        isRefused = true;
        const known = error instanceof FormatError ? error : null;
        post({
          kind: 'refused',
          name: reading.name,
          reason: known?.reason ?? String(error),
          at: known?.at ?? null,
          line: known?.line ?? null
        });
      }
    });
  };
}

/** Makes one profile of files that come in pieces. */
class Reading {
  /**
   * @param onProgress - told the name of a file, and how many bytes of how many of it, unpacked, were read
   */
  constructor(
    private readonly _onProgress: (
      name: string,
      done: number,
      size: number
    ) => void,
    private readonly _demangle: Demangle
  ) {}

  /** The file that is read. */
  name = '';

  /**
   * The next file begins.
   *
   * @param size - bytes that it is said to have, -1 if nobody knows
   */
  async file(name: string, size: number): Promise<void> {
    await this._finish();
    this.name = name;
    this._isOpen = true;
    this._size = size;
    this._looks = [...LOOKS];
    requireSize(size);
    // Its pieces go to their places at once, so that no byte is held twice.
    this._whole = size > 0 && size <= MOST_BYTES ? new Uint8Array(size) : null;
  }

  /** The next bytes of it. */
  async piece(bytes: Uint8Array): Promise<void> {
    this._put(bytes);
    while (this._length > this._looks[0]) {
      const count = this._looks.shift() as number;
      if (await lookAtStart(this._start(count + 1), this._size)) {
        this._looks = [];
      }
    }
  }

  private _put(bytes: Uint8Array): void {
    const at = this._length;
    this._length += bytes.length;
    requireSize(this._length);
    if (this._whole && this._length <= this._whole.length) {
      this._whole.set(bytes, at);
      return;
    }
    if (this._whole) {
      this._pieces.push(this._whole.subarray(0, at));
      this._whole = null;
    }
    this._pieces.push(bytes);
  }

  /** The first bytes of what is there. */
  private _start(count: number): Uint8Array<ArrayBuffer> {
    const whole = this._whole ?? joined(this._pieces, this._length);
    this._pieces = this._whole ? [] : [whole];
    return whole.subarray(0, count);
  }

  /** All of it was told. */
  async end(together: Together): Promise<IProfile> {
    await this._finish();
    const [first, second] = this._profiles;
    return this._profiles.length === 1
      ? first
      : together === 'difference'
        ? subtractProfile(first, second)
        : addProfiles(this._profiles);
  }

  private async _finish(): Promise<void> {
    if (!this._isOpen) {
      return;
    }
    this._isOpen = false;
    const bytes =
      this._whole?.subarray(0, this._length) ??
      joined(this._pieces, this._length);
    this._whole = null;
    this._pieces = [];
    this._length = 0;
    const { name } = this;
    this._profiles.push(
      await readProfile(
        bytes,
        name,
        (done, size) => this._onProgress(name, done, size),
        this._demangle
      )
    );
  }

  private readonly _profiles: IProfile[] = [];
  private _pieces: Uint8Array[] = [];
  private _whole: Uint8Array<ArrayBuffer> | null = null;
  private _length = 0;
  private _size = -1;
  private _looks: number[] = [];
  private _isOpen = false;
}

function requireSize(size: number): void {
  if (size > MOST_BYTES) {
    throw new FormatError(
      `Expected a file of at most ${MOST_BYTES} bytes, found more`,
      MOST_BYTES
    );
  }
}

function joined(
  pieces: readonly Uint8Array[],
  length: number
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
