import { standardName } from '../profile/names';
import type { FuncIndex } from '../profile/indices';
import type { ICheck, IProfile } from '../profile/model';

/** How far sums of times may be apart: seconds, and a share. */
const TOLERANCE_SECONDS = 1e-5;
const TOLERANCE_SHARE = 1e-6;

/** Functions that a sentence names. */
const NAMED = 3;

/** Totals and edges by function, in seconds. */
interface ISums {
  readonly calls: Float64Array;
  readonly primitive: Float64Array;
  readonly own: Float64Array;
  readonly total: Float64Array;
  /** What the callers of a function say of it, without itself. */
  readonly callsOfCallers: Float64Array;
  readonly timeOfCallers: Float64Array;
  /** What a function says of its callees. */
  readonly timeOfCallees: Float64Array;
}

/**
 * Whether totals and edges, as cProfile stores them, add up. What cannot be told without the times of edges is left out.
 *
 * A function that is never within itself takes what it owns and what its callees take under it; all calls come from
 * its callers or from outside; the own times of all functions are what was called from outside took.
 */
export function sumChecks(profile: IProfile): ICheck[] {
  const sums = sumsOf(profile);
  const checks = [callCheck(sums)];
  if (profile.edges.values.has('total.time')) {
    checks.push(timeCheck(profile, sums), wholeCheck(sums));
  }
  return checks;
}

function callCheck({ calls, callsOfCallers }: ISums): ICheck {
  const wrong = countOf(calls, (all, func) => callsOfCallers[func] > all);
  return {
    id: 'edges',
    text:
      wrong > 0
        ? `${functions(wrong)} more calls from their callers than in all.`
        : 'No function has more calls from its callers than in all.',
    ok: wrong === 0,
    value: wrong,
    expected: 0,
    tolerance: null,
    unit: 'count'
  };
}

function timeCheck(profile: IProfile, sums: ISums): ICheck {
  const { calls, primitive, own, total, timeOfCallees } = sums;
  const wrong: FuncIndex[] = [];
  total.forEach((time, func) => {
    const expected = own[func] + timeOfCallees[func];
    if (calls[func] === primitive[func] && !isNear(time, expected)) {
      wrong.push(func as FuncIndex);
    }
  });
  const names = wrong.slice(0, NAMED).map(func => standardName(profile, func));
  const more = wrong.length > NAMED ? ', …' : '';
  return {
    id: 'callees',
    text:
      wrong.length > 0
        ? `${functions(wrong.length)} another total time than their own and that of their callees: ` +
          `${names.join(', ')}${more}. Functions with one file, line and name overwrite each other in such files, and ` +
          'what the overwritten ones took is missing there.'
        : 'Every function without recursion took what it owns and what its callees took.',
    ok: wrong.length === 0,
    value: wrong.length,
    expected: 0,
    tolerance: null,
    unit: 'count'
  };
}

function wholeCheck(sums: ISums): ICheck {
  const { calls, primitive, own, total, callsOfCallers, timeOfCallers } = sums;
  let owned = 0;
  let outside = 0;
  own.forEach((time, func) => {
    owned += time;
    if (callsOfCallers[func] < calls[func]) {
      // Of a function within itself, callers tell also of inner calls.
      outside +=
        calls[func] === primitive[func]
          ? total[func] - timeOfCallers[func]
          : total[func];
    }
  });
  const ok = isNear(owned, outside);
  return {
    id: 'whole',
    text: ok
      ? 'The own times of all functions add up to what was called from outside of the profile.'
      : 'The own times of all functions are not what was called from outside of the profile: recursion, other ' +
        'threads, or functions with one file, line and name.',
    ok,
    value: owned * 1e9,
    expected: outside * 1e9,
    tolerance: toleranceOf(outside) * 1e9,
    unit: 'ns'
  };
}

function sumsOf({ functions: { length }, totals, edges }: IProfile): ISums {
  const sum = (
    indices: Int32Array,
    values: Float64Array | undefined,
    isCounted: (row: number) => boolean = () => true
  ) => {
    const sums = new Float64Array(length);
    values?.forEach((value, row) => {
      if (isCounted(row)) {
        sums[indices[row]] += value;
      }
    });
    return sums;
  };
  const isOther = (row: number) => edges.caller[row] !== edges.callee[row];
  const { function: func, values } = totals;
  const times = edges.values.get('total.time');
  return {
    calls: sum(func, values.get('self.calls')),
    primitive: sum(func, values.get('primitive.calls')),
    own: sum(func, values.get('self.time')),
    total: sum(func, values.get('total.time')),
    callsOfCallers: sum(edges.callee, edges.values.get('self.calls')),
    timeOfCallers: sum(edges.callee, times, isOther),
    timeOfCallees: sum(edges.caller, times)
  };
}

function countOf(
  column: Float64Array,
  isCounted: (value: number, row: number) => boolean
): number {
  return column.reduce((n, value, row) => n + Number(isCounted(value, row)), 0);
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= toleranceOf(b);
}

function toleranceOf(seconds: number): number {
  return TOLERANCE_SECONDS + Math.abs(seconds) * TOLERANCE_SHARE;
}

function functions(count: number): string {
  return count === 1 ? '1 function has' : `${count} functions have`;
}
