import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { nullTranslator, type ITranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import { NumberFormat } from '../../profile/format';
import type { IProfile } from '../../profile/model';
import {
  TRANSLATION_DOMAIN,
  type ILineCosts,
  type ILineResult
} from '../../tokens';
import { addToggle } from './command';
import { viewOf } from './editors';
import { FileMargins } from './fileMargins';
import { showHeat } from './heatGutter';
import { latest } from './heatState';
import { HeatSwitch } from './heatSwitch';
import { NotebookWatch } from './notebookWatch';
import { ResultHeat, type IResultPlace } from './resultHeat';
import { reveal } from './reveal';
import type { IWordsContext } from './words';

/** What the gutter has of the application; null where that does not have it. */
export interface IServices {
  readonly app: JupyterFrontEnd;
  readonly tracker: INotebookTracker;
  readonly docManager: IDocumentManager | null;
  readonly registry: ISettingRegistry | null;
  readonly translator: ITranslator | null;
  readonly palette: ICommandPalette | null;
}

/**
 * Shows costs of lines in the margins of cells and of files that are open: those of the results that are drawn, in all
 * views of their notebook. Where several results know a cell or a file, the one that ran last counts.
 *
 * Whatever happens, what is shown is found anew, and only editors that show something else are touched.
 */
export class Gutter implements ILineCosts {
  constructor({ app, tracker, docManager, ...services }: IServices) {
    this._shell = app.shell;
    this._tracker = tracker;
    const language = services.translator ?? nullTranslator;
    this._context = {
      trans: language.load(TRANSLATION_DOMAIN),
      numbers: new NumberFormat(language.languageCode)
    };
    this._files = docManager
      ? new FileMargins(app.shell, docManager, this._schedule)
      : null;
    this._switch = new HeatSwitch(services.registry, () => {
      toggle.changed();
      this._schedule();
    });
    const toggle = addToggle(app.commands, services.palette, this._context, {
      isOn: () => this._switch.isOn,
      isOffered: () => this._isInFront(),
      toggle: () => this._switch.toggle()
    });
  }

  /**
   * Show the lines of a result, in place of those that it had.
   */
  readonly show = (
    result: ILineResult,
    profile: IProfile | undefined
  ): void => {
    const place = placeOf(result, this._tracker);
    if (result.isDisposed || !place || !profile?.lines.length) {
      this._forget(result);
      return;
    }
    const heat = new ResultHeat(
      result,
      place,
      profile,
      this._context,
      (from, path, line, node) =>
        void reveal(from, { path, line }, node, {
          results: [...this._results.values()],
          tracker: this._tracker,
          shell: this._shell
        })
    );
    if (!this._results.has(result)) {
      result.disposed.connect(this._forget);
    }
    if (this._results.size === 0) {
      this._tracker.widgetAdded.connect(this._schedule);
    }
    this._results.delete(result);
    this._results.set(result, heat);
    this._schedule();
  };

  private readonly _forget = (result: ILineResult | Widget): void => {
    if (this._results.delete(result as ILineResult)) {
      result.disposed.disconnect(this._forget);
      if (this._results.size === 0) {
        this._tracker.widgetAdded.disconnect(this._schedule);
      }
      this._schedule();
    }
  };

  /** Once for all that happens at a time. */
  private readonly _schedule = (): void => {
    if (!this._isScheduled) {
      this._isScheduled = true;
      queueMicrotask(() => {
        this._isScheduled = false;
        this._update();
      });
    }
  };

  private _update(): void {
    // What ran last first; of what nobody knows when, what was drawn last.
    const results = [...this._results.values()]
      .reverse()
      .sort((a, b) => b.started - a.started);
    const contexts = new Set(results.map(({ place }) => place.panel.context));
    const panels = this._tracker.filter(
      panel => !panel.isDisposed && contexts.has(panel.context)
    );
    for (const [panel, watch] of this._watches) {
      if (!panels.includes(panel)) {
        watch.dispose();
        this._watches.delete(panel);
        this._mark(panel, null, []);
      }
    }
    for (const panel of panels) {
      const watch =
        this._watches.get(panel) ?? new NotebookWatch(panel, this._schedule);
      this._watches.set(panel, watch);
      this._mark(
        panel,
        watch,
        results.filter(({ place }) => place.panel.context === panel.context)
      );
    }
    this._files?.update(this._switch.isOn ? results : []);
  }

  /** Show in the cells of a notebook what results have of them. */
  private _mark(
    { content, isDisposed }: NotebookPanel,
    watch: NotebookWatch | null,
    results: readonly ResultHeat[]
  ): void {
    if (isDisposed) {
      return;
    }
    const cells = content.widgets.filter(({ model }) => model.type === 'code');
    const texts = cells.map(({ model }) => ({
      id: model.id,
      text: results.length > 0 ? model.sharedModel.getSource() : ''
    }));
    const known = results.map(result => result.cells(texts));
    for (const cell of cells) {
      const heats = known.flatMap(found => found.get(cell.model.id) ?? []);
      const view = viewOf(cell.editor);
      if (view) {
        showHeat(view, this._switch.isOn ? latest(heats, view.state) : null);
      } else if (heats.length > 0) {
        watch?.awaitEditor(cell);
      }
    }
  }

  /** Whether the notebook in front has costs. */
  private _isInFront(): boolean {
    const context = this._tracker.currentWidget?.context;
    return [...this._results.values()].some(
      ({ place }) => place.panel.context === context
    );
  }

  private readonly _shell: JupyterFrontEnd.IShell;
  private readonly _tracker: INotebookTracker;
  private readonly _context: IWordsContext;
  private readonly _switch: HeatSwitch;
  private readonly _files: FileMargins | null;
  /** In the order in which they were drawn. */
  private readonly _results = new Map<ILineResult, ResultHeat>();
  private readonly _watches = new Map<NotebookPanel, NotebookWatch>();
  private _isScheduled = false;
}

/** The notebook and the cell that a result is in; null outside of notebooks. */
function placeOf(
  result: Widget,
  tracker: INotebookTracker
): IResultPlace | null {
  let inner: Widget = result;
  for (let outer = result.parent; outer; outer = outer.parent) {
    const notebook = outer;
    const panel = tracker.find(({ content }) => content === notebook);
    const cell = panel?.content.widgets.find(one => one === inner);
    if (panel && cell) {
      return { panel, cell: cell.model.id };
    }
    inner = outer;
  }
  return null;
}
