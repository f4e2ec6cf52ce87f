import { oneOf } from '../viewState';

/** What a map is a map of: boxes of calls within each other, or of packages, directories, files and functions. */
export const MAP_MODES = ['calls', 'location'] as const;

/** What a map is a map of. */
export type MapMode = (typeof MAP_MODES)[number];

/** What is told of the selected function beside the map; `all`: through others, too. */
export const MAP_LISTS = [
  'callees',
  'allCallees',
  'callers',
  'allCallers',
  'source'
] as const;

/** What is told of the selected function. */
export type MapList = (typeof MAP_LISTS)[number];

/** What a reader has chosen of the map; plain, as all of the view state. */
export interface IMapState {
  /** `null`: by calls where the profile has call paths, else by location. */
  readonly mode: MapMode | null;
  /**
   * What fills the map: key of a function whose calls are put together, or of a location (`ILocation.key`). `null`: all.
   */
  readonly root: string | null;
  /** Levels that are drawn below the first one; `null`: all that can be seen. */
  readonly depth: number | null;
  readonly list: MapList;
}

/** What a reader who has chosen nothing sees. */
export const DEFAULT_MAP_STATE: IMapState = {
  mode: null,
  root: null,
  depth: null,
  list: 'callees'
};

/** Characters of a key: a location has the path of its file in it. */
const MOST_KEY = 4_000;

/** Levels that can be chosen. */
export const MOST_DEPTH = 1_000;

/**
 * Read what is stored of it in a view state. What is not as it should be has its default.
 *
 * @param stored - anything
 */
export function readMapState(stored: unknown): IMapState {
  const of = (name: keyof IMapState): unknown =>
    typeof stored === 'object' && stored !== null && Object.hasOwn(stored, name)
      ? Reflect.get(stored, name)
      : undefined;
  const [mode, root, depth] = [of('mode'), of('root'), of('depth')];
  return {
    mode: MAP_MODES.find(one => one === mode) ?? DEFAULT_MAP_STATE.mode,
    root:
      typeof root === 'string' && root.length <= MOST_KEY
        ? root
        : DEFAULT_MAP_STATE.root,
    depth:
      typeof depth === 'number' &&
      Number.isInteger(depth) &&
      depth >= 0 &&
      depth <= MOST_DEPTH
        ? depth
        : DEFAULT_MAP_STATE.depth,
    list: oneOf(MAP_LISTS, of('list'), DEFAULT_MAP_STATE.list)
  };
}
