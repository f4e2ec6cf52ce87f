import { MAX_ENTRIES, MAX_ROWS } from '../wire/limits';
import { ByteReader } from './bytes';
import { FormatError } from './error';
import { textOf } from './text';

/** A tuple. */
export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A list. */
export class PickleList {
  readonly items: PickleValue[] = [];
}

/** A dict. Its keys are texts, or short tuples of texts and numbers. */
export class PickleDict {
  /** Key and value by the key as JSON. */
  readonly items = new Map<string, readonly [PickleValue, PickleValue]>();

  get(key: string): PickleValue | undefined {
    return this.items.get(JSON.stringify(key))?.[1];
  }
}

/** A class that a file may name. */
export class PickleClass {
  constructor(readonly name: string) {}
}

/** Stands for an instance of such a class. */
export class PickleObject {
  constructor(readonly of: PickleClass) {}

  state: PickleValue = null;
}

export type PickleValue =
  | number
  | string
  | boolean
  | null
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleClass
  | PickleObject;

/** Bytes of the largest integer. */
const MOST_INTEGER = 16;

/** Bytes of a module's or a class's name in a line of its own. */
const MOST_NAME = 200;

/** Containers that are open at a time; files of line_profiler have 5. */
const MOST_MARKS = 1000;

/** Dicts of a file, which has one for the object and one for all functions; each takes some 200 bytes. */
const MOST_DICTS = 1000;

/** Tuples, lists and objects of a file: one a line, two a function. */
const MOST_CONTAINERS = MAX_ROWS + 2 * MAX_ENTRIES;

/** Values: four a line, with the tuple that they are in, and five a function. */
const MOST_VALUES = 4 * MAX_ROWS + 5 * MAX_ENTRIES;

/** What is kept to be repeated: texts and containers. */
const MOST_KEPT = MOST_CONTAINERS + 2 * MAX_ENTRIES;

const MARK = Symbol('mark');

/**
 * Reads a pickle of protocol 2 to 5 with the few instructions that files of plain data consist of (CPython's
 * `Lib/pickletools.py`), and nothing else: no name is looked up, nothing is called.
 *
 * Each instruction takes a byte at least and makes one thing at most. No more is made than the file is long, nor than
 * a profile has room for, as a thing takes many times its byte.
 */
export class PickleReader {
  /**
   * @param classes - `module name` of those that a file may name
   * @param writer - who writes such files, for messages
   */
  constructor(
    bytes: Uint8Array,
    private readonly _classes: readonly string[],
    private readonly _writer: string,
    private readonly _onProgress: (done: number) => void
  ) {
    this._reader = new ByteReader(bytes);
  }

  /** How many bytes are left. */
  get left(): number {
    return this._reader.left;
  }

  /**
   * The object that the file consists of.
   */
  run(): PickleObject {
    const reader = this._reader;
    if (reader.u8() !== 0x80) {
      throw this._error(`Expected the byte 80 of a file of ${this._writer}`);
    }
    const protocol = reader.u8();
    if (protocol < 2 || protocol > 5) {
      throw new FormatError(
        `Expected a pickle of protocol 2 to 5, found ${protocol}`,
        1
      );
    }
    for (let count = 1; ; count++) {
      this._from = reader.at;
      const code = reader.u8();
      if (code === 0x2e) {
        const found = this._pop();
        if (!(found instanceof PickleObject)) {
          throw this._error(`Expected an object of ${this._writer}`);
        }
        return found;
      }
      if (
        !this._number(code) &&
        !this._text(code) &&
        !this._memory(code) &&
        !this._container(code) &&
        !this._instance(code)
      ) {
        throw this._error(
          `Expected an instruction that ${this._writer} writes, found ${code.toString(16).padStart(2, '0')}`
        );
      }
      if (count % 65_536 === 0) {
        this._onProgress(reader.at);
      }
    }
  }

  private _number(code: number): boolean {
    const reader = this._reader;
    switch (code) {
      case 0x4e: // NONE
        return this._push(null);
      case 0x88: // NEWTRUE
        return this._push(true);
      case 0x89: // NEWFALSE
        return this._push(false);
      case 0x4b: // BININT1
        return this._push(reader.u8());
      case 0x4d: // BININT2
        return this._push(reader.u16());
      case 0x4a: // BININT
        return this._push(reader.i32());
      case 0x8a: // LONG1
        return this._push(this._integer(reader.u8()));
      case 0x47: {
        // BINFLOAT, the only one that is big-endian
        const bytes = reader.take(8);
        return this._push(
          new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0)
        );
      }
      default:
        return false;
    }
  }

  private _integer(size: number): number {
    const bytes = this._reader.take(Math.min(size, MOST_INTEGER + 1));
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) {
      value = (value << 8n) | BigInt(bytes[i]);
    }
    const number = Number(BigInt.asIntN(bytes.length * 8, value));
    if (size > MOST_INTEGER || !Number.isSafeInteger(number)) {
      throw this._error(
        `Expected an integer of less than 2^53, found one of ${size} bytes`
      );
    }
    return number;
  }

  private _text(code: number): boolean {
    const reader = this._reader;
    switch (code) {
      case 0x55: // SHORT_BINSTRING, BINSTRING: texts of Python 2
      case 0x8c: // SHORT_BINUNICODE
        return this._push(textOf(reader.take(reader.u8())));
      case 0x54: // BINSTRING
      case 0x58: // BINUNICODE
        return this._push(textOf(reader.take(reader.u32())));
      case 0x8d: // BINUNICODE8
        return this._push(textOf(reader.take(Number(reader.u64()))));
      default:
        return false;
    }
  }

  private _memory(code: number): boolean {
    const reader = this._reader;
    switch (code) {
      case 0x94: // MEMOIZE
        return this._keep(this._memo.size);
      case 0x71: // BINPUT
        return this._keep(reader.u8());
      case 0x72: // LONG_BINPUT
        return this._keep(reader.u32());
      case 0x68: // BINGET
        return this._again(reader.u8());
      case 0x6a: // LONG_BINGET
        return this._again(reader.u32());
      default:
        return false;
    }
  }

  private _container(code: number): boolean {
    switch (code) {
      case 0x28: // MARK
        this._marks = this._counted(this._marks, MOST_MARKS, 'open containers');
        this._stack.push(MARK);
        return true;
      case 0x5d: // EMPTY_LIST
        return this._pushContainer(new PickleList());
      case 0x7d: // EMPTY_DICT
        this._dicts = this._counted(this._dicts, MOST_DICTS, 'dicts');
        return this._push(new PickleDict());
      case 0x29: // EMPTY_TUPLE
        return this._pushContainer(new PickleTuple([]));
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this._pushContainer(new PickleTuple(this._several(code - 0x84)));
      case 0x74: // TUPLE
        return this._pushContainer(new PickleTuple(this._marked()));
      case 0x61: // APPEND
        return this._append(this._several(1));
      case 0x65: // APPENDS
        return this._append(this._marked());
      case 0x73: // SETITEM
        return this._set(this._several(2));
      case 0x75: // SETITEMS
        return this._set(this._marked());
      default:
        return false;
    }
  }

  private _append(items: readonly PickleValue[]): boolean {
    const list = this._top();
    if (!(list instanceof PickleList)) {
      throw this._error('Expected a list to append to');
    }
    for (const item of items) {
      list.items.push(item);
    }
    return true;
  }

  private _set(items: readonly PickleValue[]): boolean {
    const dict = this._top();
    if (!(dict instanceof PickleDict)) {
      throw this._error('Expected a dict to fill');
    }
    if (items.length % 2 !== 0) {
      throw this._error('Expected a value for each key');
    }
    for (let i = 0; i < items.length; i += 2) {
      dict.items.set(this._key(items[i]), [items[i], items[i + 1]]);
      this._counted(dict.items.size - 1, MAX_ENTRIES, 'keys of a dict');
    }
    return true;
  }

  private _key(key: PickleValue): string {
    const parts = key instanceof PickleTuple ? key.items : [key];
    if (
      parts.length > 3 ||
      !parts.every(
        part => typeof part === 'string' || Number.isSafeInteger(part)
      )
    ) {
      throw this._error('Expected a text or the place of a function for a key');
    }
    return JSON.stringify(key instanceof PickleTuple ? parts : key);
  }

  private _instance(code: number): boolean {
    switch (code) {
      case 0x95: // FRAME, which says nothing
        this._reader.take(8);
        return true;
      case 0x63: // GLOBAL
        return this._class([this._line(), this._line()]);
      case 0x93: // STACK_GLOBAL
        return this._class(this._several(2));
      case 0x81: {
        // NEWOBJ
        const args = this._pop();
        const of = this._pop();
        if (!(args instanceof PickleTuple) || args.items.length > 0) {
          throw this._error('Expected an object that is made of nothing');
        }
        if (!(of instanceof PickleClass)) {
          throw this._error('Expected a class to make an object of');
        }
        return this._pushContainer(new PickleObject(of));
      }
      case 0x62: {
        // BUILD
        const state = this._pop();
        const object = this._top();
        if (!(object instanceof PickleObject)) {
          throw this._error('Expected an object to fill');
        }
        object.state = state;
        return true;
      }
      default:
        return false;
    }
  }

  private _class(parts: readonly PickleValue[]): boolean {
    const name = parts.join(' ');
    if (
      !parts.every(part => typeof part === 'string') ||
      !this._classes.includes(name)
    ) {
      throw this._error(
        `Expected a file of ${this._writer}, found a pickle of something else`
      );
    }
    return this._pushContainer(new PickleClass(name));
  }

  /** A name up to the end of its line. */
  private _line(): string {
    const { bytes, at } = this._reader;
    const end = bytes.subarray(at, at + MOST_NAME).indexOf(10);
    if (end < 0) {
      throw this._error('Expected the end of a name');
    }
    const text = this._reader.latin1(end);
    this._reader.take(1);
    return text;
  }

  private _push(value: PickleValue): true {
    this._values = this._counted(this._values, MOST_VALUES, 'values');
    this._stack.push(value);
    return true;
  }

  private _pushContainer(value: PickleValue): true {
    this._containers = this._counted(
      this._containers,
      MOST_CONTAINERS,
      'tuples and lists'
    );
    return this._push(value);
  }

  private _keep(key: number): true {
    this._memo.set(key, this._top());
    this._counted(this._memo.size - 1, MOST_KEPT, 'values to repeat');
    return true;
  }

  /** One more of something. */
  private _counted(count: number, most: number, what: string): number {
    if (count >= most) {
      throw this._error(`Expected at most ${most} ${what}, found more`);
    }
    return count + 1;
  }

  private _again(key: number): true {
    const value = this._memo.get(key);
    if (value === undefined) {
      throw this._error('Expected a repetition of what was there before');
    }
    return this._push(value);
  }

  private _top(): PickleValue {
    const value = this._stack.at(-1);
    if (value === undefined || value === MARK) {
      throw this._error('Expected a value for an instruction, found none');
    }
    return value as PickleValue;
  }

  private _pop(): PickleValue {
    const value = this._top();
    this._stack.pop();
    return value;
  }

  private _several(count: number): PickleValue[] {
    const values: PickleValue[] = [];
    for (let i = 0; i < count; i++) {
      values.push(this._pop());
    }
    return values.reverse();
  }

  /** What stands above the last mark. */
  private _marked(): PickleValue[] {
    const mark = this._stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw this._error('Expected the begin of a container');
    }
    const items = this._stack.slice(mark + 1) as PickleValue[];
    this._stack.length = mark;
    this._marks--;
    return items;
  }

  /** What is wrong with the instruction that is run. */
  private _error(reason: string): FormatError {
    return new FormatError(reason, this._from);
  }

  private readonly _reader: ByteReader;
  /** Where the instruction stands that is run. */
  private _from = 0;
  private readonly _stack: (PickleValue | typeof MARK)[] = [];
  private readonly _memo = new Map<number, PickleValue>();
  private _marks = 0;
  private _dicts = 0;
  private _containers = 0;
  private _values = 0;
}
