// @vitest-environment jsdom
/**
 * `mosaic.mixed.folded`: 192 samples of Python and C, of which 16 end in Python frames, and of the
 * other 176 all but 2 have one above; `hot.mp.gz`: igprof's counters
 * of memory, whose sums igprof-analyse prints in `hot.mp.MEM_*.txt`.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { dataFile } from '../../../formats/__tests__/readings';
import { readProfile } from '../../../formats/read';
import type { IProfile } from '../../../profile/model';
import {
  DEFAULT_VIEW_STATE,
  type IViewState
} from '../../../profile/viewState';
import { context, trans } from '../../__tests__/language';
import { choose, one, press, textOf, texts } from '../../__tests__/results';
import { drawProfile, type IDrawn } from '../../draw';
import { NativeView } from '..';

let view: IDrawn;
let kept: IViewState;

beforeEach(() => {
  Element.prototype.scrollIntoView = vi.fn();
  kept = DEFAULT_VIEW_STATE;
});

afterEach(() => {
  view.dispose();
});

const host = (state: Partial<IViewState> = {}) => ({
  state: { ...DEFAULT_VIEW_STATE, ...state },
  remember: (changed: IViewState) => (kept = changed),
  hidden: [],
  open: () => Promise.resolve(false),
  link: (func: string) => `http://server/lab/tree/a?f=${func}`
});

const fileOf = (path: string) =>
  readProfile(
    dataFile(path) as Uint8Array<ArrayBuffer>,
    path.split('/').pop() ?? ''
  );

function show(profile: IProfile, state: Partial<IViewState> = {}): void {
  view = new NativeView(profile, context, host(state), null);
  document.body.replaceChildren(view.node);
}

const chip = (text: string) => one(view.node, '.jp-Profiler-chip', text);
const isOn = (text: string) =>
  chip(text).getAttribute('aria-pressed') === 'true';
const changes = () => texts(view.node, '.jp-Profiler-changes li > span');
const summary = () =>
  textOf(
    view.node.querySelector('.jp-Profiler-functions > .jp-Profiler-bar span')
  );
const field = (text: string) =>
  one(view.node, '.jp-Profiler-stepForm label', text).querySelector<
    HTMLInputElement & HTMLSelectElement
  >('input, select')!;

describe('a profile of Python and C', () => {
  let profile: IProfile;

  beforeEach(async () => {
    profile = await fileOf('collapsed/mosaic.mixed.folded');
  });

  it('hides interpreter and glue at first, says how much, and leaves the whole', () => {
    show(profile);
    expect(isOn('Hide interpreter and glue')).toBe(true);
    expect(changes()[0]).toBe('Interpreter and glue hidden');
    expect(changes()[1]).toMatch(
      /^\d+ frames, [\d.]+% folded into their callers$/
    );
    expect(summary()).toContain('of 192 samples');
    one(view.node, '.jp-Profiler-changes li button').click();
    expect(changes()).toEqual([]);
    expect(isOn('Hide interpreter and glue')).toBe(false);
    expect(summary()).toContain('own 192 samples of 192 samples');
    expect(kept.steps).toEqual([]);
  });

  it('counts compiled code for Python by a chip: 176 of 192 samples move, two without a Python caller', () => {
    show(profile, { steps: [] });
    chip('Python only').click();
    expect(changes()).toEqual([
      'Python only',
      expect.stringMatching(
        /^\d+ compiled frames, 92% given to their Python callers, or \(native\)$/
      )
    ]);
    expect(summary()).toContain('of 192 samples');
    expect(kept.steps).toEqual([{ kind: 'python-only' }]);
    // Of two that exclude each other, the last one stays.
    chip('Native only').click();
    expect(isOn('Python only')).toBe(false);
    expect(changes()[0]).toBe('Native only');
    expect(changes()[1]).toContain('8.3% kept as (Python)');
    one(view.node, '.jp-Profiler-changes > button', 'Undo').click();
    expect(changes()).toEqual([]);
  });

  it('keeps the focus on a chip, and all other choices', () => {
    show(profile, { percent: true });
    chip('Python only').focus();
    chip('Python only').click();
    expect(document.activeElement).toBe(chip('Python only'));
    expect(kept.percent).toBe(true);
    expect(
      one(
        view.node,
        '[aria-label="Values as shares of the whole"]'
      ).getAttribute('aria-pressed')
    ).toBe('true');
  });

  it('tells languages apart by a sign, and says how much each owns', () => {
    show(profile, { steps: [] });
    expect(
      textOf(view.node.querySelector('.jp-Profiler-languageWords'))
    ).toMatch(/^Python 8\.3%C 92%$/);
    const rows = [...view.node.querySelectorAll('tbody tr')];
    const signOf = (name: string) =>
      textOf(
        rows
          .find(row => textOf(row.querySelector('.jp-Profiler-name')) === name)
          ?.querySelector('.jp-Profiler-language')
      );
    expect(signOf('cmp')).toBe('C');
    expect(signOf('getAllForCcd')).toBe('');
  });

  it('is renamed and filtered by a form, faults said', () => {
    show(profile, { steps: [] });
    const toggle = one(view.node, 'button', 'Rename or filter');
    toggle.click();
    expect(document.activeElement).toBe(field('Change'));
    field('Rules').value = 's/^(cmp|msort_with_tmp)$/sorting/';
    one(view.node, 'button', 'Apply').click();
    expect(changes()[0]).toBe('Renamed: s/^(cmp|msort_with_tmp)$/sorting/');
    expect(summary()).toContain('of 192 samples');
    field('Rules').value = 's/(/x/';
    one(view.node, 'button', 'Apply').click();
    expect(changes()[3]).toContain('not applied: ');
    choose(field('Change'), 'Filter stacks');
    one(view.node, 'button', 'Apply').click();
    expect(
      textOf(view.node.querySelector('.jp-Profiler-stepForm [role=status]'))
    ).toContain('at least one is needed');
    field('from').value = '5';
    one(view.node, 'button', 'Apply').click();
    expect(changes()[4]).toContain('Filter: events of a stack from 5');
    press(field('from'), 'Escape');
    expect(document.activeElement).toBe(toggle);
  });

  it('is saved as it is shown, and says so', async () => {
    HTMLDialogElement.prototype.showModal = vi.fn();
    const says = async () => {
      one(view.node, 'button', 'Save as').click();
      await vi.waitFor(() =>
        expect(view.node.querySelector('dialog')).not.toBeNull()
      );
      return textOf(view.node.querySelector('dialog'));
    };
    show(profile);
    expect(await says()).toContain('with the changes that were chosen');
    view.dispose();
    show(profile, { steps: [] });
    expect(await says()).not.toContain('with the changes that were chosen');
  });

  it('reads what was kept, whatever it is', () => {
    show(profile, { steps: [{ kind: 'native-only' }, { kind: 'other' }, 5] });
    expect(changes()[0]).toBe('Native only');
    view.dispose();
    show(profile, { steps: 'nonsense' });
    expect(changes()).toEqual([]);
  });

  it('begins at the compiled function that a builtin is called after', () => {
    show(profile, { steps: [], selection: ['/gone.py|f', '|module.cmp'] });
    expect(textOf(view.node.querySelector('.jp-Profiler-who h3'))).toBe('cmp');
  });

  it('has a check of coverage in its header', () => {
    const text = 'Samples cover 3.1 s of 3.4 s.';
    show({
      ...profile,
      checks: [
        {
          id: 'coverage',
          text,
          ok: true,
          value: 3.1e9,
          expected: 3.4e9,
          tolerance: null,
          unit: 'ns'
        }
      ]
    });
    const figure = one(view.node, '.jp-Profiler-figures li', '3.10 s');
    expect(textOf(figure)).toBe(
      '3.10 s of 3.40 s of CPU time covered by samples'
    );
    expect(figure.querySelector('strong')?.title).toBe(text);
  });
});

it.each([
  // 525 functions, most of them the interpreter's: no frame of Python is in what igprof writes.
  'igprof/mosaic.pp.gz',
  'igprof/mosaic.mp.gz'
])(
  'hides the interpreter that ran in %s, until it is asked for',
  async path => {
    show(await fileOf(path));
    const names = () =>
      texts(view.node, '.jp-Profiler-functions tbody .jp-Profiler-name');
    const isGlue = (name: string) => /PyEval_|@\{.*\+\d+\}/.test(name);
    expect(isOn('Hide interpreter and glue')).toBe(true);
    expect(names().length).toBeGreaterThan(3);
    expect(names().filter(isGlue)).toEqual([]);
    const whole = summary().split(' of ')[1];
    chip('Hide interpreter and glue').click();
    chip('Unnamed by library').click();
    expect(kept.steps).toEqual([]);
    expect(names().some(isGlue)).toBe(true);
    expect(summary().split(' of ')[1]).toBe(whole);
  }
);

it.each([
  ['gperftools/mosaic.gperf.prof', true],
  ['igprof/hot.pp.gz', false]
])('hides glue of %s if Python ran there: %s', async (path, hides) => {
  show(await fileOf(path));
  expect(isOn('Hide interpreter and glue')).toBe(hides);
  expect(changes().length > 0).toBe(hides);
});

it('says of memory which line held the peak', async () => {
  const profile = await fileOf('igprof/hot.mp.gz');
  const text = 'At its peak the code held 10.0 MB in 100 allocations: line 2.';
  const check = { ok: null, value: 1e7, expected: null, tolerance: null };
  show({
    ...profile,
    checks: [
      { ...check, id: 'memory-peak', text, unit: 'bytes' },
      { ...check, id: 'memory-others', text: 'Others.', unit: 'bytes' }
    ]
  });
  expect(texts(view.node, '.jp-Profiler-steps > .jp-Profiler-note')).toEqual([
    text
  ]);
});

describe('memory of igprof', () => {
  it('is one counter at a time, with the sums of all in the header', async () => {
    show(await fileOf('igprof/hot.mp.gz'));
    const figures = () =>
      texts(view.node, '.jp-Profiler-figures strong').slice(1);
    const before = figures();
    const counter = one<HTMLSelectElement>(
      view.node,
      '.jp-Profiler-steps .jp-Profiler-tools select'
    );
    choose(counter, 'Bytes not freed (MEM_LIVE)');
    expect(kept.steps).toEqual([{ kind: 'counter', metric: 'live_bytes' }]);
    expect(summary()).toContain(`of ${before[2]}`);
    expect(figures()).toEqual(before);
    // Not in the list: the switch says it.
    expect(changes()).toEqual([]);
    choose(counter, 'Bytes allocated (MEM_TOTAL)');
    expect(kept.steps).toEqual([]);
    expect(view.node.textContent).not.toContain('wall');
  });
});

it('is what a profile with compiled frames is drawn by, and others are not', async () => {
  const drawn = async (path: string) =>
    drawProfile(fileOf(path), { trans, locale: 'en' }, () => host());
  view = await drawn('collapsed/mosaic.mixed.folded');
  expect(view).toBeInstanceOf(NativeView);
  view.dispose();
  view = await drawn('pstats/py3.13.prof');
  expect(view).not.toBeInstanceOf(NativeView);
});
