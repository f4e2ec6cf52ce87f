import { NONE, type FuncIndex } from './indices';
import type { IProfile } from './model';

/**
 * Names functions so that a later run of the same code has the same names: by cell or path and qualified name.
 *
 * Lines are left out, since an edit above moves them; namesakes are counted in the order in which they stand in the
 * file.
 */
export class FunctionKeys {
  constructor(private readonly _profile: IProfile) {}

  /**
   * As `#cell-id|Job.run`, `/a/b.py|main` or `|len`; namesakes from the second on end in `|2`, `|3`, …
   */
  keyOf(func: FuncIndex): string {
    return this._tables().keys[func];
  }

  /**
   * The function that has a key in this profile; `NONE` if there is none.
   */
  find(key: string): FuncIndex | typeof NONE {
    return this._tables().functions.get(key) ?? NONE;
  }

  private _tables(): ITables {
    this._made ??= makeTables(this._profile);
    return this._made;
  }

  private _made: ITables | null = null;
}

interface ITables {
  readonly keys: readonly string[];
  readonly functions: ReadonlyMap<string, FuncIndex>;
}

function makeTables({ functions, files }: IProfile): ITables {
  const stems = Array.from({ length: functions.length }, (_, func) => {
    const file = functions.file[func];
    const place =
      file === NONE
        ? ''
        : files.cell[file]
          ? `#${files.cell[file]}`
          : files.path[file];
    return `${place}|${functions.qualified[func] || functions.name[func]}`;
  });
  const inOrder = [...stems.keys()].sort(
    (a, b) => functions.line[a] - functions.line[b] || a - b
  );
  const keys = [...stems];
  const count = new Map<string, number>();
  const found = new Map<string, FuncIndex>();
  for (const func of inOrder) {
    const stem = stems[func];
    let place = count.get(stem) ?? 0;
    // A name may end like a key of namesakes.
    do {
      place++;
      keys[func] = place > 1 ? `${stem}|${place}` : stem;
    } while (found.has(keys[func]));
    count.set(stem, place);
    found.set(keys[func], func as FuncIndex);
  }
  return { keys, functions: found };
}

/** Characters of a label or a statement that tell results of a cell apart. */
const MOST_NAME = 200;

/** Characters of a key: it comes from a payload, and is kept in the browser. */
const MOST_CHARACTERS = 1_000;

/**
 * What a result's view state is kept under: the same for each run of a cell, as long as it profiles the same.
 *
 * @returns "" where nothing tells this result from others, so that nothing is kept
 */
export function viewKey({ meta, view }: IProfile): string {
  const { cell, kind, command } = meta.source;
  const key = JSON.stringify([
    cell,
    kind,
    (meta.label || command || '').slice(0, MOST_NAME),
    // Who asks for another order wants to see it, not the one chosen before.
    view.sort,
    view.limits
  ]);
  return cell && key.length <= MOST_CHARACTERS ? key : '';
}
