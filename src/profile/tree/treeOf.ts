import { combinationOf } from '../combine';
import { NONE, type ThreadIndex } from '../indices';
import type { IMetric, IProfile } from '../model';
import type { ICallTree } from './callTree';
import { buildTree, type IForest } from './forest';

/** Which part of a profile a tree is made of. */
export interface ITreeOptions {
  /** One thread or task; `null` or left out: all of them as one. */
  readonly thread?: ThreadIndex | null;
}

/**
 * The call tree of a profile. Frames of one function under one caller are one node, whichever line they are at.
 *
 * @returns `null` where the profile holds no call paths, has no own values of the metric, or where it is not known how
 * its values go together
 */
export function treeOf(
  profile: IProfile,
  metric: IMetric,
  { thread = null }: ITreeOptions = {}
): ICallTree | null {
  const { paths } = profile;
  const stored = paths.values.get(`self.${metric.id}`);
  if (!stored || paths.length === 0 || !combinationOf(metric)) {
    return null;
  }
  const forest: IForest = {
    length: paths.length,
    parent: paths.parent,
    func: paths.function,
    self: inUnit(stored, metric),
    calls: calledOf(profile),
    estimated: null,
    rest: null
  };
  return buildTree(
    thread === null ? forest : onlyThread(forest, paths.thread, thread),
    metric
  ).tree;
}

/** A thread or task and what it took. */
export interface IThreadShare {
  readonly thread: ThreadIndex;
  /** In the metric's unit. */
  readonly value: number;
  /** Of all threads' values together; NaN where values of the metric do not sum, or there are none. */
  readonly share: number;
}

/**
 * The threads and tasks that have call paths, by falling value.
 */
export function threadShares(
  profile: IProfile,
  metric: IMetric
): readonly IThreadShare[] {
  const { paths } = profile;
  const stored = paths.values.get(`self.${metric.id}`);
  const combination = combinationOf(metric);
  if (!stored || !combination) {
    return [];
  }
  const values = new Map<ThreadIndex, number>();
  for (let node = 0; node < paths.length; node++) {
    const thread = paths.thread[node];
    values.set(
      thread,
      combination.of(
        values.get(thread) ?? combination.start,
        stored[node] * metric.tick
      )
    );
  }
  const sum = [...values.values()].reduce((all, value) => all + value, 0);
  return [...values]
    .map(([thread, value]) => ({
      thread,
      value,
      share: metric.combine === 'sum' && sum > 0 ? value / sum : NaN
    }))
    .sort((a, b) => b.value - a.value || a.thread - b.thread);
}

function inUnit(stored: Float64Array, { tick }: IMetric): Float64Array {
  const values = new Float64Array(stored.length);
  for (let i = 0; i < stored.length; i++) {
    values[i] = stored[i] * tick;
  }
  return values;
}

/** How often each frame was called, where that was counted. */
function calledOf({ paths, metrics }: IProfile): Float64Array | null {
  const called = metrics.find(one => one.id === 'calls');
  const stored = called && paths.values.get('self.calls');
  return stored ? inUnit(stored, called) : null;
}

/** The frames of one thread; one whose caller is of another thread hangs on the nearest caller of its own. */
function onlyThread(
  forest: IForest,
  thread: Int32Array,
  wanted: ThreadIndex
): IForest {
  const length = forest.length;
  /** Where a node, or the nearest kept one above it, is now. */
  const place = new Int32Array(length);
  const parent = new Int32Array(length);
  const func = new Int32Array(length);
  const self = new Float64Array(length);
  const calls = forest.calls && new Float64Array(length);
  let count = 0;
  for (let node = 0; node < length; node++) {
    const above = forest.parent[node];
    const at = above === NONE ? NONE : place[above];
    if (thread[node] !== wanted) {
      place[node] = at;
      continue;
    }
    parent[count] = at;
    func[count] = forest.func[node];
    self[count] = forest.self[node];
    if (forest.calls && calls) {
      calls[count] = forest.calls[node];
    }
    place[node] = count++;
  }
  return {
    length: count,
    parent: parent.subarray(0, count),
    func: func.subarray(0, count),
    self: self.subarray(0, count),
    calls: calls && calls.subarray(0, count),
    estimated: null,
    rest: null
  };
}
