import { PATTERN_TEXT_LENGTH, safePattern } from '../pattern';
import { patternFault } from './patternFault';

/** Why rules cannot be applied, in a sentence. */
export class RuleFault extends Error {}

/** Time that rules may take on all names of a profile, in ms. */
const MOST_TIME = 2_000;

/**
 * What stops rules that take too long: an expression that is safe on one name may not be on a million.
 *
 * @returns to be called before each name; throws `RuleFault`
 */
export function stopwatch(): () => void {
  const end = Date.now() + MOST_TIME;
  return () => {
    if (Date.now() > end) {
      throw new RuleFault(
        'Searching all names for these patterns takes too long. Simpler ones have fewer repeats.'
      );
    }
  };
}

/** A substitution: each match is replaced. */
export interface ISubstitution {
  readonly pattern: RegExp;
  /** Texts, and between them numbers of groups. */
  readonly parts: readonly (string | number)[];
}

/** Names of ancestors, outermost first, and what is written for what lies below them. */
export interface IAncestry {
  readonly patterns: readonly RegExp[];
  readonly name: string;
}

/**
 * Read `s/RE/TO/;s|RE|TO|`. The character behind `s` ends the parts and cannot be in them.
 *
 * Throws `RuleFault`.
 */
export function readSubstitutions(rules: string): readonly ISubstitution[] {
  const found: ISubstitution[] = [];
  for (let at = 0; at < rules.length;) {
    const mark = rules[at + 1] ?? '';
    const [end, last] = [0, 1].reduce<number[]>(
      (ends, _, i) => [
        ...ends,
        mark ? rules.indexOf(mark, (ends[i - 1] ?? at + 1) + 1) : -1
      ],
      []
    );
    if (
      rules[at] !== 's' ||
      end < 0 ||
      last < 0 ||
      ![undefined, ';'].includes(rules[last + 1])
    ) {
      throw new RuleFault(
        `Expected s/PATTERN/NAME/ at character ${at + 1} of the rules.`
      );
    }
    const pattern = compile(rules.slice(at + 2, end));
    const parts = readReplacement(rules.slice(end + 1, last));
    const groups = new RegExp(`${pattern.source}|`).exec('')?.length ?? 1;
    const missing = parts.find(
      part => typeof part === 'number' && part >= groups
    );
    if (missing !== undefined) {
      throw new RuleFault(
        `The pattern “${pattern.source}” has no group ${missing}.`
      );
    }
    found.push({ pattern, parts });
    at = last + 2;
  }
  return found;
}

/**
 * Read `A>B/NAME`: patterns of ancestors, outermost first, and a name.
 *
 * Throws `RuleFault`.
 */
export function readAncestry(rules: string): IAncestry {
  const end = rules.indexOf('/');
  const name = rules.slice(end + 1);
  if (end <= 0 || name === '') {
    throw new RuleFault('Expected ANCESTOR>ANCESTOR/NAME.');
  }
  return { patterns: rules.slice(0, end).split('>').map(compile), name };
}

/**
 * A text with every match replaced. Of a long text the beginning is searched; a match that reaches the end of that part
 * reaches the end of the text.
 */
export function substituted(
  text: string,
  { pattern, parts }: ISubstitution
): string {
  const head = text.slice(0, PATTERN_TEXT_LENGTH);
  const tail = text.slice(PATTERN_TEXT_LENGTH);
  let hasEnd = false;
  const replaced = head.replace(
    new RegExp(pattern.source, 'g'),
    (...found: (string | number | undefined)[]) => {
      const groups = found.slice(
        0,
        found.findIndex(one => typeof one === 'number')
      );
      const at = found[groups.length] as number;
      const match = found[0] as string;
      hasEnd ||= match !== '' && at + match.length === head.length;
      return parts
        .map(part => (typeof part === 'string' ? part : (groups[part] ?? '')))
        .join('');
    }
  );
  return hasEnd ? replaced : replaced + tail;
}

/** Whether a pattern is found in a text, the beginning of a long one. */
export function isFound(pattern: RegExp, text: string): boolean {
  return pattern.test(text.slice(0, PATTERN_TEXT_LENGTH));
}

function compile(text: string): RegExp {
  const pattern = text === '' ? null : safePattern(text);
  if (!pattern) {
    throw new RuleFault(
      text === ''
        ? 'Expected a pattern, found none.'
        : `The pattern “${text}” cannot be searched for here: it ${patternFault(text)}.`
    );
  }
  return pattern;
}

/** Texts and groups, `\1` or `$1`; `\0` and `$&` are all of a match. */
function readReplacement(text: string): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  let rest = 0;
  for (const found of text.matchAll(/[\\$](\d)|\$&|\\(\D)/g)) {
    parts.push(text.slice(rest, found.index));
    parts.push(found[2] ?? Number(found[1] ?? 0));
    rest = found.index + found[0].length;
  }
  parts.push(text.slice(rest));
  return parts.filter(part => part !== '');
}
