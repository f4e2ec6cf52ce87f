// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FuncIndex } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import type { IViewState } from '../../profile/viewState';
import {
  edgesFrom,
  META,
  metricOf,
  profileOf,
  type EdgeSpec,
  type IFunctionSpec
} from '../../profile/__tests__/build';
import { find } from '../../profile/__tests__/graphs';
import { AccountPanel } from '../accountPanel';
import type { Result } from '../result';
import { context } from './language';
import {
  choose,
  click,
  one,
  resultOf,
  sampleProfile,
  textOf,
  texts
} from './results';

let result: Result;
let panel: AccountPanel;
const onOpen = vi.fn<(func: FuncIndex) => void>();

function show(of: IProfile, state: Partial<IViewState> = {}): void {
  result = resultOf(of, state);
  panel = new AccountPanel(result, context, onOpen);
  result.onChange(() => panel.refresh());
  document.body.replaceChildren(panel.node);
  panel.refresh();
}

/** The profile of functions and calls, with the first function selected. */
function account(functions: IFunctionSpec[], ...edges: EdgeSpec[]): void {
  show(profileOf(functions, { edges: edgesFrom(edges) }));
  result.select([0 as FuncIndex]);
}

/** Select the function whose printed name ends so. */
const select = (...ends: string[]) =>
  result.select(ends.map(end => find(result.graph, end)));

/** Rows of one of the tables: name, value, share. */
function part(caption: string): string[][] {
  const table = [...panel.node.querySelectorAll('table')].find(
    one => textOf(one.caption) === caption
  );
  return [...(table?.tBodies[0].rows ?? [])].map(row =>
    [...row.cells].slice(0, 3).map(textOf)
  );
}

const went = () => part('Where it went');
const callers = () => part('Called by');
const title = () => textOf(panel.node.querySelector('h3'));
const facts = () => textOf(panel.node.querySelector('.jp-Profiler-who p'));
const foot = () => texts(panel.node, '.jp-Profiler-adds, .jp-Profiler-gap');
const whatIf = () => texts(panel.node, '.jp-Profiler-whatif li');

beforeEach(() => onOpen.mockReset());
afterEach(() => document.body.replaceChildren());

describe('the example of the guide, in words', () => {
  beforeEach(async () => show(await sampleProfile('guide')));

  it('begins where the time is shared out', () => {
    expect(title()).toBe('mosaic');
    expect(facts()).toBe(
      'mosaicTask.py:950 · 1 call · 34.2 s in all · 94% of the whole'
    );
    expect(went()).toEqual([
      ['own code', '176 ms', '0.5%'],
      ['readCatalog', '25.7 s', '75%'],
      [expect.stringMatching(/^mergeCatalog/), '7.34 s', '21%'],
      ['other', '1.02 s', '3.0%']
    ]);
    expect(callers()).toEqual([['run', '34.2 s', '100%']]);
    expect(foot()).toEqual([
      'Does not add up: this profile does not hold all that it called.'
    ]);
  });

  it('leads through the wrappers to the C++ that reads', () => {
    select('(getAllForCcd)');
    const [, get] = went();
    expect(get).toEqual([
      'get↳_tableLib.SourceCatalog_readFits10.4 s in all, via 5 frames, 59.0 ms own',
      '13.6 s',
      '67%'
    ]);
    const way = one(panel.node, '.jp-Profiler-count', '10.4 s in all');
    expect(way.title).toBe(
      'get › get › <lambda> › _read › readFits › _tableLib.SourceCatalog_readFits'
    );
    click(one(panel.node, 'button', '_tableLib.SourceCatalog_readFits'));
    expect(title()).toBe('_tableLib.SourceCatalog_readFits');
    expect(foot()).toEqual(['✓ adds up to 10.4 s']);
  });

  it('says nothing of what the worker took where that reads the same', () => {
    account(
      [
        { name: 'main', self: 10, total: 110 },
        { name: 'get', self: 0, total: 100 },
        { name: 'read', self: 100, total: 100 }
      ],
      [0, 1, 1, 100],
      [1, 2, 1, 100]
    );
    expect(went()[1]).toEqual(['get↳readvia 1 frame, 0 own', '100 ns', '91%']);
  });

  it('leads nowhere where the way comes back to the function', () => {
    // burn is called by both, at each step of a recursion of a and b.
    account(
      [
        { name: 'a', self: 1, total: 100 },
        { name: 'b', self: 1, total: 99 },
        { name: 'burn', self: 98 }
      ],
      [0, 1, 5, 99],
      [1, 0, 4, 95],
      [0, 2, 5, 49],
      [1, 2, 5, 49]
    );
    expect(went().map(([name]) => name)).not.toContainEqual(
      expect.stringContaining('↳')
    );
  });

  it('says what free Python of two functions would save: 3.14 s, 8.6 %', () => {
    select('(readCatalog)', '(getAllForCcd)');
    expect(title()).toBe('getAllForCcd');
    expect(textOf(panel.node.querySelector('.jp-Profiler-selected'))).toBe(
      '2 functions selected: 3.14 s own, 8.6% of the whole'
    );
    choose(one(panel.node, 'select'), 'free');
    expect(result.state.factor).toBeNull();
    expect(whatIf()).toEqual([
      'own code of the selected functions: 36.5 s → 33.4 s, saves 3.14 s (8.6%)'
    ]);
  });

  it('says what twice as fast reading would save: 5.19 s', () => {
    select(':7836(readFits)');
    expect(whatIf()).toEqual([
      expect.stringContaining(
        'own code: 36.5 s → 36.5 s, saves 500 µs (<0.1%)'
      ),
      'with all that it calls: 36.5 s → 31.3 s, saves 5.19 s (14%)'
    ]);
    choose(one(panel.node, 'select'), '10 times faster');
    expect(result.state.factor).toBe(10);
    expect(whatIf()[1]).toBe(
      'with all that it calls: 36.5 s → 27.2 s, saves 9.34 s (26%)'
    );
  });

  it('never saves more than there is', () => {
    // Its total is 36.538 s, and the whole, told apart from it, 36.536.
    select('mosaic.py:3(<module>)');
    choose(one(panel.node, 'select'), 'free');
    expect(whatIf()[1]).toBe(
      'with all that it calls: 36.5 s → 0, saves 36.5 s (100%)'
    );
  });
});

describe('the sample `mosaic`', () => {
  beforeEach(async () => show(await sampleProfile('mosaic')));

  it('has accounts that all add up', () => {
    for (const func of result.rows.function) {
      result.select([func as FuncIndex]);
      expect(foot()).toEqual([expect.stringMatching(/^✓ adds up to /)]);
      expect(panel.node.textContent).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('tells of the calls that came from outside', () => {
    select('{built-in method builtins.exec}');
    expect(callers()).toEqual([['outside of the profile', '2.93 s', '100%']]);
  });
});

describe('names', () => {
  const functions = [
    { name: 'main', path: '/a/b.py', line: 3, calls: 1, self: 10, total: 40 },
    { name: 'f', path: '/a/b.py', line: 9, calls: 5, self: 30 }
  ];

  it('select their function, and keep the keyboard in the panel', () => {
    account(functions, [0, 1, 5, 30]);
    const button = one<HTMLButtonElement>(panel.node, 'button', 'f');
    expect(button.title).toBe('/a/b.py:9 (f)');
    button.focus();
    button.click();
    expect(title()).toBe('f');
    expect(result.state.selection).toEqual(['/a/b.py|f']);
    expect(panel.node.contains(document.activeElement)).toBe(true);
    one<HTMLButtonElement>(panel.node, 'button', 'main').focus();
    click(document.activeElement as Element);
    expect(title()).toBe('main');
    expect(panel.node.contains(document.activeElement)).toBe(true);
  });

  it('leave the keyboard where it is, if it is elsewhere', () => {
    account(functions, [0, 1, 5, 30]);
    const other = document.body.appendChild(document.createElement('button'));
    other.focus();
    result.select([1 as FuncIndex]);
    expect(document.activeElement).toBe(other);
  });

  it('keep the keyboard on the list of factors while it changes', () => {
    account(functions, [0, 1, 5, 30]);
    one(panel.node, 'select').focus();
    choose(one(panel.node, 'select'), 'free');
    expect(document.activeElement).toBe(one(panel.node, 'select'));
    expect(one<HTMLSelectElement>(panel.node, 'select').value).toBe('free');
  });

  it('lead to the code', () => {
    account(functions, [0, 1, 5, 30]);
    click(one(panel.node, 'button', 'Go to the code'));
    expect(onOpen.mock.calls).toEqual([[0]]);
  });

  it('lead nowhere where there is no file', () => {
    account([{ name: 'len', kind: 'builtin' }]);
    expect(texts(panel.node, 'button')).toEqual([]);
    expect(facts()).toBe('1 call · 0 in all');
  });
});

describe('many callees', () => {
  const functions = Array.from({ length: 13 }, (_, i) => ({
    name: i === 0 ? 'main' : `f${i}`,
    self: i === 0 ? 0 : 100 - i,
    total: i === 0 ? 1122 : 100 - i
  }));
  const edges = functions
    .slice(1)
    .map(({ total }, i): EdgeSpec => [0, i + 1, 1, total]);

  it('are shown whole when that is wanted, and the keyboard goes on with them', () => {
    account(functions, ...edges);
    expect(went().length).toBe(1 + 8 + 1);
    expect(went().at(-1)).toEqual(['Show 4 more', '358 ns', '']);
    one(panel.node, 'button', 'Show 4 more').focus();
    click(one(panel.node, 'button', 'Show 4 more'));
    expect(went().length).toBe(1 + 12);
    expect(textOf(document.activeElement)).toBe('f9');
  });

  it('are few again for another function', () => {
    account(functions, ...edges);
    click(one(panel.node, 'button', 'Show 4 more'));
    result.select([1 as FuncIndex]);
    result.select([0 as FuncIndex]);
    expect(went().length).toBe(1 + 8 + 1);
  });

  it('are not folded for one that would take as much room', () => {
    account(functions.slice(0, 10), ...edges.slice(0, 9));
    expect(went().length).toBe(1 + 9 + 1);
    expect(went().at(-1)?.[0]).toBe('other');
  });
});

describe('what does not add up', () => {
  it.each<[string, IFunctionSpec[], EdgeSpec[], string, string[] | undefined]>([
    [
      'recursion',
      [
        { name: 'f', self: 10, total: 30 },
        { name: 'g', self: 20, total: 28 }
      ],
      [
        [0, 1, 2, 28],
        [1, 0, 1, 20]
      ],
      'Does not add up: it comes back to itself through its callees, and what they took within each other is counted more than once in this profile.',
      ['recursive / other', '-8 ns', '-27%']
    ],
    [
      'what was folded',
      [
        { name: 'f', self: 10, total: 60 },
        { name: '(8 more functions)', qualified: 'folded', kind: 'pseudo' }
      ],
      [[0, 1, 2, 20]],
      'Does not add up: small functions were put together to keep the result small.',
      ['other', '30 ns', '50%']
    ],
    [
      'what was not recorded',
      [{ name: 'f', self: 10, total: 60 }],
      [],
      'Does not add up: this profile does not hold all that it called.',
      ['other', '50 ns', '83%']
    ],
    [
      'numbers that do not agree',
      [{ name: 'f', self: 10, total: 20 }, { name: 'g' }],
      [[0, 1, 1, 30]],
      'Does not add up: the numbers of the source do not agree with each other.',
      ['other', '-20 ns', '-100%']
    ],
    [
      'what is not known',
      [{ name: 'f', self: 10, total: 20 }, { name: 'g' }],
      [[0, 1, 1, NaN]],
      'Does not add up: this profile does not hold all that it called.',
      ['g', '–', '–']
    ]
  ])('is told of: %s', (_, functions, edges, sentence, last) => {
    account(functions, ...edges);
    expect(foot()).toEqual([sentence]);
    expect(went().at(-1)).toEqual(last);
    expect(panel.node.textContent).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('is not blamed on anyone where values are no sums', () => {
    show(
      profileOf(
        [
          { name: 'f', self: 10, total: 60 },
          { name: 'g', self: 60 }
        ],
        {
          metrics: [
            metricOf('time', 'bytes', { combine: 'max' }),
            metricOf('calls', 'count')
          ],
          edges: edgesFrom([[0, 1, 1, 60]])
        }
      )
    );
    result.select([0 as FuncIndex]);
    expect(foot()).toEqual([
      'The parts are not added: what was measured here is no sum of what its callees have.'
    ]);
    expect(went().map(([name]) => name)).toEqual(['own code', 'g']);
    expect(facts()).toBe('1 call · 60 B in all');
    // What would be saved cannot be told of peaks.
    expect(whatIf()).toEqual([]);
    expect(panel.node.textContent).not.toMatch(/NaN|undefined|Infinity/);
  });
});

it('counts calls of itself beside its callers', () => {
  account(
    [
      { name: 'fib', calls: 177, primitive: 1, self: 50, total: 50 },
      { name: 'main', self: 1, total: 51 }
    ],
    [0, 0, 176, 48, 1],
    [1, 0, 1, 50]
  );
  expect(callers()).toEqual([['main', '50 ns', '100%']]);
  expect(panel.node.textContent).toContain('and 176 times by itself');
});

it('says that nothing is known of callers where nothing is', async () => {
  const profile = profileOf([{ name: 'f', calls: 0, self: 1 }]);
  show(profile);
  await vi.waitFor(() =>
    expect(panel.node.textContent).toContain(
      'The profile does not say who called it.'
    )
  );
});

it('asks to select something where nothing is', () => {
  show(profileOf([{ name: 'f', self: 1 }]), { selection: [] });
  expect(textOf(panel.node)).toBe('Select a function to see its account.');
  result.select([0 as FuncIndex]);
  expect(title()).toBe('f');
  result.select([]);
  expect(panel.node.querySelector('h3')).toBeNull();
});

it('is of the last of several functions, and adds only what they own', () => {
  const functions = [
    { name: 'f', self: 10, total: 60 },
    { name: 'g', self: 50 },
    { name: 'h', self: 40 }
  ];
  show(
    profileOf(functions, {
      edges: edgesFrom([[0, 1, 1, 50]]),
      meta: { ...META, wall: 100 }
    })
  );
  result.select([1, 2, 0] as FuncIndex[]);
  expect(title()).toBe('f');
  expect(textOf(panel.node.querySelector('.jp-Profiler-selected'))).toBe(
    '3 functions selected: 100 ns own, 100% of the whole'
  );
  expect(whatIf()).toEqual([
    'own code of the selected functions: 100 ns → 50 ns, saves 50 ns (50%)'
  ]);
});

describe('what would be saved', () => {
  it('is not told of several threads, whose time is not that of the whole', async () => {
    show(await sampleProfile('paths'));
    expect(result.threads).toBe(3);
    expect(panel.node.querySelector('h3')).not.toBeNull();
    expect(panel.node.querySelector('.jp-Profiler-whatif')).toBeNull();
  });

  it('is no time where something else was measured', () => {
    show(
      profileOf([{ name: 'f', self: 60 }], {
        metrics: [metricOf('time', 'bytes'), metricOf('calls', 'count')]
      })
    );
    expect(texts(panel.node, 'option').at(1)).toBe('2 times less');
    expect(panel.node.textContent).not.toMatch(/fast|time[^s]/);
    result.select([]);
    expect(textOf(panel.node)).toBe('Select a function to see its account.');
  });
});
