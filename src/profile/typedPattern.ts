import { PATTERN_TEXT_LENGTH, safePattern, type IPattern } from './pattern';

/**
 * Why what a reader typed is not searched for: it is no expression of JavaScript's, it refers back to what a group has
 * matched, or it stands for a larger one than can be searched for.
 */
export type PatternFault = 'invalid' | 'reference' | 'large';

/** Steps that an expression is made of at most, with what is repeated a number of times written out. */
const MOST_STEPS = 1_000;

/**
 * Read a regular expression as a reader types it: JavaScript's, and `(?i)` before it for any case.
 *
 * What could run away in the browser's own search, which tries one way after another, is searched for here in all ways
 * at once: each character of a text is looked at once for each step of the expression. Only what refers back to a group
 * cannot be.
 *
 * ```
 * (burn|gen)+    (a+)+$    .*b.*u.*n    \bburn    (?<=self\.)run
 * ```
 */
export function typedPattern(text: string): IPattern | PatternFault {
  const read = readable(text);
  if (typeof read === 'string') {
    return read;
  }
  const [source] = withFlags(text);
  // Edges of words, which are others in Python, are no further ways.
  const plain = source.replace(/\\(?:[bB]|([^]))/g, (sign, other) =>
    other ? sign : ''
  );
  return safePattern(plain) ? read : steppedPattern(text);
}

/**
 * An expression that looks at each character once for each of its steps.
 */
export function steppedPattern(text: string): IPattern | PatternFault {
  const read = readable(text);
  if (typeof read === 'string') {
    return read;
  }
  try {
    const program = new Program();
    const tree = new Reader(withFlags(text)[0], program).read(read.flags);
    const start = program.add(tree, program.end, false);
    return { test: name => program.leads(start, name, 0, 1, true) };
  } catch (error) {
    if (error instanceof Fault) {
      return error.kind;
    }
    throw error;
  }
}

/** An expression, and the flags that stand before it. */
function withFlags(text: string): [string, string] {
  const [lead = '', flags = ''] = /^\(\?([ims]+)\)/.exec(text) ?? [];
  return [text.slice(lead.length), flags];
}

/** An expression as JavaScript reads it. */
function readable(text: string): RegExp | PatternFault {
  if (text.length > PATTERN_TEXT_LENGTH) {
    return 'large';
  }
  try {
    return new RegExp(...withFlags(text));
  } catch {
    return 'invalid';
  }
}

class Fault extends Error {
  constructor(readonly kind: PatternFault) {
    super(kind);
  }
}

/** Whether something holds between two characters. */
type Edge = (text: string, at: number) => boolean;

/** An expression in its parts. */
type Part =
  | { readonly kind: 'one'; readonly is: (code: number) => boolean }
  | { readonly kind: 'edge'; readonly holds: Edge }
  | { readonly kind: 'row' | 'choice'; readonly parts: readonly Part[] }
  | {
      readonly kind: 'repeat';
      readonly part: Part;
      readonly least: number;
      readonly most: number;
    };

/**
 * Takes an expression apart that is known to be one.
 */
class Reader {
  constructor(
    private readonly _text: string,
    private readonly _program: Program
  ) {}

  /**
   * Read up to the end of a group, or of all.
   *
   * @param flags - those that hold there
   */
  read(flags: string): Part {
    const choices: Part[][] = [[]];
    while (this._at < this._text.length && !this._take(/\)/y)) {
      if (this._take(/\|/y)) {
        choices.push([]);
      } else {
        choices[choices.length - 1].push(this._repeated(this._one(flags)));
      }
    }
    return {
      kind: 'choice',
      parts: choices.map(parts => ({ kind: 'row', parts }))
    };
  }

  private _one(flags: string): Part {
    const group = this._take(
      /\((?:\?(?:(<?[=!])|<[^>]*>|([ims]*)(?:-([ims]*))?:))?/y
    );
    if (group) {
      const [, look, more = '', fewer = ''] = group;
      const part = this.read(
        [...new Set(flags + more)].filter(one => !fewer.includes(one)).join('')
      );
      return look
        ? { kind: 'edge', holds: this._program.look(part, look) }
        : part;
    }
    const edge = this._take(/\^|\$|\\[bB]/y);
    if (edge) {
      const sticky = new RegExp(edge[0], `${flags}y`);
      return {
        kind: 'edge',
        holds: (text, at) => {
          sticky.lastIndex = at;
          return sticky.test(text);
        }
      };
    }
    if (this._take(/\\(?:[1-9]|k<)/y)) {
      throw new Fault('reference');
    }
    const [one] = this._take(
      /\[(?:\\[^]|[^\]\\])*\]|\\(?:c[A-Za-z]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|0[0-7]{0,2}|[^])|[^]/y
    ) as RegExpExecArray;
    const known = new RegExp(
      // What is a sign only where it follows something stands for itself here.
      `^${/^[{}\]]$/.test(one) ? `\\${one}` : one}$`,
      flags
    );
    const is = (code: number) => known.test(String.fromCharCode(code));
    const ascii = Uint8Array.from({ length: 128 }, (_, code) =>
      is(code) ? 1 : 0
    );
    return {
      kind: 'one',
      is: code => (code < 128 ? ascii[code] === 1 : is(code))
    };
  }

  private _repeated(part: Part): Part {
    const sign = this._take(/(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y);
    if (!sign) {
      return part;
    }
    const [, short, low, comma, high] = sign;
    const least = short ? (short === '+' ? 1 : 0) : Number(low);
    const most = short
      ? short === '?'
        ? 1
        : Infinity
      : high
        ? Number(high)
        : comma
          ? Infinity
          : least;
    return { kind: 'repeat', part, least, most };
  }

  private _take(sign: RegExp): RegExpExecArray | null {
    sign.lastIndex = this._at;
    const found = sign.exec(this._text);
    this._at += found?.[0].length ?? 0;
    return found;
  }

  private _at = 0;
}

/** A step takes a character, holds or not, or leads on in two ways; the last one does none of these. */
interface IStep {
  readonly is?: (code: number) => boolean;
  readonly holds?: Edge;
  next: number;
  readonly other?: number;
}

/**
 * The steps of an expression, by their numbers.
 */
class Program {
  /** The step at which all is found. */
  readonly end = 0;

  /**
   * Add a part.
   *
   * @param next - the step behind it
   * @param isBackward - whether texts are read from right to left
   * @returns its first step
   */
  add(part: Part, next: number, isBackward: boolean): number {
    if (++this._added > MOST_STEPS) {
      throw new Fault('large');
    }
    switch (part.kind) {
      case 'one':
        return this._steps.push({ is: part.is, next }) - 1;
      case 'edge':
        return this._steps.push({ holds: part.holds, next }) - 1;
      case 'row':
        return (isBackward ? part.parts : [...part.parts].reverse()).reduce(
          (to, one) => this.add(one, to, isBackward),
          next
        );
      case 'choice':
        return part.parts
          .map(one => this.add(one, next, isBackward))
          .reduce((other, to) => this._fork(to, other));
      case 'repeat':
        return this._addRepeat(part, next, isBackward);
    }
  }

  /**
   * Whether what is looked for ahead or behind is there.
   *
   * @param sign - of `(?=`, `(?!`, `(?<=` and `(?<!`, what follows the question mark
   */
  look(part: Part, sign: string): Edge {
    const isBackward = sign.startsWith('<');
    const isWanted = sign.endsWith('=');
    const start = this.add(part, this.end, isBackward);
    // Each place of a text is looked at once, however these are nested.
    let known: boolean[] = [];
    let of: string | null = null;
    return (text, at) => {
      if (of !== text) {
        of = text;
        known = [];
      }
      return (known[at] ??=
        this.leads(start, text, at, isBackward ? -1 : 1, false) === isWanted);
    };
  }

  /**
   * Whether a text leads from a step to the end.
   *
   * @param from - the place in the text where that begins
   * @param way - 1 to the right, -1 to the left
   * @param isAnywhere - whether it may begin at a later place, too
   */
  leads(
    start: number,
    text: string,
    from: number,
    way: 1 | -1,
    isAnywhere: boolean
  ): boolean {
    let here: number[] = [start];
    for (let at = from; ; at += way) {
      const seen = new Uint8Array(this._steps.length);
      const code = text.charCodeAt(way > 0 ? at : at - 1);
      const there: number[] = [];
      // Grows while it is walked: steps that take no character lead on at once.
      for (const one of here) {
        if (seen[one]) {
          continue;
        }
        if (one === this.end) {
          return true;
        }
        seen[one] = 1;
        const { is, holds, next, other } = this._steps[one];
        if (is) {
          if (is(code)) {
            there.push(next);
          }
        } else if (!holds || holds(text, at)) {
          here.push(next);
          if (other !== undefined) {
            here.push(other);
          }
        }
      }
      // Beyond the text there is no character, so that nothing leads there.
      if (at === (way > 0 ? text.length : 0)) {
        return false;
      }
      if (isAnywhere) {
        there.push(start);
      } else if (there.length === 0) {
        return false;
      }
      here = there;
    }
  }

  private _fork(next: number, other: number): number {
    return this._steps.push({ next, other }) - 1;
  }

  private _addRepeat(
    { part, least, most }: Extract<Part, { kind: 'repeat' }>,
    next: number,
    isBackward: boolean
  ): number {
    let first = next;
    // No text is longer: more often is as often as one likes.
    if (most > PATTERN_TEXT_LENGTH) {
      first = this._fork(next, next);
      this._steps[first].next = this.add(part, first, isBackward);
    } else {
      for (let i = least; i < most; i++) {
        first = this._fork(this.add(part, first, isBackward), next);
      }
    }
    for (let i = 0; i < least; i++) {
      first = this.add(part, first, isBackward);
    }
    return first;
  }

  private readonly _steps: IStep[] = [{ next: 0 }];
  private _added = 0;
}
