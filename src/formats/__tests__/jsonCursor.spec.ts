import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { JsonCursor } from '../jsonCursor';
import { NotPlain, parseAround } from '../jsonSpans';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function cursor(text: string): JsonCursor {
  const bytes = bytesOf(text);
  return new JsonCursor(bytes, { from: 0, to: bytes.length });
}

function numberOf(text: string): number {
  const one = cursor(text);
  const value = one.number();
  one.expectEnd();
  return value;
}

describe('a number', () => {
  it('is what JSON.parse has, of any number that JSON.stringify writes', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        value => {
          const text = JSON.stringify(value);
          expect(numberOf(text)).toBe(JSON.parse(text));
        }
      )
    );
  });

  it('is what JSON.parse has, of decimal fractions and exponents', () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,18})$/);
    const decimals = fc.stringMatching(/^(\.\d{1,20})?$/);
    const exponent = fc.stringMatching(/^([eE][-+]?\d{1,2})?$/);
    fc.assert(
      fc.property(digits, decimals, exponent, (...parts) => {
        const text = parts.join('');
        expect(numberOf(text)).toBe(JSON.parse(text));
        expect(numberOf(`-${text}`)).toBe(JSON.parse(`-${text}`));
      })
    );
  });

  it.each(['', '.5', '5.', '01', '-', '1e', '+1', '1e999', '--1', '1.2.3'])(
    'is not %j',
    text => {
      expect(() => numberOf(text)).toThrow(NotPlain);
    }
  );
});

it('an index has digits only, and is below the limit', () => {
  expect(cursor(' 40').index(41)).toBe(40);
  expect(cursor('0').index(1)).toBe(0);
  for (const text of ['41', '04', '-1', 'x', '']) {
    expect(() => cursor(text).index(41)).toThrow(NotPlain);
  }
});

it('nothing behind the span is read', () => {
  const bytes = bytesOf('[1] 2');
  const one = new JsonCursor(bytes, { from: 0, to: 3 });
  one.expect(0x5b);
  expect(one.index(9)).toBe(1);
  one.expect(0x5d);
  one.expectEnd();
  expect(() => one.index(9)).toThrow(NotPlain);
});

describe('parsing around lists', () => {
  const around = (text: string) => parseAround(bytesOf(text), 2, ['list']);

  it('leaves those of a depth with a key, and parses the rest', () => {
    const text = '{"a": {"list" : [1, ["]\\"["]], "b": [2]}, "list": [3]}';
    const { value, spans } = around(text);
    expect(value).toEqual({ a: { list: 0, b: [2] }, list: [3] });
    expect(spans.map(({ from, to }) => text.slice(from, to))).toEqual([
      '[1, ["]\\"["]]'
    ]);
  });

  it('takes no text for a key', () => {
    expect(around('[["list", [1]]]')).toEqual({
      value: [['list', [1]]],
      spans: []
    });
  });

  it.each([
    '{"a": {"list": 7}}',
    '{"a": {"l\\u0069st": [1]}}',
    '{"a": {"list": [1',
    '{"a": {"list": ["]'
  ])('gives up on %s', text => {
    expect(() => around(text)).toThrow(NotPlain);
  });
});
