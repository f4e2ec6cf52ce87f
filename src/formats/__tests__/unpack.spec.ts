import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bunzip2 } from '../bzip2';
import { FormatError } from '../error';
import { packingOf, unpack } from '../unpack';
import { flips, prefixes } from './hostile';

/** Files that Python's bz2 packed, and what is in them (README.md there). */
const DATA = new URL('../../../tests/data/packed/', import.meta.url);

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(name, DATA)));
const TRUTH = JSON.parse(
  readFileSync(new URL('truth.json', DATA), 'utf8')
) as Record<string, { size: number; sha256: string }>;

const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const textBytes = (text: string) => new TextEncoder().encode(text);

describe('bzip2', () => {
  it.each(
    readdirSync(DATA)
      .filter(name => name.endsWith('.bz2') && name !== 'bomb.bz2')
      .map(name => name.replace('.bz2', ''))
  )('unpacks %s', async name => {
    const bytes = bytesOf(`${name}.bz2`);
    expect(packingOf(bytes)).toBe('bzip2');
    const found = await unpack(bytes);
    expect(found.length).toBe(TRUTH[name].size);
    expect(createHash('sha256').update(found).digest('hex')).toBe(
      TRUTH[name].sha256
    );
  });

  it('ends a bomb at the limit', () => {
    const bomb = bytesOf('bomb.bz2');
    expect(bomb.length).toBeLessThan(1000);
    expect(() => bunzip2(bomb, 1_000_000)).toThrow(
      'Expected at most 1000000 bytes when unpacked, found more at byte'
    );
  });

  it('takes exactly as much as is allowed', () => {
    const { size } = TRUTH.runs;
    expect(bunzip2(bytesOf('runs.bz2'), size).length).toBe(size);
    expect(() => bunzip2(bytesOf('runs.bz2'), size - 1)).toThrow(FormatError);
  });

  it('refuses a file that is cut, wherever it is', () => {
    const bytes = bytesOf('bytes.bz2');
    for (const cut of prefixes(bytes, 200)) {
      expect(() => bunzip2(cut, 1e6)).toThrow(FormatError);
    }
  });

  it('never gives other bytes than were packed', () => {
    for (const name of ['runs', 'bytes', 'streams']) {
      const bytes = bytesOf(`${name}.bz2`);
      let refused = 0;
      for (const changed of flips(bytes, 100)) {
        try {
          expect(bunzip2(changed, 1e6).length).toBeLessThanOrEqual(
            TRUTH[name].size
          );
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
          refused++;
        }
      }
      // Bits behind the end of a stream say nothing.
      expect(refused).toBeGreaterThan(90);
    }
  });

  it('says what is behind the end', () => {
    expect(() =>
      bunzip2(joined(bytesOf('one.bz2'), Uint8Array.of(1, 2, 3, 4)), 9)
    ).toThrow('Expected "BZh" at the begin of a bzip2 stream at byte');
  });
});

describe('gzip', () => {
  it('is unpacked, of one member or several', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 3000 }), {
          minLength: 1,
          maxLength: 4
        }),
        async parts => {
          const packed = joined(...parts.map(part => gzipSync(part)));
          expect(packingOf(packed)).toBe('gzip');
          const found = await unpack(packed);
          expect(Buffer.compare(found, joined(...parts))).toBe(0);
        }
      ),
      { numRuns: 40 }
    );
  });

  it('may hold what looks like the begin of a member', async () => {
    // Not compressed, so that the packed file has it as it is.
    const inner = joined(textBytes('a'.repeat(30)), gzipSync('inner'));
    const packed = joined(gzipSync(inner, { level: 0 }), gzipSync('next'));
    expect(Buffer.from(await unpack(packed)).toString('latin1')).toBe(
      `${Buffer.from(inner).toString('latin1')}next`
    );
  });

  it('ends a bomb at the limit, in all members together', async () => {
    const bomb = gzipSync(new Uint8Array(5_000_000));
    await expect(unpack(new Uint8Array(bomb), 1_000_000)).rejects.toThrow(
      'Expected at most 1000000 bytes when unpacked, found more in the gzip member at byte 0.'
    );
    await expect(unpack(joined(bomb, bomb, bomb), 12_000_000)).rejects.toThrow(
      FormatError
    );
    expect((await unpack(joined(bomb, bomb, bomb), 15_000_000)).length).toBe(
      15_000_000
    );
  });

  it('is refused where it is cut, wherever that is', async () => {
    const packed = joined(gzipSync('first'), gzipSync('second'));
    const first = gzipSync('first').length;
    for (const cut of prefixes(packed)) {
      if (cut.length >= 4 && cut.length !== first) {
        await expect(unpack(Uint8Array.from(cut))).rejects.toThrow(
          'Expected a whole gzip member, found one that is cut or damaged at byte'
        );
      }
    }
  });

  it('is refused where bytes were changed in what is in it', async () => {
    const packed = new Uint8Array(
      gzipSync('a text of some length, twice a text')
    );
    packed[14] ^= 255;
    await expect(unpack(packed)).rejects.toThrow(FormatError);
  });
});

describe('what is not packed', () => {
  it('stays as it is', async () => {
    for (const text of ['', 'B', 'BZh', 'P=(ID=1', '\x1f\x8b']) {
      const bytes = textBytes(text);
      expect(packingOf(bytes)).toBe(null);
      expect(await unpack(bytes)).toBe(bytes);
    }
  });
});
