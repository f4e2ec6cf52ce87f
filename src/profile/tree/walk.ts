import { NONE, type TreeIndex } from '../indices';
import type { FunctionKeys } from '../keys';
import { hasChildren, type ICallTree } from './callTree';

/** Where an arrow key may lead from a node. */
export type Step = 'caller' | 'callee' | 'next' | 'previous';

/**
 * The node one step away; `NONE` where there is none.
 *
 * `callee` is the one that took most; `next` and `previous` are siblings. (`besideInRow` goes on to cousins.)
 */
export function stepFrom(
  tree: ICallTree,
  node: TreeIndex,
  step: Step
): TreeIndex | typeof NONE {
  const { parent, end, length } = tree;
  const above = parent[node];
  switch (step) {
    case 'caller':
      return above;
    case 'callee':
      return hasChildren(tree, node) ? ((node + 1) as TreeIndex) : NONE;
    case 'next': {
      const last = above === NONE ? length : end[above];
      return end[node] < last ? end[node] : NONE;
    }
    case 'previous': {
      let before = (above + 1) as TreeIndex;
      if (before === node) {
        return NONE;
      }
      while (end[before] !== node) {
        before = end[before];
      }
      return before;
    }
  }
}

/** The children of a node, or the roots, by falling total. */
export function childrenOf(
  tree: ICallTree,
  node: TreeIndex | typeof NONE
): readonly TreeIndex[] {
  const children: TreeIndex[] = [];
  const last = node === NONE ? tree.length : tree.end[node];
  for (let one = (node + 1) as TreeIndex; one < last; one = tree.end[one]) {
    children.push(one);
  }
  return children;
}

/** From the root to a node, which is the last. */
export function wayTo(
  { parent, depth }: ICallTree,
  node: TreeIndex
): readonly TreeIndex[] {
  const way = new Array<TreeIndex>(depth[node] + 1);
  for (
    let one: TreeIndex | typeof NONE = node;
    one !== NONE;
    one = parent[one]
  ) {
    way[depth[one]] = one;
  }
  return way;
}

/** What breadcrumbs show of a long way. */
export interface IBreadcrumbs {
  /** From the root on. */
  readonly first: readonly TreeIndex[];
  /** How many are left out between the first and the last ones. */
  readonly hidden: number;
  /** Down to the node. */
  readonly last: readonly TreeIndex[];
}

/**
 * The way to a node in at most so many steps: `main › run › … 31 … › solve › step`.
 *
 * @param most - steps that there is room for, at least 2
 */
export function breadcrumbsOf(
  tree: ICallTree,
  node: TreeIndex,
  most: number
): IBreadcrumbs {
  const way = wayTo(tree, node);
  if (way.length <= most) {
    return { first: way, hidden: 0, last: [] };
  }
  const first = Math.max(1, Math.floor(most / 3));
  const last = Math.max(1, most - first);
  return {
    first: way.slice(0, first),
    hidden: way.length - first - last,
    last: way.slice(-last)
  };
}

/**
 * The keys of the functions from the root to a node: it has the same in a later run.
 */
export function pathOf(
  tree: ICallTree,
  node: TreeIndex,
  keys: FunctionKeys
): readonly string[] {
  return wayTo(tree, node).map(one => keys.keyOf(tree.func[one]));
}

/** How far a path leads into a tree. */
export interface IFoundNode {
  /** The last node on the way that is there; `NONE` where not even the root is. */
  readonly node: TreeIndex | typeof NONE;
  /** Whether that is the end of the path. */
  readonly isWhole: boolean;
}

/** Follow the keys of functions from a root down. */
export function nodeAtPath(
  tree: ICallTree,
  path: readonly string[],
  keys: FunctionKeys
): IFoundNode {
  let node: TreeIndex | typeof NONE = NONE;
  for (const key of path) {
    const func = keys.find(key);
    const last = node === NONE ? tree.length : tree.end[node];
    let child = (node + 1) as TreeIndex;
    while (child < last && tree.func[child] !== func) {
      child = tree.end[child];
    }
    if (child >= last) {
      return { node, isWhole: false };
    }
    node = child;
  }
  return { node, isWhole: path.length > 0 };
}

/**
 * From a node down along the callees that took most, as long as each has most of what its caller has.
 *
 * @param share - what part of its caller a callee needs to be followed
 * @returns the node itself first
 */
export function heaviestWay(
  tree: ICallTree,
  node: TreeIndex,
  share = 0.5
): readonly TreeIndex[] {
  const way = [node];
  for (let one = node; hasChildren(tree, one);) {
    const callee = (one + 1) as TreeIndex;
    if (!(tree.total[callee] >= share * tree.total[one])) {
      break;
    }
    way.push(callee);
    one = callee;
  }
  return way;
}
