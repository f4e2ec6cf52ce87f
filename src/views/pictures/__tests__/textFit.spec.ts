import fc from 'fast-check';
import { expect, it } from 'vitest';

import { TextFit } from '../textFit';

/** Ten px a character. */
const fit = new TextFit(text => 10 * [...text].length);

it('leaves a name as it is where it fits', () => {
  expect(fit.fit('main', 40)).toBe('main');
});

it('cuts a name, and says so', () => {
  expect(fit.fit('simulate', 60)).toBe('simul…');
});

it('writes nothing where too little would be left', () => {
  expect(fit.fit('simulate', 39)).toBe('');
  expect(fit.fit('simulate', 0)).toBe('');
});

it('never cuts through a character, and never writes more than there is room for', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.integer({ min: 0, max: 400 }),
      (name, room) => {
        const text = fit.fit(name, room);
        expect(10 * [...text].length).toBeLessThanOrEqual(room);
        expect(() => encodeURIComponent(text)).not.toThrow();
        expect(text === '' || name.startsWith(text.replace(/…$/, ''))).toBe(
          true
        );
      }
    )
  );
});
