import { CATEGORIES, type Category } from './categories';
import { SORT_COLUMNS, type ISortKey } from './sort';
import { MOST_PATH } from './tree/transforms';

/** What is shown of a result. */
export const VIEWS = [
  'functions',
  'calls',
  'lines',
  'tree',
  'map',
  'charts'
] as const;

/** What is shown of a result. */
export type ViewName = (typeof VIEWS)[number];

/** What rows of the function table are put together by. */
export const GROUPINGS = ['none', 'file', 'package'] as const;

/** What rows of the function table are put together by. */
export type Grouping = (typeof GROUPINGS)[number];

/** Charts of a profile. */
export const CHARTS = ['hottest', 'packages', 'calls'] as const;

/** Charts of a profile. */
export type ChartName = (typeof CHARTS)[number];

/**
 * Forms of a call tree: callees below (`icicle`) or above (`flame`) their caller, callers of what took the time
 * (`inverted`), and callers and callees of one function (`sandwich`).
 */
export const TREE_MODES = ['icicle', 'flame', 'inverted', 'sandwich'] as const;

/** A form of a call tree. */
export type TreeMode = (typeof TREE_MODES)[number];

/** What boxes of a call tree are coloured by. */
export const TREE_COLOURS = ['package', 'kind', 'self'] as const;

/** What boxes of a call tree are coloured by. */
export type TreeColour = (typeof TREE_COLOURS)[number];

/**
 * All that a reader has chosen in a result. Plain and serialisable, so that it outlives the widget: it is the same
 * after the cell ran again, was moved, or the page was loaded anew.
 */
export interface IViewState {
  readonly view: ViewName;
  /** Keys of the selected functions (`FunctionKeys`); the account is of the last one. `null`: nothing chosen yet. */
  readonly selection: readonly string[] | null;
  /** `null`: as the profile asks for. */
  readonly sort: readonly ISortKey[] | null;
  /** Whether the restrictions that the profile asks for are applied. */
  readonly limited: boolean;
  readonly search: string;
  /** Whether `search` is a regular expression. */
  readonly regex: boolean;
  /** Code that is not shown. */
  readonly hidden: readonly Category[];
  readonly group: Grouping;
  /** Names of the groups that are open. */
  readonly open: readonly string[];
  /** Times as shares of the whole. */
  readonly percent: boolean;
  /** Whether frames that only lead to the work are one row. */
  readonly spine: boolean;
  readonly chart: ChartName;
  /** How many times faster, in "what if"; `null` stands for free. */
  readonly factor: number | null;
  readonly tree: TreeMode;
  readonly treeColour: TreeColour;
  /** Key of the thread or task whose tree is shown (`threadKey`); `null`: all of them. */
  readonly thread: string | null;
  /** Keys of the functions from a root of the tree to the box that fills the picture. Empty: all of it. */
  readonly zoom: readonly string[];
  /** Key of the function in the middle of a sandwich; `null`: the selected one. */
  readonly centre: string | null;
  /** What was done to the tree, in order: the call tree reads it (`readTransforms`). */
  readonly transforms: unknown;
  /** Whether a tree is drawn of edges, which is an estimate. */
  readonly estimate: boolean;
  /** What is chosen of lines: the view of lines reads it (`readLinesState`). */
  readonly lines: unknown;
  /** What is chosen of the square map: that view reads it (`readMapState`). */
  readonly map: unknown;
  /** How the profile itself is changed: read where there is something to change (`readSteps`). `null`: nothing chosen yet. */
  readonly steps: unknown;
}

/** What a reader who has chosen nothing sees. */
export const DEFAULT_VIEW_STATE: IViewState = {
  view: 'functions',
  selection: null,
  sort: null,
  limited: true,
  search: '',
  regex: false,
  hidden: [],
  group: 'none',
  open: [],
  percent: false,
  spine: true,
  chart: 'hottest',
  factor: 2,
  tree: 'icicle',
  treeColour: 'package',
  thread: null,
  zoom: [],
  centre: null,
  transforms: null,
  estimate: false,
  lines: null,
  map: null,
  steps: null
};

/** Characters of a search, and of a key. */
export const MOST_SEARCH = 256;
const MOST_KEY = 1_000;
const MOST_ENTRIES = 100;

/**
 * Read a view state that was stored. What is not as it should be has its default.
 *
 * @param stored - anything
 * @param defaults - for what is missing or wrong
 */
export function readViewState(
  stored: unknown,
  defaults: IViewState = DEFAULT_VIEW_STATE
): IViewState {
  if (typeof stored !== 'object' || stored === null) {
    return defaults;
  }
  const of = (name: keyof IViewState): unknown =>
    Object.hasOwn(stored, name) ? Reflect.get(stored, name) : undefined;
  const flag = (
    name: 'limited' | 'regex' | 'percent' | 'spine' | 'estimate'
  ) => {
    const value = of(name);
    return typeof value === 'boolean' ? value : defaults[name];
  };
  const factor = of('factor');
  const search = of('search');
  return {
    view: oneOf(VIEWS, of('view'), defaults.view),
    selection: texts(of('selection')) ?? defaults.selection,
    sort: sortKeys(of('sort')) ?? defaults.sort,
    limited: flag('limited'),
    search:
      typeof search === 'string' && search.length <= MOST_SEARCH
        ? search
        : defaults.search,
    regex: flag('regex'),
    hidden: listOf(CATEGORIES, of('hidden')) ?? defaults.hidden,
    group: oneOf(GROUPINGS, of('group'), defaults.group),
    open: texts(of('open')) ?? defaults.open,
    percent: flag('percent'),
    spine: flag('spine'),
    chart: oneOf(CHARTS, of('chart'), defaults.chart),
    factor:
      factor === null ||
      (typeof factor === 'number' && factor > 1 && factor <= 1000)
        ? factor
        : defaults.factor,
    tree: oneOf(TREE_MODES, of('tree'), defaults.tree),
    treeColour: oneOf(TREE_COLOURS, of('treeColour'), defaults.treeColour),
    thread: text(of('thread')) ?? defaults.thread,
    zoom: keys(of('zoom'))?.slice(0, MOST_PATH) ?? defaults.zoom,
    centre: text(of('centre')) ?? defaults.centre,
    transforms: of('transforms') ?? defaults.transforms,
    estimate: flag('estimate'),
    lines: of('lines') ?? defaults.lines,
    map: of('map') ?? defaults.map,
    steps: of('steps') ?? defaults.steps
  };
}

/** A word of several. */
export function oneOf<T extends string>(
  words: readonly T[],
  value: unknown,
  otherwise: T
): T {
  return words.find(word => word === value) ?? otherwise;
}

function listOf<T extends string>(
  words: readonly T[],
  value: unknown
): readonly T[] | null {
  return Array.isArray(value)
    ? words.filter(word => value.includes(word))
    : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.length <= MOST_KEY ? value : null;
}

function keys(value: unknown): readonly string[] | null {
  return Array.isArray(value) &&
    value.every(text => typeof text === 'string' && text.length <= MOST_KEY)
    ? value
    : null;
}

/** Keys; of too many the last ones, which were added last. */
export function texts(value: unknown): readonly string[] | null {
  return keys(value)?.slice(-MOST_ENTRIES) ?? null;
}

function sortKeys(value: unknown): readonly ISortKey[] | null {
  if (!Array.isArray(value) || value.length > SORT_COLUMNS.length) {
    return null;
  }
  const keys = value.flatMap((key: unknown) => {
    const column: unknown = Reflect.get(Object(key), 'column');
    const descending: unknown = Reflect.get(Object(key), 'descending');
    const known = SORT_COLUMNS.find(one => one === column);
    return known && typeof descending === 'boolean'
      ? [{ column: known, descending }]
      : [];
  });
  return keys.length > 0 && keys.length === value.length ? keys : null;
}
