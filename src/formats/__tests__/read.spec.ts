import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import type { IProfile } from '../../profile/model';
import { decode } from '../../wire';
import { FormatError } from '../error';
import { HEAD } from '../format';
import { detect, FORMATS, readProfile } from '../read';
import { requireValid } from '../valid';
import { flips, prefixes } from './hostile';

/** Files of real tools, and payloads of ours. */
const ROOT = new URL('../../../', import.meta.url);

const bytesOf = (path: string) =>
  new Uint8Array(readFileSync(new URL(path, ROOT)));
const textBytes = (text: string) => new TextEncoder().encode(text);
const MIME = 'application/vnd.jupyterlab-profiler.profile.v1+json';

const filesOf = (folder: string, name: RegExp) =>
  readdirSync(new URL(folder, ROOT))
    .filter(file => name.test(file))
    .map(file => `${folder}${file}`);

const SAMPLES: readonly (readonly [file: string, id: string])[] = [
  ...filesOf('tests/data/pstats/', /\.prof$/).map(f => [f, 'pstats'] as const),
  ...filesOf('tests/data/lprof/', /\.lprof$/).map(f => [f, 'lprof'] as const),
  ...filesOf('tests/data/igprof/', /\.(?:gz|pp)$/).map(
    f => [f, 'igprof'] as const
  ),
  ...filesOf('tests/data/pyinstrument/', /(?:\.pyisession|\.json)$/).map(
    f => [f, 'pyinstrument'] as const
  ),
  ...filesOf('tests/data/chrome/', /(?:\.cpuprofile|\.json)$/).map(
    f => [f, 'chrome'] as const
  ),
  ...filesOf('tests/data/speedscope/', /\.json$/).map(
    f => [f, 'speedscope'] as const
  ),
  ...filesOf('wire/samples/', /^(?!expected|refused).*\.json$/).map(
    f => [f, 'own'] as const
  )
];

/** Which kind says that a profile is of it. */
const kindOf = (bytes: Uint8Array) =>
  detect(bytes.subarray(0, HEAD), bytes.length)?.id ?? null;

async function refusal(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    await readProfile(bytes, 'a');
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return (error as Error).message;
  }
  return '';
}

describe('a file', () => {
  it.each(SAMPLES.filter(([file]) => !file.endsWith('.gz')))(
    '%s is of the kind %s, and of no other',
    (file, id) => {
      const bytes = bytesOf(file);
      expect(kindOf(bytes)).toBe(id);
      const head = bytes.subarray(0, HEAD);
      expect(
        FORMATS.filter(format => format.sniff(head, bytes.length)).map(
          format => format.id
        )
      ).toEqual([id]);
    }
  );

  it.each(SAMPLES)('%s is read', async file => {
    const profile = await readProfile(bytesOf(file), 'a');
    expect(
      profile.functions.length + profile.checks.length
    ).toBeGreaterThanOrEqual(0);
    expect(() => requireValid(profile)).not.toThrow();
  });

  it('is the same packed or not', async () => {
    const plain = bytesOf('tests/data/pstats/py3.13.prof');
    const packed = new Uint8Array(gzipSync(plain));
    expect(await readProfile(packed, 'a')).toEqual(
      await readProfile(plain, 'a')
    );
    // lines.level1.bz2 is text of no kind.
    expect(
      await refusal(bytesOf('tests/data/packed/lines.level1.bz2'))
    ).toMatch(
      /^Expected a bzip2 file of a known kind \(cProfile \/ pstats, line_profiler, igprof, .*collapsed stacks\), found ".+" at byte 0\.$/
    );
  });

  it('tells of its progress, in bytes of what is in it', async () => {
    const plain = bytesOf('tests/data/pstats/py3.13.prof');
    const told: number[][] = [];
    await readProfile(new Uint8Array(gzipSync(plain)), 'a', (done, size) => {
      told.push([done, size]);
    });
    expect(told.at(-1)).toEqual([plain.length, plain.length]);
  });

  it.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['empty', textBytes(''), /^Expected a profile, found an empty file\.$/],
    [
      'packed and empty',
      new Uint8Array(gzipSync('')),
      /^Expected a profile, found a gzip file with nothing in it\.$/
    ],
    [
      'a picture',
      textBytes('\x89PNG\r\n\x1a\n'),
      /^Expected a file of a known kind/
    ],
    [
      'a notebook',
      textBytes(`{"cells": [{"data": {"${MIME}": {}}}]}`),
      /known kind/
    ],
    ['a bomb', bytesOf('tests/data/packed/bomb.bz2'), /known kind/],
    [
      'cut',
      new Uint8Array(gzipSync('a;b 2\n')).slice(0, 20),
      /cut or damaged at byte 0\.$/
    ]
  ])('that is %s is refused in words', async (_, bytes, message) => {
    expect(await refusal(bytes)).toMatch(message);
  });

  it.each([
    'tests/data/pstats/notebook-cell.py3.13.prof',
    'tests/data/lprof/v5.0.2-py3.13.lprof',
    'tests/data/igprof/threads.pp.gz',
    'tests/data/pyinstrument/v5.1.3.pyisession',
    'tests/data/chrome/viztracer-1.1.1.json',
    'tests/data/chrome/node.cpuprofile',
    'wire/samples/functions.json'
  ])(
    '%s gives a valid profile or a sentence, whatever happens to it',
    async file => {
      const bytes = bytesOf(file);
      const broken = [...prefixes(bytes, 100), ...flips(bytes, 100)];
      let refused = 0;
      for (const one of broken) {
        refused += (await refusal(Uint8Array.from(one))) === '' ? 0 : 1;
      }
      expect(refused).toBeGreaterThan(50);
    }
  );
});

describe('a file of ours', () => {
  it.each(SAMPLES.filter(([, id]) => id === 'own'))(
    '%s is read as the payload that it is, alone or in a bundle',
    async file => {
      const text = new TextDecoder().decode(bytesOf(file));
      const payload = JSON.parse(text) as unknown;
      const expected = await decode(payload);
      expect(await readProfile(textBytes(text), 'a')).toEqual(expected);
      const bundle = JSON.stringify({ 'text/plain': '{}', [MIME]: payload });
      expect(await readProfile(textBytes(bundle), 'a')).toEqual(expected);
    }
  );

  it('is refused with what is wrong, and where', async () => {
    expect(
      await refusal(textBytes('{"schema": "jupyterlab-profiler", oops'))
    ).toBe('Expected JSON, found "oops" at byte 34 (line 1).');
    expect(
      await refusal(
        textBytes('{"schema": "jupyterlab-profiler", "version": 99}')
      )
    ).toMatch(/version/);
    const refused = JSON.parse(
      new TextDecoder().decode(bytesOf('wire/samples/refused.json'))
    ) as { why: string; payload: unknown }[];
    // Node unpacks a gzip column although there are bytes behind it; browsers do not.
    for (const { payload } of refused.filter(
      ({ why }) => why !== 'bytes behind the gzip member'
    )) {
      expect(
        await refusal(textBytes(JSON.stringify({ [MIME]: payload })))
      ).toMatch(/^Expected .+\.$/);
    }
  });

  it('may be nested as deeply as it likes', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(
      await refusal(
        textBytes(`{"schema": "jupyterlab-profiler", "meta": ${deep}}`)
      )
    ).toMatch(/^(?:Expected|The file) .+\.$/);
  });
});

describe('a profile that a reader made', () => {
  const profile = () =>
    readProfile(bytesOf('tests/data/pstats/notebook-cell.py3.13.prof'), 'a');

  it.each<[string, (profile: IProfile) => void, string]>([
    [
      'an index that points nowhere',
      p => p.edges.caller.fill(99),
      'row 0 of edges.caller, found 99'
    ],
    [
      'a line below 0',
      p => p.functions.line.fill(-1),
      'row 0 of functions.line, found -1'
    ],
    [
      'a value that is no number',
      p => p.totals.values.get('self.time')?.fill(NaN),
      'row 0 of totals.self.time, found NaN'
    ]
  ])('is refused with %s', async (_, spoil, message) => {
    const spoilt = await profile();
    spoil(spoilt);
    expect(() => requireValid(spoilt)).toThrow(message);
  });

  it('is refused with a metric twice', async () => {
    const one = await profile();
    const twice = { ...one, metrics: [...one.metrics, one.metrics[0]] };
    expect(() => requireValid(twice)).toThrow('Expected at most 256 metrics');
  });
});
