import { NONE } from '../profile/indices';
import type { FuncIndex } from '../profile/indices';
import { describe, WireError } from '../wire/error';
import { listAt, ObjectReader } from '../wire/json';
import type { IFormat } from './format';
import { finiteAt, jsonHead, readJson, wellFormed } from './jsonFile';
import { ProfileBuilder, SAMPLES, timeMetric } from './profileBuilder';
import { PyinstrumentFrames } from './pyinstrumentFrames';
import { readReport } from './pyinstrumentReport';
import { StackTree } from './stackTree';
import { scaled } from './times';

const STARTS = [
  /^\{\s*"frame_records"\s*:\s*\[/,
  /^\{\s*"start_time"\s*:[^,{[]{1,60},\s*"duration"\s*:[^,{[]{1,60},\s*"(?:min_interval|sample_count)"\s*:/
];

/**
 * Files of pyinstrument 4 and 5: sessions, as `-o x.pyisession` and `Session.save` write them, and reports, as
 * `-r json` does.
 *
 * A session has every sample with its stack and lines; a report has a tree from which pyinstrument has taken what took
 * little.
 */
export const PYINSTRUMENT: IFormat = {
  id: 'pyinstrument',
  label: 'pyinstrument',
  sniff(head) {
    const text = jsonHead(head);
    return STARTS.some(start => start.test(text));
  },
  read(bytes, { name, onProgress }) {
    const profile = readJson(bytes, value => {
      const file = new ObjectReader(value, '');
      const builder = new ProfileBuilder({ name: 'pyinstrument' });
      readHead(file, builder);
      if (file.raw('frame_records') !== undefined) {
        readSession(file, builder);
      } else if (file.raw('root_frame') !== undefined) {
        readReport(file, builder);
      } else {
        throw new WireError('', 'frame_records or a root_frame', 'neither');
      }
      return builder.done('pyinstrument', name);
    });
    onProgress(bytes.length);
    return profile;
  }
};

function readHead(file: ObjectReader, builder: ProfileBuilder): void {
  const start = new Date(scaled(file.number('start_time'), 1e3));
  if (!Number.isNaN(start.getTime())) {
    builder.started = start.toISOString();
  }
  builder.wall = Math.round(nanoseconds(file.number('duration'), 'duration'));
  // Version 4 has the command itself, version 5 says also what a block is.
  const target =
    file.optionalText('target_description') ?? file.optionalText('program');
  builder.command = target && wellFormed(target).replace(/^Program: /, '');
  builder.metric(timeMetric());
  const processor = file.optionalNumber('cpu_time');
  if (processor !== null) {
    builder.check({
      id: 'processor',
      text: `The processor worked for ${processor} s of the ${file.number('duration')} s that were observed.`,
      value: nanoseconds(processor, 'cpu_time'),
      unit: 'ns'
    });
  }
}

function readSession(file: ObjectReader, builder: ProfileBuilder): void {
  builder.metric(SAMPLES);
  const records = listAt(file.raw('frame_records'), 'frame_records');
  const said = file.whole('sample_count', records.length);
  builder.check({
    id: 'samples',
    text: `The file says that it has ${said} samples, and has ${records.length}.`,
    ok: said === records.length,
    value: records.length,
    expected: said,
    tolerance: 0,
    unit: 'samples'
  });
  const frames = new PyinstrumentFrames(builder);
  const stacks = records.map((record, i) =>
    stackOf(record, `frame_records[${i}]`, frames)
  );
  addStacks(stacks, frames, builder);
}

/** A sample: the numbers of its frames in `frames`, and its time in ns. */
interface IStack {
  readonly frames: Int32Array;
  readonly time: number;
}

function stackOf(
  record: unknown,
  where: string,
  frames: PyinstrumentFrames
): IStack {
  const parts = listAt(record ?? null, where);
  if (parts.length !== 2) {
    throw new WireError(where, 'a stack and its time', describe(parts));
  }
  const stack = listAt(parts[0] ?? null, `${where}[0]`);
  return {
    frames: Int32Array.from(stack, (frame, i) => {
      if (typeof frame !== 'string') {
        throw new WireError(`${where}[0][${i}]`, 'a text', describe(frame));
      }
      return frames.number(frame);
    }),
    time: nanoseconds(parts[1], `${where}[1]`)
  };
}

function addStacks(
  stacks: readonly IStack[],
  frames: PyinstrumentFrames,
  builder: ProfileBuilder
): void {
  const tree = new StackTree(builder);
  const numbers = frames.all.map(frame =>
    frame.is === 'call' ? tree.frame(frames.placed(frame)) : NONE
  );
  let empty = 0;
  let lost = 0;
  for (const { frames: stack, time } of stacks) {
    const first = stack.length > 0 ? frames.all[stack[0]] : null;
    const thread = first?.is === 'thread' ? builder.thread(first.thread) : 0;
    let node: number = NONE;
    for (let i = first?.is === 'thread' ? 1 : 0; i < stack.length; i++) {
      const frame = frames.all[stack[i]];
      if (frame.is !== 'own') {
        const number =
          frame.is === 'call'
            ? numbers[stack[i]]
            : tree.frame(frames.placed(frame));
        node = tree.frames.child(node, number as FuncIndex, thread);
      }
    }
    if (node === NONE) {
      empty++;
      lost += time;
    } else {
      tree.frames.add(node, 'self.time', time);
      tree.frames.add(node, 'self.samples', 1);
    }
  }
  if (empty > 0) {
    builder.warn(
      'empty-stacks',
      `${empty} samples, of ${lost / 1e9} s in all, have no stack. They are not in the profile.`
    );
  }
  tree.finish();
}

/** Seconds as ns. Throws `WireError` for what is no number of them. */
function nanoseconds(seconds: unknown, where: string): number {
  return finiteAt(
    scaled(
      finiteAt(seconds, () => where),
      1e9
    ),
    () => where
  );
}
