import { NONE } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import { displayName } from '../../profile/names';
import { FormatError } from '../error';
import { ByteWriter } from './byteWriter';
import { finite } from './finite';
import { noLprof } from './refusals';

/** Bytes of a file that the Python package reads. */
const MOST_BYTES = 256_000_000;

/** Instructions of a pickle of protocol 4 (CPython's `Lib/pickletools.py`). */
enum Code {
  Protocol = 0x80,
  Text = 0x58,
  Long = 0x8a,
  Float = 0x47,
  Mark = 0x28,
  EmptyTuple = 0x29,
  Tuple3 = 0x87,
  EmptyList = 0x5d,
  Appends = 0x65,
  EmptyDict = 0x7d,
  SetItem = 0x73,
  SetItems = 0x75,
  StackGlobal = 0x93,
  NewObject = 0x81,
  Build = 0x62,
  Stop = 0x2e
}

/** A function with its lines. */
interface IPlace {
  readonly path: string;
  readonly first: number;
  readonly name: string;
  /** Hits and time in units of each line. */
  readonly lines: Map<number, [hits: number, time: number]>;
}

/**
 * The lines of a profile as line_profiler 5.0.1 and newer writes them, for `python -m line_profiler FILE`: a pickle of
 * one object,
 *
 * ```
 * {"timings": {(file, first line, name): [(line, hits, time in units), ...]}, "unit": seconds}
 * ```
 *
 * Functions with one file, line and name are summed, threads too. Of lines that were folded nothing is told.
 *
 * Throws `FormatError` where no hits and times of lines were measured, or if the file would be too large.
 */
export function toLprof(profile: IProfile): Uint8Array<ArrayBuffer> {
  const reason = noLprof(profile);
  if (reason !== null) {
    throw new FormatError(reason);
  }
  const tick = profile.metrics.find(({ id }) => id === 'time')?.tick ?? 1;
  const out = new ByteWriter(MOST_BYTES);
  out.u8(Code.Protocol, 4);
  putText(out, 'line_profiler.line_profiler');
  putText(out, 'LineStats');
  out.u8(Code.StackGlobal, Code.EmptyTuple, Code.NewObject);
  out.u8(Code.EmptyDict, Code.Mark);
  putText(out, 'timings');
  out.u8(Code.EmptyDict);
  for (const { path, first, name, lines } of placesOf(profile)) {
    putText(out, path);
    putInteger(out, first);
    putText(out, name);
    out.u8(Code.Tuple3, Code.EmptyList, Code.Mark);
    for (const [line, [hits, time]] of [...lines].sort(([a], [b]) => a - b)) {
      putInteger(out, line);
      putInteger(out, hits);
      if (Number.isInteger(time)) {
        putInteger(out, time);
      } else {
        putFloat(out, time);
      }
      out.u8(Code.Tuple3);
    }
    out.u8(Code.Appends, Code.SetItem);
  }
  putText(out, 'unit');
  putFloat(out, tick / 1e9);
  out.u8(Code.SetItems, Code.Build, Code.Stop);
  return out.done();
}

/** Functions in order of first appearance. One that did not run has no lines. */
function placesOf(profile: IProfile): Iterable<IPlace> {
  const { lines, functions, files } = profile;
  const ofHits = lines.values.get('self.hits');
  const ofTimes =
    lines.values.get('total.time') ?? lines.values.get('self.time');
  const places = new Map<string, IPlace>();
  for (let row = 0; row < lines.length; row++) {
    const func = lines.function[row];
    const line = lines.line[row];
    let [path, first, name] = ['', line, ''];
    if ((func as number) !== NONE) {
      const file: number = functions.file[func];
      path = file === NONE ? '' : files.path[file];
      first = functions.line[func];
      name = displayName(profile, func);
    }
    const key = `${first} ${path.length} ${path}${name}`;
    let place = places.get(key);
    if (!place) {
      place = { path, first, name, lines: new Map() };
      places.set(key, place);
    }
    const hits = Math.trunc(ofHits?.[row] ?? 0);
    const time = ofTimes?.[row] ?? 0;
    if (line && (hits || time)) {
      const [before, timeBefore] = place.lines.get(line) ?? [0, 0];
      place.lines.set(line, [before + hits, timeBefore + time]);
    }
  }
  return places.values();
}

function putText(out: ByteWriter, text: string): void {
  out.u8(Code.Text);
  out.text(text);
}

function putFloat(out: ByteWriter, value: number): void {
  out.u8(Code.Float);
  out.f64(finite(value), false);
}

/** A whole number in as many bytes as it and its sign take. */
function putInteger(out: ByteWriter, value: number): void {
  let size = 1;
  while (Math.abs(finite(value)) >= 2 ** (8 * size - 1)) {
    size++;
  }
  out.u8(Code.Long, size);
  out.integer(value, size);
}
