const WHITE = ' \t\n\r';

/**
 * Where a text stops being JSON: the index of the first character that cannot stand there, or the text's length. The
 * engines' own messages name the place in some cases only.
 */
export function jsonFault(text: string): number {
  const scan = new Scanner(text);
  const open: string[] = [];
  let wantsKey = false;
  for (;;) {
    // A value, or a key and then a value.
    scan.skip(WHITE);
    if (wantsKey) {
      if (!scan.text() || !(scan.skip(WHITE), scan.take(':'))) {
        return scan.at;
      }
      scan.skip(WHITE);
    }
    const opening = scan.peek();
    if (opening === '{' || opening === '[') {
      scan.take(opening);
      open.push(opening === '{' ? '}' : ']');
      wantsKey = opening === '{';
      scan.skip(WHITE);
      if (scan.peek() !== open[open.length - 1]) {
        continue;
      }
    } else if (!scan.scalar()) {
      return scan.at;
    }
    // Behind a value: the ends of what it closes, and a comma.
    for (;;) {
      scan.skip(WHITE);
      const end = open[open.length - 1];
      if (end === undefined) {
        return scan.at;
      }
      if (scan.take(',')) {
        wantsKey = end === '}';
        break;
      }
      if (!scan.take(end)) {
        return scan.at;
      }
      open.pop();
    }
  }
}

class Scanner {
  constructor(private readonly _text: string) {}

  at = 0;

  peek(): string {
    return this._text.charAt(this.at);
  }

  take(character: string): boolean {
    if (this.peek() !== character) {
      return false;
    }
    this.at++;
    return true;
  }

  skip(characters: string): void {
    while (this.at < this._text.length && characters.includes(this.peek())) {
      this.at++;
    }
  }

  scalar(): boolean {
    if (this.peek() === '"') {
      return this.text();
    }
    for (const word of ['true', 'false', 'null']) {
      if (this._text.startsWith(word, this.at)) {
        this.at += word.length;
        return true;
      }
    }
    return this._number();
  }

  text(): boolean {
    if (!this.take('"')) {
      return false;
    }
    for (; this.at < this._text.length; this.at++) {
      const character = this.peek();
      if (character === '"') {
        this.at++;
        return true;
      }
      if (character < ' ') {
        return false;
      }
      if (character === '\\') {
        const escape = this._text.charAt(this.at + 1);
        const hex = this._text.slice(this.at + 2, this.at + 6);
        if (escape === 'u' ? !/^[\da-f]{4}$/i.test(hex) : !isEscape(escape)) {
          return false;
        }
        this.at += escape === 'u' ? 5 : 1;
      }
    }
    return false;
  }

  private _number(): boolean {
    this.take('-');
    if (!this.take('0') && !this._digits()) {
      return false;
    }
    if (this.take('.') && !this._digits()) {
      return false;
    }
    if (this.take('e') || this.take('E')) {
      if (!this.take('+')) {
        this.take('-');
      }
      return this._digits();
    }
    return true;
  }

  private _digits(): boolean {
    const from = this.at;
    this.skip('0123456789');
    return this.at > from;
  }
}

function isEscape(character: string): boolean {
  return character !== '' && '"\\/bfnrt'.includes(character);
}
