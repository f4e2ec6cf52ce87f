// @vitest-environment jsdom
import type { EditorView } from '@codemirror/view';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';
import type { Widget as LuminoWidget } from '@lumino/widgets';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { META } from '../../../profile/__tests__/build';
import type { IProfile } from '../../../profile/model';
import type { ILineResult } from '../../../tokens';
import { trans } from '../../../views/__tests__/language';
import type { Gutter } from '../gutter';
import { cellProfile, editorOf, marked, SOURCE } from './heats';

// Its package brings in all of JupyterLab's services.
vi.mock('@jupyterlab/translation', () => ({
  nullTranslator: { languageCode: 'en', load: () => trans }
}));
vi.mock('../../serverPath', () => ({
  serverPath: (path: string) =>
    Promise.resolve(path.startsWith('/root/') ? path.slice(6) : null)
}));

let Widget: typeof LuminoWidget;
let Service: typeof Gutter;

beforeAll(async () => {
  // jsdom has no drag events, which Lumino extends, and lays nothing out.
  vi.stubGlobal('DragEvent', class extends MouseEvent {});
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  ({ Widget } = await import('@lumino/widgets'));
  Service = (await import('../gutter')).Gutter;
});

const TEXT = SOURCE.join('\n');
const ALL = { 2: 2, 3: 3, 4: 4, 5: 5 };

/** What stands for a cell, with an editor from the start or later. */
class Cell {
  constructor(
    readonly id: string,
    readonly text: string,
    hasEditor = true
  ) {
    this.widget = Object.assign(new Widget(), {
      model: {
        id,
        type: 'code',
        sharedModel: { getSource: () => text }
      },
      editor: null as object | null,
      ready: new Promise<void>(resolve => {
        this.makeEditor = () => {
          const { view, dispatched } = editorOf(text);
          this.view = view;
          this.dispatched = dispatched;
          this.widget.editor = { editor: view, isDisposed: false };
          resolve();
        };
      })
    });
    if (hasEditor) {
      this.makeEditor();
    }
  }

  readonly widget: LuminoWidget & { editor: object | null };
  makeEditor!: () => void;
  view!: EditorView;
  dispatched!: () => number;

  get marked(): Record<number, number> {
    return marked(this.view);
  }
}

/** What stands for a notebook, and for a view of one. */
class Panel {
  constructor(
    readonly cells: Cell[],
    readonly context: object = {}
  ) {
    this.content.id = 'notebook';
    cells.forEach(({ widget }) => (widget.parent = this.content));
    Object.assign(this.content, {
      widgets: cells.map(({ widget }) => widget),
      modelChanged: new Signal<object, void>(this),
      model: { cells: { changed: this.cellsChanged } }
    });
    Object.assign(this.widget, { content: this.content, context });
  }

  readonly cellsChanged = new Signal<object, void>(this);
  readonly content = new Widget();
  readonly widget = new Widget();

  /** A result under a cell. */
  result(index: number): ILineResult & { shown: [string, number][] } {
    const shown: [string, number][] = [];
    const result = Object.assign(new Widget(), {
      shown,
      showLine: (path: string, line: number) => {
        shown.push([path, line]);
        return true;
      }
    });
    const output = new Widget();
    output.parent = this.cells[index].widget;
    result.parent = output;
    return result;
  }
}

let panels: Panel[];
let widgetAdded: Signal<object, void>;
const filter = vi.fn<(test: (panel: never) => boolean) => unknown[]>();

/** The service in an application with some notebooks. */
function gutterOf(
  all: Panel[],
  registry: ISettingRegistry | null = null
): { gutter: Gutter; toggle: () => unknown } {
  panels = all;
  let toggle: () => unknown = () => undefined;
  const gutter = new Service({
    app: {
      shell: { widgets: () => [] },
      commands: {
        addCommand: (id: string, { execute }: { execute: () => unknown }) => {
          toggle = execute;
        },
        notifyCommandChanged: () => undefined
      }
    } as never,
    tracker: {
      widgetAdded,
      currentWidget: null,
      find: (test: (panel: never) => boolean) =>
        panels.map(({ widget }) => widget).find(one => test(one as never)),
      filter
    } as unknown as INotebookTracker,
    docManager: null,
    registry,
    translator: null,
    palette: null
  });
  return { gutter, toggle: () => toggle() };
}

/** All that was scheduled is done. */
async function settled(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve));
}

function ranAt(second: number): Partial<IProfile> {
  const started = `2026-05-04T09:33:0${second}+00:00`;
  return { meta: { ...META, wall: 1000, started } };
}

beforeEach(() => {
  widgetAdded = new Signal({});
  filter
    .mockReset()
    .mockImplementation(test =>
      panels
        .map(({ widget }) => widget)
        .filter(widget => !widget.isDisposed && test(widget as never))
    );
});

afterEach(() => {
  document.body.replaceChildren();
});

it('a result marks the cells that it knows, by one transaction each, and no others', async () => {
  const cells = [new Cell('c0', TEXT), new Cell('c1', TEXT)];
  const other = new Panel([new Cell('c0', TEXT)]);
  const { gutter } = gutterOf([new Panel(cells), other]);
  gutter.show(panels[0].result(1), cellProfile('c0'));
  await settled();
  expect(cells.map(cell => cell.marked)).toEqual([ALL, {}]);
  expect(other.cells[0].marked).toEqual({});
  expect([...cells, ...other.cells].map(cell => cell.dispatched())).toEqual([
    1, 0, 0
  ]);
});

it('a result that is gone, or has no lines any more, leaves nothing, and nobody waits', async () => {
  const cell = new Cell('c0', TEXT);
  const panel = new Panel([cell]);
  const { gutter } = gutterOf([panel]);
  const first = panel.result(0);
  gutter.show(first, cellProfile('c0'));
  await settled();
  gutter.show(first, undefined);
  await settled();
  expect(cell.marked).toEqual({});
  gutter.show(first, cellProfile('c0'));
  await settled();
  expect(cell.marked).toEqual(ALL);
  first.dispose();
  await settled();
  expect(document.querySelector('[class*=jp-Profiler]')).toBeNull();
  expect(cell.dispatched()).toBe(4);
  filter.mockClear();
  panel.cellsChanged.emit();
  widgetAdded.emit();
  await settled();
  expect(filter).not.toHaveBeenCalled();
});

it('a result that was disposed before it is shown is not', async () => {
  const panel = new Panel([new Cell('c0', TEXT)]);
  const { gutter } = gutterOf([panel]);
  const result = panel.result(0);
  result.dispose();
  gutter.show(result, cellProfile('c0'));
  gutter.show(new Widget() as unknown as ILineResult, cellProfile('c0'));
  await settled();
  expect(panel.cells[0].dispatched()).toBe(0);
  expect(filter).not.toHaveBeenCalled();
});

it('a cell is marked when it gets its editor, and when it comes into the notebook', async () => {
  const [late, added] = [new Cell('c0', TEXT, false), new Cell('c0', TEXT)];
  const panel = new Panel([late]);
  const { gutter } = gutterOf([panel]);
  gutter.show(panel.result(0), cellProfile('c0'));
  await settled();
  late.makeEditor();
  await settled();
  expect(late.marked).toEqual(ALL);
  expect(late.dispatched()).toBe(1);
  // A cell that was moved is another widget.
  Object.assign(panel.content, { widgets: [late.widget, added.widget] });
  panel.cellsChanged.emit();
  await settled();
  expect(added.marked).toEqual(ALL);
  expect(late.dispatched()).toBe(1);
});

it('all views of the notebook are marked, also one that is opened later', async () => {
  const first = new Panel([new Cell('c0', TEXT)]);
  const second = new Panel([new Cell('c0', TEXT)], first.context);
  const { gutter } = gutterOf([first]);
  const result = first.result(0);
  gutter.show(result, cellProfile('c0'));
  await settled();
  panels.push(second);
  widgetAdded.emit();
  await settled();
  expect(second.cells[0].marked).toEqual(ALL);
  expect(first.cells[0].dispatched()).toBe(1);
  result.dispose();
  await settled();
  expect(second.cells[0].marked).toEqual({});
});

it('of several results the one that ran last counts, whichever was drawn last', async () => {
  const cell = new Cell('c0', TEXT);
  const panel = new Panel([cell]);
  const { gutter } = gutterOf([panel]);
  const [late, early] = [panel.result(0), panel.result(0)];
  gutter.show(late, cellProfile('c0', SOURCE, [[0, 1, 0, 1, 1]], ranAt(9)));
  gutter.show(early, cellProfile('c0', undefined, undefined, ranAt(1)));
  await settled();
  expect(cell.marked).toEqual({ 1: 1 });
  late.dispose();
  await settled();
  expect(cell.marked).toEqual(ALL);
});

it('a result of another text gives way to one of this text', async () => {
  const cell = new Cell('c0', TEXT);
  const panel = new Panel([cell]);
  const { gutter } = gutterOf([panel]);
  gutter.show(
    panel.result(0),
    cellProfile('c0', ['other'], [[0, 1, 0, 1, 1]], ranAt(9))
  );
  gutter.show(
    panel.result(0),
    cellProfile('c0', undefined, undefined, ranAt(1))
  );
  await settled();
  expect(cell.marked).toEqual(ALL);
});

it('a cell without its id is known by its text, unless several have it', async () => {
  const cells = [new Cell('x', '1'), new Cell('y', `\n${TEXT}\n`)];
  const twice = [new Cell('x', TEXT), new Cell('y', TEXT), new Cell('z', '1')];
  const { gutter } = gutterOf([new Panel(cells), new Panel(twice)]);
  gutter.show(panels[0].result(0), cellProfile('gone'));
  const result = panels[1].result(2);
  gutter.show(result, cellProfile('gone'));
  await settled();
  expect(cells[1].marked).toEqual({ 3: 2, 4: 3, 5: 4, 6: 5 });
  expect(twice.map(cell => cell.dispatched())).toEqual([0, 0, 0]);
  // Where the result stands under one of them, it is that one.
  gutter.show(panels[1].result(1), cellProfile('gone'));
  await settled();
  expect(twice.map(cell => cell.dispatched())).toEqual([0, 1, 0]);
});

it('is turned off and on for all editors at once', async () => {
  const panel = new Panel([new Cell('c0', TEXT)]);
  const { gutter, toggle } = gutterOf([panel]);
  gutter.show(panel.result(0), cellProfile('c0'));
  await settled();
  for (const expected of [{}, ALL]) {
    await toggle();
    await settled();
    expect(panel.cells[0].marked).toEqual(expected);
  }
});

it('follows the settings, and waits for them', async () => {
  const panel = new Panel([new Cell('c0', TEXT)]);
  const changed = new Signal<object, void>({});
  const settings = {
    changed,
    composite: { gutterHeat: false as unknown },
    set: (key: string, value: unknown) => {
      settings.composite = { gutterHeat: value };
      changed.emit();
      return Promise.resolve();
    }
  };
  let load: (found: unknown) => void = () => undefined;
  const { gutter, toggle } = gutterOf([panel], {
    load: () => new Promise(resolve => (load = resolve))
  } as unknown as ISettingRegistry);
  gutter.show(panel.result(0), cellProfile('c0'));
  await settled();
  load(settings);
  await settled();
  expect(panel.cells[0].dispatched()).toBe(0);
  await toggle();
  await settled();
  expect(settings.composite.gutterHeat).toBe(true);
  expect(panel.cells[0].marked).toEqual(ALL);
});

it('a click leads to the result in the same view', async () => {
  const first = new Panel([new Cell('c0', `x\n${TEXT}`)]);
  const second = new Panel([new Cell('c0', TEXT)], first.context);
  const { gutter } = gutterOf([first, second]);
  for (const { widget, cells } of panels) {
    widget.node.append(cells[0].view.dom);
    document.body.append(widget.node);
  }
  const rows = [[0, 1, 0, 1, 1]] as const;
  const results = panels.map(panel => panel.result(0));
  results.forEach(one => {
    document.body.append(one.node);
    gutter.show(one, cellProfile('c0', SOURCE, rows));
  });
  await settled();
  // Where nothing is laid out, what points at a line points at the first one.
  second.cells[0].view.dom
    .querySelector<HTMLElement>('.jp-Profiler-cost[role]')
    ?.click();
  expect(results.map(({ shown }) => shown)).toEqual([
    [],
    [['/tmp/ipykernel_1/c0.py', 1]]
  ]);
});
