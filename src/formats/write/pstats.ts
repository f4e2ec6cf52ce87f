import type { IProfile } from '../../profile/model';
import { FormatError } from '../error';
import { ByteWriter } from './byteWriter';
import { finite } from './finite';
import { pstatsTable, type ICounts, type IStatsKey } from './pstatsTable';
import { noPstats } from './refusals';

/** Bytes of a file that the Python package reads. */
const MOST_BYTES = 128_000_000;

/** Types of marshal's version 2, which Python 2.7 and all of 3 read (CPython's `Python/marshal.c`). */
const DICT = 0x7b;
const END_OF_DICT = 0x30;
const TUPLE = 0x28;
const INT = 0x69;
const LONG = 0x6c;
const FLOAT = 0x67;
const TEXT = 0x75;

/**
 * A profile as cProfile writes it, for `pstats.Stats(file)` and whatever else reads such files: a marshalled dict,
 *
 * ```
 * {(file, line, name): (primitive calls, calls, own seconds, total seconds, callers)}
 * callers = {(file, line, name): (calls, primitive calls, own seconds, total seconds)}
 * ```
 *
 * The two counts stand in the other order among the callers. Functions with one key are summed, threads too. What is
 * no function, as *(awaiting)*, has no file.
 *
 * Throws `FormatError` where no calls were measured, or if the file would be too large.
 */
export function toPstats(profile: IProfile): Uint8Array<ArrayBuffer> {
  const reason = noPstats(profile);
  if (reason !== null) {
    throw new FormatError(reason);
  }
  const { keys, entries, areCounts } = pstatsTable(profile);
  const out = new ByteWriter(MOST_BYTES);
  // Keys stand there again and again.
  const written: Uint8Array[] = [];
  const putKey = (key: number) =>
    out.bytes((written[key] ??= keyBytes(keys[key])));
  out.u8(DICT);
  for (const [key, { counts, callers }] of entries) {
    putKey(key);
    putTuple(out, 5);
    putInteger(out, counts.primitive);
    putInteger(out, counts.calls);
    putTimes(out, counts);
    out.u8(DICT);
    for (const [caller, under] of callers) {
      putKey(caller);
      if (!areCounts) {
        putTuple(out, 4);
      }
      putInteger(out, under.calls);
      if (!areCounts) {
        putInteger(out, under.primitive);
        putTimes(out, under);
      }
    }
    out.u8(END_OF_DICT);
  }
  out.u8(END_OF_DICT);
  return out.done();
}

function keyBytes({ file, line, name }: IStatsKey): Uint8Array {
  const out = new ByteWriter(MOST_BYTES);
  putTuple(out, 3);
  out.u8(TEXT);
  out.text(file);
  putInteger(out, line);
  out.u8(TEXT);
  out.text(name);
  return out.done();
}

function putTuple(out: ByteWriter, size: number): void {
  out.u8(TUPLE);
  out.i32(size);
}

function putTimes(out: ByteWriter, { own, total }: ICounts): void {
  for (const seconds of [own, total]) {
    out.u8(FLOAT);
    out.f64(finite(seconds), true);
  }
}

/** A whole number: in 32 bits, else in digits of 15 bits and how many they are, below 0 for a number below 0. */
function putInteger(out: ByteWriter, value: number): void {
  if (value === (value | 0)) {
    out.u8(INT);
    out.i32(value);
    return;
  }
  const digits: number[] = [];
  for (
    let rest = Math.abs(finite(value));
    rest > 0;
    rest = Math.floor(rest / 2 ** 15)
  ) {
    digits.push(rest % 2 ** 15);
  }
  out.u8(LONG);
  out.i32(value < 0 ? -digits.length : digits.length);
  digits.forEach(digit => out.integer(digit, 2));
}
