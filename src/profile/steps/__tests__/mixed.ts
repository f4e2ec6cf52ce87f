import fc from 'fast-check';

import {
  METRICS,
  metricOf,
  NO_TOTALS,
  pathsOf,
  profileOf,
  type NodeSpec
} from '../../__tests__/build';
import { trees } from '../../__tests__/trees';
import { indexColumn, NONE } from '../../indices';
import type { IProfile, ValueKey } from '../../model';

/** What the four functions of `trees` are here: Python, the interpreter, and two compiled ones of one library. */
export const FUNCTIONS = [
  { name: 'work', path: '/home/me/a.py' },
  { name: '_PyEval_EvalFrameDefault', kind: 'native', object: 0 },
  { name: 'hex::relax(int)', kind: 'native', object: 1 },
  { name: 'hex::sweep(int)', kind: 'native', object: 1 }
] as const;

const OBJECTS = ['/usr/lib/libpython3.13.so.1.0', '/opt/hexgrid.so'];

/** A mixed profile of a call tree; its nodes own as many bytes at most as ns. */
export function mixedProfile(nodes: readonly NodeSpec[]): IProfile {
  const paths = pathsOf(nodes);
  const profile = profileOf(FUNCTIONS, {
    metrics: [...METRICS, metricOf('peak', 'bytes', { combine: 'max' })],
    totals: NO_TOTALS,
    paths: {
      ...paths,
      values: new Map<ValueKey, Float64Array>([
        ...paths.values,
        ['self.peak', Float64Array.from(nodes, node => node[2])]
      ])
    },
    objects: { length: 2, path: OBJECTS, build_id: ['', ''] }
  });
  return {
    ...profile,
    functions: {
      ...profile.functions,
      object: indexColumn(
        Int32Array.from(FUNCTIONS, one => ('object' in one ? one.object : NONE))
      )
    }
  };
}

/** Mixed profiles of any shape. */
export const mixedProfiles = trees.map(mixedProfile);

/** A stack by the names of its frames, root first, and what it owns. */
export interface IStack {
  readonly names: readonly string[];
  readonly own: number;
}

/** All stacks of a profile that own something. */
export function stacksOf(
  { paths, functions }: IProfile,
  key: ValueKey = 'self.time'
): readonly IStack[] {
  const names: (readonly string[])[] = [];
  for (let row = 0; row < paths.length; row++) {
    const parent: number = paths.parent[row];
    names.push([
      ...(parent === NONE ? [] : names[parent]),
      functions.name[paths.function[row]]
    ]);
  }
  const own = paths.values.get(key);
  return names
    .map((stack, row) => ({ names: stack, own: own?.[row] ?? 0 }))
    .filter(stack => stack.own !== 0);
}

/** Stacks by their names, put together. */
export function summed(
  stacks: readonly IStack[],
  of = (a: number, b: number) => a + b
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { names, own } of stacks) {
    const key = names.join(' > ');
    found[key] = key in found ? of(found[key], own) : own;
  }
  return found;
}

/** Any step that changes no sum. */
export const KEEPING = fc.constantFrom(
  { kind: 'fold-glue' },
  { kind: 'python-only' },
  { kind: 'native-only' },
  { kind: 'merge-library' },
  { kind: 'rename', rules: 's/hex::(\\w+).*/\\1/;s/_Py.*/python/' },
  { kind: 'ancestor', rules: 'work>hex/inside' }
) as fc.Arbitrary<
  Exclude<import('..').Step, { kind: 'counter' } | { kind: 'limit' }>
>;
