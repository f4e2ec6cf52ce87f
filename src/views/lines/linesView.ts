import { NONE, type ThreadIndex } from '../../profile/indices';
import {
  HEAD,
  LineList,
  type ILineListing,
  type ILinePlace
} from '../../profile/lineList';
import { lineRows, type ILineBlock } from '../../profile/lineRows';
import { LineSources } from '../../profile/lineSource';
import { lineText } from '../../profile/lineText';
import { hotLines, nextPlace } from '../../profile/lineWays';
import { readLinesState, type ILinesState } from '../../profile/linesState';
import { findThread, threadKeys } from '../../profile/threadKeys';
import type { IViewState } from '../../profile/viewState';
import type { AccountPanel } from '../accountPanel';
import { copyText } from '../clipboard';
import type { IContext } from '../context';
import { element } from '../dom';
import type { ILazyView } from '../lazyPanel';
import type { IHost } from '../profileView';
import type { Result } from '../result';
import { LineRowPainter } from './lineRow';
import { LinesTable } from './linesTable';
import { LinesTools } from './linesTools';
import { foundWords, summaryWords } from './linesWords';
import { SourceColours, type LoadColours } from './sourceColours';
import { secondsOf } from './units';

/** How long it is told what was copied, in ms. */
const SAID = 4_000;

/**
 * The lines of a profile: one block a function, hottest first, with what each line took beside its source.
 */
export class LinesView implements ILazyView {
  /**
   * @param _host - opens places in code
   * @param makeAccount - makes the account of what is selected
   * @param loadColours - loads what colours the source
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _host: Pick<IHost, 'open'>,
    makeAccount: () => AccountPanel,
    loadColours: LoadColours = async language =>
      (await import('./editorColours')).editorColours(language)
  ) {
    const { profile } = _result;
    this._sources = new LineSources(profile);
    this._threadKeys = threadKeys(profile.threads);
    const colours = new SourceColours(profile, loadColours, () => {
      if (!this._isDisposed) {
        this._table.redraw();
      }
    });
    this._painter = new LineRowPainter(_result, _context, colours);
    this._table = new LinesTable(this._painter, _context, {
      onActive: place => this._onActive(place),
      onToggle: block => this._toggle(block),
      onOpen: place => void this._open(place),
      onAccount: block => this._account(block),
      onGo: block => this._goTo({ block, line: HEAD }),
      onHot: step => this._toHot(step)
    });
    this._tools = new LinesTools(
      _result,
      _context,
      [...new Set(profile.lines.thread)].sort((a, b) => a - b) as ThreadIndex[],
      this._threadKeys,
      this._state,
      {
        onSearch: text => this._onSearch(text),
        onFind: step => this._toFound(step),
        onHot: step => this._toHot(step),
        onCopy: () => void this._copy(),
        onChange: change => this._change(change)
      }
    );
    this._summary = element('span', { attributes: { role: 'status' } });
    // Where functions were measured as well, what one took stands beside its lines.
    this._beside = _result.rows.length > 0 ? makeAccount() : null;
    this.node = element('div', { className: 'jp-Profiler-lines' }, [
      this._tools.node,
      element('div', { className: 'jp-Profiler-bar' }, [this._summary]),
      element('div', { className: 'jp-Profiler-halves' }, [
        this._table.node,
        ...(this._beside ? [this._beside.node] : [])
      ])
    ]);
    this._list = this._makeList();
    this._listing = this._makeListing();
    this._refresh(null);
    if (_result.state.selection) {
      this._goToSelected();
    }
    this._goToWanted();
    this._beside?.refresh();
  }

  readonly node: HTMLElement;

  /**
   * Fit to the size that the node has now.
   */
  layout(): void {
    this._table.layout();
    this._showComing();
  }

  /**
   * Colours are the style sheet's.
   */
  refreshTheme(): void {
    return;
  }

  /**
   * Take the keyboard's focus.
   */
  focus(): void {
    this._table.focus();
  }

  /**
   * The view state is another one.
   *
   * @param before - as it was
   */
  onChange(before: IViewState): void {
    const { state } = this._result;
    const has = (name: keyof IViewState) => before[name] !== state[name];
    this._tools.refresh(this._state);
    this._follow();
    if (has('selection') && !this._isChoosing) {
      this._goToSelected();
    }
    if (has('selection') || has('percent') || has('factor')) {
      this._beside?.refresh();
    }
    this._goToWanted();
  }

  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    this._tools.dispose();
    this._table.dispose();
    this.node.remove();
  }

  private _makeList(): LineList {
    const { profile, state } = this._result;
    const rows = lineRows(profile, findThread(this._threadKeys, state.thread));
    // The thread of an earlier run, or one that ran no line: then those of all.
    const shown = rows.blocks.length > 0 ? rows : lineRows(profile);
    this._unit = shown.metric?.unit ?? '';
    return new LineList(profile, shown, this._sources);
  }

  private _makeListing(): ILineListing {
    return this._list.listing(block => this._isOpen(block), this._state.timed);
  }

  /** What is chosen of lines. */
  private get _state(): ILinesState {
    const { lines } = this._result.state;
    if (!this._read || this._read.from !== lines) {
      this._read = { from: lines, state: readLinesState(lines) };
    }
    return this._read.state;
  }

  private _change(change: Partial<ILinesState>): void {
    this._result.update({ lines: { ...this._state, ...change } });
    // While it is made, nobody tells it of changes.
    this._follow();
  }

  /** List anew what the state asks for, if that is not what is listed. */
  private _follow(): void {
    const { active } = this._table;
    if (this._listedThread !== this._result.state.thread) {
      this._list = this._makeList();
      this._refresh(active && this._sameIn(active));
    } else if (this._listedState !== this._state) {
      this._refresh(active);
    }
  }

  /** List anew. */
  private _refresh(active: ILinePlace | null): void {
    this._painter.unit = { measured: this._unit, shown: this._state.unit };
    this._listedThread = this._result.state.thread;
    this._listedState = this._state;
    this._listing = this._makeListing();
    const [first] = this._list.rows.blocks;
    this._table.show(
      this._list,
      this._listing,
      active ?? { block: first, line: HEAD }
    );
    this._find();
    this._summarise();
  }

  /** A place of another list in this one. */
  private _sameIn({ block, line }: ILinePlace): ILinePlace | null {
    const same = this._list.rows.blocks.find(
      one => one.function === block.function && one.file === block.file
    );
    return same ? { block: same, line } : null;
  }

  private _isOpen(block: ILineBlock): boolean {
    const { open, shut } = this._state;
    const key = this._keyOf(block);
    return (
      open.includes(key) ||
      (!shut.includes(key) && this._list.isOpenAtFirst(block))
    );
  }

  private _keyOf({ function: func, file }: ILineBlock): string {
    const { keys, profile } = this._result;
    return func !== NONE
      ? keys.keyOf(func)
      : `${file === NONE ? '' : profile.files.path[file]}|`;
  }

  private _toggle(block: ILineBlock): void {
    const { open, shut } = this._state;
    const key = this._keyOf(block);
    const isOpen = this._isOpen(block);
    const isOpenAtFirst = this._list.isOpenAtFirst(block);
    const others = (keys: readonly string[]) => keys.filter(one => one !== key);
    const with_ = (keys: readonly string[], has: boolean) =>
      has ? [...others(keys), key] : others(keys);
    this._change({
      open: with_(open, !isOpen && !isOpenAtFirst),
      shut: with_(shut, isOpen && isOpenAtFirst)
    });
  }

  /** Go to a row, wherever it is. */
  private _goTo(place: ILinePlace): void {
    if (!this._isOpen(place.block)) {
      this._toggle(place.block);
    }
    if (
      this._state.timed &&
      place.line > 0 &&
      this._listing.at(this._listing.positionOf(place))?.line !== place.line
    ) {
      this._change({ timed: false });
    }
    this._table.activate(place, true);
    this._onActive(place);
  }

  /** The function that the reader has selected elsewhere. */
  private _goToSelected(): void {
    const func = this._result.selection().at(-1);
    const block = this._list.rows.blocks.find(one => one.function === func);
    if (
      block &&
      block.function !== NONE &&
      block !== this._table.active?.block
    ) {
      this._goTo({ block, line: HEAD });
    }
  }

  /** The line that was asked for elsewhere: of the hottest function that has it. */
  private _goToWanted(): void {
    const { wanted, profile } = this._result;
    if (!wanted) {
      return;
    }
    this._result.wanted = null;
    const has = ({ file, line }: ILineBlock) =>
      file !== NONE &&
      profile.files.path[file] === wanted.path &&
      line.includes(wanted.line);
    if (!this._list.rows.blocks.some(has)) {
      this._result.update({ thread: null });
      this._follow();
    }
    // The line of a function's head is a line of what defines it, too: most hits are its own.
    const block = this._list.rows.blocks.find(has);
    if (block) {
      this._goTo({ block, line: wanted.line });
      this._isComing = true;
      this._showComing();
    }
  }

  /** Bring into sight what was asked for, as soon as there is a page around it. */
  private _showComing(): void {
    if (this._isComing && this.node.isConnected) {
      this._isComing = false;
      this._table.flash();
      this._table.node.scrollIntoView({ block: 'nearest' });
    }
  }

  /** The reader is on another row: its function is the one that all views are about. */
  private _onActive({ block }: ILinePlace): void {
    const { function: func } = block;
    if (func !== NONE && this._result.selection().at(-1) !== func) {
      this._isChoosing = true;
      this._result.select([func]);
      this._isChoosing = false;
    }
  }

  private async _open({ block, line }: ILinePlace): Promise<void> {
    const { trans } = this._context;
    const { files } = this._result.profile;
    const { file, first } = block;
    const wanted = line > 0 && Number.isFinite(line) ? line : first;
    const shown =
      file !== NONE &&
      (await this._host.open({
        path: files.path[file],
        cell: files.cell[file],
        line: wanted,
        text: this._sources.text(file, wanted) ?? undefined
      }));
    if (!shown) {
      this._say(
        trans.__('%1 cannot be opened here.', this._painter.name(block))
      );
    } else if (shown === 'changed') {
      this._say(
        trans.__(
          'Line %1 has changed since it ran. Here it is shown as it ran.',
          `${wanted}`
        )
      );
    }
  }

  private _account({ function: func }: ILineBlock): void {
    if (func !== NONE && this._result.graph.rowOf(func) !== NONE) {
      this._result.select([func]);
      this._result.update({ view: 'functions' });
    }
  }

  private _toHot(step: 1 | -1): void {
    const { rows } = this._list;
    const next = nextPlace(rows, hotLines(rows), this._table.active, step);
    if (next) {
      this._goTo(next);
    }
  }

  private _onSearch(text: string): void {
    if (text === this._search) {
      return;
    }
    this._search = text;
    this._painter.search = text.toLowerCase();
    this._find();
    this._table.redraw();
  }

  private _find(): void {
    this._found = this._list.search(this._search, this._state.timed);
    this._tellFound(null);
  }

  private _toFound(step: 1 | -1): void {
    const next = nextPlace(
      this._list.rows,
      this._found,
      this._table.active,
      step
    );
    if (next) {
      this._goTo(next);
      this._tellFound(next);
    }
  }

  private _tellFound(at: ILinePlace | null): void {
    this._tools.found(
      this._search === '' ? '' : foundWords(this._found, at, this._context)
    );
  }

  private async _copy(): Promise<void> {
    const { trans, numbers } = this._context;
    const { profile } = this._result;
    const text = lineText(profile, this._list, secondsOf(this._state.unit));
    const count = this._list.rows.blocks.length;
    this._say(
      (await copyText(text))
        ? trans._n(
            'Copied %2 function',
            'Copied %2 functions',
            count,
            numbers.count(count)
          )
        : trans.__('The browser does not allow to copy.')
    );
  }

  /** Say something for a while, in the place of the summary. */
  private _say(text: string): void {
    if (this._isDisposed) {
      return;
    }
    this._summary.textContent = text;
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._summarise(), SAID);
  }

  private _summarise(): void {
    window.clearTimeout(this._timer);
    this._summary.textContent = summaryWords(this._list.rows, this._context);
  }

  private readonly _sources: LineSources;
  private readonly _threadKeys: readonly string[];
  private readonly _painter: LineRowPainter;
  private readonly _beside: AccountPanel | null;
  private readonly _table: LinesTable;
  private readonly _tools: LinesTools;
  private readonly _summary: HTMLElement;
  private _read: {
    readonly from: unknown;
    readonly state: ILinesState;
  } | null = null;
  private _listedThread: string | null = null;
  private _listedState: ILinesState | null = null;
  private _unit = '';
  private _list: LineList;
  private _listing: ILineListing;
  private _search = '';
  private _found: readonly ILinePlace[] = [];
  private _timer = 0;
  private _isChoosing = false;
  private _isComing = false;
  private _isDisposed = false;
}
