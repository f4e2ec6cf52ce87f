import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CATEGORIES } from '../categories';
import { SPINE_KEY, type Entry } from '../functionList';
import type { FuncIndex, RowIndex } from '../indices';
import { naturalKey, SORT_COLUMNS } from '../sort';
import { GROUPINGS, type IViewState } from '../viewState';
import { NO_TOTALS, profileOf, type IFunctionSpec } from './build';
import {
  CELL,
  MINE,
  NUMPY,
  PROFILE,
  SPECS,
  TOO,
  listOf,
  show,
  state,
  written
} from './lists';

describe('chips', () => {
  it.each<[IViewState['hidden'], string[]]>([
    [[], ['(awaiting)', 'len', 'dumps', 'fft', 'solve', 'read', 'run', 'cell']],
    [
      ['compiled'],
      ['(awaiting)', 'dumps', 'fft', 'solve', 'read', 'run', 'cell']
    ],
    [
      ['packages', 'stdlib', 'compiled', 'other'],
      ['read', 'run', 'cell']
    ],
    [
      ['files', 'notebook'],
      ['(awaiting)', 'len', 'dumps', 'fft', 'solve']
    ],
    [[...CATEGORIES], []]
  ])('hide %j', (hidden, names) => {
    expect(show({ hidden })).toEqual(names);
  });

  it('have what each category owns, whatever is listed', () => {
    const list = listOf();
    list.listing(state({ search: 'nothing' }));
    expect(Object.fromEntries(list.categories())).toEqual({
      notebook: { rows: 1, self: 1 },
      files: { rows: 2, self: 6 },
      packages: { rows: 2, self: 24 },
      stdlib: { rows: 1, self: 32 },
      compiled: { rows: 1, self: 64 },
      other: { rows: 1, self: 128 }
    });
  });
});

describe('a search', () => {
  it('leaves what it finds, in order, and sums it', () => {
    const listing = listOf().listing(state({ search: '/HOME/ada' }));
    expect(written(listing.entries)).toEqual(['read', 'run']);
    expect(listing.self).toBe(6);
    expect(listing.isSearchApplied).toBe(true);
  });

  it('may be a regular expression', () => {
    expect(show({ search: '^(?:len|io)', regex: true })).toEqual([
      'len',
      'read'
    ]);
    expect(show({ search: '^(?:len|io)' })).toEqual([]);
  });

  it('that is refused hides nothing, and says so', () => {
    const listing = listOf().listing(state({ search: '(', regex: true }));
    expect(listing.isSearchApplied).toBe(false);
    expect(listing.rows.length).toBe(SPECS.length);
  });
});

describe('restrictions of the profile', () => {
  const profile = {
    ...PROFILE,
    view: { sort: ['calls'], limits: [{ count: 3 }, { regex: '(a+)+' }] }
  };

  it('are applied first, to the order that is chosen, until they are lifted', () => {
    const list = listOf(profile);
    expect(show({}, list)).toEqual(['len', '(awaiting)', 'read']);
    expect(show({ sort: [naturalKey('total')] }, list)).toEqual([
      '(awaiting)',
      'cell',
      'run'
    ]);
    expect(show({ hidden: ['other'] }, list)).toEqual(['len', 'read']);
    expect(show({ limited: false }, list).length).toBe(SPECS.length);
  });

  it('are told of: whether they cut, and what is not applied', () => {
    const list = listOf(profile);
    expect(list.listing(state({}))).toMatchObject({
      isLimited: true,
      skipped: ['(a+)+'],
      keys: [naturalKey('calls')]
    });
    expect(list.listing(state({ limited: false }))).toMatchObject({
      isLimited: false,
      skipped: []
    });
    expect(listOf().listing(state({})).isLimited).toBe(false);
  });
});

describe("the reader's settings", () => {
  const list = listOf(PROFILE, { isHidden: func => func >= 3 && func <= 5 });

  it('hide functions, and say how many', () => {
    const listing = list.listing(state({}));
    expect(written(listing.entries)).toEqual([
      '(awaiting)',
      'len',
      'read',
      'run',
      'cell'
    ]);
    expect(listing.hiddenBySettings).toBe(3);
    expect(listing.self).toBe(128 + 64 + 4 + 2 + 1);
  });

  it('are not blamed for what something else hides', () => {
    expect(list.listing(state({ hidden: ['packages'] })).hiddenBySettings).toBe(
      1
    );
    expect(list.listing(state({ search: 'read' })).hiddenBySettings).toBe(0);
  });
});

describe('whatever is chosen', () => {
  const specs = fc.array(
    fc.record<IFunctionSpec>({
      name: fc.constantFrom('f', 'g', 'h', '<lambda>'),
      path: fc.constantFrom(
        undefined,
        CELL.path,
        MINE.path,
        TOO.path,
        NUMPY.path
      ),
      origin: fc.constantFrom('cell', 'file', 'package', 'stdlib'),
      package: fc.constantFrom('', 'numpy'),
      kind: fc.constantFrom('python', 'builtin', 'pseudo'),
      calls: fc.nat({ max: 9 }),
      self: fc.constantFrom(0, 1, 2, 50, NaN),
      total: fc.constantFrom(0, 1, 2, 50, NaN)
    }),
    { maxLength: 20 }
  );
  const states = fc.record<Partial<IViewState>>({
    sort: fc.option(
      fc.array(
        fc.record({
          column: fc.constantFrom(...SORT_COLUMNS),
          descending: fc.boolean()
        }),
        { minLength: 1, maxLength: 3 }
      )
    ),
    limited: fc.boolean(),
    search: fc.constantFrom('', 'f', 'g$', '('),
    regex: fc.boolean(),
    hidden: fc.subarray([...CATEGORIES]),
    group: fc.constantFrom(...GROUPINGS),
    spine: fc.boolean()
  });

  /** All rows that entries stand for. */
  function rowsIn(
    entries: readonly Entry[],
    rowOf: (func: FuncIndex) => RowIndex
  ): RowIndex[] {
    return entries.flatMap(entry =>
      entry.kind === 'row'
        ? [entry.row]
        : entry.kind === 'spine' && !entry.isOpen
          ? entry.spine.functions.map(rowOf)
          : []
    );
  }

  it('no row is lost, and none is there twice', () => {
    fc.assert(
      fc.property(
        specs,
        states,
        fc.nat({ max: 5 }),
        (functions, change, cut) => {
          const base = profileOf(functions, {
            view: { sort: [], limits: [{ count: cut }] }
          });
          const spine =
            functions.length > 3
              ? { functions: [0, 1, 2] as FuncIndex[], self: 1, total: 9 }
              : null;
          const list = listOf(base, { spine, isHidden: func => func === 4 });
          const listing = list.listing(state(change));
          expect(new Set(listing.rows).size).toBe(listing.rows.length);
          const everything = list.listing(
            state({ ...change, limited: false, search: '', hidden: [] })
          );
          expect(everything.rows.length + everything.hiddenBySettings).toBe(
            functions.length
          );

          const groups = listing.entries.flatMap(entry =>
            entry.kind === 'group' ? [entry] : []
          );
          const rowOf = (func: FuncIndex) => Number(func) as RowIndex;
          if (change.group !== 'none') {
            expect(groups.reduce((sum, group) => sum + group.rows, 0)).toBe(
              listing.rows.length
            );
            const open = [...groups.map(({ group }) => group.key), SPINE_KEY];
            const opened = list.listing(state({ ...change, open }));
            const inside = rowsIn(opened.entries, rowOf);
            expect([...inside].sort()).toEqual([...listing.rows].sort());
            const self = groups.reduce(
              (sum, group) => sum + (group.self || 0),
              0
            );
            expect(self).toBe(listing.self || 0);
          } else {
            for (const open of [[], [SPINE_KEY]]) {
              const { entries } = list.listing(state({ ...change, open }));
              expect([...rowsIn(entries, rowOf)].sort()).toEqual(
                [...listing.rows].sort()
              );
            }
          }
        }
      )
    );
  });

  it('a profile without functions has an empty list', () => {
    const empty = profileOf([], { totals: NO_TOTALS });
    fc.assert(
      fc.property(states, change => {
        const listing = listOf(empty).listing(state(change));
        expect(listing.entries).toEqual([]);
        expect(listing.self).toBe(0);
      })
    );
  });
});
