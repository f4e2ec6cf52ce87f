/**
 * The symbols of C++ operators in which a bracket could be taken for one of a template or of parameters; longer ones
 * first.
 */
const OPERATOR =
  /(?:\(\)|\[\]|<=>|<<=|>>=|->\*|->|<<|>>|<=|>=|<|>)(?![\w])|(?:\(\)|<<|<)(?= ?<)/y;

/** Of names that say what is there instead of a type and a function: these words stay. */
const SPECIAL = /^(?:[a-z][\w-]* )+(?:for|to) /;

/** Written for an anonymous namespace by c++filt, LLVM and Microsoft's tools. */
const ANONYMOUS =
  /\((?:anonymous namespace|anonymous)\)|`anonymous namespace'/y;

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
  const folded = fold(name);
  if (folded.text.length <= most) {
    return folded.text;
  }
  const bare = folded.text.slice(folded.nameAt);
  if (bare.length <= most) {
    return bare;
  }
  return shortened(bare, most);
}

/**
 * A name with its template arguments and parameters folded and without its return type: the function's own path.
 *
 * ```
 * pathOfNative('int std::__invoke_impl<int, int (*)(int)>(std::__invoke_other)')  // 'std::__invoke_impl<…>(…)'
 * ```
 */
export function pathOfNative(name: string): string {
  const { text, nameAt } = fold(name);
  return text.slice(nameAt);
}

interface IFolded {
  readonly text: string;
  /** Where the name begins behind the return type. */
  readonly nameAt: number;
}

function fold(name: string): IFolded {
  const out: string[] = [];
  let length = 0;
  const put = (text: string) => {
    out.push(text);
    length += text.length;
  };
  /** Brackets that are open. */
  const open: string[] = [];
  /** Where the words outside of brackets begin, up to the parameters. */
  let nameAt = 0;
  let isNameDone = false;
  /** `<` that are part of a name, as in `<unresolved>`. */
  let literal = 0;
  for (let i = 0; i < name.length;) {
    const char = name[i];
    const isOutside = open.length === 0;
    const operator = char === 'o' ? operatorAt(name, i) : '';
    if (operator) {
      if (isOutside) {
        put(operator);
        // What follows is the type that is converted to.
        isNameDone = true;
      }
      i += operator.length;
      continue;
    }
    ANONYMOUS.lastIndex = i;
    const anonymous = isOutside && '(`'.includes(char) && ANONYMOUS.exec(name);
    if (anonymous) {
      put('(anonymous)');
      i += anonymous[0].length;
      continue;
    }
    switch (char) {
      case '<':
        if (isOutside && !isTemplate(name[i - 1])) {
          put('<');
          literal++;
          break;
        }
        if (isOutside) {
          put('<…>');
        }
        open.push('>');
        break;
      case '(':
        if (isOutside) {
          put(name[i + 1] === ')' ? '()' : '(…)');
          isNameDone ||= length > 0 && /[\w>}\])]/.test(name[i - 1] ?? '');
        }
        open.push(')');
        break;
      case '{':
        if (isOutside) {
          put(name.startsWith('{lambda', i) ? '{lambda}' : '{…}');
        }
        open.push('}');
        break;
      case '>':
        if (isOutside && literal > 0) {
          put('>');
          literal--;
        } else if (open.at(-1) === '>' && name[i - 1] !== '-') {
          open.pop();
        } else if (isOutside) {
          put('>');
        }
        break;
      case ')':
      case '}':
        closeTo(open, char);
        if (isOutside) {
          put(char);
        }
        break;
      case ' ':
        if (isOutside) {
          put(' ');
          if (!isNameDone) {
            nameAt = length;
          }
        }
        break;
      case '[':
        if (isOutside && name.startsWith('[abi:', i)) {
          const end = name.indexOf(']', i);
          if (end > 0) {
            i = end;
            break;
          }
        }
        if (isOutside) {
          put('[');
        }
        break;
      default:
        if (isOutside) {
          put(char);
        }
    }
    i++;
  }
  const text = out.join('');
  return {
    text,
    nameAt:
      nameAt >= text.length || SPECIAL.test(text.slice(0, 60)) ? 0 : nameAt
  };
}

/** Whether a `<` behind this character begins template arguments, and not a name such as `<unresolved>`. */
function isTemplate(before: string | undefined): boolean {
  return before !== undefined && /[\w>)}\]$'. <=&|^~!%*/+,()-]/.test(before)
    ? /[\w>)}\]$' <=&|^~!%*/+,()-]/.test(before) && before !== ' '
    : false;
}

/** `operator` and its symbol, if they stand there. */
function operatorAt(name: string, at: number): string {
  if (!name.startsWith('operator', at) || /\w/.test(name[at - 1] ?? '')) {
    return '';
  }
  const end = at + 'operator'.length;
  if (/\w/.test(name[end] ?? '')) {
    return '';
  }
  OPERATOR.lastIndex = end;
  return name.slice(at, end) + (OPERATOR.exec(name)?.[0] ?? '');
}

/** Close the innermost bracket of this kind, and what was left open in it. */
function closeTo(open: string[], char: string): void {
  const at = open.lastIndexOf(char);
  if (at >= 0) {
    open.length = at;
  }
}

/** What fits of a name that is too long even so: its end, from a namespace on where there is one. */
function shortened(text: string, most: number): string {
  if (most <= 1) {
    return '…'.slice(0, Math.max(0, most));
  }
  for (
    let at = text.indexOf('::', text.length - most - 1 + 2 - 2);
    at >= 0;
    at = text.indexOf('::', at + 2)
  ) {
    if (text.length - at + 1 <= most && at + 2 < text.length) {
      return `…${text.slice(at)}`;
    }
  }
  const cut = text.slice(0, most - 1);
  return `${cut.replace(/[\ud800-\udbff]$/, '')}…`;
}
