import { combinationOf } from '../combine';
import { indexColumn, NONE, type TreeIndex } from '../indices';
import type { ICallTree } from './callTree';
import { buildTree, type IForest } from './forest';

/** Of a node in `hosts`: it vanishes, and all that is below it. */
export const DROPPED = NONE;

/** Of a node in `hosts`: it has no caller to go to. It stays with what it owns, and what it called is a root. */
export const ALONE = -2;

/**
 * A tree in which some nodes went into others. All values stay, but for those of dropped nodes.
 *
 * ```
 *   main 1 (ALONE)              g 4
 *   ├ f 2                       f 8
 *   │ └ f 6 (host: the f above) └ h 3
 *   │   └ h 3              →    main 1
 *   └ g 4
 * ```
 *
 * @param hosts - for each node itself where it stays, the ancestor that it becomes part of (what it called is then
 * called by that), `DROPPED` or `ALONE`
 */
export function reshape(tree: ICallTree, hosts: Int32Array): ICallTree {
  const { length, metric } = tree;
  const of = combinationOf(metric)?.of;
  const forest = roomFor(tree, length);
  const place = new Int32Array(length).fill(NONE);
  let count = 0;
  const keep = (node: number, parent: number) => {
    copyNode(tree, node, forest, count);
    forest.parent[count] = parent;
    return count++;
  };
  for (let node = 0; node < length; node++) {
    const host = hosts[node];
    if (host === DROPPED) {
      node = tree.end[node] - 1;
      continue;
    }
    if (host === node) {
      const above = tree.parent[node];
      place[node] = keep(node, above === NONE ? NONE : place[above]);
      continue;
    }
    const into = host === ALONE ? NONE : place[host];
    if (into === NONE) {
      if (tree.self[node] !== 0 || (tree.rest && tree.rest[node] !== 0)) {
        keep(node, NONE);
      }
      continue;
    }
    place[node] = into;
    const { self, rest, calls, estimated } = forest;
    self[into] = of?.(self[into], tree.self[node]) ?? NaN;
    if (rest && tree.rest) {
      rest[into] += tree.rest[node];
    }
    if (estimated && tree.estimated) {
      estimated[into] |= tree.estimated[node];
    }
    // Calls of another function are none of this one.
    if (calls && tree.calls && forest.func[into] === tree.func[node]) {
      calls[into] += tree.calls[node];
    }
  }
  return buildTree(cut(forest, count), metric).tree;
}

/**
 * The subtrees of some nodes as a tree of their own; those of one function are one.
 *
 * @param nodes - in pre-order, none below another one
 */
export function subtreesOf(
  tree: ICallTree,
  nodes: readonly number[]
): ICallTree {
  const length = nodes.reduce((sum, node) => sum + tree.end[node] - node, 0);
  const forest = roomFor(tree, length);
  let count = 0;
  for (const root of nodes) {
    const offset = count - root;
    for (let node = root; node < tree.end[root]; node++) {
      copyNode(tree, node, forest, count);
      forest.parent[count] = node === root ? NONE : tree.parent[node] + offset;
      count++;
    }
  }
  return buildTree(forest, tree.metric).tree;
}

/**
 * The subtree of a node as a tree of its own. It is in order already: nothing is made anew but numbers of nodes.
 */
export function subtreeAt(tree: ICallTree, node: TreeIndex): ICallTree {
  const last = tree.end[node];
  return {
    length: last - node,
    parent: indexColumn(
      tree.parent
        .slice(node, last)
        .map((parent, i) => (i === 0 ? NONE : parent - node))
    ),
    depth: tree.depth.slice(node, last).map(depth => depth - tree.depth[node]),
    end: indexColumn(tree.end.slice(node, last).map(end => end - node)),
    func: indexColumn(tree.func.slice(node, last)),
    self: tree.self.slice(node, last),
    total: tree.total.slice(node, last),
    calls: tree.calls && tree.calls.slice(node, last),
    estimated: tree.estimated && tree.estimated.slice(node, last),
    rest: tree.rest && tree.rest.slice(node, last),
    whole: tree.total[node],
    metric: tree.metric
  };
}

/** Columns for so many nodes, with those that the tree has. */
function roomFor(tree: ICallTree, length: number): IForest {
  return {
    length,
    parent: new Int32Array(length),
    func: new Int32Array(length),
    self: new Float64Array(length),
    calls: tree.calls && new Float64Array(length),
    estimated: tree.estimated && new Uint8Array(length),
    rest: tree.rest && new Float64Array(length)
  };
}

function copyNode(
  tree: ICallTree,
  node: number,
  { func, self, calls, estimated, rest }: IForest,
  to: number
): void {
  func[to] = tree.func[node];
  self[to] = tree.self[node];
  if (calls && tree.calls) {
    calls[to] = tree.calls[node];
  }
  if (estimated && tree.estimated) {
    estimated[to] = tree.estimated[node];
  }
  if (rest && tree.rest) {
    rest[to] = tree.rest[node];
  }
}

/** The first nodes of a forest. */
function cut(forest: IForest, length: number): IForest {
  const { parent, func, self, calls, estimated, rest } = forest;
  return {
    length,
    parent: parent.subarray(0, length),
    func: func.subarray(0, length),
    self: self.subarray(0, length),
    calls: calls && calls.subarray(0, length),
    estimated: estimated && estimated.subarray(0, length),
    rest: rest && rest.subarray(0, length)
  };
}
