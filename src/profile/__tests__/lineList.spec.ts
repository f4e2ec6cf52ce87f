import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NONE } from '../indices';
import {
  HEAD,
  LineList,
  NOTE,
  REST,
  type ILineListing,
  type LineEntry
} from '../lineList';
import { lineRows, type ILineBlock } from '../lineRows';
import { LineSources, rangeOf } from '../lineSource';
import type { IProfile } from '../model';
import { linedProfile, type IFunctionSpec, type ILineSpec } from './build';

const TEXT = `import math

@cache
def outer(
    n
):
    def inner(m):
        return m + 1

    total = sum(
        inner(i) for i in range(n)
    )
    return total
    # the end

def never():
    return 1

print(outer(3))
`;

const FUNCTIONS: readonly IFunctionSpec[] = [
  { name: '<module>', line: 1 },
  { name: 'outer', line: 3 },
  { name: 'inner', line: 7 },
  { name: '<genexpr>', line: 11 },
  { name: 'never', line: 16 }
];

const ROWS: readonly ILineSpec[] = [
  { func: 0, line: 1, time: 10 },
  { func: 0, line: 3, time: 1 },
  { func: 0, line: 4, time: 1 },
  { func: 0, line: 16, time: 0 },
  { func: 0, line: 19, time: 1000 },
  { func: 1, line: 7, time: 5 },
  { func: 1, line: 10, time: 900 },
  { func: 1, line: 13, time: 2 },
  { func: 2, line: 8, time: 300 },
  { func: 3, line: 11, time: 700 },
  { func: 4, line: 17, hits: 0 }
];

function listOf(profile: IProfile): LineList {
  return new LineList(profile, lineRows(profile), new LineSources(profile));
}

const list = listOf(linedProfile(FUNCTIONS, ROWS, TEXT));
const blockOf = (of: LineList, func: number) =>
  of.rows.blocks.find(block => block.function === func) as ILineBlock;

const entries = (listing: ILineListing) =>
  Array.from({ length: listing.length }, (_, i) => listing.at(i) as LineEntry);

const linesOf = (func: number, hides = false) => [
  ...list.linesOf(blockOf(list, func), hides)
];

describe('the lines of a function', () => {
  it('go from its decorator to where what is set in ends', () => {
    // 14 is a remark in its body, 15 is empty.
    expect(list.rangeOf(blockOf(list, 1))).toEqual({ first: 3, last: 14 });
    expect(list.rangeOf(blockOf(list, 2))).toEqual({ first: 7, last: 8 });
    expect(list.rangeOf(blockOf(list, 4))).toEqual({ first: 16, last: 17 });
  });

  it('are those with rows, for what is part of a line', () => {
    expect(linesOf(3)).toEqual([11]);
  });

  it('leave out the bodies of other functions, which have blocks of their own', () => {
    expect(linesOf(1)).toEqual([3, 4, 5, 6, 7, 10, 11, 12, 13, 14]);
    expect(linesOf(0)).toEqual([1, 2, 3, 4, 16, 19]);
  });

  it('are only those that took time, where the others are hidden', () => {
    expect(linesOf(0, true)).toEqual([1, 3, 4, 19]);
    expect(linesOf(4, true)).toEqual([]);
  });

  it('are those with rows where the text is not known', () => {
    const bare = listOf(linedProfile(FUNCTIONS, ROWS));
    const module = blockOf(bare, 0);
    expect([...bare.linesOf(module, false)]).toEqual([1, 3, 4, 16, 19]);
    expect(bare.hasSource(module)).toBe(false);
  });

  it('lead to the functions that begin there', () => {
    const outer = blockOf(list, 1);
    expect(list.innerAt(outer, 7)).toEqual([blockOf(list, 2)]);
    expect(list.innerAt(outer, 11)).toEqual([blockOf(list, 3)]);
    expect(list.innerAt(outer, 10)).toEqual([]);
    expect(list.innerAt(blockOf(list, 0), 3)).toEqual([outer]);
  });

  it.each([
    ['x = 1\n', 1],
    ['def f(): pass\nx = 1\n', 1],
    ['def f():\n\n\n', 1],
    ['async def f():\n\treturn 1\nx\n', 2],
    ['@a\n@b\nasync def f():\n  x\n\n  y\nz', 6],
    ['  def f():\n    x\n  y\n', 2],
    ['@a', 1]
  ])('end where %j says', (text, last) => {
    const profile = linedProfile(
      [{ name: 'f', line: 1 }],
      [{ func: 0, line: 1 }],
      text
    );
    const { blocks } = lineRows(profile);
    expect(rangeOf(blocks[0], 'f', new LineSources(profile))).toEqual({
      first: 1,
      last
    });
  });
});

describe('source', () => {
  it('is read with the ends of lines of all systems, each block from its line on', () => {
    const profile = linedProfile([{ name: 'f' }], [], 'a\r\nb\rc\n');
    const sources = new LineSources({
      ...profile,
      sources: { ...profile.sources, line: Float64Array.of(40) }
    });
    expect([39, 40, 41, 42, 43].map(line => sources.text(0, line))).toEqual([
      null,
      'a',
      'b',
      'c',
      null
    ]);
    expect(sources.text(1, 40)).toBeNull();
    expect(sources.text(NONE, 40)).toBeNull();
  });
});

describe('the list', () => {
  it('has the heads of all blocks, and the lines of those that are open', () => {
    const listing = list.listing(block => block.function === 2, false);
    expect(
      entries(listing).map(({ kind, block, line }) => [
        kind,
        block.function,
        line
      ])
    ).toEqual([
      ['block', 0, HEAD],
      ['block', 1, HEAD],
      ['block', 3, HEAD],
      ['block', 2, HEAD],
      ['line', 2, 7],
      ['line', 2, 8],
      ['block', 4, HEAD]
    ]);
  });

  it('opens what is not cold, and the hottest in any case', () => {
    const { blocks } = list.rows;
    expect(
      blocks
        .filter(block => list.isOpenAtFirst(block))
        .map(({ function: func }) => func)
    ).toEqual([0, 1, 3, 2]);
    const little = linedProfile(FUNCTIONS, ROWS, TEXT);
    const inMuch = listOf({
      ...little,
      meta: { ...little.meta, wall: 1e9 }
    });
    expect(
      inMuch.rows.blocks.map(block => inMuch.isOpenAtFirst(block))
    ).toEqual([true, false, false, false, false]);
  });

  it('says that a text is not known, and what was folded', () => {
    const bare = listOf(
      linedProfile(
        [{ name: 'f', line: 4 }],
        [
          { func: 0, line: 5, time: 3 },
          { func: 0, line: 0, time: 2, hits: 8 }
        ]
      )
    );
    const listing = bare.listing(() => true, false);
    expect(entries(listing).map(({ kind, line }) => [kind, line])).toEqual([
      ['block', HEAD],
      ['note', NOTE],
      ['line', 5],
      ['rest', REST]
    ]);
  });

  it('finds texts in any case, in the order of the list', () => {
    const found = list.search('INNER(', false);
    expect(found.map(({ block, line }) => [block.function, line])).toEqual([
      [1, 7],
      [1, 11],
      [3, 11],
      [2, 7]
    ]);
    expect(list.search('', false)).toEqual([]);
    expect(list.search('inner(', true).map(({ line }) => line)).toEqual([
      7, 11
    ]);
  });

  const anyRows = fc.array(
    fc.record({
      func: fc.integer({ min: NONE, max: FUNCTIONS.length - 1 }),
      line: fc.oneof(fc.nat(25), fc.constantFrom(1e9, 2 ** 53, NaN)),
      hits: fc.nat(3),
      time: fc.nat(1000)
    }),
    { minLength: 1, maxLength: 40 }
  );

  it('knows where each of its rows is, whatever they are', () => {
    fc.assert(
      fc.property(
        anyRows,
        fc.option(fc.constant(TEXT)),
        fc.func(fc.boolean()),
        fc.boolean(),
        (rows, text, isOpen, hides) => {
          const any = listOf(linedProfile(FUNCTIONS, rows, text));
          const listing = any.listing(
            block => isOpen(block.function) as boolean,
            hides
          );
          const all = entries(listing);
          expect(all.length).toBe(listing.length);
          all.forEach((entry, position) => {
            expect(listing.positionOf(entry)).toBe(position);
          });
          expect(listing.at(listing.length)).toBeUndefined();
          expect(listing.at(-1)).toBeUndefined();
        }
      )
    );
  });

  it('shows each line that has a row in an open block', () => {
    fc.assert(
      fc.property(anyRows, rows => {
        const any = listOf(linedProfile(FUNCTIONS, rows, TEXT));
        const shown = new Set(
          entries(any.listing(() => true, false)).flatMap(entry =>
            entry.kind === 'line' && entry.row !== NONE
              ? [`${entry.block.function} ${entry.line}`]
              : []
          )
        );
        const wanted = new Set(
          rows
            .filter(({ line }) => line > 0)
            .map(({ func, line }) => `${func} ${line}`)
        );
        expect(shown).toEqual(wanted);
      })
    );
  });
});
