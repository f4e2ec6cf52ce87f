/**
 * Own values by package, file and function, as nested sectors that add up.
 */
import {
  MOST_MARKS,
  obstacleOf,
  shareOf,
  type IAside,
  type IChart
} from './charts';
import { Groups, type IGroup } from './groups';
import { NONE, type FuncIndex, type RowIndex } from './indices';
import type { IProfile } from './model';
import { wholeOf, type IFunctionRows } from './rows';

/** What a sector stands for; `rest` for siblings that are too small to be drawn. */
export type SectorKind = 'whole' | 'package' | 'file' | 'function' | 'rest';

/** A part of the whole. */
export interface ISector {
  readonly kind: SectorKind;
  /** Position of the sector that it is a part of, which stands before it; `NONE` for the whole. */
  readonly parent: number;
  /** Own values in it. Above 0, and exactly the sum of its children's where it has any. */
  readonly value: number;
  /** Rows in it that have a value. */
  readonly rows: number;
  /** The package that it is, or is in; null for the whole, and for a rest of packages. */
  readonly group: IGroup | null;
  /** For files, else null. */
  readonly file: IGroup | null;
  /** For functions, else null. */
  readonly func: FuncIndex | null;
}

/** Sectors of own values, a parent before its children, and those largest first with the rest last. */
export interface IPackageChart extends IChart {
  readonly sectors: readonly ISector[];
}

/**
 * Divide the own values by package or category, file, and function.
 *
 * The largest sectors are drawn, at most `MOST_MARKS`; the others of each parent are one, so that values add up:
 *
 * ```
 *   whole 10 ┬ numpy 7 ┬ core.py 6 ┬ dot 5
 *            │         │           └ (40 more) 1
 *            │         └ (3 more) 1
 *            └ (12 more) 3
 * ```
 *
 * What is no function has a value as well and counts as "other". Values below 0 cannot be parts of a whole: they are
 * left out and counted.
 */
export function packageChart(
  profile: IProfile,
  rows: IFunctionRows,
  labels: readonly string[]
): IPackageChart {
  const doesSum = rows.metric?.combine === 'sum';
  const { positive, leftOut, functions } = sortOut(profile, rows);
  const tree = doesSum ? treeOf(profile, rows, labels, positive) : [];
  const whole = wholeOf(profile, rows);
  const sectors =
    tree.length > 0 && Number.isFinite(tree[0].value)
      ? sectorsOf(tree, revealed(tree, MOST_MARKS))
      : [];
  const isDrawn = sectors.length > 0;
  return {
    metric: rows.metric,
    functions,
    shown: isDrawn ? functions - countOf(leftOut) : 0,
    whole,
    share: shareOf(isDrawn ? sectors[0].value : 0, whole),
    leftOut: { ...leftOut, rest: 0 },
    obstacle:
      !doesSum && rows.metric && positive.length > 0
        ? 'apart'
        : positive.length === 0 && leftOut.negative > 0
          ? 'negative'
          : obstacleOf(rows, sectors.length),
    sectors
  };
}

interface ILeftOutHere {
  readonly unknown: number;
  readonly zero: number;
  readonly negative: number;
  readonly aside: readonly IAside[];
}

function countOf({ unknown, zero, negative }: ILeftOutHere): number {
  return unknown + zero + negative;
}

/** Sort the rows out by their own values. */
function sortOut(
  { functions }: IProfile,
  { length, function: func, self }: IFunctionRows
): {
  positive: readonly RowIndex[];
  leftOut: ILeftOutHere;
  functions: number;
} {
  const positive: RowIndex[] = [];
  const aside: IAside[] = [];
  let [unknown, zero, negative, pseudo] = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const row = i as RowIndex;
    const value = self[row];
    const isPseudo = functions.kind[func[row]] === 'pseudo';
    pseudo += Number(isPseudo);
    if (value > 0 && Number.isFinite(value)) {
      positive.push(row);
    } else if (isPseudo) {
      aside.push({ func: func[row], self: value });
    } else if (!Number.isFinite(value)) {
      unknown++;
    } else if (value < 0) {
      negative++;
    } else {
      zero++;
    }
  }
  return {
    positive,
    leftOut: { unknown, zero, negative, aside },
    functions: length - pseudo
  };
}

/** A package, a file or a function with its own values, before any are put together. */
interface INode extends Omit<ISector, 'value' | 'rows'> {
  value: number;
  rows: number;
  readonly depth: number;
  readonly children: number[];
}

/**
 * The whole tree, its root first; empty where there are no rows.
 */
function treeOf(
  profile: IProfile,
  rows: IFunctionRows,
  labels: readonly string[],
  positive: readonly RowIndex[]
): readonly INode[] {
  const groups = new Groups(profile, labels);
  const tree: INode[] = [];
  const add = (
    kind: SectorKind,
    parent: number,
    more: Partial<Pick<ISector, 'group' | 'file' | 'func'>>
  ) => {
    const depth = parent === NONE ? 0 : tree[parent].depth + 1;
    if (parent !== NONE) {
      tree[parent].children.push(tree.length);
    }
    const nothing = { group: null, file: null, func: null, value: 0, rows: 0 };
    return (
      tree.push({ kind, parent, depth, children: [], ...nothing, ...more }) - 1
    );
  };
  const known = new Map<string, number>();
  /** The part of a parent that has this key. */
  const part = (parent: number, { key }: IGroup, make: () => number) => {
    const id = JSON.stringify([parent, key]);
    const node = known.get(id) ?? make();
    known.set(id, node);
    return node;
  };
  if (positive.length > 0) {
    add('whole', NONE, {});
  }
  for (const row of positive) {
    const func = rows.function[row];
    const group = groups.of(func, 'package');
    let parent = part(0, group, () => add('package', 0, { group }));
    if (profile.functions.file[func] !== NONE) {
      const file = groups.of(func, 'file');
      const inside = parent;
      parent = part(inside, file, () => add('file', inside, { group, file }));
    }
    let node: number = add('function', parent, { group, func });
    while (node !== NONE) {
      tree[node].value += rows.self[row];
      tree[node].rows++;
      node = tree[node].parent;
    }
  }
  return tree;
}

/**
 * Choose the largest nodes so that they and the rests of their parents are not more than `most`.
 *
 * A node is never larger than its parent, so that taking them by size takes parents first.
 *
 * @returns a mark for each node of the tree
 */
function revealed(tree: readonly INode[], most: number): Uint8Array {
  const order = Array.from(tree.keys()).sort(
    (a, b) =>
      tree[b].value - tree[a].value || tree[a].depth - tree[b].depth || a - b
  );
  const marks = new Uint8Array(tree.length);
  const shown = new Uint32Array(tree.length);
  let sectors = 0;
  for (const node of order) {
    const { parent } = tree[node];
    if (parent !== NONE) {
      const all = tree[parent].children.length;
      const before = hasRest(shown[parent], all);
      sectors += Number(hasRest(shown[parent] + 1, all)) - Number(before);
    }
    sectors++;
    if (sectors > most) {
      break;
    }
    marks[node] = 1;
    if (parent !== NONE) {
      shown[parent]++;
    }
  }
  return marks;
}

/** A parent of which nothing is drawn needs no rest: it is whole. */
function hasRest(shown: number, all: number): boolean {
  return shown > 0 && shown < all;
}

function sectorsOf(
  tree: readonly INode[],
  marks: Uint8Array
): readonly ISector[] {
  const sectors: { -readonly [K in keyof ISector]: ISector[K] }[] = [];
  const push = (node: ISector, parent: number): number => {
    const { kind, value, rows, group, file, func } = node;
    return sectors.push({ kind, parent, value, rows, group, file, func }) - 1;
  };
  /** Adds a node and what is drawn below it; returns its value. Three levels, so that the stack is safe. */
  const add = (node: INode, parent: number): number => {
    const place = push(node, parent);
    const bySize = (a: number, b: number) =>
      tree[b].value - tree[a].value || a - b;
    const drawn = node.children.filter(child => marks[child]).sort(bySize);
    const rest = node.children.filter(child => !marks[child]);
    if (drawn.length === 0) {
      return node.value;
    }
    // Not the node's own sum, which was taken in another order and may differ in the last digit.
    let sum = 0;
    for (const child of drawn) {
      sum += add(tree[child], place);
    }
    if (rest.length > 0) {
      const total = (of: (child: INode) => number) =>
        rest.reduce((all, child) => all + of(tree[child]), 0);
      const value = total(child => child.value);
      const rows = total(child => child.rows);
      // One alone takes no more room than the words "(1 more)".
      const alone = rest.length === 1 ? tree[rest[0]] : null;
      const together = {
        ...node,
        kind: 'rest',
        file: null,
        value,
        rows
      } as const;
      push(alone ?? together, place);
      sum += value;
    }
    sectors[place].value = sum;
    return sum;
  };
  add(tree[0], NONE);
  return sectors;
}
