// @vitest-environment jsdom
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import {
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi
} from 'vitest';

import {
  PROFILE_MIME,
  type ICodePlace,
  type ILineCosts,
  type IResultSettings
} from '../../tokens';
import { trans } from '../../views/__tests__/language';
import {
  click,
  one,
  press,
  textOf,
  texts
} from '../../views/__tests__/results';
import { Links } from '../links';
import { sample } from '../../wire/__tests__/samples';
import type { Preferences } from '../preferences';
import type { ProfileRenderer } from '../renderer';

// The translator's package brings in all of JupyterLab's services.
vi.mock('@jupyterlab/translation', () => ({
  nullTranslator: { languageCode: 'en', load: () => trans }
}));

let Renderer: typeof ProfileRenderer;
let Lumino: typeof import('@lumino/widgets');
let renderer: ProfileRenderer;
let preferences: Preferences;
let settings: IResultSettings;
const open =
  vi.fn<(place: ICodePlace, from: HTMLElement) => Promise<boolean>>();

beforeAll(async () => {
  // jsdom has no drag events, which Lumino extends.
  vi.stubGlobal('DragEvent', class extends MouseEvent {});
  Lumino = await import('@lumino/widgets');
  Renderer = (await import('../renderer')).ProfileRenderer;
});

/** A renderer as the application makes it. */
function make(more: Partial<ProfileRenderer.IOptions> = {}): ProfileRenderer {
  return new Renderer({
    mimeType: PROFILE_MIME,
    navigator: { open, notebookOf: () => '' },
    settings,
    ...more
  } as unknown as ProfileRenderer.IOptions);
}

const links = new Links(
  { baseUrl: 'http://server/' },
  new URL('http://server/lab')
);

beforeEach(async () => {
  localStorage.clear();
  open.mockReset().mockResolvedValue(false);
  Element.prototype.scrollIntoView = () => undefined;
  preferences = new (await import('../preferences')).Preferences();
  settings = { preferences, links };
  renderer = make();
});

afterEach(() => {
  renderer.dispose();
  vi.restoreAllMocks();
});

function model(payload: unknown): IRenderMime.IMimeModel {
  return {
    trusted: false,
    data: { [PROFILE_MIME]: payload },
    metadata: {},
    setData: () => undefined
  } as IRenderMime.IMimeModel;
}

function title(): string {
  return renderer.node.querySelector('.jp-Profiler-title')?.textContent ?? '';
}

/** A sample under another label, and with no memory of the last one. */
function labelled(label: string) {
  const payload = sample('functions');
  payload.meta = { ...(payload.meta as object), label };
  return model(payload);
}

it('holds its place until the views are there', async () => {
  expect(renderer.node.dataset.state).toBe('loading');
  await renderer.renderModel(labelled('one'));
  expect(renderer.node.dataset.state).toBe('ready');
  expect(title()).toBe('one');
});

it('shows the latest of several calls', async () => {
  await Promise.all([
    renderer.renderModel(labelled('one')),
    renderer.renderModel(labelled('two')),
    renderer.renderModel(labelled('three'))
  ]);
  expect(title()).toBe('three');
  expect(renderer.node.children.length).toBe(1);
});

it('leaves alone what is shown already', async () => {
  await renderer.renderModel(labelled('one'));
  const shown = renderer.node.firstChild;
  await renderer.renderModel(labelled('one'));
  expect(renderer.node.firstChild).toBe(shown);
  await renderer.renderModel(labelled('two'));
  expect(renderer.node.firstChild).not.toBe(shown);
  await renderer.renderModel(labelled('one'));
  expect(title()).toBe('one');
});

it.each([undefined, null, 'text', { schema: 'jupyterlab-profiler' }])(
  'shows a sentence for %j, and recovers',
  async payload => {
    await renderer.renderModel(model(payload));
    expect(renderer.node.dataset.state).toBe('error');
    expect(renderer.node.querySelector('[role=alert]')).not.toBeNull();
    await renderer.renderModel(labelled('one'));
    expect(renderer.node.dataset.state).toBe('ready');
    expect(renderer.node.querySelector('[role=alert]')).toBeNull();
  }
);

it('may be disposed while it waits', async () => {
  const rendered = renderer.renderModel(labelled('one'));
  renderer.dispose();
  await expect(rendered).resolves.toBeUndefined();
  expect(renderer.node.textContent).toBe('');
  expect(() => renderer.dispose()).not.toThrow();
});

it('draws before it is attached, and fits when it gets a size', async () => {
  await renderer.renderModel(labelled('one'));
  expect(renderer.node.querySelectorAll('tbody tr').length).toBeGreaterThan(5);
  const measured = vi.spyOn(Element.prototype, 'getBoundingClientRect');
  Lumino.Widget.attach(renderer, document.body);
  expect(measured).not.toHaveBeenCalled();
  vi.spyOn(renderer.node, 'clientWidth', 'get').mockReturnValue(600);
  Lumino.Widget.detach(renderer);
  Lumino.Widget.attach(renderer, document.body);
  expect(measured).toHaveBeenCalled();
});

/** The result of a cell, which an id names. */
function ofCell(cell: string, label = 'one') {
  const payload = sample('functions');
  const meta = payload.meta as Record<string, object>;
  payload.meta = { ...meta, label, source: { ...meta.source, cell } };
  return model(payload);
}

const tool = (text: string) =>
  one(renderer.node, '.jp-Profiler-tools button', text);
const isPressed = (text: string) =>
  tool(text).ariaPressed ?? tool(text).getAttribute('aria-pressed');
const rows = () =>
  texts(renderer.node, '[role=treegrid] tbody .jp-Profiler-name');

describe('lines beside the code', () => {
  it('are told of each profile that is drawn, and of a refusal', async () => {
    const show = vi.fn<ILineCosts['show']>();
    renderer.dispose();
    renderer = make({ lineCosts: { show } });
    await renderer.renderModel(model(sample('lines')));
    await renderer.renderModel(model('text'));
    expect(
      show.mock.calls.map(([result, profile]) => [
        result === renderer,
        profile?.lines.length
      ])
    ).toEqual([
      [true, 8],
      [true, undefined]
    ]);
  });

  it('lead to nothing where nothing is drawn', () => {
    expect(renderer.showLine('/a.py', 1)).toBe(false);
  });
});

describe('what a reader chose', () => {
  it('is there again when the cell has run again, in another output, and after a reload', async () => {
    vi.useFakeTimers();
    await renderer.renderModel(ofCell('c1'));
    click(tool('%'));
    renderer.dispose();
    renderer = make();
    await renderer.renderModel(ofCell('c1'));
    expect(isPressed('%')).toBe('true');
    vi.runAllTimers();
    vi.useRealTimers();
    settings = { preferences, links };
    renderer.dispose();
    renderer = make();
    await renderer.renderModel(ofCell('c1'));
    expect(isPressed('%')).toBe('true');
  });

  it('is not that of another cell, another label, or of a result without a cell', async () => {
    await renderer.renderModel(ofCell('c1'));
    click(tool('%'));
    for (const other of [ofCell('c2'), ofCell('c1', 'two')]) {
      await renderer.renderModel(other);
      expect(isPressed('%')).toBe('false');
    }
    const loose = sample('guide');
    await renderer.renderModel(model(loose));
    click(tool('%'));
    renderer.dispose();
    renderer = make();
    await renderer.renderModel(model(loose));
    expect(isPressed('%')).toBe('false');
  });
});

describe('settings', () => {
  it('are the defaults of a result of which nothing is kept', async () => {
    preferences.read({ percent: true, view: 'functions' });
    await renderer.renderModel(ofCell('c1'));
    expect(isPressed('%')).toBe('true');
    click(tool('%'));
    renderer.dispose();
    renderer = make();
    await renderer.renderModel(ofCell('c1'));
    expect(isPressed('%')).toBe('false');
  });

  it('hide functions of open results at once, until these are gone', async () => {
    await renderer.renderModel(ofCell('c1'));
    const all = rows().length;
    expect(rows()).toContain('fib');
    preferences.read({ hiddenFunctions: ['\\(fib\\)$'] });
    expect(rows()).not.toContain('fib');
    expect(rows().length).toBe(all - 1);
    preferences.read({});
    expect(rows().length).toBe(all);
    renderer.dispose();
    expect(() => preferences.read({ hiddenFunctions: ['.'] })).not.toThrow();
    renderer = make();
    await renderer.renderModel(ofCell('c1'));
    expect(rows()).toEqual([]);
  });
});

describe('the code of a function', () => {
  it('is asked of the application, with the place that the reader comes from', async () => {
    open.mockResolvedValue(true);
    await renderer.renderModel(ofCell('c1'));
    const table = one(renderer.node, '[role=treegrid]');
    press(table, 'Home');
    press(table, 'Enter');
    await vi.waitFor(
      () =>
        expect(open.mock.calls).toEqual([[expect.anything(), renderer.node]]),
      60_000
    );
  });

  it('is shown as it ran where no application can open it', async () => {
    renderer.dispose();
    renderer = make({ navigator: null });
    await renderer.renderModel(ofCell('c1'));
    const name = [
      ...renderer.node.querySelectorAll('tbody .jp-Profiler-name')
    ].find(found => textOf(found) === 'fib');
    name?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    await vi.waitFor(() =>
      expect(texts(renderer.node, '.jp-mod-here')).toEqual(['def fib(n):'])
    );
  });
});
