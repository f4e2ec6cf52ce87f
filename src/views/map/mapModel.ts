import {
  indexColumn,
  NONE,
  type FuncIndex,
  type ThreadIndex,
  type TreeIndex
} from '../../profile/indices';
import { locationTree, type ILocation } from '../../profile/locationTree';
import { canBeMapped } from '../../profile/map/mapLayout';
import type { IMapState, MapMode } from '../../profile/map/mapState';
import {
  besideOf,
  heaviestCaller,
  ownOf,
  relativesOf,
  type IRelative,
  type Relation
} from '../../profile/map/relatives';
import type { ICallTree } from '../../profile/tree/callTree';
import type { estimatedTree } from '../../profile/tree/estimatedTree';
import { outermostOf } from '../../profile/tree/outermost';
import { subtreeAt, subtreesOf } from '../../profile/tree/reshape';
import { treeOf } from '../../profile/tree/treeOf';
import { wayTo } from '../../profile/tree/walk';
import { Threads } from '../pictures/threads';
import type { ITabled } from '../pictures/treeTable';
import type { Result } from '../result';

/** What a state shows as a map. */
export interface IMapShown extends ITabled {
  readonly mode: MapMode;
  /** What fills the map, as `IMapState.root`; `null`: all. */
  readonly root: string | null;
  /** By node, where the map is one of locations. */
  readonly places: readonly ILocation[] | null;
  /** From the outermost location to the root; empty where there is none, or the map is one of calls. */
  readonly way: readonly ILocation[];
  /** Whether the tree is made of sums of callers and callees. */
  readonly isEstimate: boolean;
  /** Functions that are not in the map, as their values cannot be drawn. */
  readonly leftOut: number;
}

/** Why there is no map. */
export type MapLack =
  /** What makes an estimate has to be loaded first. */
  | 'waiting'
  /** The profile does not say who called whom. */
  | 'no-calls'
  /** Values are none, or below 0, or do not add up. */
  | 'no-values';

/**
 * The trees that a map is drawn of. What is made is kept until something else is asked for.
 */
export class MapModel {
  constructor(private readonly _result: Result) {
    this.threads = new Threads(_result);
  }

  readonly threads: Threads;

  /** Makes a tree of sums; `null`: not loaded yet. */
  estimate: typeof estimatedTree | null = null;

  /** Whether the profile has call paths, so that a map of calls is no estimate. */
  get hasPaths(): boolean {
    return this._result.profile.paths.length > 0;
  }

  /** Whether something can be shown by calls. */
  get hasCalls(): boolean {
    return this.hasPaths || this._result.graph.hasEdges;
  }

  /** The tree of all call paths that are shown; `null` where there are none. */
  get paths(): ICallTree | null {
    const { profile, rows } = this._result;
    const { metric } = rows;
    const thread = this._thread;
    return this._keptAlways('paths', () =>
      metric && this.hasPaths ? treeOf(profile, metric, { thread }) : null
    );
  }

  /** Show one thread or task; `null`: all of them. */
  setThread(key: string | null): void {
    const thread = this.threads.find(key);
    if (thread !== this._thread) {
      this._thread = thread;
      this._made.clear();
      this._last = null;
    }
  }

  /** The relatives of a function in what is shown. */
  relatives(func: FuncIndex, relation: Relation): readonly IRelative[] {
    const { graph } = this._result;
    const { paths } = this;
    return paths &&
      this._thread !== null &&
      (relation === 'callees' || relation === 'callers')
      ? besideOf(paths, func, relation)
      : relativesOf(graph, paths, func, relation);
  }

  /** What a state is a map of. */
  modeOf({ mode }: IMapState): MapMode {
    return mode ?? (this.hasPaths ? 'calls' : 'location');
  }

  /**
   * What a state shows.
   */
  shown(state: IMapState): IMapShown | MapLack {
    const mode = this.modeOf(state);
    if (mode === 'calls' && !this.hasPaths && this.hasCalls && !this.estimate) {
      return 'waiting';
    }
    const shown = this._kept(`${mode} ${state.root}`, () =>
      mode === 'calls' ? this._calls(state.root) : this._places(state.root)
    );
    return shown && canBeMapped(shown.tree)
      ? shown
      : mode === 'calls' && !this.hasCalls
        ? 'no-calls'
        : 'no-values';
  }

  /**
   * What is around the root: the location that it is in, or the function that gave it most of its time. `null`: all.
   */
  above({ mode, root, way }: IMapShown): string | null {
    if (mode === 'location') {
      return way.at(-2)?.key ?? null;
    }
    const { keys } = this._result;
    const func = root === null ? NONE : keys.find(root);
    const caller =
      func === NONE
        ? NONE
        : heaviestCaller(this.relatives(func, 'callers'), func);
    return caller === NONE ? null : keys.keyOf(caller);
  }

  /**
   * How a node is named as a root.
   */
  rootOf({ tree, places }: IMapShown, node: TreeIndex): string {
    return places ? places[node].key : this._result.keys.keyOf(tree.func[node]);
  }

  private _calls(root: string | null): IMapShown | null {
    const func = root === null ? NONE : this._result.keys.find(root);
    const tree = this.hasPaths
      ? this._pathsBelow(func)
      : (this.estimate?.(this._result.graph, undefined, func)?.tree ?? null);
    if (!tree) {
      return null;
    }
    const isThere = tree !== this.paths && func !== NONE;
    return {
      tree,
      direction: 'callees',
      whole: tree.whole,
      growing: null,
      mode: 'calls',
      root: isThere ? root : null,
      places: null,
      way: [],
      isEstimate: !this.hasPaths,
      leftOut: 0
    };
  }

  /** All calls of a function together; where there are none, all calls. */
  private _pathsBelow(func: FuncIndex | typeof NONE): ICallTree | null {
    const { paths } = this;
    const nodes = paths && func !== NONE ? outermostOf(paths, func) : [];
    return paths && nodes.length > 0 ? subtreesOf(paths, nodes) : paths;
  }

  private _places(root: string | null): IMapShown | null {
    const { profile, labels, keys } = this._result;
    const located = this._keptAlways('locations', () =>
      locationTree(profile, this._rows(), labels, keys)
    );
    if (!located) {
      return null;
    }
    const { tree, places, leftOut } = located;
    const found =
      root === null ? NONE : places.findIndex(place => place.key === root);
    const shown = {
      direction: 'places',
      growing: null,
      mode: 'location',
      isEstimate: false,
      leftOut
    } as const;
    if (found === NONE) {
      return { ...shown, tree, whole: tree.whole, root: null, places, way: [] };
    }
    const node = found as TreeIndex;
    return {
      ...shown,
      tree: subtreeAt(tree, node),
      whole: tree.total[node],
      root,
      places: places.slice(node, tree.end[node]),
      way: wayTo(tree, node).map(one => places[one])
    };
  }

  /** What functions own in what is shown. */
  private _rows(): Parameters<typeof locationTree>[1] {
    const { rows } = this._result;
    const { paths } = this;
    if (!paths || this._thread === null) {
      return rows;
    }
    const own = ownOf(paths);
    return {
      metric: rows.metric,
      length: own.length,
      function: indexColumn<FuncIndex>(
        Int32Array.from(own, ({ func }) => func)
      ),
      self: Float64Array.from(own, ({ self }) => self),
      calls: Float64Array.from(own, ({ calls }) => calls)
    };
  }

  /** What was made before of this name, or what is made now. */
  private _keptAlways<T>(name: string, make: () => T): T {
    const known = this._made.get(name) ?? { what: make() };
    this._made.set(name, known);
    return known.what as T;
  }

  /** The map of this name if it is the last one that was made, else one that is made now. */
  private _kept(name: string, make: () => IMapShown | null): IMapShown | null {
    if (this._last?.name !== name) {
      this._last = { name, what: make() };
    }
    return this._last.what;
  }

  private _thread: ThreadIndex | null = null;
  private readonly _made = new Map<string, { readonly what: unknown }>();
  private _last: {
    readonly name: string;
    readonly what: IMapShown | null;
  } | null = null;
}
