import fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  DEFAULT_LINES_STATE,
  LINE_UNITS,
  readLinesState,
  type ILinesState
} from '../linesState';

const states: fc.Arbitrary<ILinesState> = fc.record({
  open: fc.array(fc.string(), { maxLength: 20 }),
  shut: fc.array(fc.string(), { maxLength: 20 }),
  timed: fc.boolean(),
  unit: fc.constantFrom(...LINE_UNITS)
});

it('comes back as it was stored', () => {
  fc.assert(
    fc.property(states, state => {
      expect(readLinesState(JSON.parse(JSON.stringify(state)))).toEqual(state);
    })
  );
});

it('is as it should be whatever was stored', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.record(
          {
            open: fc.anything(),
            shut: fc.anything(),
            timed: fc.anything(),
            unit: fc.anything()
          },
          { requiredKeys: [] }
        )
      ),
      stored => {
        const state = readLinesState(stored);
        for (const keys of [state.open, state.shut]) {
          expect(keys.length).toBeLessThanOrEqual(100);
          expect(keys.every(key => typeof key === 'string')).toBe(true);
        }
        expect(typeof state.timed).toBe('boolean');
        expect(LINE_UNITS).toContain(state.unit);
      }
    )
  );
  expect(readLinesState(null)).toEqual(DEFAULT_LINES_STATE);
});
