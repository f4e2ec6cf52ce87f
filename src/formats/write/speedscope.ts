import { NONE } from '../../profile/indices';
import type { IMetric, IProfile } from '../../profile/model';
import { displayName } from '../../profile/names';
import { FormatError } from '../error';
import { OUR_EXPORTER } from '../speedscope';

/** Frames of all samples together, so that the text stays one string. */
const MOST_FRAMES = 40_000_000;

/** A sampled profile, as speedscope's schema has it. */
interface ISampled {
  readonly type: 'sampled';
  readonly name: string;
  readonly unit: string;
  readonly startValue: 0;
  endValue: number;
  readonly samples: number[][];
  readonly weights: number[];
}

/**
 * The call tree of a profile in speedscope's JSON: a sampled profile for each thread, in which every stack with a value
 * of its own is a sample. Of the metrics the main one: time, else samples, else the first that the tree has.
 *
 * Throws `FormatError` if there is no call tree, or if its stacks are too long to be written out one by one.
 */
export function toSpeedscope(profile: IProfile): string {
  const { paths, threads, functions, files, meta } = profile;
  const metric = mainMetric(profile);
  const own = paths.values.get(`self.${metric.id}`) as Float64Array;
  const frameOf = new Map<number, number>();
  const frames: object[] = [];
  const parts = new Map<number, ISampled>();
  const stack: number[] = [];
  const rows: number[] = [];
  let written = 0;
  for (let row = 0; row < paths.length; row++) {
    const parent: number = paths.parent[row];
    while (rows.length > 0 && rows[rows.length - 1] !== parent) {
      rows.pop();
      stack.pop();
    }
    const func = paths.function[row];
    let frame = frameOf.get(func);
    if (frame === undefined) {
      frame = frames.length;
      frameOf.set(func, frame);
      const file: number = functions.file[func];
      frames.push({
        name: displayName(profile, func),
        ...(file === NONE ? {} : { file: files.path[file] }),
        ...(functions.line[func] > 0 ? { line: functions.line[func] } : {})
      });
    }
    rows.push(row);
    stack.push(frame);
    if (own[row] === 0) {
      continue;
    }
    written += stack.length;
    if (written > MOST_FRAMES) {
      throw new FormatError(
        `Expected stacks of at most ${MOST_FRAMES} frames in all, found more`
      );
    }
    const thread: number = paths.thread[row];
    let part = parts.get(thread);
    if (!part) {
      part = {
        type: 'sampled',
        name: threadName(threads, thread),
        unit: UNITS[metric.unit] ?? 'none',
        startValue: 0,
        endValue: 0,
        samples: [],
        weights: []
      };
      parts.set(thread, part);
    }
    const weight = own[row] * metric.tick;
    part.samples.push(stack.slice());
    part.weights.push(weight);
    part.endValue += weight;
  }
  return JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    shared: { frames },
    profiles: [...parts.values()],
    name: meta.label,
    activeProfileIndex: 0,
    exporter: OUR_EXPORTER
  });
}

const UNITS: Readonly<Record<string, string>> = {
  ns: 'nanoseconds',
  bytes: 'bytes'
};

function mainMetric({ metrics, paths }: IProfile): IMetric {
  const known = metrics.filter(({ id }) => paths.values.has(`self.${id}`));
  const metric =
    known.find(({ id }) => id === 'time') ??
    known.find(({ id }) => id === 'samples') ??
    known.find(() => true);
  if (!metric) {
    throw new FormatError(
      'Expected a profile with call paths, found one without'
    );
  }
  return metric;
}

/** As py-spy names threads, so that their numbers are kept. */
function threadName(threads: IProfile['threads'], thread: number): string {
  const { name, pid, tid } = threads;
  const process = pid[thread] > 0 ? `Process ${pid[thread]} ` : '';
  return tid[thread] > 0
    ? `${process}Thread ${tid[thread]} "${name[thread]}"`
    : name[thread];
}
