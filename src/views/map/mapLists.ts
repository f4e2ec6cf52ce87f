import { NONE, type FuncIndex } from '../../profile/indices';
import { MAP_LISTS, type MapList } from '../../profile/map/mapState';
import { notLoaded, type IContext } from '../context';
import { button, clipped, element } from '../dom';
import { shortPlace } from '../functionName';
import { loadLater } from '../loadLater';
import type { IHost } from '../profileView';
import type { Result } from '../result';
import type { IExcerpt } from '../sourcePanel';
import { Tabs } from '../tabs';
import type { MapModel } from './mapModel';
import type { MapWords } from './mapWords';
import { RelativesTable, type IRelativesOptions } from './relativesTable';

/** What the lists tell. */
export interface IMapListsOptions extends IRelativesOptions {
  onList(list: MapList): void;
  /** The reader wants to see the code. */
  onOpen(func: FuncIndex): void;
  /** The text of a file as it is now. */
  readonly textOf?: IHost['textOf'];
}

/**
 * What called the selected function, what it called, and its source.
 */
export class MapLists {
  /**
   * @param _model - which knows who called whom in what is shown
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _words: MapWords,
    private readonly _model: Pick<MapModel, 'hasPaths' | 'relatives'>,
    private readonly _options: IMapListsOptions
  ) {
    const { trans } = _context;
    this._table = new RelativesTable(_result, _context, _words, _options);
    this._title = element('p');
    const labels = {
      callees: trans.__('Callees'),
      allCallees: trans.__('All callees'),
      callers: trans.__('Callers'),
      allCallers: trans.__('All callers'),
      source: trans.__('Source')
    };
    this._panels = MAP_LISTS.map(() => element('div'));
    this._tabs = new Tabs(
      MAP_LISTS.map((view, i) => ({
        view,
        label: labels[view],
        panel: this._panels[i]
      })),
      trans.__('Of the selected function'),
      list => _options.onList(list)
    );
    this.node = element('div', { className: 'jp-Profiler-mapLists' }, [
      this._tabs.node,
      this._title,
      ...this._panels
    ]);
  }

  readonly node: HTMLElement;

  /**
   * Show one of the lists.
   *
   * @param whole - what shares are shares of
   */
  show(list: MapList, func: FuncIndex | typeof NONE, whole: number): void {
    const { trans } = this._context;
    this._tabs.show(list);
    const panel = this._panels[MAP_LISTS.indexOf(list)];
    if (func === NONE) {
      this._title.textContent = trans.__('Select a function.');
      panel.replaceChildren();
      return;
    }
    if (list === 'source') {
      this._title.textContent = this._words.funcTitle(func);
      void this._source(panel, func);
      return;
    }
    const relatives = this._model.relatives(func, list);
    const title = this._sentence(
      list,
      this._words.func(func),
      this._model.hasPaths
    );
    this._title.textContent =
      relatives.length > 0 ? title : trans.__('%1: none', title);
    panel.replaceChildren(this._table.node);
    this._table.node.hidden = relatives.length === 0;
    this._table.show(relatives, whole, title);
    this._table.layout();
  }

  hover(func: FuncIndex | typeof NONE): void {
    this._table.hover(func);
  }

  layout(): void {
    this._table.layout();
  }

  dispose(): void {
    this._isDisposed = true;
    this._table.dispose();
  }

  private _sentence(
    list: Exclude<MapList, 'source'>,
    name: string,
    isExact: boolean
  ): string {
    const { trans } = this._context;
    switch (list) {
      case 'callees':
        return trans.__('What %1 called, with what that took for it', name);
      case 'callers':
        return trans.__('What called %1, with what that took for each', name);
      case 'allCallees':
        return isExact
          ? trans.__('All that ran below %1, with what it took there', name)
          : trans.__('All that %1 can lead to, with totals of its own', name);
      case 'allCallers':
        return isExact
          ? trans.__('All that ran above %1, with what %1 took there', name)
          : trans.__('All that can lead to %1, with totals of its own', name);
    }
  }

  private async _source(panel: HTMLElement, func: FuncIndex): Promise<void> {
    const { trans } = this._context;
    const { profile, labels } = this._result;
    const file = profile.functions.file[func];
    const line = profile.functions.line[func];
    const run = ++this._run;
    try {
      const { excerptAt, excerptOf, placeOf, sourceLines } = await loadLater();
      const name = trans.__(
        'Source of %1',
        clipped(shortPlace(profile, func, labels))
      );
      const show = (excerpt: IExcerpt | null, sentence: string) => {
        // What was asked for last counts.
        if (run === this._run && !this._isDisposed) {
          this._showSource(
            panel,
            func,
            sentence,
            excerpt && sourceLines(excerpt, line, name)
          );
        }
      };
      const ran = file === NONE ? null : excerptAt(profile, file, line);
      show(
        ran,
        ran
          ? trans.__('As it ran')
          : trans.__('Its source is not in the profile.')
      );
      const place = ran ? null : placeOf(profile, func);
      const text = place && (await this._options.textOf?.(place));
      const now = text
        ? excerptOf(text, line, profile.functions.name[func])
        : null;
      if (now) {
        show(
          now,
          trans.__(
            'Its source is not in the profile: this is the file as it is today.'
          )
        );
      }
    } catch {
      panel.replaceChildren(
        element('p', {
          className: 'jp-Profiler-note',
          text: notLoaded(this._context),
          attributes: { role: 'alert' }
        })
      );
    }
  }

  private _showSource(
    panel: HTMLElement,
    func: FuncIndex,
    sentence: string,
    lines: HTMLElement | null
  ): void {
    const { trans } = this._context;
    panel.replaceChildren(
      element('div', { className: 'jp-Profiler-bar' }, [
        element('span', { text: sentence, attributes: { role: 'status' } }),
        ...(this._result.profile.functions.file[func] === NONE
          ? []
          : [
              button(trans.__('Go to the code'), () =>
                this._options.onOpen(func)
              )
            ])
      ]),
      ...(lines
        ? [element('div', { className: 'jp-Profiler-source' }, [lines])]
        : [])
    );
    const here = lines?.querySelector<HTMLElement>('.jp-mod-here');
    if (here && lines) {
      lines.scrollTop = here.offsetTop - lines.offsetTop;
    }
  }

  private readonly _table: RelativesTable;
  private readonly _title: HTMLElement;
  private readonly _tabs: Tabs<MapList>;
  private readonly _panels: readonly HTMLElement[];
  private _run = 0;
  private _isDisposed = false;
}
