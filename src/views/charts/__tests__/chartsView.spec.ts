// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FuncIndex } from '../../../profile/indices';
import type { IProfile } from '../../../profile/model';
import { fileLabels } from '../../../profile/names';
import { functionRows } from '../../../profile/rows';
import type { ChartName } from '../../../profile/viewState';
import {
  META,
  profileOf,
  type IFunctionSpec
} from '../../../profile/__tests__/build';
import { context } from '../../__tests__/language';
import { resultOf, sampleProfile } from '../../__tests__/results';
import { ChartsView } from '../index';

/** What plotly was asked for. jsdom cannot measure text, so nothing is drawn. */
const plotly = vi.hoisted(() => ({
  register: vi.fn(),
  react: vi.fn(),
  purge: vi.fn(),
  downloadImage: vi.fn()
}));
vi.mock('plotly.js/lib/core', () => ({ default: plotly }));
vi.mock('plotly.js/lib/bar', () => ({ default: {} }));
vi.mock('plotly.js/lib/sunburst', () => ({ default: {} }));

interface ITrace {
  readonly [name: string]: never;
}

/** The arguments of a call that draws. */
type Drawn = [
  node: HTMLElement,
  data: readonly ITrace[],
  layout: { readonly width: number; readonly height: number },
  config: Readonly<Record<string, unknown>>
];

const profile = profileOf([
  { name: 'main', path: '/p/a.py', line: 1, self: 10, total: 100 },
  { name: 'inner', path: '/p/a.py', line: 7, self: 60, calls: 20 },
  { name: 'sqrt', kind: 'builtin', self: 20, calls: 5 },
  { name: '(awaiting)', qualified: 'awaiting', kind: 'pseudo', self: 10 }
]);

let view: ChartsView;
let handlers: Map<string, (event: object) => unknown>;
const onChart = vi.fn<(chart: ChartName) => void>();
const onSelect = vi.fn<(func: FuncIndex) => void>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  handlers = new Map();
  plotly.react.mockImplementation((node: HTMLElement) =>
    Promise.resolve(
      Object.assign(node, {
        on: (name: string, handler: (event: object) => unknown) =>
          handlers.set(name, handler)
      })
    )
  );
});

afterEach(() => {
  view.dispose();
  vi.useRealTimers();
});

async function show(
  chart: ChartName = 'hottest',
  of: IProfile = profile
): Promise<HTMLElement> {
  view = new ChartsView({
    profile: of,
    rows: functionRows(of),
    labels: fileLabels(of),
    context,
    chart,
    onChart,
    onSelect
  });
  document.body.replaceChildren(view.node);
  await fit(800);
  return view.node;
}

/** jsdom lays nothing out: give the picture's place a width. */
async function fit(width: number): Promise<void> {
  const stage = view.node.querySelector('.jp-Profiler-chartStage');
  if (stage) {
    Object.defineProperty(stage, 'clientWidth', {
      value: width,
      configurable: true
    });
  }
  view.layout();
  await vi.advanceTimersByTimeAsync(500);
}

function drawn(call = plotly.react.mock.calls.length - 1): Drawn {
  return plotly.react.mock.calls[call] as unknown as Drawn;
}

function texts(selector: string): (string | null)[] {
  return [...view.node.querySelectorAll(selector)].map(node =>
    (node.textContent ?? '').replaceAll('\u00a0', ' ')
  );
}

function table(): string[][] {
  return [...view.node.querySelectorAll('.jp-Profiler-chartTable tr')].map(
    row =>
      [...row.children].map(cell =>
        (cell.textContent ?? '').replaceAll('\u00a0', ' ')
      )
  );
}

function button(text: string): HTMLButtonElement {
  const found = [...view.node.querySelectorAll('button')].find(
    node => node.textContent === text
  );
  return found as HTMLButtonElement;
}

function click(event: 'plotly_click' | 'plotly_sunburstclick', mark: number) {
  return handlers.get(event)?.({ points: [{ pointNumber: mark }] });
}

describe('the hottest functions', () => {
  it('are bars, a table of the same numbers, and a sentence', async () => {
    await show();
    const [own, callees] = drawn()[1];
    expect(own).toMatchObject({
      type: 'bar',
      orientation: 'h',
      x: [60, 20, 10]
    });
    expect(callees).toMatchObject({ type: 'bar', x: [0, 0, 90] });
    expect(table()).toEqual([
      ['Function', 'Own', 'Callees', 'Own of the whole'],
      ['inner', '60 ns', '0', '60%'],
      ['sqrt', '20 ns', '0', '20%'],
      ['main', '10 ns', '90 ns', '10%']
    ]);
    const image = view.node.querySelector('[role=img]');
    expect(image?.getAttribute('aria-label')?.replaceAll('\u00a0', ' ')).toBe(
      'Functions with the most own time: 3 functions, 90% of the whole. The most is in inner: 60 ns (60%). The table below has the numbers.'
    );
    expect(texts('.jp-Profiler-note')).toEqual([
      'No functions, and not drawn: (awaiting) 10 ns.'
    ]);
  });

  it('tell callees by hatching, not by colour alone, and without them when asked', async () => {
    await show();
    const callees = drawn()[1][1] as { marker?: { pattern?: object } };
    expect(callees.marker?.pattern).toMatchObject({ shape: '/' });
    const box = view.node.querySelector('input');
    box?.click();
    expect(drawn()[1].length).toBe(1);
    box?.click();
    expect(drawn()[1].length).toBe(2);
  });
});

it('gives a function the share that the table of functions gives it', async () => {
  const guide = await sampleProfile('guide');
  const { rows, whole } = resultOf(guide);
  await show('calls', guide);
  const shares = new Map(
    table()
      .slice(1)
      .map(cells => [cells[0], cells.at(-1)])
  );
  const hottest = rows.self.indexOf(Math.max(...rows.self));
  const name = guide.functions.qualified[rows.function[hottest]];
  expect(shares.get(name)).toBe(
    context.numbers.percent(rows.self[hottest] / whole)
  );
});

describe('time by package', () => {
  it('is sectors whose values add up', async () => {
    await show('packages');
    const [trace] = drawn()[1];
    expect(trace).toMatchObject({
      type: 'sunburst',
      branchvalues: 'total',
      values: [100, 70, 70, 60, 10, 20, 20, 10, 10],
      parents: ['', '0', '1', '2', '2', '0', '5', '0', '7']
    });
    expect(table().map(([name]) => name)).toEqual([
      'Part',
      'All',
      'p',
      'a.py',
      'inner',
      'main',
      'Compiled',
      'sqrt',
      'Other',
      '(awaiting)'
    ]);
    expect(texts('.jp-Profiler-legend li')).toEqual([
      'My files',
      'Compiled',
      'Other'
    ]);
  });

  it("goes into a package and back, without plotly's animation", async () => {
    await show('packages');
    expect(click('plotly_sunburstclick', 1)).toBe(false);
    expect(drawn()[1][0]).toMatchObject({ level: '1' });
    click('plotly_sunburstclick', 1);
    expect(drawn()[1][0]).toMatchObject({ level: '0' });
    expect(onSelect).not.toHaveBeenCalled();
    click('plotly_sunburstclick', 3);
    expect(onSelect).toHaveBeenCalledExactlyOnceWith(1);
  });
});

describe('calls', () => {
  it('stand against the time of one, on scales of powers', async () => {
    await show('calls');
    const [trace] = drawn()[1];
    expect(trace).toMatchObject({
      type: 'scatter',
      x: [20, 5, 1],
      y: [3, 4, 10]
    });
    expect(drawn()[2]).toMatchObject({
      xaxis: { type: 'log' },
      yaxis: { type: 'log' }
    });
    expect(table()[1]).toEqual(['inner', '20', '3 ns', '60 ns', '60%']);
  });
});

describe('the picture', () => {
  it('offers no cloud, logo, formulas or tools of plotly', async () => {
    await show();
    expect(drawn()[3]).toMatchObject({
      showSendToCloud: false,
      plotlyServerURL: '',
      displaylogo: false,
      displayModeBar: false,
      responsive: false,
      typesetMath: false
    });
  });

  it('is drawn when it has a width, and again when that changes', async () => {
    await show();
    expect(plotly.react).toHaveBeenCalledTimes(1);
    expect(drawn()[2].width).toBe(800);
    await fit(800);
    await fit(0);
    expect(plotly.react).toHaveBeenCalledTimes(1);
    // A sidebar that is dragged: one drawing when it rests.
    for (const width of [700, 600, 320]) {
      const stage = view.node.querySelector('.jp-Profiler-chartStage');
      Object.defineProperty(stage, 'clientWidth', {
        value: width,
        configurable: true
      });
      view.layout();
    }
    await vi.advanceTimersByTimeAsync(500);
    expect(plotly.react).toHaveBeenCalledTimes(2);
    expect(drawn()[2].width).toBe(320);
    view.refreshTheme();
    expect(plotly.react).toHaveBeenCalledTimes(3);
  });

  it('is not drawn before there is room', () => {
    view = new ChartsView({
      profile,
      rows: functionRows(profile),
      labels: fileLabels(profile),
      context,
      chart: 'calls',
      onChart,
      onSelect
    });
    view.layout();
    view.refreshTheme();
    view.select(0 as FuncIndex);
    expect(plotly.react).not.toHaveBeenCalled();
  });

  it('is given back when another chart or nothing is shown', async () => {
    await show();
    const [node] = drawn();
    view.show('calls');
    expect(plotly.purge).toHaveBeenCalledExactlyOnceWith(node);
    await fit(800);
    view.dispose();
    view.dispose();
    expect(plotly.purge).toHaveBeenCalledTimes(2);
    expect(document.body.childElementCount).toBe(0);
    view.layout();
    view.refreshTheme();
    expect(plotly.react).toHaveBeenCalledTimes(2);
  });

  it('that comes too late is dropped, also when it fails', async () => {
    const error = vi.spyOn(console, 'error').mockReturnValue();
    let settle = { resolve: (_: object) => {}, reject: (_: Error) => {} };
    plotly.react.mockImplementation(
      () =>
        new Promise((resolve, reject) => {
          settle = { resolve, reject };
        })
    );
    await show();
    const on = vi.fn();
    view.dispose();
    settle.resolve({ on });
    await vi.advanceTimersByTimeAsync(1);
    expect(on).not.toHaveBeenCalled();
    await show();
    view.dispose();
    settle.reject(new Error('gd.emit is not a function'));
    await vi.advanceTimersByTimeAsync(1);
    expect(error).not.toHaveBeenCalled();
    error.mockRestore();
  });

  it('that fails is told, and the table stays', async () => {
    const error = vi.spyOn(console, 'error').mockReturnValue();
    plotly.react.mockRejectedValue(new Error('no room'));
    await show();
    expect(texts('.jp-Profiler-chartStage .jp-Profiler-note')).toEqual([
      'The picture cannot be drawn: Error: no room'
    ]);
    expect(table().length).toBe(4);
    error.mockRestore();
  });
});

describe('a function', () => {
  it('is selected by its mark, and by its button in the table', async () => {
    await show();
    click('plotly_click', 2);
    expect(onSelect).toHaveBeenLastCalledWith(0);
    button('sqrt').click();
    expect(onSelect).toHaveBeenLastCalledWith(2);
  });

  it('that is selected is marked in the picture and in the table', async () => {
    await show();
    view.select(2 as FuncIndex);
    expect(drawn()[2]).toMatchObject({
      yaxis: { ticktext: ['inner', '<b>sqrt</b>', 'main'] }
    });
    expect(button('sqrt').getAttribute('aria-pressed')).toBe('true');
    expect(button('inner').getAttribute('aria-pressed')).toBe('false');
    view.show('calls');
    expect(button('sqrt').getAttribute('aria-pressed')).toBe('true');
    view.select(null);
    expect(view.node.querySelector('[aria-pressed=true]')).toBeNull();
  });

  it('under the pointer is told of as text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    await show(
      'hottest',
      profileOf([{ name, path: '<b>/x.py', line: 3, self: 4 }])
    );
    const event = new MouseEvent('mousemove', { clientX: 5, clientY: 5 });
    handlers.get('plotly_hover')?.({ points: [{ pointNumber: 0 }], event });
    const tip = view.node.querySelector<HTMLElement>('.jp-Profiler-tip');
    expect(tip?.hidden).toBe(false);
    expect(texts('.jp-Profiler-tip > *')).toEqual([
      name,
      'x.py:3',
      'own: 4 ns (100%)',
      'callees: 0'
    ]);
    handlers.get('plotly_unhover')?.({ points: [], event });
    expect(tip?.hidden).toBe(true);
  });
});

describe('names of a payload', () => {
  const specs: IFunctionSpec[] = [
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '%{x}',
    'y'.repeat(100_000)
  ].map((name, i) => ({ name, path: name, self: 10 - i, calls: 2 }));

  it.each(['hottest', 'packages', 'calls'] as const)(
    'are never markup: %s',
    async chart => {
      const node = await show(chart, profileOf(specs));
      const [, data, layout] = drawn();
      const json = JSON.stringify([data, layout]);
      expect(json).not.toMatch(/<(?!br>)/);
      expect(json).not.toContain('template');
      expect(json).not.toContain('y'.repeat(60));
      expect(node.querySelector('img, a')).toBeNull();
      expect(node.innerHTML.length).toBeLessThan(40_000);
    }
  );
});

describe('the switch of charts', () => {
  it('is a group of buttons of which one is on', async () => {
    await show();
    const group = view.node.querySelector('[role=radiogroup]');
    expect(group?.getAttribute('aria-label')).toBe('Chart');
    const state = () =>
      [...(group?.children ?? [])].map(node => [
        node.textContent,
        node.getAttribute('aria-checked'),
        (node as HTMLElement).tabIndex
      ]);
    expect(state()).toEqual([
      ['Hottest', 'true', 0],
      ['Packages', 'false', -1],
      ['Calls', 'false', -1]
    ]);
    button('Calls').click();
    expect(onChart).toHaveBeenCalledExactlyOnceWith('calls');
    expect(state()[2]).toEqual(['Calls', 'true', 0]);
    expect(texts('.jp-Profiler-chartTitle strong')).toEqual([
      'Calls, and own time of one call'
    ]);
    button('Calls').click();
    expect(onChart).toHaveBeenCalledTimes(1);
  });

  it('goes on by arrow keys', async () => {
    await show();
    button('Hottest').focus();
    const press = (key: string) =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true })
      );
    press('ArrowRight');
    expect(document.activeElement).toBe(button('Packages'));
    press('ArrowLeft');
    press('ArrowUp');
    expect(document.activeElement).toBe(button('Calls'));
    press('x');
    expect(onChart.mock.calls.flat()).toEqual(['packages', 'hottest', 'calls']);
  });

  it('does not tell when another chart is shown from outside', async () => {
    await show();
    view.show('packages');
    expect(onChart).not.toHaveBeenCalled();
    expect(button('Packages').getAttribute('aria-checked')).toBe('true');
  });
});

describe('a saved picture', () => {
  it('is named after the profile, has a title and a background', async () => {
    const label = '../first <b>model';
    const meta = { ...META, label };
    await show('hottest', { ...profile, meta });
    button('SVG').click();
    const [figure, options] = plotly.downloadImage.mock.calls[0];
    expect(options).toMatchObject({
      format: 'svg',
      filename: 'first-b-model-hottest',
      width: 800,
      scale: 1
    });
    expect(figure.layout.title.text).toBe('Functions with the most own time');
    expect(figure.layout.paper_bgcolor).not.toContain('rgba(0, 0, 0, 0)');
    expect(figure.config.showSendToCloud).toBe(false);
    button('PNG').click();
    expect(plotly.downloadImage.mock.calls[1][1]).toMatchObject({
      format: 'png',
      scale: 2
    });
  });
});

describe('where there is nothing to draw', () => {
  it('a sentence says so', async () => {
    const node = await show('hottest', profileOf([{ name: 'f', self: 0 }]));
    expect(texts('.jp-Profiler-note')).toEqual([
      'No function has any own time.',
      '1 function without own time is not drawn.'
    ]);
    expect(node.querySelector('[role=img], table')).toBeNull();
    expect(
      node.querySelector<HTMLElement>('.jp-Profiler-chartSave')?.hidden
    ).toBe(true);
    view.show('calls');
    expect(texts('.jp-Profiler-note')[0]).toBe(
      'No function has both calls and own time.'
    );
    expect(plotly.react).not.toHaveBeenCalled();
  });

  it('is told apart from what is not known, and from differences', async () => {
    await show('hottest', profileOf([{ name: 'f', self: NaN }]));
    expect(texts('.jp-Profiler-note')[0]).toBe(
      'This profile does not tell the own time of functions.'
    );
    view.dispose();
    await show('packages', profileOf([{ name: 'f', self: -1 }]));
    expect(texts('.jp-Profiler-note')).toEqual([
      'This profile has values below 0, as a difference of two profiles, and none above: there is nothing to be drawn here.',
      '1 function with a value below 0 has no place in this chart.'
    ]);
  });
});
