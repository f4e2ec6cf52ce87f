import { combinationOf } from './combine';
import { edgesOf } from './edges';
import { NONE, type FuncIndex, type RowIndex } from './indices';
import type { IMetric, IProfile, Role } from './model';
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

const NO_EDGES: readonly IEdge[] = [];

/**
 * Who called whom, one edge a pair of functions.
 */
export class CallGraph {
  /**
   * @param rows - of the same profile; its metric is that of the edges
   */
  constructor(
    readonly profile: IProfile,
    readonly rows: IFunctionRows
  ) {
    const row = new Int32Array(profile.functions.length).fill(NONE);
    rows.function.forEach((func, i) => (row[func] = i));
    this._rowOf = row;
    for (const edge of togetherByPair(profile, rows.metric)) {
      push(this._callees, edge.caller, edge);
      push(this._callers, edge.callee, edge);
    }
  }

  /** Whether the profile says who called whom. */
  get hasEdges(): boolean {
    return this._callees.size > 0;
  }

  /** What a function called, in no particular order; itself included where it is recursive. */
  callees(func: FuncIndex): readonly IEdge[] {
    return this._callees.get(func) ?? NO_EDGES;
  }

  /** What called a function, in no particular order. */
  callers(func: FuncIndex): readonly IEdge[] {
    return this._callers.get(func) ?? NO_EDGES;
  }

  /** The row of a function; `NONE` where nothing was measured of it. */
  rowOf(func: FuncIndex): RowIndex | typeof NONE {
    return this._rowOf[func] as RowIndex;
  }

  /**
   * Whether a function is among those that it calls, through others or at once.
   */
  isRecursive(func: FuncIndex): boolean {
    const seen = new Set<FuncIndex>();
    const open: FuncIndex[] = [func];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      for (const { callee } of this.callees(one)) {
        if (callee === func) {
          return true;
        }
        if (!seen.has(callee)) {
          seen.add(callee);
          open.push(callee);
        }
      }
    }
    return false;
  }

  private readonly _rowOf: Int32Array;
  private readonly _callees = new Map<FuncIndex, IEdge[]>();
  private readonly _callers = new Map<FuncIndex, IEdge[]>();
}

function push(
  lists: Map<FuncIndex, IEdge[]>,
  func: FuncIndex,
  edge: IEdge
): void {
  const list = lists.get(func);
  if (list) {
    list.push(edge);
  } else {
    lists.set(func, [edge]);
  }
}

/**
 * Put the rows of all threads together.
 */
function togetherByPair(
  profile: IProfile,
  metric: IMetric | null
): readonly IEdge[] {
  const edges = edgesOf(profile);
  const count = profile.functions.length;
  const rowOf = new Map<number, number>();
  const target = new Int32Array(edges.length);
  const firsts: number[] = [];
  for (let i = 0; i < edges.length; i++) {
    const pair = edges.caller[i] * count + edges.callee[i];
    let row = rowOf.get(pair);
    if (row === undefined) {
      row = firsts.length;
      rowOf.set(pair, row);
      firsts.push(i);
    }
    target[i] = row;
  }
  const column = (role: Role, measured: IMetric | undefined | null) => {
    const stored = measured && edges.values.get(`${role}.${measured.id}`);
    const combination = measured && combinationOf(measured);
    const values = new Float64Array(firsts.length).fill(
      stored ? (combination?.start ?? NaN) : NaN
    );
    if (stored && combination) {
      stored.forEach((value, i) => {
        values[target[i]] = combination.of(
          values[target[i]],
          value * measured.tick
        );
      });
    }
    return values;
  };
  const called = profile.metrics.find(one => one.id === 'calls');
  const calls = column('self', called);
  const primitive = column('primitive', called);
  const self = column('self', metric);
  const total = column('total', metric);
  return firsts.map((first, row) => ({
    caller: edges.caller[first],
    callee: edges.callee[first],
    calls: calls[row],
    primitive: primitive[row],
    self: self[row],
    total: total[row]
  }));
}
