import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { arbitraryProfile } from '../../../wire/__tests__/arbitrary';
import { FORMATS } from '../../read';
import { FormatError } from '../../error';
import { WRITERS } from '..';

/** What is wrong with the numbers of a profile, and not with what it holds. */
const NUMBERS = 'Expected values whose sums are numbers';

describe('the table of what a profile can be written as', () => {
  it('has kinds that are read, each with an ending of its own', () => {
    const ids = FORMATS.map(({ id }) => id);
    expect(WRITERS.every(({ id }) => ids.includes(id))).toBe(true);
    expect(WRITERS.map(({ ending }) => ending)).toEqual([
      '.prof',
      '.lprof',
      '.speedscope.json',
      '.collapsed'
    ]);
  });

  it.each(WRITERS.map(writer => [writer.id, writer] as const))(
    '%s is refused where nothing is written, in the same words',
    (_, { write, refusal }) => {
      let written = 0;
      fc.assert(
        fc.property(arbitraryProfile, profile => {
          const reason = refusal(profile);
          try {
            const content = write(profile);
            expect(reason).toBe(null);
            expect(content).toHaveProperty('length');
            written++;
          } catch (error) {
            if (!(error instanceof FormatError)) {
              throw error;
            }
            if (!error.message.startsWith(NUMBERS)) {
              expect(error.message).toBe(reason);
            }
          }
        }),
        { numRuns: 300 }
      );
      expect(written).toBeGreaterThan(5);
    }
  );
});
