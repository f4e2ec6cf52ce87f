import { describe, expect, it } from 'vitest';

import { COLLAPSED } from '../collapsed';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const reading = { name: 'a.folded', onProgress: () => undefined };

describe('collapsed stacks', () => {
  it('are known by their lines', () => {
    const isOne = (text: string) => COLLAPSED.sniff(bytesOf(text), text.length);
    expect(isOne('main;f 2\nmain;f;g 5\n')).toBe(true);
    expect(isOne('# made by a tool\nmain 2\nmain;f 1')).toBe(true);
    expect(isOne('main f g\nmain;f 1\n')).toBe(false);
    expect(isOne('')).toBe(false);
  });

  it('are a call tree of samples', () => {
    const { functions, paths, metrics } = COLLAPSED.read(
      bytesOf('main;operator new(long) 2\n\nmain 1\nmain;f 4\nmain;f 1\n'),
      reading
    );
    expect(metrics.map(({ id }) => id)).toEqual(['samples']);
    const names = [...paths.function].map(func => functions.name[func]);
    expect(names).toEqual(['main', 'operator new(long)', 'f']);
    expect([...(paths.values.get('self.samples') ?? [])]).toEqual([1, 2, 5]);
  });

  it('are refused with line and byte', () => {
    expect(() => COLLAPSED.read(bytesOf('a;b 2\na;b x\n'), reading)).toThrow(
      'Expected a stack and a count behind its last blank, found "a;b x" at byte 6 (line 2).'
    );
  });
});
