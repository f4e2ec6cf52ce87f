import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import { readMapState, type IMapState } from '../../profile/map/mapState';
import { largestOf } from '../../profile/tree/largest';
import type { IViewState } from '../../profile/viewState';
import type { IContext } from '../context';
import { button, element } from '../dom';
import type { ILazyView } from '../lazyPanel';
import { foundWords, matchesOf, searched } from '../pictures/found';
import { legend } from '../pictures/legend';
import { readPalette } from '../pictures/palette';
import { savePictures, saveVectors } from '../pictures/savePictures';
import { TreeColours, type IColourScheme } from '../pictures/treeColours';
import { TreeTable } from '../pictures/treeTable';
import { loadLater } from '../loadLater';
import type { IHost } from '../profileView';
import type { Result } from '../result';
import { fileName } from '../saveFile';
import { MapCrumbs } from './mapCrumbs';
import { MapLists } from './mapLists';
import { MapModel, type IMapShown } from './mapModel';
import { loadFault, mapNotice } from './mapNotices';
import { MapPane } from './mapPane';
import { MapTools } from './mapTools';
import { MapWay } from './mapWay';
import { MapWords } from './mapWords';

/**
 * The square map of a profile: boxes within boxes, lists of the selected function, and a table of the same boxes.
 */
export class MapView implements ILazyView {
  /**
   * @param _onOpen - the reader wants to see the code of a function
   * @param textOf - the text of a file as it is now
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _onOpen: (func: FuncIndex) => void,
    textOf?: IHost['textOf']
  ) {
    const { trans } = _context;
    this._state = readMapState(_result.state.map);
    this._model = new MapModel(_result);
    const way = (this._way = new MapWay(_result, this._model, () => ({
      state: this._state,
      shown: this._shown,
      boxes: this._pane.boxes
    })));
    const words = (this._words = new MapWords(_result, _context));
    this._colours = new TreeColours(_result, _context);
    this._tools = new MapTools(_result, _context, this._model.threads, {
      onMode: mode => way.go({ mode, root: null }),
      onHome: () => way.home(),
      onBack: () => way.back(),
      onUp: () => way.up(),
      onDepth: step => way.deepen(step),
      onSave: format => void this._save(format)
    });
    this._pane = new MapPane({
      label: trans.__(
        'Square map. Arrow keys go from box to box, Enter lets a box fill the map, Backspace goes back, Escape shows all, + and - change the depth. The table has the same.'
      ),
      linesOf: node => (this._shown ? words.lines(this._shown, node) : []),
      onHover: node =>
        this._hover(node === NONE ? NONE : this._functionOf(node)),
      onActive: node => this._onActive(node),
      onRoot: node => way.toBox(node),
      onKey: event => way.onKey(event)
    });
    this._line = element('p', { attributes: { role: 'status' } });
    const ofActive = (run: (node: TreeIndex) => void) => () => {
      if (this._pane.active !== NONE) {
        run(this._pane.active);
      }
    };
    this._boxTools = element('span', { className: 'jp-Profiler-boxTools' }, [
      button(
        trans.__('Fill the map'),
        ofActive(node => way.toBox(node))
      ),
      button(
        trans.__('Code'),
        ofActive(node => this._open(node))
      )
    ]);
    this._crumbs = new MapCrumbs(_result, _context, words, root =>
      way.go({ mode: this._model.modeOf(this._state), root })
    );
    this._legend = element('div');
    this._notices = element('div');
    const names = {
      nameOf: (node: TreeIndex) =>
        this._shown ? words.row(this._shown, node) : '',
      titleOf: (node: TreeIndex) =>
        this._shown ? words.title(this._shown, node) : ''
    };
    this._table = new TreeTable(names, _result.keys, _context, {
      label: trans.__('Square map'),
      onActive: node => {
        this._pane.activate(node);
        this._onActive(node);
      },
      onOpen: node => way.toBox(node),
      onGrow: () => undefined,
      isPercent: () => _result.state.percent,
      onHover: node =>
        this._hover(node === NONE ? NONE : this._functionOf(node)),
      onKey: event => way.onKey(event)
    });
    this._lists = new MapLists(_result, _context, words, this._model, {
      onList: list => way.update({ list }),
      onSelect: func => _result.select([func]),
      onRoot: func => way.toFunction(func),
      onHover: func => this._hover(func),
      onOpen: func => _onOpen(func),
      textOf
    });
    this._body = element('div', { className: 'jp-Profiler-treeHalves' }, [
      element('div', { className: 'jp-Profiler-picture' }, [
        this._crumbs.node,
        this._pane.node,
        element('div', { className: 'jp-Profiler-boxLine' }, [
          this._line,
          this._boxTools
        ]),
        this._legend
      ]),
      element('div', { className: 'jp-Profiler-mapSide' }, [
        this._lists.node,
        this._table.node
      ])
    ]);
    this.node = element('div', { className: 'jp-Profiler-map' }, [
      this._tools.node,
      this._notices,
      this._body
    ]);
    this._refresh();
  }

  readonly node: HTMLElement;

  layout(): void {
    if (!this._hasPalette) {
      this.refreshTheme();
    }
    this._pane.layout();
    this._table.layout();
    this._lists.layout();
    this._showTools();
  }

  refreshTheme(): void {
    this._hasPalette = this.node.isConnected;
    if (!this._hasPalette || !this._scheme) {
      return;
    }
    const { tints, names } = this._scheme;
    const palette = readPalette(this.node, tints);
    this._pane.setPalette(palette);
    this._legend.replaceChildren(
      legend(
        names.map((text, i) => ({ text, colour: palette.fills[i].box })),
        this._context.trans.__('Colors')
      )
    );
  }

  focus(): void {
    this._pane.focus();
  }

  onChange(before: IViewState): void {
    const { state } = this._result;
    const has = (name: keyof IViewState) => before[name] !== state[name];
    if (has('map')) {
      const old = this._state;
      this._state = readMapState(state.map);
      if (
        old.mode !== this._state.mode ||
        old.root !== this._state.root ||
        old.depth !== this._state.depth
      ) {
        this._refresh();
        return;
      }
    }
    if (has('thread')) {
      this._refresh();
      return;
    }
    const isOtherSearch = has('search') || has('regex');
    if (isOtherSearch) {
      this._search();
    }
    if (has('treeColour') || has('percent') || isOtherSearch) {
      this._draw();
    }
    if (has('percent') && this._shown) {
      this._table.show(this._shown, this._pane.active, true);
    }
    if (has('selection')) {
      this._pane.mark(this._selected, this._hovered);
      if (!this._isChoosing) {
        this._activateSelected();
      }
    }
    if (has('selection') || has('map') || has('percent')) {
      this._showLists();
    }
    this._showTools();
  }

  dispose(): void {
    this._isDisposed = true;
    this._tools.dispose();
    this._pane.dispose();
    this._table.dispose();
    this._lists.dispose();
    this.node.remove();
  }

  private get _selected(): FuncIndex | typeof NONE {
    return this._result.selection().at(-1) ?? NONE;
  }

  /** Show what the state asks for. */
  private _refresh(): void {
    this._model.setThread(this._result.state.thread);
    const shown = this._model.shown(this._state);
    const isShown = typeof shown !== 'string';
    if (shown === 'waiting') {
      void this._loadEstimates();
    }
    this._shown = isShown ? shown : null;
    this._body.hidden = !isShown;
    this._notices.replaceChildren(...mapNotice(shown, this._context));
    this._search();
    if (isShown) {
      this._draw();
      const node = this._selectedNode();
      this._pane.activate(node);
      this._table.show(shown, node);
      this._pane.mark(this._selected, this._hovered);
      this._showLine();
      this._crumbs.show(shown);
      this._showLists();
    }
    this._showTools();
  }

  private _draw(): void {
    const shown = this._shown;
    if (!shown) {
      return;
    }
    const scheme = (this._scheme = this._colours.of(
      shown,
      this._result.state.treeColour
    ));
    const matches = matchesOf(this._found);
    this._pane.show(
      shown,
      {
        fillOf: node => scheme.fillOf(node),
        labelOf: node => this._words.label(shown, node as TreeIndex),
        isEstimated: node => shown.tree.estimated?.[node] === 1,
        isFound: matches && (node => matches[shown.tree.func[node]] === 1)
      },
      this._state.depth
    );
    this.refreshTheme();
  }

  /** Load what makes trees of sums, and show what the state asks for then. */
  private async _loadEstimates(): Promise<void> {
    try {
      this._model.estimate = (await loadLater()).estimatedTree;
    } catch {
      this._notices.replaceChildren(loadFault(this._context));
      return;
    }
    if (!this._isDisposed) {
      this._refresh();
      this.layout();
    }
  }

  /** Find what all views search for. */
  private _search(): void {
    this._found = searched(this._result, this._context);
    const tree = this._shown?.tree;
    this._tools.found(
      tree ? foundWords(this._found, tree, tree, this._context) : ''
    );
  }

  private async _save(format: 'png' | 'svg'): Promise<void> {
    const name = `${fileName(this._result.profile.meta.label)}-map`;
    if (format === 'png') {
      savePictures([this._pane.picture], name);
      return;
    }
    const title = this._context.trans.__('Square map');
    this._tools.say(
      await saveVectors([this._pane.painting], title, name, this._context)
    );
  }

  /** The largest box of the selected function. */
  private _selectedNode(): TreeIndex | typeof NONE {
    return this._shown ? largestOf(this._shown.tree, this._selected) : NONE;
  }

  /** Something was selected elsewhere. */
  private _activateSelected(): void {
    const { active } = this._pane;
    const func = this._selected;
    if (active !== NONE && this._functionOf(active) === func) {
      return;
    }
    const node = this._selectedNode();
    this._pane.activate(node);
    this._table.activate(node);
    this._showLine();
  }

  private _onActive(node: TreeIndex): void {
    this._table.activate(node);
    this._showLine();
    const func = this._functionOf(node);
    if (func !== NONE && func !== this._selected) {
      this._isChoosing = true;
      this._result.select([func]);
      this._isChoosing = false;
    }
  }

  private _functionOf(node: TreeIndex): FuncIndex | typeof NONE {
    return this._shown?.tree.func[node] ?? NONE;
  }

  private _hover(func: FuncIndex | typeof NONE): void {
    if (func !== this._hovered) {
      this._hovered = func;
      this._pane.mark(this._selected, func);
      this._table.hover(func);
      this._lists.hover(func);
    }
  }

  private _showLine(): void {
    const { active } = this._pane;
    const text =
      this._shown && active !== NONE
        ? this._words.sentence(this._shown, active)
        : '';
    this._boxTools.hidden = text === '';
    if (this._line.textContent !== text) {
      this._line.textContent = text;
    }
  }

  private _showLists(): void {
    if (this._shown) {
      this._lists.show(this._state.list, this._selected, this._shown.whole);
    }
  }

  private _showTools(): void {
    const { boxes } = this._pane;
    const { depth } = this._state;
    this._tools.show({
      mode: this._model.modeOf(this._state),
      hasRoot: this._shown?.root != null,
      hasBack: this._way.hasBack,
      levels: boxes.deepest + 1,
      canDeepen: depth !== null && boxes.isCut,
      canFlatten: boxes.deepest > 0
    });
  }

  private _open(node: TreeIndex): void {
    const func = this._functionOf(node);
    if (func !== NONE) {
      this._onOpen(func);
    }
  }

  private readonly _model: MapModel;
  private readonly _way: MapWay;
  private readonly _words: MapWords;
  private readonly _colours: TreeColours;
  private readonly _tools: MapTools;
  private readonly _pane: MapPane;
  private readonly _table: TreeTable;
  private readonly _lists: MapLists;
  private readonly _line: HTMLElement;
  private readonly _boxTools: HTMLElement;
  private readonly _crumbs: MapCrumbs;
  private readonly _legend: HTMLElement;
  private readonly _notices: HTMLElement;
  private readonly _body: HTMLElement;
  private _state: IMapState;
  private _shown: IMapShown | null = null;
  private _scheme: IColourScheme | null = null;
  private _hasPalette = false;
  private _found: ReturnType<typeof searched> = null;
  private _isDisposed = false;
  private _isChoosing = false;
  private _hovered: FuncIndex | typeof NONE = NONE;
}
