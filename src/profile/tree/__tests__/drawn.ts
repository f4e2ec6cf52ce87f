/**
 * Call trees as one would draw them, and what tests of them have in common.
 */
import {
  METRICS,
  NO_TOTALS,
  pathsOf,
  profileOf,
  type IFunctionSpec,
  type NodeSpec
} from '../../__tests__/build';
import { NONE } from '../../indices';
import type { IProfile } from '../../model';
import type { ICallTree } from '../callTree';
import { buildTree } from '../forest';
import { treeOf } from '../treeOf';

/** Time in ns, as in the profiles of `profileWith`. */
export const TIME = METRICS[0];

/** Functions that are called as in `trees`. */
export const LETTERS = ['main', 'f', 'g', 'h'];

/** A profile of nothing but call paths. */
export function profileWith(
  nodes: readonly NodeSpec[],
  functions: readonly IFunctionSpec[] = LETTERS.map(name => ({ name })),
  thread?: (node: number) => number
): IProfile {
  return profileOf(functions, {
    paths: pathsOf(nodes, thread),
    totals: NO_TOTALS
  });
}

/** The tree of a drawing, a line a node: two blanks a level, the function, own value, calls. */
export function parse(drawing: string): readonly NodeSpec[] {
  return drawing
    .split('\n')
    .filter(line => line.trim())
    .map(line => {
      const [name, self, calls = '1'] = line.trim().split(' ');
      const func = LETTERS.indexOf(name);
      if (func < 0) {
        throw new Error(`${name} is no function of the tests`);
      }
      return [line.search(/\S/) / 2, func, Number(self), Number(calls)];
    });
}

/** Draw a tree as `parse` reads it, without calls. */
export function draw(
  tree: ICallTree,
  names: readonly string[] = LETTERS
): string {
  return Array.from(
    tree.func,
    (func, node) =>
      `${'  '.repeat(tree.depth[node])}${names[func]} ${tree.self[node]}`
  ).join('\n');
}

/** A drawing without the blanks that it has in a test. */
export function drawn(text: string): string {
  const lines = text.split('\n').filter(line => line.trim());
  const margin = Math.min(...lines.map(line => line.search(/\S/)));
  return lines.map(line => line.slice(margin).trimEnd()).join('\n');
}

/** The tree of nodes in pre-order. */
export function treeFrom(nodes: readonly NodeSpec[]): ICallTree {
  const tree = treeOf(profileWith(nodes), TIME);
  if (!tree) {
    throw new Error('No tree: there are no nodes');
  }
  return tree;
}

/** The tree of a drawing. */
export function treeDrawn(text: string): ICallTree {
  return treeFrom(parse(drawn(text)));
}

/** A path of many frames that call each other in turn, each with one to its own. */
export function deepTree(
  length: number,
  functions: readonly number[]
): ICallTree {
  const parent = new Int32Array(length);
  const func = new Int32Array(length);
  for (let node = 0; node < length; node++) {
    parent[node] = node - 1;
    func[node] = functions[node % functions.length];
  }
  const self = new Float64Array(length).fill(1);
  return buildTree(
    { length, parent, func, self, calls: self, estimated: null, rest: null },
    TIME
  ).tree;
}

/** A frame that calls so many functions, the sizes of which are mixed. */
export function wideTree(callees: number): ICallTree {
  const parent = new Int32Array(callees + 1);
  const func = new Int32Array(callees + 1);
  const self = new Float64Array(callees + 1);
  parent[0] = NONE;
  for (let node = 1; node <= callees; node++) {
    func[node] = node;
    self[node] = (node * 7919) % callees;
  }
  return buildTree(
    {
      length: callees + 1,
      parent,
      func,
      self,
      calls: null,
      estimated: null,
      rest: null
    },
    TIME
  ).tree;
}

/** The names on the way to a node, with what it owns: what a tree says whatever the order of siblings. */
export function waysOf(tree: ICallTree): Map<string, number> {
  const ways: string[] = [];
  const found = new Map<string, number>();
  for (let node = 0; node < tree.length; node++) {
    const parent = tree.parent[node];
    ways[node] =
      `${parent === NONE ? '' : ways[parent]}/${LETTERS[tree.func[node]]}`;
    found.set(ways[node], (found.get(ways[node]) ?? 0) + tree.self[node]);
  }
  return found;
}

/** All that must be true of any tree; returns the sentences that are not. */
export function faultsOf(tree: ICallTree): string[] {
  const faults: string[] = [];
  const expect = (isTrue: boolean, sentence: string) => {
    if (!isTrue) {
      faults.push(sentence);
    }
  };
  const sums = new Float64Array(tree.length);
  let whole = 0;
  const kids = new Map<number, number[]>();
  for (let node = tree.length - 1; node >= 0; node--) {
    const parent = tree.parent[node];
    sums[node] += tree.self[node] + (tree.rest?.[node] ?? 0);
    expect(near(sums[node], tree.total[node]), `total of ${node}`);
    if (parent === NONE) {
      whole += tree.total[node];
      expect(tree.depth[node] === 0, `depth of root ${node}`);
    } else {
      sums[parent] += tree.total[node];
      expect(parent < node, `parent of ${node} stands before it`);
      expect(tree.depth[node] === tree.depth[parent] + 1, `depth of ${node}`);
      expect(tree.end[node] <= tree.end[parent], `${node} ends in ${parent}`);
      expect(
        tree.total[node] <= tree.total[parent],
        `${node} is not more than ${parent}`
      );
    }
    kids.set(parent, [node, ...(kids.get(parent) ?? [])]);
  }
  expect(near(whole, tree.whole), 'whole');
  for (const [parent, siblings] of kids) {
    const functions = siblings.map(node => tree.func[node]);
    expect(
      new Set(functions).size === functions.length,
      `functions under ${parent} differ`
    );
    siblings.forEach((node, i) => {
      const next =
        siblings[i + 1] ?? (parent === NONE ? tree.length : tree.end[parent]);
      expect(tree.end[node] === next, `${node} ends where ${next} begins`);
      const before = siblings[i - 1] ?? node;
      expect(
        tree.total[before] >= tree.total[node] * (1 - 1e-12),
        `${before} is not less than ${node}`
      );
    });
  }
  return faults;
}

/** Equal but for what adding in another order makes of it. */
export function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}
