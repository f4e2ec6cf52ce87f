import {
  CATEGORIES,
  categoryOf,
  type Category
} from '../../profile/categories';
import { Groups, type IGroup } from '../../profile/groups';
import { NONE, type FuncIndex } from '../../profile/indices';
import type { Language } from '../../profile/language';
import type { ICallTree } from '../../profile/tree/callTree';
import type { TreeColour } from '../../profile/viewState';
import { categoryName } from '../categories';
import type { IContext } from '../context';
import { clipped } from '../dom';
import { languageIn, languageName } from '../signs';
import type { Result } from '../result';
import type { Tint } from './palette';

/** How boxes are coloured. */
export interface IColourScheme {
  readonly tints: readonly Tint[];
  /** What each of them stands for. */
  readonly names: readonly string[];
  /** Number of a box's tint. */
  fillOf(node: number): number;
}

/** How much of a colour there is in a box: names on it have to be read, in light and dark. */
const SHARE = 0.55;

/** Whose code it is. */
const CATEGORY_TINTS: Readonly<Record<Category, Tint>> = {
  notebook: ['--jp-brand-color1', SHARE],
  files: ['--jp-warn-color1', SHARE],
  packages: ['--jp-mirror-editor-operator-color', SHARE],
  stdlib: ['--jp-success-color1', SHARE],
  compiled: ['--jp-ui-font-color2', 0.35],
  other: ['--jp-ui-font-color2', 0.16]
};

/** Compiled code by its language, where languages are told apart. */
const LANGUAGE_TINTS: Partial<Record<Language, Tint>> = {
  cython: ['--jp-success-color1', 0.3],
  cpp: ['--jp-error-color1', 0.3]
};

/** Packages that own most, one after another. */
const PACKAGE_TINTS: readonly Tint[] = [
  ['--jp-mirror-editor-operator-color', SHARE],
  ['--jp-error-color1', SHARE],
  ['--jp-info-color1', SHARE],
  ['--jp-mirror-editor-keyword-color', SHARE],
  ['--jp-mirror-editor-string-color', 0.3],
  ['--jp-mirror-editor-operator-color', 0.25],
  ['--jp-info-color1', 0.25]
];

/** Own shares from which on a box has the next colour, and how much of it. */
const STEPS: readonly (readonly [share: number, tint: number])[] = [
  [0, 0.1],
  [0.1, 0.3],
  [0.3, 0.5],
  [0.6, 0.7],
  [0.9, 0.9]
];

/** Colours by function. */
interface IAssignment {
  readonly tints: readonly Tint[];
  readonly names: readonly string[];
  /** By function: number of its tint. */
  readonly fills: Uint8Array;
}

/**
 * Colours for the boxes of trees: by package, by whose code it is, or by how much of a box its function owns.
 *
 * The first two are given to functions, by what they own in the whole profile: one has the same colour in every tree.
 */
export class TreeColours {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext
  ) {
    this._groups = new Groups(_result.profile, _result.labels);
  }

  /**
   * How the boxes of a tree are coloured.
   */
  of(
    { tree }: { readonly tree: ICallTree },
    colour: TreeColour
  ): IColourScheme {
    return colour === 'self'
      ? this._bySelf(tree)
      : usedIn(tree, this._assigned(colour));
  }

  private _assigned(colour: 'kind' | 'package'): IAssignment {
    let assigned = this._assignments.get(colour);
    if (!assigned) {
      assigned = this._byGroup(
        colour === 'package'
          ? func => this._groups.of(func, 'package')
          : func => {
              const category = categoryOf(this._result.profile, func);
              return { key: `=${category}`, name: '', path: '', category };
            }
      );
      this._assignments.set(colour, assigned);
    }
    return assigned;
  }

  private _byGroup(groupOf: (func: FuncIndex) => IGroup): IAssignment {
    const { trans } = this._context;
    const { profile, rows, graph } = this._result;
    const owned = new Map<
      string,
      { group: IGroup; own: number; language: Language | null }
    >();
    const groups: string[] = [];
    for (
      let func = 0 as FuncIndex;
      func < profile.functions.length;
      func = (func + 1) as FuncIndex
    ) {
      const group = groupOf(func);
      const language = languageIn(profile, func);
      const key = language ? `=${language}` : group.key;
      const row = graph.rowOf(func);
      const own = row === NONE ? 0 : rows.self[row] || 0;
      const known = owned.get(key);
      if (known) {
        known.own += own;
      } else {
        owned.set(key, { group, own, language });
      }
      groups.push(key);
    }
    const order = [...owned.values()].sort(
      (a, b) =>
        CATEGORIES.indexOf(a.group.category) -
          CATEGORIES.indexOf(b.group.category) || b.own - a.own
    );
    const tints: Tint[] = [];
    const names: string[] = [];
    const places = new Map<string, number>();
    let packages = 0;
    for (const { group, language } of order) {
      if (language) {
        places.set(`=${language}`, tints.length);
        tints.push(LANGUAGE_TINTS[language] ?? CATEGORY_TINTS.compiled);
        names.push(languageName(language, trans));
        continue;
      }
      const isNamed = group.name !== '' && group.category === 'packages';
      if (isNamed && packages === PACKAGE_TINTS.length) {
        continue;
      }
      // Directories of one's own files are one colour.
      const key = group.category === 'files' ? '=files' : group.key;
      if (!places.has(key)) {
        places.set(key, tints.length);
        tints.push(
          isNamed ? PACKAGE_TINTS[packages++] : CATEGORY_TINTS[group.category]
        );
        names.push(
          isNamed ? clipped(group.name) : categoryName(group.category, trans)
        );
      }
      places.set(group.key, places.get(key) ?? 0);
    }
    const isLeft = [...owned.keys()].some(key => !places.has(key));
    if (isLeft) {
      tints.push(['--jp-mirror-editor-operator-color', 0.12]);
      names.push(trans.__('further packages'));
    }
    return {
      tints,
      names,
      fills: Uint8Array.from(groups, key => places.get(key) ?? tints.length - 1)
    };
  }

  private _bySelf({ self, total }: ICallTree): IColourScheme {
    const { trans, numbers } = this._context;
    return {
      tints: STEPS.map(([, share]) => ['--jp-error-color1', share]),
      names: STEPS.map(([from], i) =>
        i === 0
          ? trans.__('owns below %1', numbers.percent(STEPS[1][0]))
          : trans.__('from %1', numbers.percent(from))
      ),
      fillOf: node => {
        const share = total[node] > 0 ? self[node] / total[node] : 0;
        let step = STEPS.length - 1;
        while (step > 0 && share < STEPS[step][0]) {
          step--;
        }
        return step;
      }
    };
  }

  private readonly _groups: Groups;
  private readonly _assignments = new Map<'kind' | 'package', IAssignment>();
}

/**
 * The colours that a tree has of all that there are. What is no function has that of the first one in it.
 */
function usedIn(
  { length, func }: ICallTree,
  { tints, names, fills }: IAssignment
): IColourScheme {
  const isUsed = new Uint8Array(tints.length);
  for (let node = 0; node < length; node++) {
    if (func[node] !== NONE) {
      isUsed[fills[func[node]]] = 1;
    }
  }
  const used = tints.map((_, i) => i).filter(i => isUsed[i]);
  const places = Uint8Array.from(tints, (_, i) => Math.max(0, used.indexOf(i)));
  return {
    tints: used.map(i => tints[i]),
    names: used.map(i => names[i]),
    fillOf: node => {
      let first = node;
      while (func[first] === NONE) {
        first++;
      }
      return places[fills[func[first]]];
    }
  };
}

/** What a way to colour boxes is called. */
export function colourName(colour: TreeColour, { trans }: IContext): string {
  switch (colour) {
    case 'package':
      return trans.__('package');
    case 'kind':
      return trans.__('kind of code');
    case 'self':
      return trans.__('own share');
  }
}
