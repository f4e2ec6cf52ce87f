import { openingBracket, trampolineFunction } from './pythonFrame';
import type { IFunctionParts } from './profileBuilder';

/** The first line of a sample. */
export interface IPerfHeader {
  readonly comm: string;
  /** 0 if not given. */
  readonly pid: number;
  readonly tid: number;
  /** In seconds, NaN if not given. */
  readonly time: number;
  /** Events that the sample stands for, NaN if not given. */
  readonly period: number;
  readonly event: string;
  /** What stands behind the event: a frame, if samples have no stacks. */
  readonly rest: string;
}

/** A line of a stack. */
export interface IPerfFrame {
  readonly address: number;
  /** As printed, without the offset. */
  readonly symbol: string;
  /** "" if not known. */
  readonly object: string;
  readonly isInlined: boolean;
}

const TIME = /\s(\d{1,12}\.\d{1,9}):\s/;
const IDS = /^(-1|\d{1,10})(?:\/(-1|\d{1,10}))?$/;
const UNKNOWN = '[unknown]';

/** Characters of a header's first words at most; perf cuts names of commands at 15. */
const MOST_BEFORE = 200;

/**
 * The parts of `comm pid/tid [cpu] time: period event:`, of which perf leaves out what was not asked for. `null` for
 * another line.
 */
export function perfHeader(line: string): IPerfHeader | null {
  const time = TIME.exec(line.slice(0, MOST_BEFORE));
  if (!time || /^\s*#/.test(line)) {
    return null;
  }
  const before = line.slice(0, time.index).trim().split(/\s+/);
  let at = before.length - 1;
  while (at > 0 && !IDS.test(before[at])) {
    at--; // [cpu], and flags
  }
  const ids = IDS.exec(before[at]);
  if (!ids) {
    return null;
  }
  const after = line.slice(time.index + time[0].length).trimStart();
  const parts =
    /^(?:(\d{1,20})\s+)?(PERF_RECORD_\w{1,40}|\S{1,500}(?=:)):?(?:\s|$)/.exec(
      after
    );
  if (!parts) {
    return null;
  }
  const [all, period, event] = parts;
  return {
    comm: before.slice(0, at).join(' '),
    pid: ids[2] === undefined ? 0 : Math.max(0, Number(ids[1])),
    tid: Math.max(0, Number(ids[2] ?? ids[1])),
    time: Number(time[1]),
    period: period === undefined ? NaN : Number(period),
    event: event.replace(/:[ukhpPGHSDIWe]{1,8}$/, ''),
    rest: after.slice(all.length).trim()
  };
}

/**
 * The parts of `address symbol+0xoffset (object)`; `null` for another line. Symbols of C++ hold blanks and brackets: the
 * object is in the last brackets, and may hold others in pairs.
 */
export function perfFrame(text: string): IPerfFrame | null {
  const start = /^\s{0,64}([\da-f]{1,16}) /.exec(text);
  const line = text.trimEnd();
  if (!start || !line.endsWith(')')) {
    return null;
  }
  const open = openingBracket(line) - 1;
  if (open < start[0].length - 1 || line[open] !== ' ') {
    return null;
  }
  const symbol = line.slice(start[0].length, open).trimEnd();
  const offset = symbol.lastIndexOf('+0x');
  const object = line.slice(open + 2, -1).replace(/ \(deleted\)$/, '');
  return {
    address: Number(`0x${start[1]}`),
    symbol:
      offset > 0 && /^[\da-f]{1,16}$/.test(symbol.slice(offset + 3))
        ? symbol.slice(0, offset)
        : symbol,
    object: object === UNKNOWN || object === 'inlined' ? '' : object,
    isInlined: object === 'inlined'
  };
}

/**
 * The parts of `address symbol+0xoffset`, as an inlined frame is printed that has its source below it.
 */
export function perfInlined(text: string): IPerfFrame | null {
  const parts = /^\s{0,64}([\da-f]{1,16}) (.{1,8000})\+0x[\da-f]{1,16}$/.exec(
    text
  );
  return (
    parts && {
      address: Number(`0x${parts[1]}`),
      symbol: parts[2],
      object: '',
      isInlined: true
    }
  );
}

/** Whether code of this object was made while the program ran. */
const MADE =
  /^\[jitted-\d+\.so\]$|\/perf-\d+\.map$|\/jitted-[\d-]+\.so$|^\/\/anon$|^\[anon/;

/**
 * The function of a frame. What has no name is called by its place: `libc.so.6+0x2724a`, or the address alone.
 *
 * @param object - where the frame lies; an inlined one does not say it itself
 */
export function perfFunction(
  { symbol, address }: IPerfFrame,
  object: string
): IFunctionParts {
  const python = trampolineFunction(symbol);
  if (python) {
    return python;
  }
  const kind = MADE.test(object) ? 'jit' : 'native';
  if (symbol !== UNKNOWN && symbol !== '') {
    return { name: symbol, object, kind };
  }
  return { name: placeName(object, address), object, kind };
}

/**
 * A name for what has none.
 *
 * ```
 * placeName('/lib/libc.so.6', 0x2724a)  // 'libc.so.6+0x2724a'
 * ```
 */
export function placeName(object: string, address: number | bigint): string {
  const place = `0x${address.toString(16)}`;
  const base = object.slice(object.lastIndexOf('/') + 1);
  return base ? `${base}+${place}` : place;
}
