import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import type { IPlaces } from '../../profile/tree/places';
import type { TreeMode } from '../../profile/viewState';
import type { IContext } from '../context';
import { element } from '../dom';
import { FlamePane } from './flamePane';
import { legend } from '../pictures/legend';
import type { Minimap } from './minimap';
import { readPalette } from '../pictures/palette';
import type { IPainting } from '../pictures/svgPicture';
import type { IColourScheme } from '../pictures/treeColours';
import type { ITreePart } from './treeModel';
import { modeName } from './treeTools';
import type { BoxWords, IBox } from './words';

/** Rows of boxes that are seen at most: of one tree, and of each of two. */
const MOST_ROWS = 24;
const MOST_ROWS_OF_TWO = 12;

/** A tree that is drawn. */
export interface IDrawnPart extends ITreePart {
  readonly places: IPlaces;
  readonly colours: IColourScheme;
}

/** What a picture tells. Boxes are told by the number of the part that they are in. */
export interface ITreePictureOptions {
  onActive(part: number, node: TreeIndex): void;
  onZoom(part: number, node: TreeIndex | typeof NONE): void;
  onOpen(part: number, node: TreeIndex): void;
  /** The place is in px from the corner of the picture. */
  onMenu(part: number, node: TreeIndex, left: number, top: number): void;
  onKey(
    event: KeyboardEvent,
    part: number,
    node: TreeIndex | typeof NONE
  ): boolean;
}

/**
 * The trees of a state as pictures, one above the other, and what their colours stand for.
 */
export class TreePicture {
  constructor(
    private readonly _words: BoxWords,
    private readonly _context: IContext,
    private readonly _options: ITreePictureOptions
  ) {
    this._legend = element('div');
    this._stack = element('div', { className: 'jp-Profiler-panes' });
    this.node = element('div', {}, [this._stack, this._legend]);
  }

  readonly node: HTMLElement;

  /** What is drawn, from top to bottom. */
  get parts(): readonly IDrawnPart[] {
    return this._parts;
  }

  get canvases(): readonly HTMLCanvasElement[] {
    return this._panes.map(({ canvas }) => canvas);
  }

  /** What is drawn, to be painted again. */
  get paintings(): readonly IPainting[] {
    return this._panes.map(({ painting }) => painting);
  }

  /** The part that has the keyboard's focus, else that which had it last. */
  get current(): number {
    return Math.min(this._current, this._parts.length - 1);
  }

  /** The box that the keyboard is on. */
  get box(): IBox | null {
    const pane = this._panes[this.current];
    const part = this._parts[this.current];
    return pane && part && pane.active !== NONE
      ? { ...part, node: pane.active }
      : null;
  }

  /** The box of a part that fills its width. */
  zoomed(part: number): TreeIndex | typeof NONE {
    return this._panes[part]?.zoomed ?? NONE;
  }

  /**
   * Show other trees.
   */
  show(parts: readonly IDrawnPart[], mode: TreeMode): void {
    if (mode !== this._mode || parts.length !== this._panes.length) {
      this._makePanes(parts, mode);
    }
    this._parts = parts;
    this._current = Math.max(0, parts.length - 1);
    parts.forEach(({ places, direction, colours }, i) => {
      this._panes[i].show(
        {
          places,
          // In a sandwich callers stand above.
          isUp:
            mode === 'flame' ||
            (mode === 'sandwich' && direction === 'callers'),
          fillOf: node => colours.fillOf(node)
        },
        NONE,
        NONE
      );
    });
    this.refreshTheme();
    this.layout();
  }

  /**
   * Show the same trees with more boxes. What is seen of them stays.
   */
  grow(parts: readonly IDrawnPart[]): void {
    this._parts = parts;
    parts.forEach(({ places, colours }, i) => {
      const pane = this._panes[i];
      if (pane.picture && pane.picture.places.tree !== places.tree) {
        pane.grow({
          places,
          isUp: pane.picture.isUp,
          fillOf: node => colours.fillOf(node)
        });
      }
    });
    this.refreshTheme();
  }

  /**
   * Show all of a deep tree above its picture.
   */
  setMinimaps(maker: typeof Minimap): void {
    this._minimap = maker;
    this._panes.forEach(pane => this._addMinimap(pane));
  }

  /**
   * Show nothing.
   */
  clear(): void {
    this._panes.forEach(pane => pane.dispose());
    this._panes = [];
    this._parts = [];
    this._mode = null;
    this._stack.replaceChildren();
    this._legend.replaceChildren();
  }

  /**
   * Colour the boxes otherwise.
   */
  recolour(parts: readonly IDrawnPart[]): void {
    this._parts = parts;
    parts.forEach(({ colours, places }, i) =>
      this._panes[i].repaint({
        places,
        isUp: this._panes[i].picture?.isUp ?? false,
        fillOf: node => colours.fillOf(node)
      })
    );
    this.refreshTheme();
  }

  /**
   * Let a box fill the width.
   */
  zoom(part: number, node: TreeIndex | typeof NONE, isGliding: boolean): void {
    this._panes[part]?.zoom(node, isGliding);
  }

  /**
   * Put the keyboard on a box.
   */
  activate(part: number, node: TreeIndex | typeof NONE): void {
    this._current = part;
    this._panes.forEach((pane, i) =>
      pane.activate(i === part ? node : NONE, false)
    );
  }

  /**
   * Mark what is searched for, and what is selected.
   */
  mark(matches: Uint8Array | null, selected: FuncIndex | typeof NONE): void {
    this._panes.forEach(pane => pane.mark(matches, selected));
  }

  /**
   * Fit to the size that the node has now.
   */
  layout(): void {
    if (!this._hasPalette) {
      this.refreshTheme();
    }
    this._panes.forEach(pane => pane.layout());
  }

  /**
   * Take the theme's colours anew. Without a place in the page there are none to read.
   */
  refreshTheme(): void {
    this._hasPalette = this.node.isConnected;
    if (!this._hasPalette) {
      return;
    }
    this._parts.forEach(({ colours }, i) => {
      const palette = readPalette(this.node, colours.tints);
      this._panes[i].setPalette(palette);
      const entries = colours.names.map((text, j) => ({
        text,
        colour: palette.fills[j].box
      }));
      this._legend.replaceChildren(
        legend(entries, this._context.trans.__('Colors'))
      );
    });
  }

  /** Whether a picture has the keyboard's focus. */
  get hasFocus(): boolean {
    return this._panes.some(({ stage }) => stage === document.activeElement);
  }

  /**
   * Take the keyboard's focus.
   */
  focus(part = this.current): void {
    this._panes[part]?.stage.focus({ preventScroll: true });
  }

  /** Where a part stands, in px from the top of the picture. */
  topOf(part: number): number {
    return this._panes[part]?.node.offsetTop ?? 0;
  }

  private _makePanes(parts: readonly ITreePart[], mode: TreeMode): void {
    this.clear();
    this._mode = mode;
    const { trans } = this._context;
    const isOne = parts.length === 1;
    this._panes = parts.map((part, i) => {
      const name = isOne
        ? modeName(mode, this._context)
        : part.direction === 'callers'
          ? trans.__('Callers')
          : trans.__('Callees');
      return new FlamePane({
        label: trans.__(
          'Call tree, %1. Arrow keys go from box to box, Space zooms, Escape shows all, Enter leads to the code, Shift+F10 opens a menu. The table has the same.',
          name
        ),
        mostRows: isOne ? MOST_ROWS : MOST_ROWS_OF_TWO,
        nameOf: func => this._words.name(func),
        linesOf: node => this._words.lines({ ...this._parts[i], node }),
        onActive: node => {
          this._current = i;
          this._panes.forEach((pane, j) => {
            if (j !== i) {
              pane.activate(NONE, false);
            }
          });
          this._options.onActive(i, node);
        },
        onZoom: node => this._options.onZoom(i, node),
        onOpen: node => this._options.onOpen(i, node),
        onMenu: (node, left, top) =>
          this._options.onMenu(i, node, left, this.topOf(i) + top),
        onKey: (event, node) => this._options.onKey(event, i, node),
        onBeyond: () => this._beyond(i)
      });
    });
    this._panes.forEach(pane => this._addMinimap(pane));
    this._stack.replaceChildren(
      ...this._panes.flatMap((pane, i) =>
        isOne
          ? [pane.node]
          : [
              element('h4', {
                text:
                  parts[i].direction === 'callers'
                    ? trans.__('Callers')
                    : trans.__('Callees')
              }),
              pane.node
            ]
      )
    );
  }

  private _addMinimap(pane: FlamePane): void {
    if (this._minimap) {
      pane.setMinimap(new this._minimap(sight => pane.see(sight)));
    }
  }

  /** From the root of one part to that of the other. */
  private _beyond(part: number): void {
    const other = this._panes.findIndex((_, i) => i !== part);
    const pane = this._panes[other];
    if (pane && this._parts[other].tree.length > 0) {
      pane.stage.focus({ preventScroll: true });
      pane.activate(0 as TreeIndex);
    }
  }

  private readonly _stack: HTMLElement;
  private readonly _legend: HTMLElement;
  private _panes: readonly FlamePane[] = [];
  private _parts: readonly IDrawnPart[] = [];
  private _minimap: typeof Minimap | null = null;
  private _mode: TreeMode | null = null;
  private _current = 0;
  private _hasPalette = false;
}
