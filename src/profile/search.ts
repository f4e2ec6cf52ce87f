import { NONE, type FuncIndex } from './indices';
import type { IProfile } from './model';
import { displayName, standardName } from './names';
import { PATTERN_TEXT_LENGTH, safePattern, type IPattern } from './pattern';

/** How long patterns of the settings may take on one profile, and one that was typed, in ms. */
const MOST_MILLISECONDS = 200;
const MOST_TYPED = 1_000;

/** Functions whose name or place has a text in it. */
export interface ISearchResult {
  /** One byte a function, 1 where it matches. */
  readonly matches: Uint8Array;
  /** Whether the pattern was applied; where it was not, everything matches. */
  readonly isApplied: boolean;
}

/** Reads what a reader typed; `null`: it is no expression that can be searched for. */
let readTyped: (text: string) => IPattern | null = safePattern;

/**
 * Have more expressions searched for than those that are safe in a payload.
 */
export function useTypedPatterns(read: typeof readTyped): void {
  readTyped = read;
}

/**
 * Search functions by what pstats prints of them and by what the table shows of them.
 *
 * @param text - searched without regard to case; with `isPattern` a regular expression, as written
 * @param labels - what files are called on screen
 * @param now - clock in ms, which ends patterns that take too long
 */
export function searchFunctions(
  profile: IProfile,
  labels: readonly string[],
  text: string,
  isPattern: boolean,
  now: () => number = () => Date.now()
): ISearchResult {
  const { length, file, line } = profile.functions;
  const matches = new Uint8Array(length);
  const pattern = isPattern ? readTyped(text) : null;
  if (isPattern && !pattern) {
    return { matches: matches.fill(1), isApplied: false };
  }
  const lower = text.toLowerCase();
  const test = pattern
    ? (name: string) => pattern.test(name.slice(-PATTERN_TEXT_LENGTH))
    : (name: string) => name.toLowerCase().includes(lower);
  const deadline = now() + MOST_TYPED;
  for (let i = 0; i < length; i++) {
    const func = i as FuncIndex;
    const name = displayName(profile, func);
    const place =
      file[func] === NONE ? '' : `${labels[file[func]]}:${line[func]}`;
    matches[func] =
      test(`${place}(${name})`) || test(standardName(profile, func)) ? 1 : 0;
    if (pattern && now() > deadline) {
      return { matches: matches.fill(1), isApplied: false };
    }
  }
  return { matches, isApplied: true };
}

/** Functions that patterns find. */
export interface IFoundFunctions {
  /** One byte a function, 1 where a pattern finds it. */
  readonly matches: Uint8Array;
  /** Patterns that are no safe expression here, or took too long. They find nothing. */
  readonly unusable: readonly string[];
}

/**
 * The functions whose printed name one of several patterns finds.
 *
 * @param patterns - regular expressions
 * @param now - clock in ms, which ends patterns that take too long
 */
export function findFunctions(
  profile: IProfile,
  patterns: readonly string[],
  now: () => number = () => Date.now()
): IFoundFunctions {
  const { length } = profile.functions;
  let matches: Uint8Array = new Uint8Array(length);
  const unusable: string[] = [];
  const deadline = now() + MOST_MILLISECONDS;
  for (const text of patterns) {
    const pattern = safePattern(text);
    const found = matches.slice();
    let inTime = now() <= deadline;
    for (let i = 0; pattern && inTime && i < length; i++) {
      const name = standardName(profile, i as FuncIndex);
      found[i] ||= pattern.test(name.slice(-PATTERN_TEXT_LENGTH)) ? 1 : 0;
      inTime = now() <= deadline;
    }
    if (pattern && inTime) {
      matches = found;
    } else {
      unusable.push(text);
    }
  }
  return { matches, unusable };
}
