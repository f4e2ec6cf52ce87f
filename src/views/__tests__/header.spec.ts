// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest';

import type { FileIndex } from '../../profile/indices';
import type { ICheck, IMeta } from '../../profile/model';
import {
  META,
  profileOf,
  type IFunctionSpec
} from '../../profile/__tests__/build';
import { header } from '../header';
import type { Result } from '../result';
import { context } from './language';
import { one, resultOf, sampleProfile, texts } from './results';

const functions: IFunctionSpec[] = [
  { name: 'fib', path: '/tmp/cell.py', calls: 177, primitive: 1 },
  { name: '(awaiting)', kind: 'pseudo', calls: 9 }
];

function show(meta: Partial<IMeta>, checks: readonly ICheck[] = []) {
  const profile = profileOf(functions, { meta: { ...META, ...meta }, checks });
  return header(resultOf(profile), context);
}

const check = (ok: boolean | null, more: Partial<ICheck> = {}): ICheck => ({
  id: 'wall',
  text: 'Self times make the wall time.',
  ok,
  value: null,
  expected: null,
  tolerance: null,
  unit: null,
  ...more
});

it('says what ran, how long, and what was called', () => {
  const label = 'first try';
  const node = show({ label, wall: 55_769_676 });
  expect(texts(node, '.jp-Profiler-title')).toEqual(['first try']);
  expect(node.textContent).toContain('Cell [5]');
  expect(texts(node, '.jp-Profiler-figures li')).toEqual([
    '55.8 ms wall time',
    '177 calls (1 primitive)',
    '1 function'
  ]);
});

it('has the sum of own times where the wall time is not known', async () => {
  const figures = (node: HTMLElement) => texts(node, '.jp-Profiler-figures li');
  const timed = [
    { name: 'f', self: 2_000_000, total: 5_000_000 },
    { name: 'g', self: 3_000_000 }
  ];
  const of = (meta: Partial<IMeta>) =>
    header(resultOf(profileOf(timed, { meta: { ...META, ...meta } })), context);
  expect(figures(of({}))[0]).toBe('5.00 ms total');
  expect(figures(of({ wall: 6_000_000 })).join()).not.toContain('total');
  const threads = header(resultOf(await sampleProfile('paths')), context);
  expect(figures(threads).join()).not.toContain('total');
});

it('says what it does not know by leaving it out', () => {
  expect(texts(show({}), '.jp-Profiler-figures li')).toEqual([
    '177 calls (1 primitive)',
    '1 function'
  ]);
});

it.each([
  [
    'interrupted',
    'KeyboardInterrupt',
    'Interrupted in cell.py, line 3: KeyboardInterrupt — what was measured until then is below.'
  ],
  [
    'error',
    'ZeroDivisionError: division by zero',
    'Failed in cell.py, line 3: ZeroDivisionError: division by zero — what was measured until then is below.'
  ],
  [
    'exit',
    'SystemExit: 1',
    'Left in cell.py, line 3: SystemExit: 1 — what was measured until then is below.'
  ],
  [
    'other',
    'out of time',
    'Ended in another way in cell.py, line 3: out of time — what was measured until then is below.'
  ]
] as const)('says where it was %s', (status, text, sentence) => {
  const where = { file: 0 as FileIndex, line: 3, text };
  const node = show({ status, where });
  expect(texts(node, `.jp-Profiler-notice.jp-mod-${status}`)).toEqual([
    sentence
  ]);
  expect(
    texts(show({ status }), `.jp-Profiler-notice.jp-mod-${status}`)[0]
  ).toContain('what was measured until then is below');
});

it('calls an exit without a code, or with 0, no part of a result', () => {
  const where = { file: 0 as FileIndex, line: 3, text: 'SystemExit: 0' };
  expect(
    texts(show({ status: 'exit', where }), '.jp-Profiler-notice.jp-mod-exit')
  ).toEqual(['Exited in cell.py, line 3: SystemExit: 0']);
});

/** Open what tells how it was measured. */
async function unfold(node: HTMLElement): Promise<void> {
  const details = one<HTMLDetailsElement>(node, 'details');
  details.open = true;
  details.dispatchEvent(new Event('toggle'));
  await vi.waitFor(() => expect(details.querySelector('dl')).not.toBeNull());
}

it('shows warnings and checks that do not hold without being asked', async () => {
  const node = show(
    { warnings: [{ code: 'threads', text: 'Another thread ran.' }] },
    [check(true), check(false, { text: 'They do not.' }), check(null)]
  );
  expect(texts(node, '.jp-Profiler-notice')).toEqual([
    'Another thread ran.',
    'They do not.'
  ]);
  expect(texts(node, '.jp-Profiler-verdict')).toEqual([
    '✗ 1 check does not hold'
  ]);
  await unfold(node);
  expect(texts(node, '.jp-Profiler-checks li').length).toBe(3);
});

it('tells how it was measured, with the numbers behind the checks', async () => {
  const engine = {
    name: 'cprofile',
    version: '3.13.0',
    reason: 'asked for',
    clock: 'wall time'
  };
  const numbers = { value: 1e9, expected: 1.1e9, tolerance: 2e8, unit: 'ns' };
  const node = show({ engine }, [check(true, numbers)]);
  expect(texts(node, 'summary')).toEqual([
    'Measured with cprofile 3.13.0: asked for✓ 1 check holds'
  ]);
  await unfold(node);
  expect(texts(node, '.jp-Profiler-values')).toEqual([
    '1.00 s, expected 1.10 s ± 200 ms'
  ]);
  expect(
    node.querySelector('.jp-Profiler-mark')?.ariaLabel ??
      node.querySelector('.jp-Profiler-mark')?.getAttribute('aria-label')
  ).toBe('Holds');
});

it('says how long what took "this long" took, and shares in percent', async () => {
  const took = { text: 'This took this long.', value: 42_000, unit: 'ns' };
  const drift = { expected: 0, tolerance: 0.001, unit: 'share' };
  const node = show({}, [
    check(null, took),
    check(null, { text: '3 calls were folded.', value: 3, unit: 'count' }),
    check(true, { ...drift, value: 1.45e-11 }),
    check(false, { ...drift, value: 0.25 })
  ]);
  await unfold(node);
  expect(texts(node, '.jp-Profiler-values')).toEqual([
    '42.0 µs',
    '',
    '<0.1%, expected 0% ± 0.1%',
    '25%, expected 0% ± 0.1%'
  ]);
});

it('tells what the profiler took beside the code, without a click', () => {
  const tracing = { ...check(null), id: 'tracing', value: 42_000, unit: 'ns' };
  const folding = { ...tracing, id: 'folding', value: 3_200_000_000 };
  const node = show({}, [tracing, folding]);
  expect(texts(node, 'summary')[0]).toContain('start and stop: 42.0 µs');
  expect(texts(node, 'summary')[0]).toContain('folding: 3.20 s');
});

it('does not stumble over a date that is none', () => {
  expect(show({ started: 'yesterday' }).querySelector('time')).toBeNull();
  expect(
    show({ started: '2026-05-04T09:30:00+02:00' }).querySelector('time')
      ?.dateTime
  ).toBe('2026-05-04T09:30:00+02:00');
});

it('gives the share of compiled code as a lower bound', () => {
  const profile = profileOf(
    [
      { name: 'f', self: 60 },
      { name: '<built-in method builtins.len>', kind: 'builtin', self: 40 }
    ],
    { meta: META }
  );
  const node = header(resultOf(profile), context);
  expect(texts(node, '.jp-Profiler-figures li')).toContain('at least 40% in C');
  const bar = one(node, '.jp-Profiler-languages');
  expect(bar.title).toBe(
    'C: at least 40%. The rest is Python, waiting, and C that no one calls as a function.'
  );
  expect(bar.querySelector<HTMLElement>('.jp-mod-own')?.style.width).toBe(
    '40%'
  );
});

it('says of several threads that shares are of all their time', async () => {
  const threads = await sampleProfile('paths');
  expect(texts(header(resultOf(threads), context), 'li')).toContain(
    '69.4 ms in 3 threads together, the whole of shares'
  );
  expect(show({ wall: 100 }).textContent).not.toContain('threads');
});

describe('the functions with most own time', () => {
  const spots = (result: Result) =>
    texts(header(result, context), '.jp-Profiler-hot li');

  it('are three at most, each with its share', async () => {
    expect(spots(resultOf(await sampleProfile('guide')))).toEqual([
      '_tableLib.SourceCatalog_readFits 28%',
      '_mosaicLib.kdtreeSource 18%',
      'readCatalog 6.6%'
    ]);
  });

  it('are none that do not stand out', () => {
    const even = profileOf(
      Array.from({ length: 40 }, (_, i) => ({ name: `f${i}`, self: 10 }))
    );
    expect(spots(resultOf(even))).toEqual([]);
    expect(spots(resultOf(profileOf([])))).toEqual([]);
    expect(spots(resultOf(profileOf([{ name: 'f', self: 0 }])))).toEqual([]);
  });

  it('select what they name, and show it', () => {
    const result = resultOf(
      profileOf([
        { name: 'f', self: 90 },
        { name: 'g', self: 10 }
      ]),
      { view: 'charts' }
    );
    one(header(result, context), '.jp-Profiler-hot button', 'g').click();
    expect(result.state).toMatchObject({
      view: 'functions',
      selection: ['|g']
    });
  });
});
