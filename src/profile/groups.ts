import { categoryOf, type Category } from './categories';
import { NONE, type FuncIndex } from './indices';
import type { IProfile } from './model';
import { shortenPaths } from './names';

/** What functions are put together by. */
export type GroupBy = 'file' | 'package';

/** Functions that belong together. */
export interface IGroup {
  /** Tells the group from others, in a later run, too. */
  readonly key: string;
  /** The file, the package or the directory; "" where `category` says all. */
  readonly name: string;
  /** Whole path, for a tooltip; "" if there is none. */
  readonly path: string;
  readonly category: Category;
}

/**
 * Puts functions together by file, or by package.
 *
 * Installed code goes by the name of its package, the standard library, compiled and other code by what it is, and
 * the user's own files by their directory, shortened to what tells it from the others.
 */
export class Groups {
  /**
   * @param labels - what files are called on screen
   */
  constructor(
    private readonly _profile: IProfile,
    private readonly _labels: readonly string[]
  ) {
    const { path } = _profile.files;
    const directories = path.map(directoryOf);
    const short = shortenPaths(directories);
    this._directories = directories;
    this._shortDirectories = short;
  }

  /**
   * The group of a function. One object a group.
   */
  of(func: FuncIndex, by: GroupBy): IGroup {
    const group = by === 'file' ? this._file(func) : this._package(func);
    const known = this._groups.get(group.key);
    if (known) {
      return known;
    }
    this._groups.set(group.key, group);
    return group;
  }

  private _file(func: FuncIndex): IGroup {
    const { files, functions } = this._profile;
    const file = functions.file[func];
    const category = categoryOf(this._profile, func);
    return file === NONE
      ? { key: `=${category}`, name: '', path: '', category }
      : {
          key: `f${files.cell[file] ? `#${files.cell[file]}` : files.path[file]}`,
          name: this._labels[file],
          path: files.path[file],
          category
        };
  }

  private _package(func: FuncIndex): IGroup {
    const { files, functions } = this._profile;
    const file = functions.file[func];
    const category = categoryOf(this._profile, func);
    if (file !== NONE && category === 'packages' && files.package[file]) {
      const name = files.package[file];
      return { key: `p${name}`, name, path: '', category };
    }
    if (file !== NONE && category === 'files') {
      const path = this._directories[file];
      return {
        key: `d${path}`,
        name: this._shortDirectories[file],
        path,
        category
      };
    }
    return { key: `=${category}`, name: '', path: '', category };
  }

  private readonly _directories: readonly string[];
  private readonly _shortDirectories: readonly string[];
  private readonly _groups = new Map<string, IGroup>();
}

/** Path without its last part; "" where it has one part only. */
function directoryOf(path: string): string {
  return path.slice(
    0,
    Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0)
  );
}
