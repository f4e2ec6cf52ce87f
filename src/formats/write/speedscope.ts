import { NONE, type FuncIndex } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import { displayName } from '../../profile/names';
import { OUR_EXPORTER } from '../speedscope';
import { finite } from './finite';
import { eachStack, ownValues } from './stacks';

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
 * of its own is a sample. Of the metrics the main one.
 *
 * Throws `FormatError` if there is no call tree, or if its stacks are too long to be written out one by one.
 */
export function toSpeedscope(profile: IProfile): string {
  const { paths, threads, functions, files, meta } = profile;
  const { metric, own } = ownValues(profile);
  const frameOf = new Map<number, number>();
  const frames: object[] = [];
  const parts = new Map<number, ISampled>();
  const frame = (func: number) => {
    let known = frameOf.get(func);
    if (known === undefined) {
      known = frames.length;
      frameOf.set(func, known);
      const file: number = functions.file[func];
      frames.push({
        name: displayName(profile, func as FuncIndex),
        ...(file === NONE ? {} : { file: files.path[file] }),
        ...(functions.line[func] > 0 ? { line: functions.line[func] } : {})
      });
    }
    return known;
  };
  eachStack(profile, own, (row, stack) => {
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
    part.samples.push(stack.map(frame));
    part.weights.push(weight);
    part.endValue = finite(part.endValue + weight);
  });
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

/** As py-spy names threads, so that their numbers are kept. */
function threadName(threads: IProfile['threads'], thread: number): string {
  const { name, pid, tid } = threads;
  const process = pid[thread] > 0 ? `Process ${pid[thread]} ` : '';
  return tid[thread] > 0
    ? `${process}Thread ${tid[thread]} "${name[thread]}"`
    : name[thread];
}
