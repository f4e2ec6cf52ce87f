import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CATEGORIES } from '../categories';
import type { ISpine } from '../chains';
import { FunctionList, SPINE_KEY, type Entry } from '../functionList';
import { NONE, type FuncIndex, type RowIndex } from '../indices';
import type { IProfile } from '../model';
import { fileLabels } from '../names';
import { functionRows } from '../rows';
import { naturalKey, SORT_COLUMNS, type SortColumn } from '../sort';
import { DEFAULT_VIEW_STATE, GROUPINGS, type IViewState } from '../viewState';
import { NO_TOTALS, profileOf, type IFunctionSpec } from './build';

const CELL = {
  path: '/tmp/ipykernel_1/2.py',
  origin: 'cell',
  cell: 'c'
} as const;
const MINE = { path: '/home/ada/job/core.py', origin: 'file' } as const;
const TOO = { path: '/home/ada/job/io.py', origin: 'file' } as const;
const NUMPY = {
  path: '/lib/numpy/linalg.py',
  origin: 'package',
  package: 'numpy'
} as const;
const NUMPY2 = {
  path: '/lib/numpy/fft.py',
  origin: 'package',
  package: 'numpy'
} as const;
const JSON_PY = { path: '/lib/json.py', origin: 'stdlib' } as const;

/** Own times are powers of two: a sum tells what is in it. */
const SPECS: IFunctionSpec[] = [
  { name: 'cell', ...CELL, line: 1, calls: 1, self: 1, total: 127 },
  { name: 'run', ...MINE, line: 2, calls: 2, self: 2, total: 126 },
  { name: 'read', ...TOO, line: 3, calls: 30, self: 4, total: 90 },
  { name: 'solve', ...NUMPY, line: 4, calls: 4, self: 8, total: 24 },
  { name: 'fft', ...NUMPY2, line: 5, calls: 5, self: 16, total: 16 },
  { name: 'dumps', ...JSON_PY, line: 6, calls: 6, self: 32, total: 64 },
  { name: 'len', kind: 'builtin', calls: 700, self: 64 },
  {
    name: '(awaiting)',
    kind: 'pseudo',
    qualified: 'awaiting',
    calls: 80,
    self: 128
  }
];
const PROFILE = profileOf(SPECS);

function listOf(
  profile: IProfile = PROFILE,
  {
    spine = null as ISpine | null,
    isHidden = (func: FuncIndex) => func < 0
  } = {}
) {
  return new FunctionList(
    profile,
    functionRows(profile),
    fileLabels(profile),
    spine,
    isHidden
  );
}

/** Entries as one would write them: names, `  ` before what is within, `+` or `-` before what opens. */
function written(
  entries: readonly Entry[],
  profile: IProfile = PROFILE
): string[] {
  const rows = functionRows(profile);
  return entries.map(entry =>
    entry.kind === 'row'
      ? `${'  '.repeat(entry.level)}${profile.functions.name[rows.function[entry.row]]}`
      : entry.kind === 'group'
        ? `${entry.isOpen ? '-' : '+'} ${entry.group.name || entry.group.category}`
        : `${entry.isOpen ? '-' : '+'} spine`
  );
}

const state = (change: Partial<IViewState>): IViewState => ({
  ...DEFAULT_VIEW_STATE,
  ...change
});

const show = (change: Partial<IViewState>, list = listOf(), of = PROFILE) =>
  written(list.listing(state(change)).entries, of);

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

describe('groups', () => {
  it('by file: each file, C, and what is no function', () => {
    expect(show({ group: 'file' })).toEqual([
      '+ other',
      '+ compiled',
      '+ json.py',
      '+ fft.py',
      '+ linalg.py',
      '+ io.py',
      '+ core.py',
      '+ 2.py'
    ]);
  });

  it('by package: installed ones by name, own files by directory', () => {
    expect(show({ group: 'package' })).toEqual([
      '+ other',
      '+ compiled',
      '+ stdlib',
      '+ numpy',
      '+ job',
      '+ notebook'
    ]);
  });

  it('sum what their functions own, and their calls', () => {
    const { entries } = listOf().listing(state({ group: 'package' }));
    expect(
      entries.map(entry =>
        entry.kind === 'group'
          ? [entry.group.key, entry.rows, entry.calls, entry.self]
          : null
      )
    ).toEqual([
      // What is no function has no calls.
      ['=other', 1, 0, 128],
      ['=compiled', 1, 700, 64],
      ['=stdlib', 1, 6, 32],
      ['pnumpy', 2, 9, 24],
      ['d/home/ada/job', 2, 32, 6],
      ['=notebook', 1, 1, 1]
    ]);
  });

  it('sum what is listed only', () => {
    const { entries, self } = listOf().listing(
      state({ group: 'package', search: 'solve' })
    );
    expect(entries).toMatchObject([{ rows: 1, self: 8 }]);
    expect(self).toBe(8);
  });

  it.each<[SortColumn, string[]]>([
    ['calls', ['compiled', 'job', 'numpy', 'stdlib', 'notebook', 'other']],
    ['primitive', ['compiled', 'job', 'numpy', 'stdlib', 'notebook', 'other']],
    ['self', ['other', 'compiled', 'stdlib', 'numpy', 'job', 'notebook']],
    ['total', ['other', 'compiled', 'stdlib', 'numpy', 'job', 'notebook']],
    [
      'selfPerCall',
      ['other', 'compiled', 'stdlib', 'numpy', 'job', 'notebook']
    ],
    // By their first rows: (awaiting), cell, dumps, fft, len, read.
    ['name', ['other', 'notebook', 'stdlib', 'numpy', 'compiled', 'job']],
    ['line', ['compiled', 'other', 'notebook', 'job', 'numpy', 'stdlib']]
  ])('are ordered by %s', (column, groups) => {
    const names = show({ group: 'package', sort: [naturalKey(column)] }).map(
      name => name.slice(2)
    );
    expect(names).toEqual(groups);
    if (!['name', 'line'].includes(column)) {
      const up = show({
        group: 'package',
        sort: [{ column, descending: false }]
      });
      expect(up.map(name => name.slice(2))).toEqual(groups.reverse());
    }
  });

  it('show their functions in order where they are open', () => {
    expect(show({ group: 'package', open: ['pnumpy', 'gone'] })).toEqual([
      '+ other',
      '+ compiled',
      '+ stdlib',
      '- numpy',
      '  fft',
      '  solve',
      '+ job',
      '+ notebook'
    ]);
    expect(
      show({
        group: 'package',
        open: ['pnumpy'],
        sort: [{ column: 'self', descending: false }]
      }).slice(2, 5)
    ).toEqual(['- numpy', '  solve', '  fft']);
  });

  it('do not take what is not known for zero', () => {
    const values = new Map(PROFILE.totals.values);
    values.delete('self.calls');
    const profile = { ...PROFILE, totals: { ...PROFILE.totals, values } };
    const { entries } = listOf(profile).listing(state({ group: 'package' }));
    expect(entries[1]).toMatchObject({ rows: 1, calls: NaN, self: 64 });
  });

  it('know a cell by its id, not by the path of one run', () => {
    const keys = ['/tmp/ipykernel_1/2.py', '/tmp/ipykernel_9/8.py'].map(
      path => {
        const profile = profileOf([{ name: 'f', ...CELL, path }]);
        const [entry] = listOf(profile).listing(
          state({ group: 'file' })
        ).entries;
        return entry.kind === 'group' && entry.group.key;
      }
    );
    expect(keys).toEqual(['f#c', 'f#c']);
  });

  it('tell directories of one name apart', () => {
    const profile = profileOf([
      { name: 'f', path: '/a/x/m.py', self: 2 },
      { name: 'g', path: '/b/x/m.py', self: 1 },
      { name: 'h', path: 'm.py', self: 0 }
    ]);
    expect(show({ group: 'package' }, listOf(profile), profile)).toEqual([
      '+ a/x',
      '+ b/x',
      '+ files'
    ]);
    expect(show({ group: 'file' }, listOf(profile), profile)).toEqual([
      '+ a/x/m.py',
      '+ b/x/m.py',
      '+ m.py'
    ]);
  });
});

describe('the spine', () => {
  const specs: IFunctionSpec[] = [
    { name: 'exec', kind: 'builtin', calls: 1, self: 0, total: 100 },
    { name: 'main', ...MINE, line: 1, calls: 1, self: 2, total: 100 },
    { name: 'run', ...MINE, line: 5, calls: 1, self: 1, total: 98 },
    { name: 'read', ...TOO, line: 2, calls: 9, self: 60, total: 60 },
    { name: 'sort', ...TOO, line: 8, calls: 9, self: 35, total: 35 },
    { name: 'tidy', ...TOO, line: 9, calls: 50, self: 2, total: 2 }
  ];
  const profile = profileOf(specs);
  const spine: ISpine = {
    functions: [0, 1, 2] as FuncIndex[],
    self: 3,
    total: 100
  };
  const list = listOf(profile, { spine });
  const shown = (change: Partial<IViewState>) => show(change, list, profile);

  it('is one row, where what it owns belongs', () => {
    expect(shown({})).toEqual(['read', 'sort', '+ spine', 'tidy']);
    expect(shown({ sort: [{ column: 'self', descending: false }] })).toEqual([
      'tidy',
      '+ spine',
      'sort',
      'read'
    ]);
  });

  it.each<[SortColumn, boolean, string[]]>([
    ['total', true, ['+ spine', 'read', 'sort', 'tidy']],
    ['total', false, ['tidy', 'sort', 'read', '+ spine']],
    ['calls', true, ['tidy', 'read', 'sort', '+ spine']],
    ['name', false, ['+ spine', 'read', 'sort', 'tidy']],
    ['name', true, ['tidy', 'sort', 'read', '+ spine']]
  ])(
    'stands where its first frame does, ordered by %s',
    (column, descending, names) => {
      expect(shown({ sort: [{ column, descending }] })).toEqual(names);
    }
  );

  it('opens in the order of calls', () => {
    expect(shown({ open: [SPINE_KEY] })).toEqual([
      'read',
      'sort',
      '- spine',
      '  exec',
      '  main',
      '  run',
      'tidy'
    ]);
  });

  it.each<[string, Partial<IViewState>, string[]]>([
    [
      'the reader wants',
      { spine: false },
      ['read', 'sort', 'main', 'tidy', 'run', 'exec']
    ],
    ['something is searched', { search: 'r' }, ['read', 'sort', 'main', 'run']],
    [
      'all of it is found',
      { search: '.', regex: true },
      ['read', 'sort', 'main', 'tidy', 'run', 'exec']
    ],
    [
      'a part of it is not listed',
      { hidden: ['compiled'] },
      ['read', 'sort', 'main', 'tidy', 'run']
    ]
  ])('is frames where %s', (_, change, names) => {
    expect(shown(change)).toEqual(names);
  });

  it('is frames where restrictions cut it', () => {
    const cut = {
      ...profile,
      view: { sort: ['cumtime'], limits: [{ count: 2 }] }
    };
    const cutList = listOf(cut, { spine });
    expect(show({}, cutList, cut)).toEqual(['exec', 'main']);
    expect(show({ limited: false }, cutList, cut)[0]).toBe('+ spine');
  });

  it('is in its groups where functions are grouped', () => {
    expect(shown({ group: 'file' })).toEqual([
      '+ io.py',
      '+ core.py',
      '+ compiled'
    ]);
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

it('has a group for a function without a file', () => {
  expect(PROFILE.functions.file[6]).toBe(NONE);
  expect(show({ group: 'file', open: ['=compiled'], search: 'len' })).toEqual([
    '- compiled',
    '  len'
  ]);
});
