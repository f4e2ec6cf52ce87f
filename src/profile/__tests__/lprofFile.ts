/**
 * Reads the sample files of line_profiler, which are pickles of plain data. Only what is in them.
 */

/** Place of a function, and hits and time of its lines. */
export interface ITimedFunction {
  readonly path: string;
  readonly line: number;
  readonly name: string;
  readonly lines: readonly (readonly [
    line: number,
    hits: number,
    time: number
  ])[];
}

/** What a file holds. */
export interface ILineStats {
  /** Of a time, in seconds. */
  readonly unit: number;
  readonly functions: readonly ITimedFunction[];
}

type Value = number | string | Value[] | Map<unknown, Value>;

const MARK: Value = ['mark'];

/** Read a file. Throws where something is in it that is not known here. */
export function readLprof(bytes: Uint8Array): ILineStats {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: Value[] = [];
  const memo: Value[] = [];
  let at = 0;
  const pop = () => stack.pop() as Value;
  const popToMark = () => stack.splice(stack.lastIndexOf(MARK)).slice(1);
  const text = (size: number) => {
    at += size;
    return new TextDecoder().decode(bytes.subarray(at - size, at));
  };
  const put = (map: Value, items: Value[]) => {
    for (let i = 0; i < items.length; i += 2) {
      (map as Map<unknown, Value>).set(
        Array.isArray(items[i]) ? JSON.stringify(items[i]) : items[i],
        items[i + 1]
      );
    }
  };
  for (;;) {
    const code = bytes[at++];
    switch (code) {
      case 0x80: // PROTO
        at += 1;
        break;
      case 0x95: // FRAME
        at += 8;
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(text(bytes[at++]));
        break;
      case 0x58: // BINUNICODE
        at += 4;
        stack.push(text(view.getUint32(at - 4, true)));
        break;
      case 0x94: // MEMOIZE
        memo.push(stack.at(-1) as Value);
        break;
      case 0x71: // BINPUT
        memo[bytes[at++]] = stack.at(-1) as Value;
        break;
      case 0x68: // BINGET
        stack.push(memo[bytes[at++]]);
        break;
      case 0x93: // STACK_GLOBAL
        stack.push(`${pop()} ${pop()}`);
        break;
      case 0x63: {
        // GLOBAL
        const end = bytes.indexOf(10, bytes.indexOf(10, at) + 1);
        stack.push(text(end + 1 - at));
        break;
      }
      case 0x81: // NEWOBJ
        pop();
        pop();
        stack.push('object');
        break;
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x28: // MARK
        stack.push(MARK);
        break;
      case 0x4b: // BININT1
        stack.push(bytes[at++]);
        break;
      case 0x4d: // BININT2
        at += 2;
        stack.push(view.getUint16(at - 2, true));
        break;
      case 0x4a: // BININT
        at += 4;
        stack.push(view.getInt32(at - 4, true));
        break;
      case 0x8a: {
        // LONG1
        const size = bytes[at++];
        let value = 0;
        for (let i = size - 1; i >= 0; i--) {
          value = value * 256 + bytes[at + i];
        }
        at += size;
        stack.push(value);
        break;
      }
      case 0x47: // BINFLOAT
        at += 8;
        stack.push(view.getFloat64(at - 8));
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(stack.splice(-(code - 0x84)));
        break;
      case 0x74: // TUPLE
        stack.push(popToMark());
        break;
      case 0x61: {
        // APPEND
        const item = pop();
        (stack.at(-1) as Value[]).push(item);
        break;
      }
      case 0x65: {
        // APPENDS
        const items = popToMark();
        (stack.at(-1) as Value[]).push(...items);
        break;
      }
      case 0x73: {
        // SETITEM
        const items = stack.splice(-2);
        put(stack.at(-1) as Value, items);
        break;
      }
      case 0x75: {
        // SETITEMS
        const items = popToMark();
        put(stack.at(-1) as Value, items);
        break;
      }
      case 0x62: {
        // BUILD
        const state = pop() as Map<string, Value>;
        const timings = state.get('timings') as Map<string, Value>;
        return {
          unit: state.get('unit') as number,
          functions: [...timings].map(([place, lines]) => {
            const [path, line, name] = JSON.parse(place) as [
              string,
              number,
              string
            ];
            return {
              path,
              line,
              name,
              lines: lines as unknown as ITimedFunction['lines']
            };
          })
        };
      }
      default:
        throw new Error(`opcode ${code.toString(16)} at ${at - 1}`);
    }
  }
}
