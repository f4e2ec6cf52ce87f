import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { FileRefused } from '../../formats/error';
import { COLLAPSED } from '../../formats/collapsed';
import { buffersOf, type FromWorker, type Together } from '../messages';
import { reader } from '../reading';
import {
  readFiles,
  type IProgress,
  type IReader,
  type IRemoteFile
} from '../readFiles';

const DATA = join(__dirname, '../../../tests/data');

/** What reads, without a worker; each message is copied, as between threads. */
class Beside implements IReader {
  onMessage: (message: FromWorker) => void = () => undefined;
  onError: (error: Error) => void = () => undefined;
  isClosed = false;
  send = (message: Parameters<ReturnType<typeof reader>>[0]) =>
    this._take(structuredClone(message));
  close = () => {
    this.isClosed = true;
  };
  private readonly _take = reader(message =>
    this.onMessage(structuredClone(message))
  );
}

/** A file that comes in pieces of so many bytes. */
function remote(name: string, bytes: Uint8Array, piece = 1000): IRemoteFile {
  return {
    name,
    fetch: () =>
      Promise.resolve({
        size: bytes.length,
        pieces: (async function* () {
          for (let at = 0; at < bytes.length; at += piece) {
            yield new Uint8Array(bytes.slice(at, at + piece));
          }
        })()
      })
  };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const never = new AbortController().signal;

function read(
  files: readonly IRemoteFile[],
  signal = never,
  told: IProgress[] = [],
  together: Together = 'sum'
) {
  const beside = new Beside();
  return {
    beside,
    profile: readFiles(
      files,
      progress => told.push(progress),
      signal,
      together,
      () => beside
    )
  };
}

describe('reading files', () => {
  it('makes a profile of the pieces of a file, and tells how far it is', async () => {
    const bytes = readFileSync(join(DATA, 'pstats/mosaic.py3.13.prof'));
    const told: IProgress[] = [];
    const { beside, profile } = read(
      [remote('run.prof', bytes)],
      undefined,
      told
    );
    const { functions, meta } = await profile;
    expect(meta.label).toBe('run.prof');
    expect(functions.name).toContain('readCatalog');
    const fetched = told.filter(({ step }) => step === 'fetch');
    expect(fetched.at(-1)).toEqual({
      name: 'run.prof',
      step: 'fetch',
      done: bytes.length,
      size: bytes.length
    });
    expect(beside.isClosed).toBe(true);
  });

  it.each([-1, 0, 1, 12, 13, 4000])(
    'reads all of a file of 13 bytes that is said to have %d',
    async size => {
      const file = remote('a.folded', bytesOf('m;f 1\nm;g 25\n'), 5);
      const { profile } = read([
        {
          ...file,
          fetch: async signal => ({ ...(await file.fetch(signal)), size })
        },
        remote('b.folded', bytesOf('m;g 100\n'), 5)
      ]);
      const { paths } = await profile;
      expect([...(paths.values.get('self.samples') ?? [])]).toEqual([
        0, 1, 125
      ]);
    }
  );

  it('adds several', async () => {
    const { profile } = read([
      remote('a.folded', bytesOf('m;f 1\nm;g 2\n')),
      remote('b.folded', bytesOf('m;f 10\n'), 3)
    ]);
    const { paths, functions } = await profile;
    const f = functions.name.indexOf('f');
    const row = paths.function.findIndex(func => func === f);
    expect(paths.values.get('self.samples')?.[row]).toBe(11);
  });

  it('takes the second from the first', async () => {
    const { profile } = read(
      [
        remote('b.folded', bytesOf('f;g 5\n')),
        remote('a.folded', bytesOf('f;g 3\nf;h 4\n'))
      ],
      undefined,
      [],
      'difference'
    );
    const { meta, functions, paths } = await profile;
    expect(meta.label).toBe('b.folded − a.folded');
    expect(
      [...paths.function].map((func, row) => [
        functions.name[func],
        paths.values.get('self.samples')?.[row]
      ])
    ).toEqual([
      ['f', 0],
      ['g', 2],
      ['h', -4]
    ]);
  });

  it('refuses what is no profile, by its name and byte', async () => {
    const { beside, profile } = read([
      remote('good.folded', bytesOf('m;f 1\nm;g 2\n')),
      remote('bad.folded', bytesOf(`${'m;f 1\n'.repeat(60)}m;h x\n`))
    ]);
    const error = await profile.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FileRefused);
    const { fileName, error: cause } = error as FileRefused;
    expect(fileName).toBe('bad.folded');
    expect([cause.at, cause.line]).toEqual([360, 61]);
    expect(beside.isClosed).toBe(true);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array, number]>([
    ['plain', bytes => bytes, 100_000],
    ['packed', bytes => gzipSync(bytes), 300_000],
    [
      'packed by bzip2, which has large blocks',
      () =>
        Buffer.alloc(
          2_000_000,
          readFileSync(join(DATA, 'packed/lines.level1.bz2'))
        ),
      1_100_000
    ]
  ])(
    'fetches no more of a file of no known kind, %s, than tells it',
    async (_, pack, most) => {
      const bytes = pack(
        Buffer.concat([Buffer.alloc(100_000), randomBytes(10_000_000)])
      );
      const file = remote('a.bin', bytes, 8192);
      let fetched = 0;
      const { profile } = read([
        {
          ...file,
          fetch: async signal => {
            const { size, pieces } = await file.fetch(signal);
            return {
              size,
              pieces: (async function* () {
                for await (const piece of pieces) {
                  fetched += piece.length;
                  yield piece;
                  await new Promise(resolve => setTimeout(resolve, 1));
                }
              })()
            };
          }
        }
      ]);
      await expect(profile).rejects.toThrow(/known kind .* at byte 0\.$/);
      expect(fetched).toBeLessThan(most);
    }
  );

  it.each([-1, 400_000])(
    'reads all of a file whose start was looked at, said to have %d bytes',
    async size => {
      const file = remote('a.folded', bytesOf('m;f 1\n'.repeat(70_000)), 999);
      const { profile } = read([
        {
          ...file,
          fetch: async signal => ({ ...(await file.fetch(signal)), size })
        }
      ]);
      const { paths } = await profile;
      expect([...(paths.values.get('self.samples') ?? [])]).toEqual([
        0, 70_000
      ]);
    }
  );

  it('ends at once when it is cancelled, however long the file takes', async () => {
    const cancel = new AbortController();
    const { beside, profile } = read(
      [
        {
          name: 'slow.folded',
          fetch: () => new Promise(() => undefined)
        }
      ],
      cancel.signal
    );
    cancel.abort('enough');
    await expect(profile).rejects.toBe('enough');
    expect(beside.isClosed).toBe(true);
  });

  it('tells what fetching tells', async () => {
    const { profile } = read([
      { name: 'gone.prof', fetch: () => Promise.reject(new Error('404')) }
    ]);
    await expect(profile).rejects.toThrow('404');
  });

  it('has names as they are in the file where the part that reads them does not come, and says so', async () => {
    // Here it would be fetched from a folder, which is not done.
    const { profile } = read([
      remote('hot.plain.pp', readFileSync(join(DATA, 'igprof/hot.plain.pp')))
    ]);
    const { functions, meta } = await profile;
    expect(functions.name).toContain('_ZN3lin6matmulERKNS_6MatrixES2_RS0_');
    expect(functions.qualified.filter(name => name)).toEqual(['spontaneous']);
    expect(meta.warnings.at(-1)?.text).toMatch(
      /^Of C\+\+ and Rust functions \d+ names are as in the file, mangled: the part that reads them could not be loaded\.$/
    );
  });

  it('tells when the reader itself does not load', async () => {
    const { beside, profile } = read([remote('a.folded', bytesOf('m;f 1\n'))]);
    beside.onError(new Error('it did not load'));
    await expect(profile).rejects.toThrow('it did not load');
  });
});

describe('a profile that is handed over', () => {
  it('gives all its columns, and none twice', () => {
    const profile = COLLAPSED.read(bytesOf('m;f 1\nm;g 2\n'), {
      name: '',
      onProgress: () => undefined
    });
    const buffers = buffersOf(profile);
    expect(new Set(buffers).size).toBe(buffers.length);
    expect(buffers).toContain(profile.paths.function.buffer);
    expect(buffers).toContain(profile.paths.values.get('self.samples')?.buffer);
    const copy = structuredClone(profile, { transfer: buffers });
    expect(profile.paths.function.length).toBe(0);
    expect([...(copy.paths.values.get('self.samples') ?? [])]).toEqual([
      0, 1, 2
    ]);
  });
});
