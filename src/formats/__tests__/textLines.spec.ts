import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FormatError } from '../error';
import { TextLines } from '../textLines';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function all(lines: TextLines): string[] {
  const found: string[] = [];
  for (let text = lines.next(); text !== null; text = lines.next()) {
    found.push(text);
  }
  return found;
}

describe('TextLines', () => {
  it('gives the lines of any text, with their places', () => {
    const text = fc.array(
      fc.string({ unit: 'binary' }).map(part => part.replace(/[\r\n]/g, '')),
      { maxLength: 20 }
    );
    fc.assert(
      fc.property(text, fc.boolean(), (parts, hasLast) => {
        const whole = parts.join('\n') + (hasLast && parts.length ? '\n' : '');
        const wanted = whole.split('\n');
        if (wanted[wanted.length - 1] === '') {
          wanted.pop();
        }
        const lines = new TextLines(bytesOf(whole));
        let at = 0;
        wanted.forEach((line, i) => {
          expect(lines.next()).toBe(line);
          expect(lines.line).toBe(i + 1);
          expect(lines.at).toBe(at);
          at += bytesOf(line).length + 1;
        });
        expect(lines.next()).toBeNull();
      })
    );
  });

  it('goes on over the end of a block, and tells how far it is', () => {
    const line = 'x'.repeat(70_000);
    const told: number[] = [];
    const bytes = bytesOf(`${line}\n`.repeat(40));
    const found = all(new TextLines(bytes, done => told.push(done)));
    expect(found).toHaveLength(40);
    expect(new Set(found)).toEqual(new Set([line]));
    expect(told.length).toBeGreaterThan(2);
    expect(told[told.length - 1]).toBe(bytes.length);
  });

  it('takes a line that is longer than a block, and refuses one without end', () => {
    const long = 'y'.repeat(3_000_000);
    expect(all(new TextLines(bytesOf(`a\n${long}\nb`)))).toEqual([
      'a',
      long,
      'b'
    ]);
    const endless = new TextLines(new Uint8Array(20_000_000).fill(65));
    expect(() => endless.next()).toThrow(FormatError);
  });

  it('names the byte and the line of an error', () => {
    const lines = new TextLines(bytesOf('ä\r\nb\n'));
    lines.next();
    lines.next();
    expect(lines.error('Expected c').message).toBe(
      'Expected c at byte 4 (line 2).'
    );
  });
});
