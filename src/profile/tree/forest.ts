import { combinationOf } from '../combine';
import { indexColumn, NONE } from '../indices';
import type { IMetric } from '../model';
import type { ICallTree } from './callTree';
import { sortFalling } from './sortFalling';

/**
 * What a call tree is made of: nodes in any order in which parents stand before their children. Siblings may be of one
 * function.
 */
export interface IForest {
  readonly length: number;
  /** `NONE` for a root. */
  readonly parent: Int32Array;
  readonly func: Int32Array;
  /** In the metric's unit. */
  readonly self: Float64Array;
  readonly calls: Float64Array | null;
  readonly estimated: Uint8Array | null;
  /** As in `ICallTree`. */
  readonly rest: Float64Array | null;
}

/** A tree, and of what each of its nodes was made. */
export interface IBuilt {
  readonly tree: ICallTree;
  /** For each node of the tree the first node of the forest that is in it. */
  readonly origin: Int32Array;
}

/**
 * Put a forest in order: siblings of one function become one, children go by falling total, nodes stand in pre-order.
 *
 * ```
 *   main 1               main 1
 *   ├ f 2                ├ f 6
 *   │ └ g 5       →      │ └ g 7
 *   ├ h 3                └ h 3
 *   └ f 4
 *     └ g 2
 * ```
 *
 * One walk with a stack of its own does all of it: when a node's turn comes, the children of all that became one with
 * it are put together by function and sorted by totals that were known before.
 *
 * @param metric - one whose values go together in a known way (`combinationOf`)
 */
export function buildTree(forest: IForest, metric: IMetric): IBuilt {
  const { length, parent, func } = forest;
  const of = combinationOf(metric)?.of ?? unknownCombination(metric);
  const { first, next, roots } = childLists(forest);
  const self = Float64Array.from(forest.self);
  const calls = forest.calls && Float64Array.from(forest.calls);
  const rest = forest.rest && Float64Array.from(forest.rest);
  const estimated = forest.estimated && Uint8Array.from(forest.estimated);
  const total = Float64Array.from(self);
  for (let node = length - 1; node >= 0; node--) {
    if (rest) {
      total[node] = of(total[node], rest[node]);
    }
    if (parent[node] !== NONE) {
      total[parent[node]] = of(total[parent[node]], total[node]);
    }
  }

  /** The next one of those that became one; `last` is the last of them. */
  const more = new Int32Array(length).fill(NONE);
  const last = new Int32Array(length);
  /** By function: for whom it was last seen, and in which node. */
  const functionCount = countOf(func);
  const seenFor = new Int32Array(functionCount).fill(-2);
  const seenIn = new Int32Array(functionCount);
  const kids = new Int32Array(length);
  const scratch = new Int32Array(length);
  /** Nodes that wait for their turn, and the places of their parents. */
  const stack = new Int32Array(length);
  const under = new Int32Array(length);
  const origin = new Int32Array(length);
  const place = new Int32Array(length);
  let height = 0;
  let made = 0;

  /** Put the siblings from `child` on to those that are there, and say how many functions there are now. */
  const collect = (child: number, at: number, known: number): number => {
    let count = known;
    for (; child !== NONE; child = next[child]) {
      const what = func[child];
      if (seenFor[what] !== at) {
        seenFor[what] = at;
        seenIn[what] = child;
        last[child] = child;
        kids[count++] = child;
        continue;
      }
      const into = seenIn[what];
      more[last[into]] = child;
      last[into] = child;
      self[into] = of(self[into], self[child]);
      total[into] = of(total[into], total[child]);
      if (calls) {
        calls[into] += calls[child];
      }
      if (rest) {
        rest[into] = of(rest[into], rest[child]);
      }
      if (estimated) {
        estimated[into] |= estimated[child];
      }
    }
    return count;
  };
  /** Put the collected ones on the stack, the largest on top. */
  const push = (count: number, at: number) => {
    if (count > 1) {
      sortFalling(kids, 0, count, total, scratch);
    }
    for (let i = count - 1; i >= 0; i--) {
      stack[height] = kids[i];
      under[height++] = at;
    }
  };

  push(collect(roots, NONE, 0), NONE);
  while (height > 0) {
    const node = stack[--height];
    const at = made++;
    origin[at] = node;
    place[at] = under[height];
    let count = 0;
    for (let one = node; one !== NONE; one = more[one]) {
      count = collect(first[one], at, count);
    }
    push(count, at);
  }
  return {
    tree: gathered(
      { parent: place, func, self, calls, estimated, rest, total },
      origin,
      made,
      metric
    ),
    origin: origin.slice(0, made)
  };
}

/** How many functions there may be. */
function countOf(func: Int32Array): number {
  let most = NONE;
  for (let node = 0; node < func.length; node++) {
    most = Math.max(most, func[node]);
  }
  return most + 1;
}

/** Children of each node as linked lists, in their order. */
function childLists({ length, parent }: IForest): {
  first: Int32Array;
  next: Int32Array;
  roots: number;
} {
  const first = new Int32Array(length).fill(NONE);
  const next = new Int32Array(length);
  let roots = NONE;
  for (let node = length - 1; node >= 0; node--) {
    const above = parent[node];
    if (above === NONE) {
      next[node] = roots;
      roots = node;
    } else {
      next[node] = first[above];
      first[above] = node;
    }
  }
  return { first, next, roots };
}

/** The columns of the tree, now that it is known which node comes where. */
function gathered(
  from: Omit<IForest, 'length'> & { total: Float64Array },
  origin: Int32Array,
  length: number,
  metric: IMetric
): ICallTree {
  const parent = from.parent.slice(0, length);
  const depth = new Int32Array(length);
  const end = new Int32Array(length);
  const func = new Int32Array(length);
  const self = new Float64Array(length);
  const calls = from.calls && new Float64Array(length);
  const rest = from.rest && new Float64Array(length);
  const estimated = from.estimated && new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    const node = origin[at];
    const above = parent[at];
    depth[at] = above === NONE ? 0 : depth[above] + 1;
    end[at] = at + 1;
    func[at] = from.func[node];
    self[at] = from.self[node];
    if (from.calls && calls) {
      calls[at] = from.calls[node];
    }
    if (from.rest && rest) {
      rest[at] = from.rest[node];
    }
    if (from.estimated && estimated) {
      estimated[at] = from.estimated[node];
    }
  }
  const { start, of } = combinationOf(metric) ?? unknownCombination(metric);
  // Anew from the tree's own values: fractions that are added in another order may come out a little larger.
  const total = Float64Array.from(self);
  let whole = length > 0 ? start : 0;
  for (let at = length - 1; at >= 0; at--) {
    if (rest) {
      total[at] = of(total[at], rest[at]);
    }
    const above = parent[at];
    if (above === NONE) {
      whole = of(whole, total[at]);
    } else {
      total[above] = of(total[above], total[at]);
      end[above] = Math.max(end[above], end[at]);
    }
  }
  return {
    length,
    parent: indexColumn(parent),
    depth,
    end: indexColumn(end),
    func: indexColumn(func),
    self,
    total,
    calls,
    estimated,
    rest,
    whole,
    metric
  };
}

function unknownCombination({ id, combine }: IMetric): never {
  throw new Error(
    `Values of ${id} go together by "${combine}", which is not known`
  );
}
