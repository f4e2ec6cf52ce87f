import { categoryOf, type Category } from './categories';
import type { ISpine } from './chains';
import { sumOfKnown } from './combine';
import type { GroupBy, IGroup } from './groups';
import type { FuncIndex, RowIndex } from './indices';
import { limitRows } from './limits';
import type { IProfile } from './model';
import type { IFunctionRows } from './rows';
import { searchFunctions } from './search';
import { parseSortKeys, sortRows, type ISortKey } from './sort';
import type { IViewState } from './viewState';

/** Name of the spine among the open groups of a view state. */
export const SPINE_KEY = '=spine';

/** A function in the list. */
export interface IRowEntry {
  readonly kind: 'row';
  readonly row: RowIndex;
  /** 1 under a group or the spine, else 0. */
  readonly level: 0 | 1;
}

/** Functions put together. Only what they own can be summed: their totals hold each other. */
export interface IGroupEntry {
  readonly kind: 'group';
  readonly group: IGroup;
  readonly rows: number;
  /** Of functions, not of what stands for none; NaN if not known, as `self`. */
  readonly calls: number;
  readonly self: number;
  /** Of what was called: waiting has no calls. NaN if not known. */
  readonly selfPerCall: number;
  readonly isOpen: boolean;
}

/** Frames that only lead to the work, as one row. */
export interface ISpineEntry {
  readonly kind: 'spine';
  readonly spine: ISpine;
  readonly isOpen: boolean;
}

/** One line of the list. */
export type Entry = IRowEntry | IGroupEntry | ISpineEntry;

/** Puts listed functions together. */
export interface IGrouping {
  /**
   * @param rows - those that are listed, in order
   * @param key - what they are ordered by
   * @param open - keys of groups whose rows are shown
   */
  entries(
    rows: readonly RowIndex[],
    key: ISortKey,
    by: GroupBy,
    open: ReadonlySet<string>
  ): readonly Entry[];
}

/** What a view state shows of the functions. */
export interface IListing {
  /** Lines, top down. */
  readonly entries: readonly Entry[];
  /** All functions that are listed, those within closed groups included, in order. */
  readonly rows: readonly RowIndex[];
  /** What they own together. */
  readonly self: number;
  readonly keys: readonly ISortKey[];
  /** Patterns of the profile's own restrictions that are not applied. */
  readonly skipped: readonly string[];
  /** Whether the search is applied. */
  readonly isSearchApplied: boolean;
  /** Functions that the reader's settings hide. */
  readonly hiddenBySettings: number;
  /** Whether the profile's own restrictions cut the list. */
  readonly isLimited: boolean;
}

/**
 * The functions of a profile as a view state asks for them: ordered, restricted, searched, grouped.
 */
export class FunctionList {
  /**
   * @param labels - what files are called on screen
   * @param spine - as `spineOf` has it
   * @param isHidden - whether the reader's settings hide a function
   * @param unusable - patterns of the reader's settings that hide nothing, as they cannot be used
   */
  constructor(
    private readonly _profile: IProfile,
    private readonly _rows: IFunctionRows,
    private readonly _labels: readonly string[],
    private readonly _spine: ISpine | null,
    private readonly _isHidden: (func: FuncIndex) => boolean,
    readonly unusable: readonly string[] = []
  ) {}

  /** Puts functions together; without it they are listed one by one. */
  grouping: IGrouping | null = null;

  /** Frames that can be folded; null if there are none. */
  get spine(): ISpine | null {
    return this._spine;
  }

  /**
   * What each category owns of the whole, and how many rows it has.
   */
  categories(): ReadonlyMap<Category, { rows: number; self: number }> {
    const found = new Map<Category, { rows: number; self: number }>();
    for (let row = 0; row < this._rows.length; row++) {
      const category = categoryOf(this._profile, this._rows.function[row]);
      const sums = found.get(category) ?? { rows: 0, self: 0 };
      sums.rows++;
      sums.self += this._rows.self[row] || 0;
      found.set(category, sums);
    }
    return found;
  }

  /**
   * The list for a view state.
   */
  listing(state: IViewState): IListing {
    const { view } = this._profile;
    const keys = state.sort ?? parseSortKeys(view.sort);
    const ordered = sortRows(this._profile, this._rows, keys, this._labels);
    const { order, skipped } = limitRows(
      this._profile,
      this._rows,
      ordered,
      state.limited ? view.limits : []
    );
    const search = state.search
      ? this._search(state.search, state.regex)
      : null;
    const hidden = new Set(state.hidden);
    let hiddenBySettings = 0;
    const rows = order.filter(row => {
      const func = this._rows.function[row];
      if (
        hidden.has(categoryOf(this._profile, func)) ||
        search?.matches[func] === 0
      ) {
        return false;
      }
      if (this._isHidden(func)) {
        hiddenBySettings++;
        return false;
      }
      return true;
    });
    const open = new Set(state.open);
    return {
      entries:
        state.group === 'none' || !this.grouping
          ? this._plain(rows, keys, state, open)
          : this.grouping.entries(rows, keys[0], state.group, open),
      rows,
      self: sumOfKnown(this._rows.self, rows),
      keys,
      skipped,
      isSearchApplied: search?.isApplied ?? true,
      hiddenBySettings,
      isLimited: order.length < ordered.length
    };
  }

  /**
   * Rows as they are, with the spine as one where all of it is listed and nothing was searched for.
   */
  private _plain(
    rows: readonly RowIndex[],
    keys: readonly ISortKey[],
    state: IViewState,
    open: ReadonlySet<string>
  ): readonly Entry[] {
    const entry = (row: RowIndex, level: 0 | 1 = 0): IRowEntry => ({
      kind: 'row',
      row,
      level
    });
    const spine = this._spine;
    const isFolded = state.spine && !state.search && rows.length > 1;
    if (!spine || !isFolded) {
      return rows.map(row => entry(row));
    }
    const place = new Map<FuncIndex, RowIndex>();
    const functions = new Set(spine.functions);
    for (const row of rows) {
      const func = this._rows.function[row];
      if (functions.has(func)) {
        place.set(func, row);
      }
    }
    if (place.size < functions.size) {
      return rows.map(row => entry(row));
    }
    const [{ column, descending }] = keys;
    const root = place.get(spine.functions[0]);
    const isBefore = (row: RowIndex) =>
      column !== 'self' ||
      (descending
        ? spine.self >= this._rows.self[row]
        : spine.self <= this._rows.self[row]);
    const entries: Entry[] = [];
    let isPut = false;
    const put = () => {
      const isOpen = open.has(SPINE_KEY);
      entries.push({ kind: 'spine', spine, isOpen });
      if (isOpen) {
        for (const func of spine.functions) {
          entries.push(entry(place.get(func) as RowIndex, 1));
        }
      }
      isPut = true;
    };
    for (const row of rows) {
      const isOnSpine = functions.has(this._rows.function[row]);
      if (
        !isPut &&
        (column === 'self' ? !isOnSpine && isBefore(row) : row === root)
      ) {
        put();
      }
      if (!isOnSpine) {
        entries.push(entry(row));
      }
    }
    if (!isPut) {
      put();
    }
    return entries;
  }

  private _search(text: string, isPattern: boolean) {
    const name = `${isPattern} ${text}`;
    if (this._found?.name !== name) {
      const result = searchFunctions(
        this._profile,
        this._labels,
        text,
        isPattern
      );
      this._found = { name, result };
    }
    return this._found.result;
  }

  private _found: {
    name: string;
    result: ReturnType<typeof searchFunctions>;
  } | null = null;
}
