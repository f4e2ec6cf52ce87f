import { categoryOf } from '../categories';
import { LEADS, LEAST_SPINE, LITTLE } from '../chains';
import type { Groups } from '../groups';
import { NONE, type FuncIndex, type TreeIndex } from '../indices';
import type { FunctionKeys } from '../keys';
import type { IProfile } from '../model';
import { hasChildren, type ICallTree } from './callTree';
import { wayOf } from './focusPath';
import { outermostOf } from './outermost';
import { ALONE, DROPPED, reshape, subtreesOf } from './reshape';
import type { Transform } from './transforms';
import { nodeAtPath } from './walk';

/** What names in transforms are looked up in. */
export interface ITransformContext {
  readonly profile: IProfile;
  readonly keys: FunctionKeys;
  readonly groups: Groups;
}

/**
 * What became of a transform: `done`; `idle`, there was nothing in the tree for it to change; or `gone`, the profile has
 * no such function, path or package.
 */
export type Outcome = 'done' | 'idle' | 'gone';

/** A transform and what it did. */
export interface ITransformStep {
  readonly transform: Transform;
  readonly outcome: Outcome;
  /** The whole before and after, in the metric's unit: "4 of 11". Only drop and focus make it less. */
  readonly before: number;
  readonly after: number;
}

/** A tree after transforms. */
export interface ITransformed {
  readonly tree: ICallTree;
  /** One for each transform, in order. */
  readonly steps: readonly ITransformStep[];
}

/**
 * Apply transforms one after another. What no longer fits the profile is skipped, and said.
 */
export function applyTransforms(
  tree: ICallTree,
  transforms: readonly Transform[],
  context: ITransformContext
): ITransformed {
  const steps: ITransformStep[] = [];
  let now = tree;
  for (const transform of transforms) {
    const result = applyOne(now, transform, context);
    const next = typeof result === 'string' ? now : result;
    steps.push({
      transform,
      outcome: typeof result === 'string' ? result : 'done',
      before: now.whole,
      after: next.whole
    });
    now = next;
  }
  return { tree: now, steps };
}

type Result = ICallTree | Exclude<Outcome, 'done'>;

function applyOne(
  tree: ICallTree,
  transform: Transform,
  { profile, keys, groups }: ITransformContext
): Result {
  switch (transform.kind) {
    case 'focus-path': {
      const { node, isWhole } = nodeAtPath(tree, wayOf(transform), keys);
      return isWhole && node !== NONE ? subtreesOf(tree, [node]) : 'gone';
    }
    case 'my-code':
      return merged(tree, func => !isKept(profile, func));
    case 'fold-spine':
      return withoutSpine(tree);
    case 'collapse-package': {
      const isIn = Uint8Array.from(
        { length: profile.functions.length },
        (_, func) =>
          groups.of(func as FuncIndex, 'package').key === transform.group
            ? 1
            : 0
      );
      return isIn.includes(1)
        ? changed(tree, (node, parent) =>
            parent !== NONE && isIn[tree.func[node]] && isIn[tree.func[parent]]
              ? parent
              : node
          )
        : 'gone';
    }
    default: {
      const func = keys.find(transform.func);
      return func === NONE
        ? 'gone'
        : applyToFunction(tree, transform.kind, func);
    }
  }
}

function applyToFunction(
  tree: ICallTree,
  kind: Extract<Transform, { func: string }>['kind'],
  wanted: FuncIndex
): Result {
  const { func } = tree;
  switch (kind) {
    case 'focus-function': {
      const nodes = outermostOf(tree, wanted);
      return nodes.length > 0 ? subtreesOf(tree, nodes) : 'idle';
    }
    case 'merge-function':
      return merged(tree, one => one === wanted);
    case 'drop-function':
      return changed(tree, node => (func[node] === wanted ? DROPPED : node));
    case 'collapse-direct-recursion':
      return changed(tree, (node, parent) =>
        parent !== NONE && func[node] === wanted && func[parent] === wanted
          ? parent
          : node
      );
    case 'collapse-recursion': {
      let outermost: TreeIndex | typeof NONE = NONE;
      return changed(tree, node => {
        if (func[node] !== wanted) {
          return node;
        }
        if (outermost !== NONE && node < tree.end[outermost]) {
          return outermost;
        }
        outermost = node;
        return node;
      });
    }
  }
}

/** A tree after each node was given a host (`reshape`), in pre-order; "idle" where each is its own. */
function changed(
  tree: ICallTree,
  hostOf: (node: TreeIndex, parent: TreeIndex | typeof NONE) => number
): Result {
  const hosts = new Int32Array(tree.length);
  let isChanged = false;
  for (let i = 0; i < tree.length; i++) {
    const node = i as TreeIndex;
    hosts[node] = hostOf(node, tree.parent[node]);
    isChanged ||= hosts[node] !== node;
  }
  return isChanged ? reshape(tree, hosts) : 'idle';
}

/** Merge functions into their callers. */
function merged(
  tree: ICallTree,
  isMerged: (func: FuncIndex) => boolean
): Result {
  const known = new Map<FuncIndex, boolean>();
  const { func, end } = tree;
  return changed(tree, (node, parent) => {
    const what = func[node];
    const is = known.get(what) ?? isMerged(what);
    known.set(what, is);
    // A root that called nothing is as it would be.
    return !is || (parent === NONE && end[node] === node + 1)
      ? node
      : parent === NONE
        ? ALONE
        : parent;
  });
}

/** Whether "my code only" shows a function: of the notebook, a file of the user's, or none at all, as *(awaiting)*. */
function isKept(profile: IProfile, func: FuncIndex): boolean {
  const category = categoryOf(profile, func);
  return (
    category === 'notebook' ||
    category === 'files' ||
    profile.functions.kind[func] === 'pseudo'
  );
}

/**
 * The frames from the root on that own next to nothing, each with nearly all of the whole; the last one is where it is
 * shared out. By the measures of `spineOf`, which tells it of functions.
 *
 * @returns none where there are fewer than three
 */
export function spineIn(tree: ICallTree): readonly TreeIndex[] {
  const { self, total, whole, metric } = tree;
  const spine: TreeIndex[] = [];
  if (tree.length === 0 || metric.combine !== 'sum' || !(whole > 0)) {
    return spine;
  }
  for (
    let node = 0 as TreeIndex;
    total[node] >= LEADS * whole && self[node] <= LITTLE * whole;
    node++
  ) {
    spine.push(node);
    if (!hasChildren(tree, node)) {
      break;
    }
  }
  return spine.length >= LEAST_SPINE ? spine : [];
}

/** The tree below its spine. The last frame of it stays: it says what is shared out. */
function withoutSpine(tree: ICallTree): Result {
  const above = spineIn(tree).slice(0, -1);
  // A spine goes down by first children, so that it is the first nodes of the tree.
  return changed(tree, node =>
    node >= above.length ? node : node === 0 ? ALONE : node - 1
  );
}
