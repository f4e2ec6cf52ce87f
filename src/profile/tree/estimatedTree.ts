import type { CallGraph, IEdge } from '../callGraph';
import { NONE, type FuncIndex } from '../indices';
import { inCycles } from './cycles';
import {
  canGrow,
  GROWTH,
  GrowingTree,
  type IGrowth,
  type IRemains
} from './growingTree';

/** Differences up to this part of a value are of adding fractions. */
const DUST = 1e-9;

/**
 * A call tree guessed from who called whom, for a profile that holds no call paths.
 *
 * What a function took is divided among its callees as it was over all its calls (as KCachegrind and RunSnakeRun do): a
 * box has of a callee's time what it has of its own function's. That need not be so. It is what happened only while each
 * function on the way has one caller; all other boxes are marked `estimated`.
 *
 * ```
 *   edges              main 10
 *   main → f 6         ├ f 6
 *   main → g 4    →    │ └ h 3     both ▒: h took 5 for f and g together, and who called it how is not known below it
 *   f → h 3            └ g 4
 *   g → h 2              └ h 2
 * ```
 *
 * A function that is on the way already is not entered again: what it took there is in `rest`, for good.
 */
export class EstimatedTree extends GrowingTree {
  constructor(
    private readonly _graph: CallGraph,
    metric: NonNullable<CallGraph['rows']['metric']>,
    growth: IGrowth,
    root: FuncIndex | typeof NONE
  ) {
    super(metric);
    const roots =
      root === NONE
        ? rootsOf(_graph)
        : [
            {
              func: root,
              total: this._callees(root).all,
              // All calls together are what was measured.
              isEstimated: false
            }
          ];
    for (const { func, total, isEstimated } of roots) {
      this.add({
        parent: NONE,
        func,
        total,
        calls: _graph.rows.calls[_graph.rowOf(func)],
        isEstimated,
        isOpen: true
      });
    }
    this.begin(growth);
  }

  protected override branch(box: number): IRemains {
    const func = this.funcOf(box) as FuncIndex;
    const value = this.totalOf(box);
    const { own, all, edges } = this._callees(func);
    const parts = edges.reduce((sum, edge) => sum + edge.total, own);
    // Recursion counts the same time in several edges: then parts of what they are together.
    const scale = value / Math.max(all, parts);
    const isExact = !this.isEstimated(box) && parts <= all * (1 + DUST);
    let inside = own * scale;
    let rest = 0;
    for (const edge of edges) {
      const total = edge.total * scale;
      inside += total;
      if (this._isOnTheWay(box, edge.callee)) {
        rest += total;
        continue;
      }
      this.add({
        parent: box,
        func: edge.callee,
        total,
        calls: edge.calls * (value / (all || parts)),
        isEstimated:
          !isExact ||
          callersOf(this._graph, edge.callee).length > 1 ||
          // It took more than this caller gave: something that is not in the profile called it, too.
          edge.total < this._callees(edge.callee).all * (1 - DUST),
        isOpen: this._callees(edge.callee).edges.length > 0
      });
    }
    const unknown = value - inside;
    return unknown > value * DUST
      ? { self: own * scale, rest: rest + unknown, frames: edges.length }
      : { self: own * scale, rest, frames: edges.length };
  }

  /** Whether a function is that of a box or of one above it. */
  private _isOnTheWay(box: number, func: FuncIndex): boolean {
    let one = box;
    while (one !== NONE && this.funcOf(one) !== func) {
      one = this.parentOf(one);
    }
    return one !== NONE;
  }

  private _callees(func: FuncIndex): ICallees {
    let known = this._known.get(func);
    if (!known) {
      const { rows } = this._graph;
      const row = this._graph.rowOf(func);
      known = {
        own: row === NONE ? 0 : positive(rows.self[row]),
        all: row === NONE ? 0 : positive(rows.total[row]),
        edges: this._graph
          .callees(func)
          .filter(edge => edge.callee !== func && edge.total > 0)
      };
      this._known.set(func, known);
    }
    return known;
  }

  private readonly _known = new Map<FuncIndex, ICallees>();
}

/** What is known of a function's calls, all of them together. */
interface ICallees {
  readonly own: number;
  readonly all: number;
  /** Without those to itself. */
  readonly edges: readonly IEdge[];
}

interface IRoot {
  readonly func: FuncIndex;
  readonly total: number;
  readonly isEstimated: boolean;
}

/**
 * An estimated tree of a profile that tells who called whom.
 *
 * @param root - the function whose calls, all together, are the tree; `NONE`: those that nothing called
 * @returns `null` where it does not, or where values of the metric do not sum
 */
export function estimatedTree(
  graph: CallGraph,
  growth: IGrowth = GROWTH,
  root: FuncIndex | typeof NONE = NONE
): EstimatedTree | null {
  const { metric } = graph.rows;
  return metric && canGrow(metric) && graph.hasEdges
    ? new EstimatedTree(graph, metric, growth, root)
    : null;
}

/** Edges from other functions. */
function callersOf(graph: CallGraph, func: FuncIndex): readonly IEdge[] {
  return graph.callers(func).filter(edge => edge.caller !== func);
}

/**
 * Where the tree begins: functions that nothing called, those that took more than their callers gave them, and of
 * functions that call each other and are called by no others the largest one.
 */
function rootsOf(graph: CallGraph): readonly IRoot[] {
  const { rows } = graph;
  const totalOf = (func: FuncIndex) => positive(rows.total[graph.rowOf(func)]);
  const functions = Array.from(rows.function) as FuncIndex[];
  const cyclic = inCycles(graph);
  const roots: IRoot[] = [];
  const reached = new Set<FuncIndex>();
  const reach = (root: FuncIndex) => {
    const open = [root];
    reached.add(root);
    for (let func = open.pop(); func !== undefined; func = open.pop()) {
      for (const { callee } of graph.callees(func)) {
        if (!reached.has(callee)) {
          reached.add(callee);
          open.push(callee);
        }
      }
    }
  };
  for (const func of functions) {
    const total = totalOf(func);
    const callers = callersOf(graph, func);
    const given = callers.reduce((sum, edge) => sum + positive(edge.total), 0);
    const missing = total - given;
    // In a cycle, what its callers gave says little of where it was called from: some of them gave it within itself.
    if (missing > total * DUST && (callers.length === 0 || !cyclic[func])) {
      roots.push({ func, total: missing, isEstimated: callers.length > 0 });
      reach(func);
    }
  }
  for (const func of functions.sort((a, b) => totalOf(b) - totalOf(a))) {
    if (!reached.has(func) && totalOf(func) > 0) {
      roots.push({ func, total: totalOf(func), isEstimated: true });
      reach(func);
    }
  }
  return roots;
}

/** A value that can be a part; 0 where it is not known, or below. */
function positive(value: number): number {
  return value > 0 ? value : 0;
}
