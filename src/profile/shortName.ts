/** Symbols of C++ operators that have brackets in them; longer ones first. */
const SYMBOL = /\(\)|\[\]|<=>|<<=|>>=|->\*|->|<<|>>|<=|>=|<|>/y;

/** Names that say what is there instead of a type and a function, as `vtable for A`: they stay as they are. */
const SPECIAL =
  /^(?:vtable|VTT|typeinfo(?: name| fn)?|construction vtable|guard variable|reference temporary(?: #\d+)?|TLS (?:init|wrapper) function|(?:non-)?virtual thunk|covariant return thunk|transaction clone|template parameter object) (?:for|to) /;

/** What an anonymous namespace is called by c++filt, by others, and here. */
const ANONYMOUS = /\(anonymous(?: namespace)?\)|`anonymous namespace'/y;
const SHORT_ANONYMOUS = '(anonymous)';

/** Marks of the library's version behind a name. */
const ABI_TAG = /\[abi:[^\]]{0,40}\]/y;

/**
 * The name of a compiled function in few characters: what stands in template arguments and parameter lists is folded,
 * then the return type goes, then namespaces from the left. A name that is short enough stays as it is.
 *
 * Takes time in proportion to the length of the name, whatever is in it.
 *
 * ```
 * shortNative('void hex::apply<std::vector<double, std::allocator<double> > >(std::vector<double>&, int)')
 * // 'void hex::apply<…>(…)'
 * ```
 *
 * @param most - characters that it may have
 */
export function shortNative(name: string, most = 60): string {
  if (name.length <= most) {
    return name;
  }
  const { text, nameAt } = new Folding(name).done();
  return text.length <= most ? text : shortened(text.slice(nameAt), most);
}

/**
 * A name with its template arguments and parameters folded and without its return type: the function's own path.
 *
 * ```
 * pathOfNative('int std::__invoke_impl<int, int (*)(int)>(std::__invoke_other)')  // 'std::__invoke_impl<…>(…)'
 * ```
 */
export function pathOfNative(name: string): string {
  const { text, nameAt } = new Folding(name).done();
  return text.slice(nameAt);
}

/** One walk through a name. */
class Folding {
  constructor(private readonly _name: string) {}

  done(): { readonly text: string; readonly nameAt: number } {
    while (this._at < this._name.length) {
      this._at += this._step();
    }
    const text = this._out.join('');
    return { text, nameAt: SPECIAL.test(text) ? 0 : this._nameAt };
  }

  /** Take what stands at the place, and say how many characters that are. */
  private _step(): number {
    const char = this._name[this._at];
    switch (char) {
      case 'o':
        return this._operator() || this._put(char);
      case '`':
        return this._anonymous() || this._put(char);
      case '(':
        return this._anonymous() || this._parameters();
      case '<':
        return this._template();
      case '{':
        return this._braces();
      case '>':
        return this._closeAngle();
      case ')':
      case '}':
        return this._close(char);
      case '[':
        return this._match(ABI_TAG)?.length ?? this._put(char);
      case ' ':
        this._put(char);
        // Behind a name there may be `[clone .cold]` or `(inlined)`.
        if (
          this._isOutside &&
          !this._isNamed &&
          /[^ [(]/.test(this._name[this._at + 1] ?? '')
        ) {
          this._nameAt = this._length;
        }
        return 1;
      default:
        return this._put(char);
    }
  }

  /** `operator` and its symbol. Behind the word the name begins nowhere else: there may be a type. */
  private _operator(): number {
    const { _name: name, _at: at } = this;
    const end = at + 'operator'.length;
    if (
      !name.startsWith('operator', at) ||
      isWord(name[at - 1]) ||
      isWord(name[end])
    ) {
      return 0;
    }
    SYMBOL.lastIndex = end;
    const symbol = SYMBOL.exec(name)?.[0] ?? '';
    this._isNamed ||= this._isOutside;
    this._put(`operator${symbol}`);
    return 'operator'.length + symbol.length;
  }

  private _anonymous(): number {
    const found = this._match(ANONYMOUS);
    if (found) {
      this._put(SHORT_ANONYMOUS);
    }
    return found?.length ?? 0;
  }

  private _parameters(): number {
    const isBehindName = /[\w>}\])]/.test(this._name[this._at - 1] ?? '');
    this._put(this._name[this._at + 1] === ')' ? '()' : '(…)');
    this._isNamed ||= this._isOutside && isBehindName;
    this._open.push(')');
    return 1;
  }

  private _template(): number {
    // Behind nothing that has a name it is part of one, as in `<unresolved>`.
    if (this._isOutside && !/[\w>)}\]<=*+/-]/.test(this._behind())) {
      this._literal++;
      return this._put('<');
    }
    this._put('<…>');
    this._open.push('>');
    return 1;
  }

  private _braces(): number {
    if (this._isOutside && !this._name.startsWith('{lambda', this._at)) {
      return this._put('{');
    }
    this._put('{lambda}');
    this._open.push('}');
    return 1;
  }

  private _closeAngle(): number {
    if (this._isOutside) {
      const isLiteral = this._literal > 0;
      this._literal -= isLiteral ? 1 : 0;
      return this._put('>');
    }
    if (this._open.at(-1) === '>' && this._name[this._at - 1] !== '-') {
      this._open.pop();
    }
    return 1;
  }

  /** Close the innermost bracket of this kind, and what was left open in it. */
  private _close(char: ')' | '}'): number {
    if (this._isOutside) {
      return this._put(char);
    }
    let last = this._open.length - 1;
    while (last >= 0 && this._open[last] === '>') {
      last--;
    }
    if (this._open[last] === char) {
      this._open.length = last;
    }
    return 1;
  }

  /** The last character before the place that is no blank. */
  private _behind(): string {
    const { _name: name, _at: at } = this;
    const isOperator =
      name[at - 1] === ' ' && /[<>=)\]*+/-]/.test(name[at - 2]);
    return (isOperator ? name[at - 2] : name[at - 1]) ?? '';
  }

  /** What a sticky pattern finds at the place, outside of brackets. */
  private _match(pattern: RegExp): string | null {
    pattern.lastIndex = this._at;
    return this._isOutside ? (pattern.exec(this._name)?.[0] ?? null) : null;
  }

  /** Write outside of brackets. */
  private _put(text: string): number {
    if (this._isOutside) {
      this._out.push(text);
      this._length += text.length;
    }
    return 1;
  }

  private get _isOutside(): boolean {
    return this._open.length === 0;
  }

  private _at = 0;
  private readonly _out: string[] = [];
  private _length = 0;
  /** What closes the brackets that are open. */
  private readonly _open: string[] = [];
  /** `<` that are part of a name. */
  private _literal = 0;
  /** Where the last word outside of brackets begins, up to the parameters. */
  private _nameAt = 0;
  private _isNamed = false;
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /\w/.test(char);
}

/** What fits of a name that is too long even so: its end, from a scope on where there is one. */
function shortened(text: string, most: number): string {
  if (text.length <= most) {
    return text;
  }
  // The first `::` from which on the rest fits behind a dot.
  const at = text.indexOf('::', text.length - most + 1);
  if (most > 1 && at >= 0 && at + 2 < text.length) {
    return `…${text.slice(at)}`;
  }
  const cut = text.slice(0, Math.max(0, most - 1));
  return `${cut.replace(/[\ud800-\udbff]$/, '')}…`.slice(0, Math.max(0, most));
}
