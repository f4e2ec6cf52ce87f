import { isInterpreter } from '../glue';
import { NONE } from '../indices';
import type { IMetric, IProfile, ValueKey, Values } from '../model';
import { foldGlue, nativeOnly, pythonFunctions, pythonOnly } from './fold';
import { limited } from './limit';
import {
  mergeLibrary,
  mergeUnnamed,
  rename,
  renameBelow,
  unnamedFunctions
} from './rename';
import { RuleFault } from './rules';
import type { Step } from './steps';

/** What became of a step. */
export interface ITold {
  readonly step: Step;
  /** Functions that it took away or renamed. */
  readonly frames: number;
  /**
   * Share of the own values of the shown metric that is other functions' now, or (of a limit) left out, 0 to 1; NaN where
   * its values do not sum.
   */
  readonly share: number;
  /** Why it is not applied, a sentence; null if it is, also where there was nothing for it to do. */
  readonly fault: string | null;
}

/** What there is to choose for a profile. */
export interface IStepsThere {
  /** Whether compiled frames are on the call paths. */
  readonly hasNative: boolean;
  /** Whether Python frames are there as well. */
  readonly isMixed: boolean;
  /** Whether Python ran: its frames are on the call paths, or those of its interpreter. */
  readonly ranPython: boolean;
  /** Metrics to choose from, calls left out. */
  readonly counters: readonly IMetric[];
  /** Whether libraries of compiled frames are known. */
  readonly libraries: boolean;
  /** Whether compiled functions without a name are on the call paths. */
  readonly hasUnnamed: boolean;
}

/**
 * Apply steps one after another. What cannot be applied is skipped, and said. The very same profile where nothing
 * changes.
 *
 * Totals follow from the new call paths; own values are kept but by `limit`.
 *
 * ```
 * const { profile, told } = applySteps(mixed, [{ kind: 'fold-glue' }]);
 * ```
 */
export function applySteps(
  profile: IProfile,
  steps: readonly Step[]
): { readonly profile: IProfile; readonly told: readonly ITold[] } {
  const told: ITold[] = [];
  let now = profile;
  /** The metric that is shown; others are left out at the end, as a limit may be about the events of this one. */
  let shown = shownMetric(profile);
  let isChosen = false;
  for (const step of steps) {
    try {
      if (step.kind === 'counter') {
        shown = metricById(profile, step.metric);
        isChosen = true;
        told.push(idle(step, null));
        continue;
      }
      requirePaths(profile);
      const next = changed(now, shown, step);
      told.push(next ? difference(now, next, shown, step) : idle(step, null));
      now = next ? withoutSums(now, next) : now;
    } catch (error) {
      if (!(error instanceof RuleFault)) {
        throw error;
      }
      told.push(idle(step, error.message));
    }
  }
  return {
    profile: isChosen && shown ? onlyCounter(now, shown.id) : now,
    told
  };
}

/** What there is to choose for a profile. */
export function stepsOf(profile: IProfile): IStepsThere {
  const { functions, paths, metrics } = profile;
  const isPython = pythonFunctions(profile);
  const used = new Set<number>(paths.function);
  const native = [...used].filter(func => functions.kind[func] === 'native');
  const isUnnamed = unnamedFunctions(profile);
  const hasPython = [...used].some(func => isPython[func] === 1);
  return {
    hasNative: native.length > 0,
    isMixed: native.length > 0 && hasPython,
    ranPython: hasPython || native.some(func => isInterpreter(profile, func)),
    counters: metrics.filter(({ id }) => id !== 'calls'),
    libraries: native.some(func => functions.object[func] !== (NONE as number)),
    hasUnnamed: native.some(func => isUnnamed[func] === 1)
  };
}

function requirePaths({ paths, totals }: IProfile): void {
  if (paths.length === 0) {
    throw new RuleFault(
      totals.length > 0
        ? 'This profile has sums of functions and their callers alone: what they would be without some functions cannot be told.'
        : 'This profile has no call paths.'
    );
  }
}

/** The profile after a step, null where there is nothing for it to change. */
function changed(
  profile: IProfile,
  shown: IMetric | null,
  step: Exclude<Step, { kind: 'counter' }>
): IProfile | null {
  switch (step.kind) {
    case 'fold-glue':
      return foldGlue(profile);
    case 'python-only':
      return pythonOnly(profile);
    case 'native-only':
      return nativeOnly(profile);
    case 'merge-library':
      return mergeLibrary(profile);
    case 'merge-unnamed':
      return mergeUnnamed(profile);
    case 'rename':
      return rename(profile, step.rules);
    case 'ancestor':
      return renameBelow(profile, step.rules);
    case 'limit':
      if (!shown) {
        throw new RuleFault('This profile measured nothing.');
      }
      return limited(profile, shown, step);
  }
}

/** Sums that were stored beside call paths are of the paths before: they follow from the new ones instead. */
function withoutSums(before: IProfile, next: IProfile): IProfile {
  if (before.totals.length === 0) {
    return next;
  }
  const { totals, edges, meta } = next;
  const none: Values = new Map();
  const cut = <C extends Int32Array>(column: C) => column.slice(0, 0) as C;
  const text =
    'Call paths that were folded when this profile was written are in rows “(N more)”; totals are those of the paths that are left.';
  return {
    ...next,
    totals: {
      length: 0,
      function: cut(totals.function),
      thread: cut(totals.thread),
      values: none
    },
    edges: {
      length: 0,
      caller: cut(edges.caller),
      callee: cut(edges.callee),
      thread: cut(edges.thread),
      values: none
    },
    meta: {
      ...meta,
      warnings: [...meta.warnings, { code: 'step-sums', text }]
    }
  };
}

/** The profile with one metric, and calls. */
function onlyCounter(profile: IProfile, wanted: string): IProfile {
  const { metrics, totals, edges, paths, lines } = profile;
  const isKept = (id: string) => id === wanted || id === 'calls';
  if (metrics.every(({ id }) => isKept(id))) {
    return profile;
  }
  const kept = (values: Values): Values =>
    new Map([...values].filter(([key]) => isKept(metricOfKey(key))));
  return {
    ...profile,
    metrics: metrics.filter(({ id }) => isKept(id)),
    totals: { ...totals, values: kept(totals.values) },
    edges: { ...edges, values: kept(edges.values) },
    paths: { ...paths, values: kept(paths.values) },
    lines: { ...lines, values: kept(lines.values) }
  };
}

function metricById({ metrics }: IProfile, wanted: string): IMetric {
  const metric = metrics.find(({ id }) => id === wanted);
  if (!metric) {
    throw new RuleFault(`This profile has no metric “${wanted}”.`);
  }
  return metric;
}

function metricOfKey(key: ValueKey): string {
  return key.slice(key.indexOf('.') + 1);
}

/** The metric that views show first. */
function shownMetric({ metrics }: IProfile): IMetric | null {
  return (
    metrics.find(({ id }) => id === 'time') ??
    metrics.find(({ id }) => id !== 'calls') ??
    null
  );
}

function idle(step: Step, fault: string | null): ITold {
  return { step, frames: 0, share: 0, fault };
}

/** What a step did, by the own values of functions before and after. */
function difference(
  before: IProfile,
  after: IProfile,
  metric: IMetric | null,
  step: Step
): ITold {
  const length = after.functions.length;
  const had = ownOf(before, metric, length);
  const has = ownOf(after, metric, length);
  let frames = 0;
  let moved = 0;
  let whole = 0;
  for (let func = 0; func < length; func++) {
    whole += had.own[func];
    frames += had.isThere[func] && !has.isThere[func] ? 1 : 0;
    moved += Math.max(0, had.own[func] - has.own[func]);
  }
  return {
    step,
    frames,
    share:
      metric?.combine !== 'sum' || !(whole > 0)
        ? NaN
        : Math.min(1, moved / whole),
    fault: null
  };
}

/**
 * The functions on the call paths and their own values.
 *
 * @param length - of the function table
 */
function ownOf(
  { paths }: IProfile,
  metric: IMetric | null,
  length: number
): { readonly own: Float64Array; readonly isThere: Uint8Array } {
  const values = metric && paths.values.get(`self.${metric.id}`);
  const own = new Float64Array(length);
  const isThere = new Uint8Array(length);
  for (let row = 0; row < paths.length; row++) {
    const func = paths.function[row];
    isThere[func] = 1;
    own[func] += values?.[row] ?? 0;
  }
  return { own, isThere };
}
