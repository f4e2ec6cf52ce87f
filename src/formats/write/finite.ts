import { FormatError } from '../error';

/**
 * A number as it is written. Throws `FormatError` where it is beyond all numbers, as a sum of large ones may be.
 */
export function finite(value: number): number {
  if (!Number.isFinite(value)) {
    throw new FormatError(
      `Expected values whose sums are numbers, found ${value}`
    );
  }
  return value;
}
