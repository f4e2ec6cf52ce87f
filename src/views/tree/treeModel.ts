import { Groups } from '../../profile/groups';
import { NONE, type FuncIndex } from '../../profile/indices';
import type { ITransformStep } from '../../profile/tree/applyTransforms';
import type { ICallTree } from '../../profile/tree/callTree';
import type { GrowingTree } from '../../profile/tree/growingTree';
import { readTransforms } from '../../profile/tree/transforms';
import { treeOf } from '../../profile/tree/treeOf';
import type { IViewState } from '../../profile/viewState';
import { Threads } from '../pictures/threads';
import type { Result } from '../result';
import type * as Later from './later';
import type { Direction } from './words';

/** A tree to be shown, and which way it is read. */
export interface ITreePart {
  readonly tree: ICallTree;
  /** Which has all that the tree has, where boxes of that are still to be made. */
  readonly source: ICallTree;
  readonly direction: Direction;
  /** What shares are shares of: of a sandwich, the tree that it was made of. */
  readonly whole: number;
  /** Makes more of the tree where it is not all there; `null`: it is, or there is no more. */
  readonly growing: GrowingTree | null;
}

/** What makes other trees than that of the profile. */
export type Shapes = Pick<
  typeof Later,
  'applyTransforms' | 'invertedTree' | 'sandwichOf' | 'estimatedTree'
>;

/** Why a state has no tree in a profile that has one. */
export type Lack =
  /** Its values cannot be turned upside down. */
  | 'no-callers'
  /** The function in the middle is not in it. */
  | 'no-centre';

/** What a state shows. */
export interface IShown {
  /** One, or of a sandwich the callers and the callees; none where something is lacking. */
  readonly parts: readonly ITreePart[];
  /** What became of each transform. */
  readonly steps: readonly ITransformStep[];
  readonly lack: Lack | null;
}

/**
 * The trees of a result as a view state asks for them. What is made is kept until the state asks for something else.
 */
export class TreeModel {
  constructor(private readonly _result: Result) {
    this.threads = new Threads(_result);
    this._groups = new Groups(_result.profile, _result.labels);
  }

  /** What makes other trees than that of the profile; `null`: not loaded yet. */
  shapes: Shapes | null = null;
  /** Threads and tasks that have a tree. */
  readonly threads: Threads;

  /** Whether the profile has call paths, so that its tree is no estimate. */
  get hasPaths(): boolean {
    return this._result.profile.paths.length > 0;
  }

  /** Whether a tree can be estimated. */
  get hasEdges(): boolean {
    return this._result.graph.hasEdges;
  }

  /** Whether a state has to wait for `shapes`. */
  isWaiting({ tree, transforms, estimate }: IViewState): boolean {
    return (
      !this.shapes &&
      (tree === 'inverted' ||
        tree === 'sandwich' ||
        readTransforms(transforms).length > 0 ||
        (estimate && !this.hasPaths))
    );
  }

  /**
   * What a state shows; `null` where there is no tree, or it has to wait.
   */
  shown(state: IViewState): IShown | null {
    const base = this.isWaiting(state) ? null : this._base(state);
    if (!base) {
      return null;
    }
    const { tree, steps } = this._transformed(base.tree, state);
    const growing = tree === base.tree ? base.growing : null;
    const parts = this._parts(tree, growing, state);
    return typeof parts === 'string'
      ? { parts: [], steps, lack: parts }
      : { parts, steps, lack: null };
  }

  /** The function in the middle of a sandwich. */
  centre({ centre }: IViewState): FuncIndex | typeof NONE {
    const { keys } = this._result;
    const found = centre === null ? NONE : keys.find(centre);
    return found === NONE ? (this._result.selection().at(-1) ?? NONE) : found;
  }

  private _parts(
    tree: ICallTree,
    growing: GrowingTree | null,
    state: IViewState
  ): readonly ITreePart[] | Lack {
    const { whole } = tree;
    switch (state.tree) {
      case 'inverted': {
        const inverted = this._kept(
          'inverted',
          [tree],
          () => this.shapes?.invertedTree(tree) ?? null
        );
        return inverted
          ? [
              {
                tree: inverted.tree,
                source: tree,
                direction: 'callers',
                whole,
                growing: inverted
              }
            ]
          : 'no-callers';
      }
      case 'sandwich': {
        const centre = this.centre(state);
        const sandwich = this._kept('sandwich', [tree, centre], () =>
          centre === NONE
            ? null
            : (this.shapes?.sandwichOf(tree, centre) ?? null)
        );
        if (!sandwich) {
          return 'no-centre';
        }
        const { callees, callers } = sandwich;
        const below: ITreePart = {
          tree: callees,
          source: callees,
          direction: 'callees',
          whole,
          growing: null
        };
        return callers
          ? [
              {
                tree: callers.tree,
                source: tree,
                direction: 'callers',
                whole,
                growing: callers
              },
              below
            ]
          : [below];
      }
      default:
        return [{ tree, source: tree, direction: 'callees', whole, growing }];
    }
  }

  private _base({
    thread,
    estimate
  }: IViewState): { tree: ICallTree; growing: GrowingTree | null } | null {
    const { profile, rows, graph } = this._result;
    const { metric } = rows;
    if (!metric) {
      return null;
    }
    if (this.hasPaths) {
      const tree = this._kept('paths', [thread], () =>
        treeOf(profile, metric, { thread: this.threads.find(thread) })
      );
      return tree && { tree, growing: null };
    }
    const growing = estimate
      ? this._kept(
          'estimate',
          [],
          () => this.shapes?.estimatedTree(graph) ?? null
        )
      : null;
    return growing && { tree: growing.tree, growing };
  }

  private _transformed(base: ICallTree, { transforms }: IViewState) {
    const { profile, keys } = this._result;
    return this._kept(
      'transformed',
      [base, transforms],
      () =>
        this.shapes?.applyTransforms(base, readTransforms(transforms), {
          profile,
          keys,
          groups: this._groups
        }) ?? { tree: base, steps: [] }
    );
  }

  /** What was made of the same things before, or what is made now. */
  private _kept<T>(name: string, of: readonly unknown[], make: () => T): T {
    const before = this._made.get(name);
    if (before && before.of.every((one, i) => one === of[i])) {
      return before.what as T;
    }
    const what = make();
    this._made.set(name, { of, what });
    return what;
  }

  private readonly _groups: Groups;
  private readonly _made = new Map<
    string,
    { readonly of: readonly unknown[]; readonly what: unknown }
  >();
}
