import { MAX_ENTRIES, MAX_ROWS } from '../wire/limits';
import { ByteReader } from './bytes';
import { FormatError, shown } from './error';
import { textOf } from './text';

/** Several values: a tuple, a list or a set. */
export class MarshalItems {
  constructor(
    readonly isTuple: boolean,
    readonly items: readonly MarshalValue[]
  ) {}
}

/** Keys and values of a dict in turn. */
export class MarshalDict {
  constructor(readonly items: readonly MarshalValue[]) {}
}

/** Of a code object only what it is called. */
export class MarshalCode {
  constructor(
    readonly name: string,
    readonly path: string,
    readonly line: number
  ) {}
}

/** A value. Numbers too large for a number are the nearest; None, True and the like are null. */
export type MarshalValue =
  number | string | null | MarshalItems | MarshalDict | MarshalCode;

/** What a code object consists of: numbers of 4 bytes, values, its first line, values again. */
interface ICodeLayout {
  readonly numbers: number;
  readonly values: number;
  readonly more: number;
  /** Which of the values are these. */
  readonly path: number;
  readonly name: number;
}

/** Code objects by version of Python (CPython's `Python/marshal.c`): 2, 3.0 to 3.7, 3.8 to 3.10, since 3.11. */
export const CODE_LAYOUTS: readonly ICodeLayout[] = [
  { numbers: 5, values: 8, more: 2, path: 5, name: 6 },
  { numbers: 6, values: 8, more: 1, path: 6, name: 7 },
  { numbers: 5, values: 8, more: 1, path: 6, name: 7 },
  { numbers: 4, values: 8, more: 1, path: 6, name: 7 }
];

/** Containers within containers; Python's own reader takes 2000. */
const MOST_DEPTH = 1000;

/** Tuples and dicts of a file: two a caller, three a function. */
const MOST_CONTAINERS = 2 * MAX_ROWS + 3 * MAX_ENTRIES;

/** Values beside these: seven a caller, and as many a function. */
const MOST_SCALARS = 7 * (MAX_ROWS + MAX_ENTRIES);

const HAS_REFERENCE = 0x80;

enum Type {
  Dict = 0x7b,
  EndOfDict = 0x30,
  SmallTuple = 0x29,
  Tuple = 0x28,
  List = 0x5b,
  Set = 0x3c,
  FrozenSet = 0x3e,
  Slice = 0x3a,
  Code = 0x63,
  Reference = 0x72,
  InternedReference = 0x52
}

/** A container of which not all is read. */
interface IOpen {
  readonly type: Type;
  readonly items: MarshalValue[];
  /** How many items it has in all; Infinity for a dict, which has an end. */
  size: number;
  /** Its place in the list of references, or -1. */
  readonly reference: number;
  /** First line of a code object. */
  line: number;
}

/** Stands in the list of references for what is not whole yet. */
const UNFINISHED = Symbol('unfinished');

/**
 * Reads values as Python's `marshal` writes them, of Python 2.7 and 3. Nothing is executed, no code object made.
 *
 * A value takes a byte of the file at least, and a size is held against the bytes left. No more is made than the file is
 * long, nor than a profile has room for, as a value takes many times its byte. Values that are referred to are the same
 * object, so a walk has to count what it visits.
 */
export class MarshalReader {
  /**
   * @param layout - of code objects, which no byte of a file tells
   */
  constructor(
    bytes: Uint8Array,
    private readonly _layout: ICodeLayout
  ) {
    this._reader = new ByteReader(bytes);
  }

  /** Whether there was a code object. */
  get hasCode(): boolean {
    return this._hasCode;
  }

  /** Whether there was more than a profile has room for. */
  get isFull(): boolean {
    return this._containers > MOST_CONTAINERS || this._scalars > MOST_SCALARS;
  }

  /** The byte that is read next. */
  get at(): number {
    return this._reader.at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this._reader.left;
  }

  /**
   * Begin with a dict of which keys and values are read one by one.
   */
  openDict(): void {
    const type = this._reader.u8();
    if ((type & ~HAS_REFERENCE) !== (Type.Dict as number)) {
      throw this._unexpected('a dict', type, this.at - 1);
    }
    if (type & HAS_REFERENCE) {
      this._references.push(UNFINISHED);
    }
  }

  /**
   * Whether the dict ends here; its end is read.
   */
  isDictEnd(): boolean {
    if (this._reader.u8() === (Type.EndOfDict as number)) {
      return true;
    }
    this._reader.seek(this.at - 1);
    return false;
  }

  /**
   * The next value.
   */
  value(): MarshalValue {
    const stack: IOpen[] = [];
    for (;;) {
      const from = this.at;
      const byte = this._reader.u8();
      const type = byte & ~HAS_REFERENCE;
      let value: MarshalValue;
      const top = stack.at(-1);
      if (type === (Type.EndOfDict as number) && top?.type === Type.Dict) {
        if (top.items.length % 2 !== 0) {
          throw new FormatError('Expected a value for the last key', from);
        }
        top.size = top.items.length;
      } else {
        const open = this._opened(type, from, (byte & HAS_REFERENCE) !== 0);
        if (open) {
          this._containers++;
        } else {
          this._scalars++;
        }
        if (this.isFull) {
          throw new FormatError(
            `Expected at most ${MOST_CONTAINERS} tuples and dicts and ${MOST_SCALARS} other values, found more`,
            from
          );
        }
        if (open) {
          if (stack.length >= MOST_DEPTH) {
            throw new FormatError(
              `Expected at most ${MOST_DEPTH} containers within each other, found more`,
              from
            );
          }
          stack.push(open);
        } else {
          value = this._scalar(type, from);
          if (byte & HAS_REFERENCE) {
            this._references.push(value);
          }
          if (!top) {
            return value;
          }
          top.items.push(value);
        }
      }
      // What is whole goes into what is around it, which may be whole then.
      for (
        let whole = stack.at(-1);
        whole && this._isWhole(whole);
        whole = stack.at(-1)
      ) {
        stack.pop();
        value = this._closed(whole);
        if (whole.reference >= 0) {
          this._references[whole.reference] = value;
        }
        const around = stack.at(-1);
        if (!around) {
          return value;
        }
        around.items.push(value);
      }
    }
  }

  private _isWhole(open: IOpen): boolean {
    if (
      open.type === Type.Code &&
      open.items.length === this._layout.values &&
      open.line < 0
    ) {
      open.line = this._reader.u32();
    }
    return open.items.length === open.size;
  }

  private _closed({ type, items, line }: IOpen): MarshalValue {
    if (type === Type.Dict) {
      return new MarshalDict(items);
    }
    if (type === Type.Code) {
      const name = items[this._layout.name];
      const path = items[this._layout.path];
      if (typeof name !== 'string' || typeof path !== 'string') {
        throw new FormatError('Expected a code object with a name', this.at);
      }
      return new MarshalCode(name, path, line);
    }
    return new MarshalItems(
      type === Type.SmallTuple || type === Type.Tuple,
      items
    );
  }

  /** The container that begins here, if one does. */
  private _opened(
    type: number,
    from: number,
    hasReference: boolean
  ): IOpen | null {
    let size: number;
    switch (type) {
      case Type.Dict:
        size = Infinity;
        break;
      case Type.SmallTuple:
        size = this._reader.u8();
        break;
      case Type.Tuple:
      case Type.List:
      case Type.Set:
      case Type.FrozenSet:
        size = this._reader.u32();
        break;
      case Type.Slice:
        size = 3;
        break;
      case Type.Code:
        size = this._layout.values + this._layout.more;
        this._reader.take(this._layout.numbers * 4);
        this._hasCode = true;
        break;
      default:
        return null;
    }
    if (size !== Infinity && size > this.left) {
      throw new FormatError(
        `Expected at most ${this.left} values in the bytes that are left, found a size of ${size}`,
        from
      );
    }
    const reference = hasReference ? this._references.push(UNFINISHED) - 1 : -1;
    return { type, items: [], size, reference, line: -1 };
  }

  private _scalar(type: number, from: number): MarshalValue {
    const reader = this._reader;
    switch (String.fromCharCode(type)) {
      case 'N':
      case 'T':
      case 'F':
      case 'S':
      case '.':
        return null;
      case 'i':
        return reader.i32();
      case 'I':
        return Number(BigInt.asIntN(64, reader.u64()));
      case 'l':
        return this._long(from);
      case 'g':
        return reader.f64();
      case 'f':
        return this._floatText(from);
      case 'x':
        this._floatText(from);
        this._floatText(from);
        return null;
      case 'y':
        reader.take(16);
        return null;
      case 'z':
      case 'Z':
        return textOf(reader.take(reader.u8()));
      case 's':
      case 'a':
      case 'A':
      case 'u':
        return textOf(reader.take(reader.u32()));
      case 't': {
        const text = textOf(reader.take(reader.u32()));
        this._interned.push(text);
        return text;
      }
      case 'R':
        return this._referred(this._interned, from);
      case 'r':
        return this._referred(this._references, from);
      default:
        throw this._unexpected('a value', type, from);
    }
  }

  private _referred(
    list: readonly (MarshalValue | typeof UNFINISHED)[],
    from: number
  ): MarshalValue {
    const index = this._reader.u32();
    if (index >= list.length) {
      throw new FormatError(
        `Expected a reference to one of ${list.length} values before it, found ${index}`,
        from
      );
    }
    const value = list[index];
    if (value === UNFINISHED) {
      throw new FormatError(
        'Expected a reference to a whole value, found one to what it is in',
        from
      );
    }
    return value;
  }

  /** An integer in digits of 15 bits. */
  private _long(from: number): number {
    const count = this._reader.i32();
    let value = 0;
    let scale = 1;
    for (let i = Math.abs(count); i > 0; i--) {
      const digit = this._reader.u16();
      if (digit >= 1 << 15) {
        throw new FormatError(
          `Expected digits below ${1 << 15}, found ${digit}`,
          from
        );
      }
      // Beyond the largest number there is nothing to add.
      value += digit && digit * scale;
      scale *= 1 << 15;
    }
    return count < 0 ? -value : value;
  }

  private _floatText(from: number): number {
    const text = this._reader.latin1(this._reader.u8());
    const value = /^-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text)
      ? Number(text)
      : NaN;
    if (!Number.isFinite(value)) {
      throw new FormatError(`Expected a number, found ${shown(text)}`, from);
    }
    return value;
  }

  private _unexpected(
    expected: string,
    found: number,
    at: number
  ): FormatError {
    return new FormatError(
      `Expected ${expected}, found the type ${shown(String.fromCharCode(found & ~HAS_REFERENCE))}`,
      at
    );
  }

  private readonly _reader: ByteReader;
  private readonly _references: (MarshalValue | typeof UNFINISHED)[] = [];
  private readonly _interned: string[] = [];
  private _hasCode = false;
  private _containers = 0;
  private _scalars = 0;
}
