import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NumberFormat } from '../format';

const numbers = new NumberFormat('en');
const text = (value: number, unit = 'ns') =>
  numbers.text(value, unit).replace('\u00a0', ' ');

describe('times', () => {
  it.each([
    [0, '0'],
    [0.25, '0.25 ns'],
    [3, '3 ns'],
    [47.6, '47.6 ns'],
    [999, '999 ns'],
    [999.7, '1.00 µs'],
    [1000, '1.00 µs'],
    [9_996, '10.0 µs'],
    [12_345, '12.3 µs'],
    [999_499, '999 µs'],
    [999_500, '1.00 ms'],
    [1_899_000_000, '1.90 s'],
    [34_230_000_000, '34.2 s'],
    [123_456_000_000_000, '123,456 s'],
    [-12_345, '-12.3 µs'],
    [NaN, '–'],
    [Infinity, '–']
  ])('%d ns is %s', (value, written) => {
    expect(text(value)).toBe(written);
  });

  it('never read as nothing, and keep three digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), value => {
        const { number, unit } = numbers.quantity(value, 'ns');
        const factor = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 }[unit] ?? NaN;
        const back = Number(number.replaceAll(',', '')) * factor;
        expect(Math.abs(back - value) / value).toBeLessThan(0.0051);
      })
    );
  });
});

it.each([
  [0, 'bytes', '0'],
  [1500, 'bytes', '1.50 kB'],
  [7, 'samples', '7 samples'],
  [0.05, 'samples', '0.05 samples'],
  [1234567, 'count', '1,234,567'],
  [3, 'parsec', '3 parsec']
])('%d %s is %s', (value, unit, written) => {
  expect(text(value, unit)).toBe(written);
});

it('sets thousands apart in counts', () => {
  expect(numbers.count(153_718)).toBe('153,718');
  expect(numbers.count(NaN)).toBe('–');
});

it('follows the language, and takes what is none for English', () => {
  expect(new NumberFormat('de_DE').quantity(12_345, 'ns').number).toBe('12,3');
  expect(new NumberFormat('no such!').count(1000)).toBe('1,000');
});

it('never rounds a lower bound up', () => {
  const numbers = new NumberFormat('en');
  expect(
    [0.0299, 0.0996, 0.29, 0.299, 0.999, 1].map(share =>
      numbers.percentAtLeast(share)
    )
  ).toEqual(['2.9%', '9.9%', '29%', '29%', '99%', '100%']);
});

it.each([
  [0, '0%'],
  [0.0001, '<0.1%'],
  [0.0005, '0.1%'],
  [0.05, '5.0%'],
  [0.0994, '9.9%'],
  [0.0996, '10%'],
  [0.605, '61%'],
  [1, '100%'],
  [1.5, '150%'],
  [-0.05, '-5.0%'],
  [NaN, '–'],
  [Infinity, '–']
])('a share of %d reads %s', (share, written) => {
  expect(numbers.percent(share)).toBe(written);
});

it('writes shares as the language does', () => {
  expect(new NumberFormat('de').percent(0.05)).toBe('5,0\u00a0%');
});
