import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NONE, type FuncIndex } from '../../profile/indices';
import { checkPaths } from '../../wire/order';
import { TreeBuilder } from '../treeBuilder';

const func = (index: number) => index as FuncIndex;

describe('TreeBuilder', () => {
  it('has one node for each way, and adds up what is added to it', () => {
    const tree = new TreeBuilder();
    const leaf = tree.stack([func(0), func(1), func(2)]);
    expect(tree.stack([func(0), func(1), func(2)])).toBe(leaf);
    tree.add(leaf, 'self.samples', 2);
    tree.add(leaf, 'self.samples', 3);
    tree.add(tree.stack([func(0)]), 'self.samples', 1);
    const paths = tree.done();
    expect([...paths.parent]).toEqual([NONE, 0, 1]);
    expect([...(paths.values.get('self.samples') ?? [])]).toEqual([1, 0, 5]);
  });

  it('keeps roots of threads apart, and what was appended', () => {
    const tree = new TreeBuilder();
    const first = tree.child(NONE, func(0), 0);
    const second = tree.child(NONE, func(0), 1);
    expect(second).not.toBe(first);
    const appended = tree.append(first, func(1), 0, 16);
    expect(tree.child(first, func(1))).not.toBe(appended);
    const paths = tree.done();
    expect([...paths.thread]).toEqual([0, 0, 0, 1]);
    expect([...paths.address]).toEqual([0, 16, 0, 0]);
  });

  it('gives any stacks back in pre-order, each with its value', () => {
    const stack = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 });
    const sample = fc.record({ stack, thread: fc.nat(2), value: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 200 }), samples => {
        const tree = new TreeBuilder();
        const wanted = new Map<string, number>();
        for (const { stack, thread, value } of samples) {
          tree.add(tree.stack(stack.map(func), thread), 'self.samples', value);
          const key = `${thread}:${stack.join()}`;
          wanted.set(key, (wanted.get(key) ?? 0) + value);
        }
        const paths = tree.done();
        checkPaths(paths);
        const ways: string[] = [];
        const found = new Map<string, number>();
        for (let row = 0; row < paths.length; row++) {
          const parent: number = paths.parent[row];
          ways[row] =
            parent === NONE
              ? `${paths.thread[row]}:${paths.function[row]}`
              : `${ways[parent]},${paths.function[row]}`;
          expect(found.has(ways[row])).toBe(false);
          found.set(ways[row], paths.values.get('self.samples')?.[row] ?? 0);
        }
        for (const [way, value] of wanted) {
          expect(found.get(way)).toBe(value);
        }
      })
    );
  });
});
