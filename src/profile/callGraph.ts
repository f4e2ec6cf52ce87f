import { combinationOf } from './combine';
import { edgesOf } from './edges';
import { NONE, type FuncIndex, type RowIndex } from './indices';
import type { IEdges, IMetric, IProfile, Role } from './model';
import type { IFunctionRows } from './rows';

/** What a callee took under a caller, all threads together. Values in the unit of the rows' metric; NaN: not known. */
export interface IEdge {
  readonly caller: FuncIndex;
  readonly callee: FuncIndex;
  readonly calls: number;
  readonly primitive: number;
  readonly self: number;
  readonly total: number;
}

/**
 * Who called whom, one edge a pair of functions.
 *
 * Kept in columns, the edges of a caller side by side; objects are made of those that are asked for.
 */
export class CallGraph {
  /**
   * @param rows - of the same profile; its metric is that of the edges
   */
  constructor(
    readonly profile: IProfile,
    readonly rows: IFunctionRows
  ) {
    const count = profile.functions.length;
    this._rowOf = new Int32Array(count).fill(NONE);
    rows.function.forEach((func, row) => (this._rowOf[func] = row));

    const stored = edgesOf(profile);
    const { start, order } = groupBy(stored.caller, count);
    const { caller, callee, target } = pairsOf(stored, start, order, count);
    this._caller = caller;
    this._callee = callee;
    const column = (role: Role, metric: IMetric | null) =>
      combined(stored, role, metric, target, caller.length);
    const called = profile.metrics.find(one => one.id === 'calls') ?? null;
    this._calls = column('self', called);
    this._primitive = column('primitive', called);
    this._self = column('self', rows.metric);
    this._total = column('total', rows.metric);
    this._byCaller = groupBy(caller, count);
    this._byCallee = groupBy(callee, count);
  }

  /** Whether the profile says who called whom. */
  get hasEdges(): boolean {
    return this._caller.length > 0;
  }

  /** What a function called, in no particular order; itself included where it is recursive. */
  callees(func: FuncIndex): readonly IEdge[] {
    return this._edges(this._byCaller, func);
  }

  /** What called a function, in no particular order. */
  callers(func: FuncIndex): readonly IEdge[] {
    return this._edges(this._byCallee, func);
  }

  /** The row of a function; `NONE` where nothing was measured of it. */
  rowOf(func: FuncIndex): RowIndex | typeof NONE {
    return this._rowOf[func] as RowIndex;
  }

  /**
   * Whether a function is among those that it calls, through others or at once.
   */
  isRecursive(func: FuncIndex): boolean {
    const { start, order } = this._byCaller;
    const seen = new Uint8Array(this._rowOf.length);
    const open: number[] = [func];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      for (let i = start[one]; i < start[one + 1]; i++) {
        const callee = this._callee[order[i]];
        if (callee === func) {
          return true;
        }
        if (!seen[callee]) {
          seen[callee] = 1;
          open.push(callee);
        }
      }
    }
    return false;
  }

  private _edges({ start, order }: IGrouped, func: FuncIndex): IEdge[] {
    return Array.from(order.subarray(start[func], start[func + 1]), edge => ({
      caller: this._caller[edge] as FuncIndex,
      callee: this._callee[edge] as FuncIndex,
      calls: this._calls[edge],
      primitive: this._primitive[edge],
      self: this._self[edge],
      total: this._total[edge]
    }));
  }

  private readonly _rowOf: Int32Array;
  private readonly _caller: Int32Array;
  private readonly _callee: Int32Array;
  private readonly _calls: Float64Array;
  private readonly _primitive: Float64Array;
  private readonly _self: Float64Array;
  private readonly _total: Float64Array;
  private readonly _byCaller: IGrouped;
  private readonly _byCallee: IGrouped;
}

/** Rows of a table side by side where they have the same key: those of key `k` are `order[start[k] .. start[k + 1]]`. */
interface IGrouped {
  readonly start: Int32Array;
  readonly order: Int32Array;
}

/**
 * Group rows by a key from 0 to `count`, in the order in which they are (a counting sort).
 */
function groupBy(keys: Int32Array, count: number): IGrouped {
  const start = new Int32Array(count + 1);
  for (const key of keys) {
    start[key + 1]++;
  }
  for (let key = 0; key < count; key++) {
    start[key + 1] += start[key];
  }
  const next = start.slice(0, count);
  const order = new Int32Array(keys.length);
  keys.forEach((key, row) => (order[next[key]++] = row));
  return { start, order };
}

/**
 * One edge for all rows of a pair of functions, whichever thread they are of.
 *
 * @returns the pairs, and for each stored row the pair that it is of
 */
function pairsOf(
  { caller, callee, length }: IEdges,
  start: Int32Array,
  order: Int32Array,
  count: number
): { caller: Int32Array; callee: Int32Array; target: Int32Array } {
  const callers = new Int32Array(length);
  const callees = new Int32Array(length);
  const target = new Int32Array(length);
  /** The pair of each callee with the caller at hand. */
  const pairOf = new Int32Array(count).fill(NONE);
  let pairs = 0;
  for (let from = 0; from < count; from++) {
    const first = pairs;
    for (let i = start[from]; i < start[from + 1]; i++) {
      const row = order[i];
      const to = callee[row];
      // A pair of an earlier caller is another one.
      if (pairOf[to] < first) {
        pairOf[to] = pairs;
        callers[pairs] = caller[row];
        callees[pairs] = to;
        pairs++;
      }
      target[row] = pairOf[to];
    }
  }
  return {
    caller: callers.subarray(0, pairs),
    callee: callees.subarray(0, pairs),
    target
  };
}

/**
 * A column of values, those of a pair put together; NaN where they are not known, or go together in no known way.
 */
function combined(
  edges: IEdges,
  role: Role,
  metric: IMetric | null,
  target: Int32Array,
  length: number
): Float64Array {
  const stored = metric && edges.values.get(`${role}.${metric.id}`);
  const combination = metric && combinationOf(metric);
  if (!stored || !combination) {
    return new Float64Array(length).fill(NaN);
  }
  const { start, of } = combination;
  const values = new Float64Array(length).fill(start);
  for (let row = 0; row < stored.length; row++) {
    const pair = target[row];
    values[pair] = of(values[pair], stored[row] * metric.tick);
  }
  return values;
}
