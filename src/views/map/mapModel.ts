import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import { locationTree, type ILocation } from '../../profile/locationTree';
import { canBeMapped } from '../../profile/map/mapLayout';
import type { IMapState, MapMode } from '../../profile/map/mapState';
import { heaviestCaller } from '../../profile/map/relatives';
import type { ICallTree } from '../../profile/tree/callTree';
import { estimatedTree } from '../../profile/tree/estimatedTree';
import { GROWTH } from '../../profile/tree/growingTree';
import { outermostOf } from '../../profile/tree/outermost';
import { subtreeAt, subtreesOf } from '../../profile/tree/reshape';
import { treeOf } from '../../profile/tree/treeOf';
import { wayTo } from '../../profile/tree/walk';
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
  /** The profile does not say who called whom. */
  | 'no-calls'
  /** Values are none, or below 0, or do not add up. */
  | 'no-values';

/**
 * The trees that a map is drawn of. What is made is kept until something else is asked for.
 */
export class MapModel {
  constructor(private readonly _result: Result) {}

  /** Whether the profile has call paths, so that a map of calls is no estimate. */
  get hasPaths(): boolean {
    return this._result.profile.paths.length > 0;
  }

  /** Whether something can be shown by calls. */
  get hasCalls(): boolean {
    return this.hasPaths || this._result.graph.hasEdges;
  }

  /** The tree of all call paths; `null` where there are none. */
  get paths(): ICallTree | null {
    const { profile, rows } = this._result;
    const { metric } = rows;
    return this._kept('paths', () =>
      metric && this.hasPaths ? treeOf(profile, metric) : null
    );
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
    const { keys, graph } = this._result;
    const func = root === null ? NONE : keys.find(root);
    const caller = func === NONE ? NONE : heaviestCaller(graph, func);
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
      : (estimatedTree(this._result.graph, GROWTH, func)?.tree ?? null);
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
    const { profile, rows, labels, keys } = this._result;
    const located = this._kept('locations', () =>
      locationTree(profile, rows, labels, keys)
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

  /** What was made before of this name, or what is made now; of maps the last one is kept. */
  private _kept<T>(name: string, make: () => T): T {
    const known = this._made.get(name);
    if (known) {
      return known.what as T;
    }
    const what = make();
    if (name !== 'paths' && name !== 'locations') {
      for (const other of this._made.keys()) {
        if (other !== 'paths' && other !== 'locations') {
          this._made.delete(other);
        }
      }
    }
    this._made.set(name, { what });
    return what;
  }

  private readonly _made = new Map<string, { readonly what: unknown }>();
}
