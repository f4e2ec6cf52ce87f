// @vitest-environment jsdom
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { PROFILE_MIME } from '../../tokens';
import { trans } from '../../views/__tests__/language';
import { sample } from '../../wire/__tests__/samples';
import type { ProfileRenderer } from '../renderer';

// The translator's package brings in all of JupyterLab's services.
vi.mock('@jupyterlab/translation', () => ({
  nullTranslator: { languageCode: 'en', load: () => trans }
}));

let Renderer: typeof ProfileRenderer;
let Lumino: typeof import('@lumino/widgets');
let renderer: ProfileRenderer;

beforeAll(async () => {
  // jsdom has no drag events, which Lumino extends.
  vi.stubGlobal('DragEvent', class extends MouseEvent {});
  Lumino = await import('@lumino/widgets');
  Renderer = (await import('../renderer')).ProfileRenderer;
});

beforeEach(() => {
  renderer = new Renderer({
    mimeType: PROFILE_MIME,
    navigator: null
  } as unknown as ProfileRenderer.IOptions);
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
