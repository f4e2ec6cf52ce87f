import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import { placesOf } from '../../profile/tree/places';
import { largestOf } from '../../profile/tree/largest';
import { readTransforms } from '../../profile/tree/transforms';
import { nodeAtPath, pathOf } from '../../profile/tree/walk';
import type { IViewState } from '../../profile/viewState';
import { notLoaded, type IContext } from '../context';
import { element } from '../dom';
import type { ILazyView } from '../lazyPanel';
import type { Result } from '../result';
import { AfterFrame } from './afterFrame';
import { BoxLine } from './boxLine';
import { Breadcrumbs } from './breadcrumbs';
import type { Changes } from './changes';
import type * as Later from './later';
import { foundWords, matchesOf, searched } from '../pictures/found';
import { TreeColours } from '../pictures/treeColours';
import type { TreeExports } from './treeExports';
import { TreeModel, type IShown } from './treeModel';
import { TreePicture, type IDrawnPart } from './treePicture';
import { TreeTable } from '../pictures/treeTable';
import { TreeTools } from './treeTools';
import { BoxWords, type IBox } from './words';

/** Letters that change the tree by a box (`BoxActions`). */
const BOX_KEYS = ['f', 'g', 'm', 'p', 'r', 'v', 'x'];

/** Characters of a way that is kept in the view state. */
const MOST_WAY = 4_000;

/** Parts of a view state that make another tree. */
const TREE: readonly (keyof IViewState)[] = [
  'tree',
  'thread',
  'transforms',
  'estimate',
  'centre'
];

/**
 * The call tree of a profile: a picture, a table beside it, and what can be done with both.
 */
export class TreeView implements ILazyView {
  /**
   * @param _onOpen - the reader wants to see the code of a function
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _onOpen: (func: FuncIndex) => void
  ) {
    const model = (this._model = new TreeModel(_result));
    const words = new BoxWords(_result, _context);
    this._colours = new TreeColours(_result, _context);
    this._tools = new TreeTools(_result, _context, model.threads);
    this._laterPlace = element('div');
    this._crumbs = new Breadcrumbs(words, _context, node =>
      this._zoom(0, node)
    );
    this._picture = new TreePicture(words, _context, {
      onActive: (part, node) => this._onActive(part, node),
      onZoom: (part, node) => this._zoom(part, node),
      onOpen: (part, node) => this._open(this._boxOf(part, node)),
      onMenu: (part, node, left, top) =>
        this._openMenu(this._boxOf(part, node), left, top),
      onKey: (event, part, node) => this._onKey(event, part, node)
    });
    this._line = new BoxLine(words, _context, {
      onZoom: box => this._zoom(this._partOf(box), box.node),
      onOpen: box => this._open(box),
      onAccount: box => this._account(box),
      onMore: (box, button) =>
        this._openMenu(
          box,
          button.offsetLeft,
          button.offsetTop + button.offsetHeight
        )
    });
    const functionOf = (node: TreeIndex) =>
      this._picture.parts[this._tabled].tree.func[node];
    const names = {
      nameOf: (node: TreeIndex) => words.name(functionOf(node)),
      titleOf: (node: TreeIndex) => words.title(functionOf(node))
    };
    this._table = new TreeTable(names, _result.keys, _context, {
      label: _context.trans.__('Call tree'),
      onActive: node => {
        this._picture.activate(this._tabled, node);
        this._onActive(this._tabled, node);
      },
      onOpen: node => this._open(this._boxOf(this._tabled, node)),
      onGrow: node => this._grow(this._tabled, node),
      onKey: (event, node) => this._onKey(event, this._tabled, node)
    });
    this._notices = element('div');
    const figure = (this._figure = element(
      'div',
      { className: 'jp-Profiler-picture' },
      [this._crumbs.node, this._picture.node, this._line.node]
    ));
    this._body = element('div', { className: 'jp-Profiler-treeHalves' }, [
      figure,
      this._table.node
    ]);
    this.node = element(
      'div',
      {
        className: 'jp-Profiler-tree',
        attributes: { 'data-profiler-undo': '' }
      },
      [this._tools.node, this._laterPlace, this._notices, this._body]
    );
    this.node.addEventListener('keydown', this._onUndoKey);
    this._words = words;
    this._refresh();
    void this._later();
  }

  readonly node: HTMLElement;

  /**
   * Fit to the size that the node has now.
   */
  layout(): void {
    this._picture.layout();
    this._table.layout();
  }

  /**
   * Take the theme's colours anew.
   */
  refreshTheme(): void {
    this._picture.refreshTheme();
  }

  /**
   * Take the keyboard's focus.
   */
  focus(): void {
    this._picture.focus();
  }

  /**
   * The view state is another one.
   *
   * @param before - as it was
   */
  onChange(before: IViewState): void {
    const { state } = this._result;
    const has = (name: keyof IViewState) => before[name] !== state[name];
    this._tools.refresh();
    const isOtherCentre =
      state.tree === 'sandwich' &&
      state.centre === null &&
      has('selection') &&
      !this._isChoosing;
    if (TREE.some(has) || isOtherCentre) {
      this._refresh();
      return;
    }
    if (has('selection') && !this._isChoosing) {
      this._activateSelected();
    }
    if (has('treeColour')) {
      this._picture.recolour(
        this._picture.parts.map(part => ({
          ...part,
          colours: this._colours.of(part, state.treeColour)
        }))
      );
    }
    if (has('zoom') && !this._isZooming) {
      this._restoreZoom(true);
    }
    const isOtherSearch = has('search') || has('regex');
    if (isOtherSearch || has('selection')) {
      this._mark();
    }
    if (isOtherSearch) {
      // What is found is seen first, and counted when it is.
      this._afterFrame.run(() => this._tellFound());
    }
  }

  dispose(): void {
    this._isDisposed = true;
    this._changes?.close();
    this._afterFrame.stop();
    this._tools.dispose();
    this._table.dispose();
    this._picture.clear();
    this.node.removeEventListener('keydown', this._onUndoKey);
    this.node.remove();
  }

  /** Make the trees that the state asks for, and show them. */
  private _refresh(): void {
    const { state, keys } = this._result;
    const { box, hasFocus } = this._picture;
    const way = box ? pathOf(box.tree, box.node, keys) : [];
    this._changes?.close();
    const shown = this._model.shown(state);
    const parts = shown && this._drawn(shown);
    this._notices.replaceChildren(
      ...(this._treeNotice?.(
        this._model,
        shown,
        parts !== null,
        this._result,
        this._context
      ) ?? [])
    );
    this._changes?.show(shown?.steps ?? []);
    this._body.hidden = !parts;
    if (this._exports) {
      this._exports.node.hidden = !parts;
    }
    this._tools.node.hidden = !parts && !shown?.steps.length && !shown?.lack;
    if (!parts) {
      this._picture.clear();
      return;
    }
    this._picture.show(parts, state.tree);
    this._exports?.showSize(parts[parts.length - 1].tree);
    this._restoreZoom(false);
    this._mark();
    this._tellFound();
    this._restoreActive(way);
    if (hasFocus) {
      this.focus();
    }
  }

  /** `null` where boxes cannot stand for the values. */
  private _drawn({ parts }: IShown): readonly IDrawnPart[] | null {
    const { treeColour } = this._result.state;
    const drawn = parts.flatMap(part => {
      const places = placesOf(part.tree);
      return places
        ? [{ ...part, places, colours: this._colours.of(part, treeColour) }]
        : [];
    });
    return parts.length > 0 &&
      drawn.length === parts.length &&
      drawn.some(({ tree }) => tree.whole > 0)
      ? drawn
      : null;
  }

  /** Load what a first picture does not need. `null`: it did not come; the next one who asks tries again. */
  private _later(): Promise<typeof Later | null> {
    this._loading ??= import(/* webpackChunkName: "tree-later" */ './later')
      .then(later => {
        if (!this._isDisposed) {
          this._take(later);
        }
        return later;
      })
      .catch(reason => {
        this._loading = null;
        this._notices.replaceChildren(
          element('p', {
            className: 'jp-Profiler-note',
            text: notLoaded(this._context),
            attributes: { role: 'alert' }
          })
        );
        console.error(reason);
        return null;
      });
    return this._loading;
  }

  private _take(later: typeof Later): void {
    const isWaiting = this._model.isWaiting(this._result.state);
    this._model.shapes = later;
    this._changes = new later.Changes({
      result: this._result,
      context: this._context,
      words: this._words,
      figure: this._figure,
      host: {
        zoom: box => this._zoom(this._partOf(box), box.node),
        open: box => this._open(box),
        account: box => this._account(box),
        say: text => this._exports?.say(text)
      },
      onUndo: () => this._undo(),
      onClose: () => this._picture.focus()
    });
    this._exports = new later.TreeExports(
      this._result,
      this._context,
      this._words,
      {
        tree: () => this._picture.parts.at(-1)?.tree ?? null,
        canvases: () => this._picture.canvases,
        paintings: () => this._picture.paintings
      }
    );
    this._laterPlace.replaceChildren(this._exports.node, this._changes.node);
    this._treeNotice = later.treeNotice;
    this._picture.setMinimaps(later.Minimap);
    if (isWaiting || this._picture.parts.length === 0) {
      this._refresh();
    } else {
      this._changes.show([]);
      this._exports.showSize(this._picture.parts[0].tree);
    }
  }

  /** The box that the keyboard was on, else the largest of the selected function. */
  private _restoreActive(way: readonly string[]): void {
    const at = this._picture.parts.length - 1;
    const part = this._picture.parts[at];
    const found = nodeAtPath(part.tree, way, this._result.keys);
    this._tabled = at;
    const node = found.isWhole ? found.node : this._selectedNode(at);
    this._table.show(part, node);
    this._picture.activate(at, node);
    this._line.show(this._picture.box);
  }

  /** Something else was selected elsewhere. */
  private _activateSelected(): void {
    const part = this._picture.parts[this._tabled];
    const func = this._result.selection().at(-1);
    const { box } = this._picture;
    if (!part || (box && box.tree.func[box.node] === func)) {
      return;
    }
    const node = this._selectedNode(this._tabled);
    this._table.activate(node);
    this._picture.activate(this._tabled, node);
    this._line.show(this._picture.box);
  }

  /** The largest box of the selected function. */
  private _selectedNode(at: number): TreeIndex | typeof NONE {
    const func = this._result.selection().at(-1) ?? NONE;
    return largestOf(this._picture.parts[at].tree, func);
  }

  private _mark(): void {
    this._found = searched(this._result, this._context);
    this._picture.mark(
      matchesOf(this._found),
      this._result.selection().at(-1) ?? NONE
    );
  }

  private _tellFound(): void {
    const part = this._picture.parts.at(-1);
    this._tools.found(
      part ? foundWords(this._found, part.tree, part.source, this._context) : ''
    );
  }

  /** The reader is on another box: its function is the one that all views are about. */
  private _onActive(part: number, node: TreeIndex): void {
    const box = this._boxOf(part, node);
    if (part !== this._tabled) {
      this._tabled = part;
      this._table.show(this._picture.parts[part], node);
    } else {
      this._table.activate(node);
    }
    this._line.show(box);
    const func = box.tree.func[node];
    if (this._result.selection().at(-1) !== func) {
      this._isChoosing = true;
      this._result.select([func]);
      this._isChoosing = false;
    }
  }

  private _zoom(part: number, node: TreeIndex | typeof NONE): void {
    if (node !== NONE && hasRest(this._picture.parts[part], node)) {
      this._grow(part, node, true);
      return;
    }
    this._zoomTo(part, node);
  }

  private _zoomTo(part: number, node: TreeIndex | typeof NONE): void {
    this._picture.zoom(part, node, true);
    this._showCrumbs();
    // What is zoomed to in a sandwich belongs to its function, and is not kept.
    if (this._picture.parts.length === 1) {
      this._isZooming = true;
      this._result.update({ zoom: this._wayTo(part, node) });
      this._isZooming = false;
    }
  }

  /** Make what is not there yet below a box, and show the tree that it is in then. */
  private _grow(part: number, node: TreeIndex, isZoomed = false): void {
    const { keys, state } = this._result;
    const { tree, growing } = this._picture.parts[part];
    const way = pathOf(tree, node, keys);
    const { box } = this._picture;
    const active = box && box.tree === tree ? pathOf(tree, box.node, keys) : [];
    growing?.expand(node);
    const shown = this._model.shown(state);
    const parts = shown && this._drawn(shown);
    if (!parts) {
      return;
    }
    this._picture.grow(parts);
    const now = parts[part];
    const find = (keysOf: readonly string[]) =>
      nodeAtPath(now.tree, keysOf, keys).node;
    if (part === this._tabled) {
      this._table.show(now, find(active), true);
    }
    this._picture.activate(part, find(active));
    this._line.show(this._picture.box);
    if (isZoomed) {
      this._zoomTo(part, find(way));
    } else {
      this._showCrumbs();
    }
    this._mark();
  }

  /** The way to a box as far as it is kept. */
  private _wayTo(
    part: number,
    node: TreeIndex | typeof NONE
  ): readonly string[] {
    if (node === NONE) {
      return [];
    }
    let length = 0;
    return pathOf(
      this._picture.parts[part].tree,
      node,
      this._result.keys
    ).filter(key => (length += key.length) <= MOST_WAY);
  }

  private _restoreZoom(isGliding: boolean): void {
    const { state, keys } = this._result;
    const { parts } = this._picture;
    if (parts.length === 1) {
      const { node } = nodeAtPath(parts[0].tree, state.zoom, keys);
      this._picture.zoom(0, node, isGliding);
    }
    this._showCrumbs();
  }

  private _showCrumbs(): void {
    const { parts } = this._picture;
    if (parts.length === 1) {
      this._crumbs.show(parts[0].tree, this._picture.zoomed(0));
    } else if (parts.length > 1) {
      this._crumbs.show(parts[0].tree, NONE);
    }
  }

  private _open({ tree, node }: IBox): void {
    this._onOpen(tree.func[node]);
  }

  private _account({ tree, node }: IBox): void {
    this._result.select([tree.func[node]]);
    this._result.update({ view: 'functions' });
  }

  private _openMenu(box: IBox, left: number, top: number): void {
    void this._later().then(() => this._changes?.open(box, left, top));
  }

  private _onKey(
    event: KeyboardEvent,
    part: number,
    node: TreeIndex | typeof NONE
  ): boolean {
    const isLetter =
      node !== NONE &&
      BOX_KEYS.includes(event.key) &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey;
    if (isLetter) {
      const box = this._boxOf(part, node);
      void this._later().then(() => this._changes?.byKey(event.key, box));
    }
    return isLetter;
  }

  /** Take away what was done last; whether there was something. */
  private _undo(): boolean {
    const transforms = readTransforms(this._result.state.transforms);
    if (transforms.length === 0) {
      return false;
    }
    this._result.update({ transforms: transforms.slice(0, -1), zoom: [] });
    if (!this.node.contains(document.activeElement)) {
      this.focus();
    }
    return true;
  }

  private readonly _onUndoKey = (event: KeyboardEvent): void => {
    const isUndo =
      (event.ctrlKey || event.metaKey) &&
      !event.shiftKey &&
      !event.altKey &&
      event.key.toLowerCase() === 'z';
    // A field has an undo of its own.
    if (isUndo && !(event.target instanceof HTMLInputElement) && this._undo()) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  private _boxOf(part: number, node: TreeIndex): IBox {
    return { ...this._picture.parts[part], node };
  }

  private _partOf({ tree }: IBox): number {
    return Math.max(
      0,
      this._picture.parts.findIndex(part => part.tree === tree)
    );
  }

  private readonly _afterFrame = new AfterFrame();
  private readonly _model: TreeModel;
  private readonly _words: BoxWords;
  private readonly _colours: TreeColours;
  private readonly _tools: TreeTools;
  private readonly _laterPlace: HTMLElement;
  private readonly _figure: HTMLElement;
  private readonly _crumbs: Breadcrumbs;
  private readonly _picture: TreePicture;
  private readonly _line: BoxLine;
  private readonly _table: TreeTable;
  private readonly _notices: HTMLElement;
  private readonly _body: HTMLElement;
  private _found: ReturnType<typeof searched> = null;
  /** The part that the table shows. */
  private _tabled = 0;
  private _changes: Changes | null = null;
  private _exports: TreeExports | null = null;
  private _treeNotice: typeof Later.treeNotice | null = null;
  private _loading: Promise<typeof Later | null> | null = null;
  private _isDisposed = false;
  private _isChoosing = false;
  private _isZooming = false;
}

/** Whether something below a box has not been made, and can be. */
function hasRest({ tree, growing }: IDrawnPart, node: TreeIndex): boolean {
  if (!growing || !tree.rest) {
    return false;
  }
  for (let one = node; one < tree.end[node]; one++) {
    if (tree.rest[one] > 0 && growing.canExpand(one)) {
      return true;
    }
  }
  return false;
}
