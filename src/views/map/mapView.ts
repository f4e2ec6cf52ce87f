import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import { History } from '../../profile/map/history';
import {
  MOST_DEPTH,
  readMapState,
  type IMapState,
  type MapMode
} from '../../profile/map/mapState';
import { largestOf } from '../../profile/tree/largest';
import type { IViewState } from '../../profile/viewState';
import { notLoaded, type IContext } from '../context';
import { button, element } from '../dom';
import type { ILazyView } from '../lazyPanel';
import { foundWords, matchesOf, searched } from '../pictures/found';
import { legend } from '../pictures/legend';
import { readPalette } from '../pictures/palette';
import { savePictures, saveVectors } from '../pictures/savePictures';
import { TreeColours, type IColourScheme } from '../pictures/treeColours';
import { TreeTable } from '../pictures/treeTable';
import { loadLater } from '../loadLater';
import type { Result } from '../result';
import { fileName } from '../saveFile';
import { MapLists } from './mapLists';
import { MapModel, type IMapShown, type MapLack } from './mapModel';
import { MapPane } from './mapPane';
import { MapTools } from './mapTools';
import { MapWords } from './mapWords';

/** What fills the map, and what it is a map of. */
type Root = Pick<IMapState, 'mode' | 'root'>;

/**
 * The square map of a profile: boxes within boxes, lists of the selected function, and a table of the same boxes.
 */
export class MapView implements ILazyView {
  /**
   * @param _onOpen - the reader wants to see the code of a function
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _onOpen: (func: FuncIndex) => void
  ) {
    const { trans } = _context;
    this._state = readMapState(_result.state.map);
    this._model = new MapModel(_result);
    const words = (this._words = new MapWords(_result, _context));
    this._colours = new TreeColours(_result, _context);
    this._tools = new MapTools(_result, _context, this._model.threads, {
      onMode: mode => this._go({ mode, root: null }),
      onHome: () => this._home(),
      onBack: () => this._back(),
      onUp: () => this._up(),
      onDepth: step => this._deepen(step),
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
      onRoot: node => this._toRoot(node),
      onKey: event => this._onKey(event)
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
        ofActive(node => this._toRoot(node))
      ),
      button(
        trans.__('Code'),
        ofActive(node => this._open(node))
      )
    ]);
    this._crumbs = element('nav', {
      className: 'jp-Profiler-crumbs',
      attributes: { 'aria-label': trans.__('Fills the map') }
    });
    this._legend = element('div');
    this._notices = element('div');
    const names = {
      nameOf: (node: TreeIndex) =>
        this._shown ? words.name(this._shown, node) : '',
      titleOf: (node: TreeIndex) =>
        this._shown ? words.title(this._shown, node) : ''
    };
    this._table = new TreeTable(names, _result.keys, _context, {
      label: trans.__('Square map'),
      onActive: node => {
        this._pane.activate(node);
        this._onActive(node);
      },
      onOpen: node => this._toRoot(node),
      onGrow: () => undefined,
      onHover: node =>
        this._hover(node === NONE ? NONE : this._functionOf(node)),
      onKey: event => this._onKey(event)
    });
    this._lists = new MapLists(_result, _context, words, this._model, {
      onList: list => this._update({ list }),
      onSelect: func => _result.select([func]),
      onRoot: func => this._fill(func),
      onHover: func => this._hover(func),
      onOpen: func => _onOpen(func)
    });
    this._body = element('div', { className: 'jp-Profiler-treeHalves' }, [
      element('div', { className: 'jp-Profiler-picture' }, [
        this._crumbs,
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
    this._notices.replaceChildren(...this._notice(shown));
    this._search();
    if (isShown) {
      this._draw();
      const node = this._selectedNode();
      this._pane.activate(node);
      this._table.show(shown, node);
      this._pane.mark(this._selected, this._hovered);
      this._showLine();
      this._showCrumbs(shown);
      this._showLists();
    }
    this._showTools();
  }

  private _draw(): void {
    const shown = this._shown;
    if (!shown) {
      return;
    }
    const scheme = this._colours.of(shown, this._result.state.treeColour);
    this._scheme = scheme;
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
      this._notices.replaceChildren(
        element('p', {
          className: 'jp-Profiler-note',
          text: notLoaded(this._context),
          attributes: { role: 'alert' }
        })
      );
      return;
    }
    if (!this._isDisposed) {
      this._refresh();
      this.layout();
    }
  }

  /** Find what all views search for. */
  private _search(): void {
    this._found = searched(this._result);
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

  private _notice(shown: IMapShown | MapLack): Node[] {
    const { trans, numbers } = this._context;
    const note = (text: string) =>
      element('p', { className: 'jp-Profiler-note', text });
    if (shown === 'waiting') {
      return [note(trans.__('Loading …'))];
    }
    if (shown === 'no-calls') {
      return [
        note(
          trans.__(
            'This profile does not say who called whom, so there is no map of calls.'
          )
        )
      ];
    }
    if (shown === 'no-values') {
      return [
        note(
          trans.__(
            'No boxes can be drawn: the values are none, or below 0, or do not add up.'
          )
        )
      ];
    }
    return [
      ...(shown.isEstimate
        ? [
            element('div', {
              className: 'jp-Profiler-notice jp-Profiler-estimate',
              text: trans.__(
                'An estimate, made of sums for each caller and callee. Hatched boxes may be wrong by much, or never have been; a box is solid only while every function on the way to it has one caller. By location all is exact.'
              )
            })
          ]
        : []),
      ...(shown.leftOut > 0
        ? [
            note(
              trans._n(
                '%2 function is left out, as its own value is not known or below 0.',
                '%2 functions are left out, as their own values are not known or below 0.',
                shown.leftOut,
                numbers.count(shown.leftOut)
              )
            )
          ]
        : [])
    ];
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

  private _showCrumbs(shown: IMapShown): void {
    const { root, way, mode } = shown;
    const { keys } = this._result;
    const { trans } = this._context;
    this._crumbs.hidden = root === null;
    const steps: (readonly [string, string | null])[] = [
      [trans.__('All'), null],
      ...way.map(
        (place, i) =>
          [
            place.kind === 'function'
              ? this._words.func(shown.tree.func[0])
              : this._words.location(place),
            i === way.length - 1 ? root : place.key
          ] as const
      )
    ];
    const func = mode === 'calls' && root !== null ? keys.find(root) : NONE;
    if (func !== NONE) {
      steps.push([this._words.func(func), root]);
    }
    this._crumbs.replaceChildren(
      element(
        'ol',
        {},
        steps.map(([text, key]) =>
          element('li', {}, [
            button(text, () => this._go({ mode, root: key }), {
              className: 'jp-Profiler-link',
              attributes: key === root ? { 'aria-current': 'location' } : {}
            })
          ])
        )
      )
    );
  }

  private _showTools(): void {
    const { boxes } = this._pane;
    const { depth } = this._state;
    this._tools.show({
      mode: this._model.modeOf(this._state),
      hasRoot: this._shown?.root != null,
      hasBack: !this._history.isEmpty,
      levels: boxes.deepest + 1,
      canDeepen: depth !== null && boxes.isCut,
      canFlatten: boxes.deepest > 0
    });
  }

  private _update(change: Partial<IMapState>): void {
    this._result.update({ map: { ...this._state, ...change } });
  }

  /** Let something else fill the map; there is a way back. */
  private _go({ mode, root }: { mode: MapMode; root: string | null }): void {
    const now = this._state;
    if (mode !== this._model.modeOf(now) || root !== now.root) {
      this._history.leave({ mode: now.mode, root: now.root });
      this._update({ mode, root });
    }
  }

  private _toRoot(node: TreeIndex): void {
    const shown = this._shown;
    if (shown) {
      this._go({ mode: shown.mode, root: this._model.rootOf(shown, node) });
    }
  }

  /** Let a function fill the map. */
  private _fill(func: FuncIndex): void {
    const { keys } = this._result;
    const mode = this._model.modeOf(this._state);
    const key = keys.keyOf(func);
    this._go({ mode, root: mode === 'calls' ? key : `@${key}` });
  }

  private _home(): void {
    this._go({ mode: this._model.modeOf(this._state), root: null });
  }

  private _back(): void {
    const place = this._history.back();
    if (place) {
      this._update(place);
    }
  }

  private _up(): void {
    const shown = this._shown;
    if (shown && shown.root !== null) {
      this._go({ mode: shown.mode, root: this._model.above(shown) });
    }
  }

  /** Draw one level more or less. */
  private _deepen(step: 1 | -1): void {
    const { deepest, isCut } = this._pane.boxes;
    const { depth } = this._state;
    if (step < 0 && deepest > 0) {
      this._update({ depth: Math.min(deepest - 1, MOST_DEPTH) });
    } else if (step > 0 && depth !== null) {
      this._update({ depth: isCut ? depth + 1 : null });
    }
  }

  private _open(node: TreeIndex): void {
    const func = this._functionOf(node);
    if (func !== NONE) {
      this._onOpen(func);
    }
  }

  private _onKey(event: KeyboardEvent): boolean {
    const { key, altKey, ctrlKey, metaKey } = event;
    if (ctrlKey || metaKey) {
      return false;
    }
    if (altKey) {
      if (key === 'ArrowLeft') {
        this._back();
      } else if (key === 'ArrowUp') {
        this._up();
      }
      return key === 'ArrowLeft' || key === 'ArrowUp';
    }
    switch (key) {
      case 'Backspace':
        this._back();
        return true;
      case '+':
      case '=':
        this._deepen(1);
        return true;
      case '-':
        this._deepen(-1);
        return true;
      case 'Escape': {
        const hasRoot = this._shown?.root != null;
        this._home();
        return hasRoot;
      }
      default:
        return false;
    }
  }

  private readonly _model: MapModel;
  private readonly _words: MapWords;
  private readonly _colours: TreeColours;
  private readonly _tools: MapTools;
  private readonly _pane: MapPane;
  private readonly _table: TreeTable;
  private readonly _lists: MapLists;
  private readonly _line: HTMLElement;
  private readonly _boxTools: HTMLElement;
  private readonly _crumbs: HTMLElement;
  private readonly _legend: HTMLElement;
  private readonly _notices: HTMLElement;
  private readonly _body: HTMLElement;
  private readonly _history = new History<Root>();
  private _state: IMapState;
  private _shown: IMapShown | null = null;
  private _scheme: IColourScheme | null = null;
  private _hasPalette = false;
  private _found: ReturnType<typeof searched> = null;
  private _isDisposed = false;
  private _isChoosing = false;
  private _hovered: FuncIndex | typeof NONE = NONE;
}
