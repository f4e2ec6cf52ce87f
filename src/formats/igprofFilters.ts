import { NONE } from '../profile/indices';
import type { IPaths, IProfile, Values } from '../profile/model';
import { pathsWithout } from '../profile/without';

/** Libraries of the profiler, looked for in the last characters of a path, as igprof-analyse does. */
const OWN = ['libigprof.', 'IgProf.', 'IgHook.'];
const LAST = 20;

/** Functions whose values are their callers' where memory is counted: those of igprof-analyse's `MallocFilter`. */
const ALLOCATORS: ReadonlySet<string> = new Set([
  'malloc',
  'calloc',
  'realloc',
  'memalign',
  'posix_memalign',
  'aligned_alloc',
  'valloc',
  'zmalloc',
  'zcalloc',
  'zrealloc',
  '_Znwj',
  '_Znwm',
  '_Znaj',
  '_Znam'
]);

/** The pool of GCC 3: what is live in it is not counted (`IgProfGccPoolAllocFilter`). */
const POOL: ReadonlySet<string> = new Set([
  '_ZNSt24__default_alloc_templateILb1ELi0EE14_S_chunk_allocEjRi',
  '_ZNSt24__default_alloc_templateILb1ELi0EE9_S_refillEj',
  '_ZNSt24__default_alloc_templateILb1ELi0EE8allocateEj'
]);

/**
 * A dump as igprof-analyse shows it: frames of the profiler itself are left out with what they took, and what they called
 * is their callers'; where memory is counted, what malloc and its like took is their callers'. A warning says so.
 *
 * @param counters - names of the dump's counters
 */
export function filtered(
  profile: IProfile,
  counters: readonly string[]
): IProfile {
  const { functions, objects, metrics } = profile;
  const isMemory =
    counters.length > 0 && counters.every(name => name.startsWith('MEM_'));
  const isOwnObject = objects.path.map(path =>
    OWN.some(name => path.slice(-LAST).includes(name))
  );
  const isOwn = Array.from(
    functions.object,
    object => object !== NONE && isOwnObject[object]
  );
  const isOut = functions.name.map(
    (name, func) => isOwn[func] || (isMemory && ALLOCATORS.has(name))
  );
  const isPool = functions.name.map(name => POOL.has(name));
  const dropped = new Map<string, number>();
  const values =
    isOwn.includes(true) || isPool.includes(true)
      ? withoutRows(
          profile,
          ownRows(profile.paths, isOwn),
          poolRows(profile.paths, isPool),
          dropped
        )
      : profile.paths.values;
  const count = profile.paths.function.reduce(
    (sum, func) => sum + (isOut[func] ? 1 : 0),
    0
  );
  if (count === 0 && dropped.size === 0) {
    return profile;
  }
  const losses = metrics
    .filter(({ id }) => dropped.has(id))
    .map(({ id, label, tick, unit }) => {
      const value = (dropped.get(id) ?? 0) * tick;
      return `${label} ${value}${unit === 'count' ? '' : ` ${unit}`}`;
    });
  const what = [
    isOwn.includes(true) ? 'the profiler itself' : '',
    isOut.some((is, func) => is && !isOwn[func]) ? 'malloc and its like' : ''
  ].filter(word => word);
  const lost = [
    isOwn.includes(true) ? 'what the profiler took itself' : '',
    isPool.includes(true) ? 'what is live in pools of old C++ libraries' : ''
  ].filter(word => word);
  const frames = count === 1 ? 'frame' : 'frames';
  const text = [
    what.length > 0
      ? `${count} ${frames} of ${what.join(' and of ')} ${count === 1 ? 'is counted to its caller' : 'are counted to their callers'}, as igprof-analyse does.`
      : '',
    losses.length > 0
      ? `Left out, as ${what.length > 0 ? 'there' : 'igprof-analyse does'}, is ${lost.join(' and ')}: ${losses.join(', ')}.`
      : ''
  ]
    .filter(sentence => sentence)
    .join(' ');
  return {
    ...profile,
    paths: pathsWithout(
      { ...profile.paths, values },
      metrics,
      func => isOut[func]
    ),
    meta: {
      ...profile.meta,
      warnings: [...profile.meta.warnings, { code: 'filters', text }]
    }
  };
}

function ownRows(paths: IPaths, isOwn: readonly boolean[]): Uint8Array {
  return Uint8Array.from(paths.function, func => (isOwn[func] ? 1 : 0));
}

/** The rows of the pool and all below them. */
function poolRows(paths: IPaths, isPool: readonly boolean[]): Uint8Array {
  const rows = new Uint8Array(paths.length);
  if (isPool.includes(true)) {
    for (let row = 0; row < paths.length; row++) {
      const parent: number = paths.parent[row];
      rows[row] =
        isPool[paths.function[row]] || (parent !== NONE && rows[parent])
          ? 1
          : 0;
    }
  }
  return rows;
}

/**
 * The values without those of some rows, and of others without what is live.
 *
 * @param dropped - takes by metric what went, where values sum
 */
function withoutRows(
  { paths, metrics }: IProfile,
  isOut: Uint8Array,
  isNotLive: Uint8Array,
  dropped: Map<string, number>
): Values {
  const values = new Map(paths.values);
  for (const { id, combine } of metrics) {
    const column = paths.values.get(`self.${id}`);
    const rest = column?.slice();
    let sum = 0;
    let isAny = false;
    for (let row = 0; column && rest && row < paths.length; row++) {
      const goes =
        isOut[row] || (id.startsWith('live_') && isNotLive[row] === 1);
      if (goes && column[row] !== 0) {
        rest[row] = 0;
        sum += column[row];
        isAny = true;
      }
    }
    if (rest && isAny) {
      values.set(`self.${id}`, rest);
      if (combine === 'sum') {
        dropped.set(id, sum);
      }
    }
  }
  return values;
}
