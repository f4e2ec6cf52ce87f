import { NONE } from '../profile/indices';
import { listAt, ObjectReader } from '../wire/json';
import { finiteAt } from './jsonFile';
import type { ProfileBuilder } from './profileBuilder';
import { frameOfParts, PyinstrumentFrames } from './pyinstrumentFrames';
import { scaled } from './times';

/** What pyinstrument leaves of a time: six digits behind the point. */
const DIGIT = 1000;

/** A frame of the report: pre-order, `NONE` for the parent of the root. */
interface INode {
  readonly frame: number;
  readonly parent: number;
  /** In ns, with what it calls. */
  readonly time: number;
}

/**
 * Read the tree of a report. Its times are those of a frame with what it calls: what the children do not have is the
 * frame's own.
 */
export function readReport(file: ObjectReader, builder: ProfileBuilder): void {
  builder.warn(
    'report',
    'This is a report of pyinstrument, which leaves out frames that took less than 1 % and frames of its own and of ' +
      'imports; their time is in the frames that called them. A session (-o x.pyisession) has all of them.'
  );
  const frames = new PyinstrumentFrames(builder);
  const nodes = nodesOf(file, frames);
  const own = ownTimes(nodes, builder);
  const places = new Int32Array(nodes.length).fill(NONE);
  const threads = new Int32Array(nodes.length);
  nodes.forEach(({ frame: number, parent }, i) => {
    const frame = frames.all[number];
    const above = parent === NONE ? NONE : places[parent];
    const thread = parent === NONE ? 0 : threads[parent];
    const isRoot = above === (NONE as number);
    threads[i] =
      frame.is === 'thread' && isRoot ? builder.thread(frame.thread) : thread;
    // What several threads have in common is no function, unless time is its own.
    const isShared = isRoot && frame.name === '[root]' && own[i] === 0;
    places[i] =
      frame.is === 'own' || isShared || (frame.is === 'thread' && isRoot)
        ? above
        : builder.paths.child(above, frames.placed(frame).func, threads[i]);
    if (own[i] !== 0) {
      if (places[i] === (NONE as number)) {
        places[i] = builder.paths.child(
          NONE,
          builder.func({ name: '[self]', kind: 'pseudo' }),
          threads[i]
        );
      }
      builder.paths.add(places[i], 'self.time', own[i]);
    }
  });
}

function nodesOf(file: ObjectReader, frames: PyinstrumentFrames): INode[] {
  const nodes: INode[] = [];
  const open: { value: unknown; where: string; parent: number }[] = [];
  if (file.raw('root_frame') !== null) {
    const value = file.raw('root_frame');
    open.push({ value, where: 'root_frame', parent: NONE });
  }
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, parent } = next;
    const reader = new ObjectReader(value, next.where);
    const node = nodes.push({
      frame: frames.add(
        frameOfParts(
          reader.text('function'),
          reader.optionalText('file_path') ?? '',
          reader.whole('line_no', 0),
          reader.optionalText('class_name') ?? '',
          0
        )
      ),
      parent,
      time: finiteAt(scaled(reader.number('time'), 1e9), () =>
        reader.where('time')
      )
    });
    // A place has as many characters as the frame is deep: those of deep ones are not kept.
    const where = reader.where('children');
    const below = where.length > 400 ? 'root_frame…' : where;
    const children = listAt(reader.raw('children'), where);
    for (let i = children.length - 1; i >= 0; i--) {
      open.push({
        value: children[i],
        where: `${below}[${i}]`,
        parent: node - 1
      });
    }
  }
  return nodes;
}

/** What frames have that their children do not have, in ns. */
function ownTimes(
  nodes: readonly INode[],
  builder: ProfileBuilder
): Float64Array {
  const own = Float64Array.from(nodes, ({ time }) => time);
  const children = new Int32Array(nodes.length);
  for (const { parent, time } of nodes) {
    if (parent !== NONE) {
      own[parent] -= time;
      children[parent]++;
    }
  }
  let wrong = 0;
  own.forEach((time, i) => {
    // Each time is rounded by half a digit at most.
    const rounding = ((children[i] + 1) * DIGIT) / 2;
    if (children[i] > 0 && Math.abs(time) <= rounding) {
      own[i] = 0;
    } else if (time < 0) {
      own[i] = 0;
      wrong++;
    }
  });
  if (wrong > 0) {
    builder.warn(
      'more-than-whole',
      `${wrong} frames took less time than what they called. They have no time of their own.`
    );
  }
  return own;
}
