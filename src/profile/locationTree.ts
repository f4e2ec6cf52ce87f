import { categoryOf, type Category } from './categories';
import { Groups } from './groups';
import {
  indexColumn,
  NONE,
  type FileIndex,
  type FuncIndex,
  type RowIndex
} from './indices';
import type { FunctionKeys } from './keys';
import type { IProfile } from './model';
import type { IFunctionRows } from './rows';
import type { ICallTree } from './tree/callTree';
import { buildTree } from './tree/forest';

/** What a node of a location tree is; a `group` is a package, or all code of a category. */
export type LocationKind = 'group' | 'directory' | 'file' | 'function';

/** A place where functions are defined. */
export interface ILocation {
  readonly kind: LocationKind;
  /** Tells it from others, in a later run, too. */
  readonly key: string;
  /** "" for a group that `category` says all of, and for a function. */
  readonly name: string;
  /** The whole path; "" if there is none. */
  readonly path: string;
  readonly category: Category;
}

/** Own values by where the functions are defined. */
export interface ILocationTree {
  /**
   * Totals are sums of own values. `func` is `NONE` for groups and directories, and for files whose own code has no
   * value; `calls` is not known but for functions.
   */
  readonly tree: ICallTree;
  /** By node. */
  readonly places: readonly ILocation[];
  /** Functions whose own value is below 0 or not known: they are not in the tree. */
  readonly leftOut: number;
}

/** Directories within each other; what is deeper is one with them. */
const MOST_DIRECTORIES = 16;

/** What pstats calls the code of a file outside all functions. */
const MODULE = '<module>';

/**
 * Own values by package, directory, file and function. It is exact for every profile, as each function is in one place.
 *
 * ```
 *   functions                  pandas 7
 *   read io/csv.py 3           ├ io/csv.py 4         what a file does itself, outside all functions, is the file's own
 *   <module> io/csv.py 1   →   │ └ read 3
 *   join core/join.py 3        └ core/join.py 3
 *   len 2                        └ join 3
 *                              compiled code 2
 *                              └ len 2
 * ```
 *
 * Directories that hold nothing but one other directory are one with it, and those that all files of a group are in are
 * left out.
 *
 * @param labels - what files are called on screen
 * @returns `null` where values of the metric do not sum, or there are none above 0
 */
export function locationTree(
  profile: IProfile,
  rows: Pick<
    IFunctionRows,
    'metric' | 'length' | 'function' | 'self' | 'calls'
  >,
  labels: readonly string[],
  keys: FunctionKeys
): ILocationTree | null {
  const { metric } = rows;
  if (metric?.combine !== 'sum') {
    return null;
  }
  const sorted: RowIndex[] = [];
  let leftOut = 0;
  for (let row = 0 as RowIndex; row < rows.length; row++) {
    const value = rows.self[row];
    if (value > 0 && Number.isFinite(value)) {
      sorted.push(row);
    } else if (value !== 0) {
      leftOut++;
    }
  }
  if (sorted.length === 0) {
    return null;
  }
  const draft = new Draft(profile, labels, keys);
  for (const row of sorted) {
    draft.add(rows.function[row], rows.self[row], rows.calls[row]);
  }
  const nodes = compacted(draft.nodes);
  // Nodes of one function are put together: here each is one of its own.
  const { tree, origin } = buildTree(
    {
      length: nodes.length,
      parent: Int32Array.from(nodes, ({ parent }) => parent),
      func: Int32Array.from(nodes.keys()),
      self: Float64Array.from(nodes, ({ self }) => self),
      calls: Float64Array.from(nodes, ({ calls }) => calls),
      estimated: null,
      rest: null
    },
    metric
  );
  return {
    tree: {
      ...tree,
      func: indexColumn<FuncIndex>(origin.map(node => nodes[node].func))
    },
    places: Array.from(origin, node => nodes[node]),
    leftOut
  };
}

interface INode extends ILocation {
  readonly parent: number;
  self: number;
  readonly calls: number;
  func: FuncIndex | typeof NONE;
}

/** Nodes as they are found, those around them before. */
class Draft {
  constructor(
    private readonly _profile: IProfile,
    private readonly _labels: readonly string[],
    private readonly _keys: FunctionKeys
  ) {
    this._groups = new Groups(_profile, _labels);
    this._directories = _profile.files.path.map((path, file) =>
      _profile.files.cell[file] ? [] : directoriesOf(path)
    );
  }

  readonly nodes: INode[] = [];

  /** Add a function. */
  add(func: FuncIndex, self: number, calls: number): void {
    const { functions } = this._profile;
    const file = functions.file[func];
    const category = categoryOf(this._profile, func);
    const group = this._group(func, category);
    const around =
      file === NONE ? group : this._file(group, file, func, category);
    if (file !== NONE && functions.name[func] === MODULE) {
      const node = this.nodes[around];
      // Of several the one that took most stands for the file.
      if (!(self <= this._most[around])) {
        node.func = func;
        this._most[around] = self;
      }
      node.self += self;
      return;
    }
    this._add({
      kind: 'function',
      key: `@${this._keys.keyOf(func)}`,
      name: '',
      path: '',
      category,
      parent: around,
      self,
      calls,
      func
    });
  }

  private _group(func: FuncIndex, category: Category): number {
    // One's own files are one group, however many directories they are in.
    const { key, name } =
      category === 'files'
        ? { key: '=files', name: '' }
        : this._groups.of(func, 'package');
    return this._known(key, () =>
      this._folder('group', key, name, '', category, NONE)
    );
  }

  private _file(
    group: number,
    file: FileIndex,
    func: FuncIndex,
    category: Category
  ): number {
    const { key } = this._groups.of(func, 'file');
    const place = `${this.nodes[group].key}|${key}`;
    return this._known(place, () => {
      let around = group;
      const path = this._profile.files.path[file];
      let way = '';
      for (const name of this._directories[file]) {
        way += `/${name}`;
        const directory = `${this.nodes[group].key}|d${way}`;
        const inside = around;
        const whole = way;
        around = this._known(directory, () =>
          this._folder('directory', directory, name, whole, category, inside)
        );
      }
      return this._folder(
        'file',
        place,
        this._labels[file].split(/[\\/]/).at(-1) || this._labels[file],
        path,
        category,
        around
      );
    });
  }

  private _folder(
    kind: LocationKind,
    key: string,
    name: string,
    path: string,
    category: Category,
    parent: number
  ): number {
    return this._add({
      kind,
      key,
      name,
      path,
      category,
      parent,
      self: 0,
      calls: NaN,
      func: NONE
    });
  }

  private _add(node: INode): number {
    return this.nodes.push(node) - 1;
  }

  private _known(key: string, make: () => number): number {
    let node = this._nodes.get(key);
    if (node === undefined) {
      node = make();
      this._nodes.set(key, node);
    }
    return node;
  }

  private readonly _groups: Groups;
  private readonly _directories: readonly (readonly string[])[];
  private readonly _nodes = new Map<string, number>();
  private readonly _most: number[] = [];
}

/** The directories of a path, from the outermost one. */
function directoriesOf(path: string): readonly string[] {
  const parts = path.split(/[\\/]/).filter(part => part);
  const most = MOST_DIRECTORIES - 1;
  const directories = parts.slice(0, -1);
  return directories.length <= MOST_DIRECTORIES
    ? directories
    : [...directories.slice(0, most), directories.slice(most).join('/')];
}

/** What became of a node: where it, or that which is around it, is now. */
interface IPlaced {
  readonly place: number;
  /** Names of directories that the next one within takes over. */
  readonly before: string;
  /** Whether all that is around it, up to the group, is around all of the group. */
  readonly isAll: boolean;
}

/** Directories with nothing but one other in them become one with it; those that all of a group is in are left out. */
function compacted(nodes: readonly INode[]): readonly INode[] {
  const within = new Int32Array(nodes.length);
  const directories = new Int32Array(nodes.length);
  for (const { parent, kind } of nodes) {
    if (parent !== NONE) {
      within[parent]++;
      directories[parent] += kind === 'directory' ? 1 : 0;
    }
  }
  const placed: IPlaced[] = [];
  const kept: INode[] = [];
  nodes.forEach((node, i) => {
    const around = node.parent === NONE ? null : placed[node.parent];
    const place = around?.place ?? NONE;
    const name = around?.before ? `${around.before}/${node.name}` : node.name;
    if (node.kind === 'directory') {
      if (around?.isAll && within[node.parent] === 1) {
        placed.push({ place, before: '', isAll: true });
        return;
      }
      if (within[i] === 1 && directories[i] === 1) {
        placed.push({ place, before: name, isAll: false });
        return;
      }
    }
    kept.push({ ...node, name, parent: place });
    placed.push({
      place: kept.length - 1,
      before: '',
      isAll: node.kind === 'group'
    });
  });
  return kept;
}
