import { FormatError, placed, shown } from './error';
import type { IFormat } from './format';
import {
  PickleDict,
  PickleList,
  PickleReader,
  PickleTuple,
  type PickleValue
} from './pickle';
import { HITS, ProfileBuilder, timeMetric } from './profileBuilder';

/** The class of the object, and the versions that wrote it. */
const VERSIONS: ReadonlyMap<string, string> = new Map([
  ['_line_profiler LineStats', '2'],
  ['line_profiler._line_profiler LineStats', '3 to 5.0.0'],
  ['line_profiler.line_profiler LineStats', '5.0.1 or newer']
]);

/** Until version 3 times were counted in microseconds. */
const UNIT_OF_3 = 1e-6;

const MOST_LINE = 2 ** 31;
const MOST_TIME = 2 ** 63;

/**
 * Files of line_profiler and kernprof, versions 2 to 5: a pickle of one object,
 *
 * ```
 * {"unit": seconds, "timings": {(file, first line, name): [(line, hits, time in units), ...]}}
 * ```
 *
 * The time of a line includes what it called. A function that was not called has no lines, and gets a row of its
 * first line with nothing in it.
 */
export const LPROF: IFormat = {
  id: 'lprof',
  label: 'line_profiler',
  sniff: ([first, protocol], size) =>
    first === 0x80 && protocol >= 2 && protocol <= 5 && size > 2,
  read(bytes, { name, onProgress }) {
    const reader = new PickleReader(
      bytes,
      [...VERSIONS.keys()],
      'line_profiler',
      onProgress
    );
    const object = reader.run();
    const size = bytes.length;
    const { state } = object;
    if (!(state instanceof PickleDict)) {
      throw new FormatError('Expected content in the object', size);
    }
    const unit = state.get('unit');
    if (typeof unit !== 'number' || !(unit > 0 && unit < 1e6)) {
      throw new FormatError('Expected the time unit in seconds', size);
    }
    const timings = state.get('timings');
    if (!(timings instanceof PickleDict)) {
      throw new FormatError('Expected timings', size);
    }
    const version =
      object.of.name === 'line_profiler._line_profiler LineStats'
        ? unit === UNIT_OF_3
          ? '3'
          : '4 or 5.0.0'
        : (VERSIONS.get(object.of.name) ?? '');
    const builder = new ProfileBuilder({ name: 'line_profiler', version });
    builder.metric(timeMetric(unit * 1e9));
    builder.metric(HITS);
    const thread = builder.thread({ name: 'all threads' });
    if (version === '4 or 5.0.0') {
      builder.warn(
        'hits',
        'This file is of line_profiler 4 or 5.0.0. Version 4.0 on Python 3.11 counts too few hits of some lines, and ' +
          'nothing in the file tells that version from the others.'
      );
    }
    if (reader.left > 0) {
      builder.warn(
        'rest',
        `${reader.left} bytes behind the end of the profile were not read.`
      );
    }
    let count = 0;
    const addFunction = (place: PickleValue, lines: PickleValue) => {
      const { path, first, called } = placeOf(place, size);
      if (!(lines instanceof PickleList)) {
        throw new FormatError(`Expected the lines of ${shown(called)}`, size);
      }
      // One list may be repeated without taking room in the file.
      count += lines.items.length + 1;
      if (count > size) {
        throw new FormatError(
          'Expected lines of its own for each function, found repeated ones',
          size
        );
      }
      const func = builder.func({
        name: called.slice(called.lastIndexOf('.') + 1),
        qualified: called,
        path,
        hasFile: true,
        line: first,
        kind: 'python'
      });
      const file = builder.file(path);
      const add = (line: number, hits: number, time: number) => {
        const row = builder.lines.row(file, line, func, thread);
        builder.lines.add(row, 'self.hits', hits);
        builder.lines.add(row, 'total.time', time);
      };
      if (lines.items.length === 0) {
        add(first, 0, 0);
      }
      for (const line of lines.items) {
        add(...timingOf(line, size));
      }
    };
    placed(
      () => [size, null],
      () => timings.items.forEach(entry => addFunction(...entry))
    );
    onProgress(size);
    return builder.done(`line_profiler ${version}`, name);
  }
};

function placeOf(
  place: PickleValue,
  size: number
): { path: string; first: number; called: string } {
  const [path, first, called] = place instanceof PickleTuple ? place.items : [];
  if (
    typeof path !== 'string' ||
    typeof first !== 'number' ||
    typeof called !== 'string' ||
    !(first >= 0 && first < MOST_LINE)
  ) {
    throw new FormatError('Expected file, line and name of a function', size);
  }
  return { path, first, called };
}

function timingOf(
  timing: PickleValue,
  size: number
): [line: number, hits: number, time: number] {
  const parts = timing instanceof PickleTuple ? timing.items : [];
  const [line, hits, time] = parts;
  if (
    parts.length !== 3 ||
    typeof line !== 'number' ||
    typeof hits !== 'number' ||
    typeof time !== 'number' ||
    !(Number.isInteger(line) && line >= 0 && line < MOST_LINE) ||
    !(Number.isSafeInteger(hits) && hits >= 0) ||
    !(Math.abs(time) < MOST_TIME)
  ) {
    throw new FormatError('Expected a line, its hits and its time', size);
  }
  return [line, hits, time];
}
