import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { decode } from '..';
import { decodeColumn } from '../column';
import { encodeColumn } from '../encodeColumn';
import { WireError } from '../error';
import { sample, type Json } from './samples';

const base64 = (bytes: ArrayLike<number>) =>
  Buffer.from(Array.from(bytes)).toString('base64');

/** The parts of a payload that tests change. */
interface IOpenPayload {
  version: unknown;
  meta: { source: Json; status: unknown; wall: unknown };
  metrics: Json[];
  strings: string[];
  tables: Record<string, { length: number; columns: Json } | undefined>;
  view: { limits: unknown[] };
  more?: unknown;
}

/** A payload with one change. */
function changed(change: (payload: IOpenPayload) => void): unknown {
  const payload = sample('functions') as unknown as IOpenPayload;
  change(payload);
  return payload;
}

async function refusal(payload: unknown): Promise<WireError> {
  const error = await decode(payload).catch(reason => reason);
  expect(error).toBeInstanceOf(WireError);
  return error;
}

describe('a column', () => {
  it.each([
    ['uvarint', [0, 1, 127, 128, 16383, 16384, 2 ** 32, 2 ** 53 - 1]],
    ['zigzag', [0, -1, 1, -64, 63, -(2 ** 52), 2 ** 52 - 1]],
    ['f64', [0.5, -0, 1e308, -5e-324, 2 ** 53]]
  ])('of %s numbers comes back', async (enc, numbers) => {
    const column = await encodeColumn(numbers, 'c');
    expect(column.enc).toBe(enc);
    expect(Array.from(await decodeColumn(column, numbers.length, 'c'))).toEqual(
      numbers
    );
  });

  it('has the bytes that the format says', async () => {
    // 300 is the example of LEB128 in the protocol buffers' encoding guide: AC 02.
    expect(await encodeColumn([300], 'c')).toEqual({
      enc: 'uvarint',
      data: base64([0xac, 0x02])
    });
    expect((await encodeColumn([-1, 1], 'c')).data).toBe(base64([1, 2]));
    expect((await encodeColumn([1.5], 'c')).data).toBe(
      base64([0, 0, 0, 0, 0, 0, 0xf8, 0x3f])
    );
  });

  it('is compressed above 64 kB', async () => {
    const numbers = new Float64Array(65_537).fill(7);
    const column = await encodeColumn(numbers, 'c');
    expect(column.gz).toBe(true);
    expect(column.data.length).toBeLessThan(1000);
    expect(await decodeColumn(column, numbers.length, 'c')).toEqual(numbers);
    expect((await encodeColumn(numbers.slice(1), 'c')).gz).toBeUndefined();
  });

  it.each([
    [
      'a number that is cut off',
      { enc: 'uvarint', data: base64([1, 0x80]) },
      2,
      'found 1 and the beginning of another'
    ],
    [
      'numbers above 2^53 - 1',
      { enc: 'uvarint', data: base64([255, 255, 255, 255, 255, 255, 255, 16]) },
      1,
      'a number up to 2^53 - 1, found a larger one at c[0]'
    ],
    [
      'a number of nine bytes',
      {
        enc: 'uvarint',
        data: base64([1, 128, 128, 128, 128, 128, 128, 128, 128, 0])
      },
      2,
      'a number up to 2^53 - 1, found a larger one at c[1]'
    ],
    [
      'too many numbers',
      { enc: 'uvarint', data: base64([1, 2, 3]) },
      2,
      'found 1 bytes after them'
    ],
    [
      'more than 8 bytes a row',
      { enc: 'f64', data: base64(new Uint8Array(24)) },
      2,
      'at most 16 bytes for 2 rows, found 24'
    ],
    [
      'blanks in base64',
      { enc: 'uvarint', data: 'AQ =' },
      1,
      'base64, found the character " " at position 2'
    ],
    ['base64 of the URL kind', { enc: 'uvarint', data: '_-8=' }, 2, 'base64'],
    ['padding within', { enc: 'uvarint', data: 'AQ==AQ==' }, 2, 'base64'],
    [
      'infinity',
      { enc: 'f64', data: base64([0, 0, 0, 0, 0, 0, 0xf0, 0x7f]) },
      1,
      'a finite number, found Infinity at c[0]'
    ],
    ['gz that is a text', { enc: 'f64', data: '', gz: 'true' }, 0, 'c.gz'],
    [
      'gzip that is cut off',
      {
        enc: 'uvarint',
        data: gzipSync(Buffer.alloc(9)).subarray(0, -9).toString('base64'),
        gz: true
      },
      9,
      'a gzip member'
    ]
  ])('with %s is refused', async (_, column, length, message) => {
    await expect(decodeColumn(column, length, 'c')).rejects.toThrow(WireError);
    await expect(decodeColumn(column, length, 'c')).rejects.toThrow(message);
  });

  it('is not unpacked beyond 8 bytes a row', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024), { level: 1 });
    const column = { enc: 'uvarint', data: bomb.toString('base64'), gz: true };
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodeColumn(column, 1000, 'c')).rejects.toThrow(
      'at most 8000 bytes when unpacked, found more'
    );
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(grown).toBeLessThan(32 * 1024 * 1024);
  });
});

describe('a payload', () => {
  it.each([null, undefined, 5, 'text', [], true])(
    'that is %j is refused',
    async payload => {
      expect((await refusal(payload)).message).toContain('at the payload');
    }
  );

  it('says where an index is out of range, what was expected and what was found', async () => {
    const payload = changed(p => {
      p.tables.edges = {
        length: 2,
        columns: {
          caller: { enc: 'uvarint', data: base64([0, 99]) },
          callee: { enc: 'uvarint', data: base64([0, 0]) }
        }
      };
    });
    const error = await refusal(payload);
    expect(error.message).toBe(
      'Expected an index below 27, found 99 at tables.edges.caller[1].'
    );
    expect(error.code).toBe('invalid');
  });

  it('of a newer version says so', async () => {
    const error = await refusal(changed(p => (p.version = 7)));
    expect(error.code).toBe('newer');
    expect(error.message).toBe(
      'Expected a version up to 1, found 7 at version.'
    );
  });

  it('may hold keys, columns and tables that are not known', async () => {
    const payload = changed(p => {
      p.more = { deep: [1] };
      p.tables.weather = { length: -1, columns: {} };
      Object.assign(p.tables.files?.columns ?? {}, { colour: 'red' });
      Object.assign(p.tables.totals?.columns ?? {}, { 'self.unheard': null });
    });
    const known = await decode(sample('functions'));
    expect(known.hasUnknownTables).toBe(false);
    expect(await decode(payload)).toEqual({ ...known, hasUnknownTables: true });
  });

  it('may have ended in a way that is not known', async () => {
    const status = async (word: unknown) =>
      (await decode(changed(p => (p.meta.status = word)))).meta.status;
    expect(await status('exit')).toBe('exit');
    expect(await status('timeout')).toBe('other');
    expect(await status(undefined)).toBe('ok');
    const error = await refusal(changed(p => (p.meta.status = 5)));
    expect(error.where).toBe('meta.status');
  });

  it('may have limits that are not known, which are left out', async () => {
    const limits = (...items: unknown[]) =>
      changed(p => (p.view = { limits: items }));
    const profile = await decode(
      limits({ count: 3 }, { origin: 'cell' }, {}, { regex: 'f', more: 1 })
    );
    expect(profile.view.limits).toEqual([{ count: 3 }, { regex: 'f' }]);
    for (const broken of [5, null, { count: -1 }, { regex: null }]) {
      const error = await refusal(limits({ count: 3 }, broken));
      expect(error.where).toMatch(/^view\.limits\[1\]/);
    }
  });

  it('may have metrics whose values go together in any way', async () => {
    const combine = async (word?: unknown) => {
      const payload = changed(p => (p.metrics[0].combine = word));
      return (await decode(payload)).metrics[0].combine;
    };
    expect(await combine()).toBe('sum');
    expect(await combine('max')).toBe('max');
    expect(await combine('median')).toBe('median');
    await expect(combine(null)).rejects.toThrow('at metrics[0].combine');
  });

  it('has whole nanoseconds of wall time', async () => {
    for (const wall of [7.5, -1, 1e18, '7']) {
      const error = await refusal(changed(p => (p.meta.wall = wall)));
      expect(error.where).toBe('meta.wall');
    }
    const profile = await decode(changed(p => (p.meta.wall = null)));
    expect(profile.meta.wall).toBeNull();
  });

  it('has whole numbers for inlined frames', async () => {
    const paths = async (inlined: number) => ({
      length: 1,
      columns: {
        parent: { enc: 'uvarint', data: base64([0]) },
        function: { enc: 'uvarint', data: base64([0]) },
        inlined: await encodeColumn([inlined], 'c')
      }
    });
    for (const number of [0.5, -1, 1e18]) {
      const table = await paths(number);
      const error = await refusal(changed(p => (p.tables.paths = table)));
      expect(error.where).toBe('tables.paths.inlined[0]');
    }
    const table = await paths(256);
    const profile = await decode(changed(p => (p.tables.paths = table)));
    expect(Array.from(profile.paths.inlined)).toEqual([1]);
  });

  it.each([
    ['threads', 'pid'],
    ['paths', 'function'],
    ['paths', 'self.time'],
    ['objects', 'build_id']
  ])('has no broken columns in %s without rows', async (name, column) => {
    const table = (broken: unknown) =>
      changed(p => {
        p.tables[name] = { length: 0, columns: { [column]: broken } };
      });
    for (const broken of [
      null,
      { enc: 'utf8', data: '' },
      { enc: 'f64' },
      { enc: 'uvarint', data: 'AA==' }
    ]) {
      const { where } = await refusal(table(broken));
      expect(where).toContain(`tables.${name}.${column}`);
    }
    await decode(table({ enc: 'uvarint', data: '' }));
  });

  it('may use kinds and origins that are not known', async () => {
    const payload = changed(p => {
      p.strings = p.strings.map(text =>
        text === 'builtin' || text === 'frozen' ? 'quantum' : text
      );
      p.meta.source.kind = 'dream';
    });
    const profile = await decode(payload);
    expect(profile.functions.kind).toContain('other');
    expect(profile.functions.kind).not.toContain('builtin');
    expect(profile.files.origin).toContain('other');
    expect(profile.meta.source.kind).toBe('other');
  });

  it('reads own properties only', async () => {
    const payload = JSON.parse(
      JSON.stringify(sample('functions')).replace(
        '"tables":',
        '"__proto__": {"polluted": true}, "constructor": 5, "tables":'
      )
    );
    await decode(payload);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    const inherited = Object.create(sample('functions'));
    expect((await refusal(inherited)).where).toBe('schema');
  });

  it('with values and no thread has one thread', async () => {
    const payload = changed(p => delete p.tables.threads);
    const { threads, totals } = await decode(payload);
    expect(threads.length).toBe(1);
    expect(threads.name).toEqual(['']);
    expect(new Set(totals.thread)).toEqual(new Set([0]));
  });

  it('may have threads in any order, and none that descends from itself', async () => {
    const threads = (...parents: number[]) => ({
      length: parents.length,
      columns: {
        name: { enc: 'uvarint', data: base64(parents.map(() => 0)) },
        parent: { enc: 'uvarint', data: base64(parents) }
      }
    });
    const profile = await decode(changed(p => (p.tables.threads = threads(3, 1, 0))));
    expect(Array.from(profile.threads.parent)).toEqual([2, 0, -1]);
    for (const circle of [[1], [2, 1], [3, 1, 2], [0, 3, 4, 2]]) {
      const error = await refusal(changed(p => (p.tables.threads = threads(...circle))));
      expect(error.where).toMatch(/^tables\.threads\.parent\[\d\]$/);
    }
  });

  it('may not have so many numbers that they fill the memory', async () => {
    const rows = 4_194_304;
    const zeros = {
      enc: 'uvarint',
      gz: true,
      data: gzipSync(Buffer.alloc(rows)).toString('base64')
    };
    const table = (...columns: string[]) => ({
      length: rows,
      columns: Object.fromEntries(columns.map(name => [name, zeros]))
    });
    const payload = changed(p => {
      p.tables.totals = table('function', 'self.time', 'total.time');
      p.tables.edges = table('caller', 'callee', 'self.time', 'total.time');
      p.tables.paths = table('parent', 'function', 'self.time');
    });
    const error = await refusal(payload);
    expect(error.code).toBe('limit');
    expect(error.expected).toBe(
      'at most 33554432 numbers in all columns together'
    );
  });

  it('may not have call paths deeper than the limit', async () => {
    const rows = 1_048_577;
    const deep = (length: number) => {
      const column = (byte: number) => ({
        enc: 'uvarint',
        gz: true,
        data: gzipSync(
          Buffer.alloc(length, byte).fill(0, 0, 1)
        ).toString('base64')
      });
      return changed(p => {
        p.tables.paths = {
          length,
          columns: { parent: column(1), function: column(0) }
        };
      });
    };
    expect((await refusal(deep(rows))).expected).toBe(
      'a call path of at most 1048576 rows'
    );
    expect((await decode(deep(rows - 1))).paths.length).toBe(rows - 1);
  });
});
