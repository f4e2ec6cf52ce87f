/** Small files that would make millions of things: refused before these fill the memory, with the byte. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { MAX_DEPTH, MAX_METRICS, MAX_NUMBERS } from '../../wire/limits';
import { FormatError } from '../error';
import { HEAD } from '../format';
import { MOST_CONTAINERS, MOST_VALUES, requireJson } from '../jsonFault';
import { detect, lookAtStart, readProfile } from '../read';
import { packingOf } from '../unpack';

type Bytes = Uint8Array<ArrayBuffer>;

const bytesOf = (...parts: (string | Uint8Array)[]): Bytes =>
  new Uint8Array(
    Buffer.concat(
      parts.map(part =>
        typeof part === 'string' ? Buffer.from(part, 'latin1') : part
      )
    )
  );
/** A text again and again. */
const times = (text: string, count: number) =>
  Buffer.alloc(text.length * count, Buffer.from(text, 'latin1'));

async function refusal(bytes: Bytes): Promise<FormatError> {
  const error = await readProfile(bytes, 'a').then(
    () => null,
    (reason: unknown) => reason
  );
  expect(error).toBeInstanceOf(FormatError);
  return error as FormatError;
}

const PICKLE = '\x80\x05';
const EVENTS = '{"traceEvents":[';

describe('a file that is refused before it fills the memory', () => {
  it.each<[string, () => Bytes, string, number]>([
    [
      'open containers of a pickle',
      () => bytesOf(PICKLE, times('(', 2000)),
      'at most 1000 open containers',
      1002
    ],
    [
      'dicts of a pickle',
      () => bytesOf(PICKLE, times('}', 2000)),
      'at most 1000 dicts',
      1002
    ],
    [
      'lists of a pickle',
      () => bytesOf(PICKLE, times(']', 7_000_000)),
      'at most 6291456 tuples and lists',
      6_291_458
    ],
    [
      'values of a pickle',
      () => bytesOf(PICKLE, times('N', 23_000_000)),
      'at most 22020096 values',
      22_020_098
    ],
    [
      'repeated values of a pickle',
      () => bytesOf(PICKLE, 'N', times('\x94', 9_000_000)),
      'at most 8388608 values to repeat',
      8_388_611
    ],
    [
      'tuples of a marshalled table',
      () =>
        bytesOf(
          '{)\x03(',
          Uint8Array.of(0, 0, 192, 0),
          times(')\0', 12_582_912)
        ),
      'at most 11534336 tuples and dicts',
      8 + 2 * (11_534_336 - 2)
    ],
    [
      'lists of JSON',
      () => bytesOf(EVENTS, times('[],', MOST_CONTAINERS)),
      `at most ${MOST_CONTAINERS} lists and objects`,
      EVENTS.length + 3 * (MOST_CONTAINERS - 2)
    ],
    [
      'values of JSON',
      () => bytesOf(EVENTS, times('1,', MOST_VALUES)),
      `at most ${MOST_VALUES} values`,
      EVENTS.length + 2 * (MOST_VALUES - 2)
    ],
    [
      'frames of speedscope, which are read in another way',
      () =>
        bytesOf(
          '{"shared":{"frames":[',
          times('{},', MOST_CONTAINERS),
          '{}]},"profiles":[]}'
        ),
      `at most ${MOST_CONTAINERS} lists and objects`,
      21 + 3 * (MOST_CONTAINERS - 3)
    ],
    [
      'samples of pprof',
      () =>
        bytesOf(
          '\x0a\x04\x08\x01\x10\x02\x32\x00',
          times('\x12\x00', MAX_NUMBERS / 2 + 1)
        ),
      `at most ${MAX_NUMBERS / 2} samples`,
      8 + MAX_NUMBERS + 2
    ],
    [
      'frames of a sample of perf script',
      () =>
        bytesOf('a 1 1.0: 1 cycles:\n', times('\tf a (b)\n', MAX_DEPTH + 3)),
      `a stack of at most ${MAX_DEPTH} frames`,
      19 + 9 * (MAX_DEPTH + 1)
    ]
  ])('has too many %s', async (_, make, message, at) => {
    const error = await refusal(make());
    expect(error.message).toContain(message);
    expect(error.at).toBe(at);
  });

  it('has the line that brings too many metrics', async () => {
    let text = '';
    for (let i = 0; i <= MAX_METRICS; i++) {
      text += `a 1 1.0: e${i}:\n\tf a (b)\n\n`;
    }
    const error = await refusal(bytesOf(text));
    expect(error.reason).toBe(
      `Expected at most ${MAX_METRICS} metrics, found more`
    );
    // A sample is read when the blank line behind it comes.
    expect([error.at, error.line]).toEqual([
      text.length - 1,
      3 * (MAX_METRICS + 1)
    ]);
  });
});

describe('JSON', () => {
  const fault = (text: string): string => {
    try {
      requireJson(new TextEncoder().encode(text));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    '\ufeff{"a": [1, -0.5e+3, "\\u00e9\\n", true, false, null, {}, []]}',
    ' 0 ',
    '"é"',
    '[[[]],{"":{"":""}}]'
  ])('%j is none to complain of', text => {
    expect(fault(text)).toBe('');
    expect(
      () => JSON.parse(text.replace('\ufeff', '')) as unknown
    ).not.toThrow();
  });

  it.each<[string, string]>([
    ['', 'Expected JSON, found its end at byte 0 (line 1).'],
    ['{"a":1', 'found its end at byte 6 '],
    ['{"a" 1}', 'found "1}" at byte 5 '],
    ['{"a":1,}', 'found "}" at byte 7 '],
    ['[1,]', 'found "]" at byte 3 '],
    ['[1 2]', 'found "2]" at byte 3 '],
    ['[1]]', 'found "]" at byte 3 '],
    ['["é",\n\nx]', 'found "x]" at byte 8 (line 3).'],
    ['[01]', 'found "1]" at byte 2 '],
    ['[1.]', 'found "]" at byte 3 '],
    ['[-]', 'found "]" at byte 2 '],
    ['[1e]', 'found "]" at byte 3 '],
    ['[.5]', 'found ".5]" at byte 1 '],
    ['[tru]', 'found "tru]" at byte 1 '],
    ['[NaN]', 'found "NaN]" at byte 1 '],
    ['["\\x"]', 'found "\\x"]" at byte 2 '],
    ['["\\u12g4"]', 'found "\\u12g4"]" at byte 2 '],
    ['["a\tb"]', 'found "\\u0009b"]" at byte 3 '],
    ['["a', 'found its end at byte 3 ']
  ])('%j is refused at its first wrong byte', (text, message) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(fault(text)).toContain(message);
  });
});

describe('the start of a file', () => {
  const ROOT = new URL('../../../tests/data/', import.meta.url);
  const files = readdirSync(ROOT, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(`${entry.parentPath}/${entry.name}`));

  it('tells the same as all of it, of files of every kind', async () => {
    const rest = randomBytes(400_000);
    const found = { known: 0, unknown: 0 };
    for (const file of files) {
      const plain = bytesOf(file, rest);
      const kind = detect(plain.subarray(0, HEAD), plain.length);
      for (const bytes of [plain, new Uint8Array(gzipSync(plain))]) {
        if (packingOf(plain) === null) {
          const early = lookAtStart(
            bytes.subarray(0, HEAD + 1000),
            bytes.length
          );
          await (kind
            ? expect(early).resolves.toBe(true)
            : expect(early).rejects.toThrow('known kind'));
          found[kind ? 'known' : 'unknown']++;
        }
      }
    }
    expect(found.known).toBeGreaterThan(50);
    expect(found.unknown).toBeGreaterThan(10);
  });

  it.each<[string, (bytes: Bytes) => Bytes]>([
    ['plain', bytes => bytes],
    ['packed', bytes => new Uint8Array(gzipSync(bytes))]
  ])(
    'tells, %s, of what is of no kind, as the whole would',
    async (_, pack) => {
      const bytes = pack(new Uint8Array(100_000_000));
      const start = bytes.subarray(0, HEAD + 1);
      const whole = await refusal(bytes);
      await expect(lookAtStart(start, bytes.length)).rejects.toThrow(
        whole.message
      );
      expect(whole.message).toContain('found "\\u0000');
      expect(whole.at).toBe(0);
    }
  );

  it('tells of a file that is too large to be read', async () => {
    const start = bytesOf(times('main;f 1\n', 10_000));
    await expect(lookAtStart(start, 2 ** 29 + 1)).rejects.toThrow(
      'Expected a file of at most 536870912 bytes, found 536870913 at byte 536870912.'
    );
    expect(await lookAtStart(start, 2 ** 29)).toBe(true);
    expect(await lookAtStart(start.subarray(0, HEAD), 2 ** 29)).toBe(false);
  });
});
