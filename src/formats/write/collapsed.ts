import type { FuncIndex } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import { displayName } from '../../profile/names';
import { plainName } from '../../profile/tree/collapsed';
import { FormatError } from '../error';
import { roundHalfEven } from '../summed';
import { escapeSurrogates } from '../text';
import { finite } from './finite';
import { eachStack, ownValues } from './stacks';

/** Characters of all stacks together, so that they stay one string. */
const MOST_CHARACTERS = 2 ** 28;

/**
 * The call paths of a profile as collapsed stacks: a line for each with a value of its own, in whole units of the main
 * metric (of time: nanoseconds). Threads and namesakes are put together.
 *
 * ```
 * main 1
 * main;f 2
 * ```
 *
 * Throws `FormatError` if there are no call paths, or if their text is too long.
 */
export function toCollapsed(profile: IProfile): string {
  const { metric, own } = ownValues(profile);
  const names: string[] = [];
  const counts = new Map<string, number>();
  let length = 0;
  eachStack(profile, own, (row, stack) => {
    const text = stack
      .map(
        func =>
          (names[func] ??= escapeSurrogates(
            plainName(displayName(profile, func as FuncIndex))
          ))
      )
      .join(';');
    length += text.length;
    if (length > MOST_CHARACTERS) {
      throw new FormatError(
        `Expected stacks of at most ${MOST_CHARACTERS} characters in all, found more`
      );
    }
    counts.set(text, (counts.get(text) ?? 0) + own[row] * metric.tick);
  });
  const lines: string[] = [];
  for (const [text, value] of counts) {
    const count = roundHalfEven(finite(value));
    if (count > 0) {
      // All digits of a large one, and no exponent, which no reader knows.
      lines.push(`${text} ${BigInt(count)}\n`);
    }
  }
  return lines.join('');
}
