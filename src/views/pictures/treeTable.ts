import {
  indexColumn,
  NONE,
  type FuncIndex,
  type TreeIndex
} from '../../profile/indices';
import type { FunctionKeys } from '../../profile/keys';
import { hasChildren, type ICallTree } from '../../profile/tree/callTree';
import type { GrowingTree } from '../../profile/tree/growingTree';
import { rowOfNode, treeRows } from '../../profile/tree/treeRows';
import { heaviestWay, wayTo } from '../../profile/tree/walk';
import type { IContext } from '../context';
import { element, quantityCell } from '../dom';
import { WindowedRows } from '../windowedRows';
import { OpenNodes } from './openNodes';
import { treeHeads, type RowDirection } from './treeHeads';

/** Makes ids of rows, which the table names as its active one. */
let tables = 0;

/** A tree that is shown as a table. */
export interface ITabled {
  readonly tree: ICallTree;
  readonly direction: RowDirection;
  /** What shares are shares of. */
  readonly whole: number;
  /** Makes more of the tree where it is not all there; `null`: it is. */
  readonly growing: Pick<GrowingTree, 'canExpand'> | null;
}

/** What nodes are called. */
export interface INodeNames {
  nameOf(node: TreeIndex): string;
  /** Name and whole place. */
  titleOf(node: TreeIndex): string;
}

/** What a table is called, and tells. */
export interface ITreeTableOptions {
  readonly label: string;
  /** The reader is on another row. */
  onActive(node: TreeIndex): void;
  /** The reader wants to see the code. */
  onOpen(node: TreeIndex): void;
  /** The reader wants to see rows below one that have not been made. */
  onGrow(node: TreeIndex): void;
  /** A key that the table has no use for; whether something was done. */
  onKey(event: KeyboardEvent, node: TreeIndex | typeof NONE): boolean;
  /** The pointer is on another row; `NONE`: on none. */
  onHover?(node: TreeIndex | typeof NONE): void;
  /** Whether values are shown as shares of the whole; if missing, they never are. */
  isPercent?(): boolean;
}

/**
 * A call tree as rows: what each took, and its callees (or callers) below it when it is open.
 *
 * Right opens a row and left closes it, as in every tree; `*` opens the way on which most of the time went.
 */
export class TreeTable {
  constructor(
    private readonly _names: INodeNames,
    keys: FunctionKeys,
    private readonly _context: IContext,
    private readonly _options: ITreeTableOptions
  ) {
    const { trans } = _context;
    this._open = new OpenNodes(keys);
    this._body = element('tbody');
    this._heads = element('thead');
    this._table = element(
      'table',
      {
        className: 'jp-Profiler-treeTable',
        attributes: {
          role: 'treegrid',
          tabindex: '0',
          'aria-label': _options.label
        }
      },
      [this._heads, this._body]
    );
    this._scroll = element('div', { className: 'jp-Profiler-scroll' }, [
      this._table
    ]);
    const heaviest = element('button', {
      className: 'jp-Profiler-button',
      text: trans.__('Open the heaviest way'),
      title: trans.__(
        'Open the rows by which most of the time went, from here on (*)'
      ),
      attributes: { type: 'button', 'aria-keyshortcuts': '*' }
    });
    heaviest.addEventListener('click', () => this._openHeaviest());
    const close = element('button', {
      className: 'jp-Profiler-button',
      text: trans.__('Close all'),
      attributes: { type: 'button' }
    });
    close.addEventListener('click', () => this._closeAll());
    this.node = element('div', { className: 'jp-Profiler-treeRows' }, [
      element('div', { className: 'jp-Profiler-bar' }, [heaviest, close]),
      this._scroll
    ]);
    this._id = `jp-profiler-tree-${++tables}`;
    this._window = new WindowedRows(
      this._scroll,
      this._body,
      position => this._row(position),
      () => this._markActive()
    );
    this._body.addEventListener('click', this._onClick);
    this._body.addEventListener('dblclick', this._onDoubleClick);
    if (_options.onHover) {
      this._body.addEventListener('pointerover', event =>
        _options.onHover?.(this._nodeOf(event) ?? NONE)
      );
      this._body.addEventListener('pointerleave', () =>
        _options.onHover?.(NONE)
      );
    }
    this._table.addEventListener('keydown', this._onKeyDown);
  }

  readonly node: HTMLElement;

  /**
   * Show a tree.
   *
   * @param isGrown - whether it is the one that was there, with more rows: then those that were open are
   */
  show(part: ITabled, active: TreeIndex | typeof NONE, isGrown = false): void {
    const { tree, direction } = part;
    this._part = part;
    if (isGrown) {
      this._open.grow(tree);
    } else {
      // What took the time begins with what owned it: its callers come after a click.
      this._open.begin(
        tree,
        direction !== 'callers' || tree.end[0] === tree.length
      );
    }
    this._heads.replaceChildren(treeHeads(direction, this._context));
    this._active = active;
    this._open.openTo(active);
    this._list(!isGrown);
    this._reveal();
  }

  /**
   * Put the keyboard on a row, and open the way to it.
   */
  activate(node: TreeIndex | typeof NONE): void {
    if (node === this._active) {
      return;
    }
    this._active = node;
    if (this._open.openTo(node)) {
      this._list(false);
    }
    this._reveal();
    this._markActive();
  }

  /**
   * Mark the rows of a function that is pointed at anywhere; `NONE`: none.
   */
  hover(func: FuncIndex | typeof NONE): void {
    this._hovered = func;
    for (const row of this._body.rows) {
      const node = this._rows[Number(row.dataset.position)];
      row.classList.toggle(
        'jp-mod-hovered',
        node !== undefined && this._isHovered(node)
      );
    }
  }

  /**
   * Fit to the size that the node has now.
   */
  layout(): void {
    this._window.layout();
    if (this._isUnseen && this._scroll.clientHeight > 0) {
      this._reveal();
    }
  }

  /**
   * Take the keyboard's focus.
   */
  focus(): void {
    this._table.focus({ preventScroll: true });
  }

  dispose(): void {
    this._window.dispose();
  }

  private _list(isFromTop: boolean): void {
    const tree = this._part?.tree;
    if (!tree) {
      return;
    }
    const rows = (this._rows = treeRows(tree, this._open.all));
    this._table.setAttribute('aria-rowcount', `${rows.length + 1}`);
    this._window.reset(rows.length, isFromTop);
  }

  private _row(position: number): HTMLTableRowElement {
    const { tree, whole } = this._part as ITabled;
    const node = this._rows[position];
    const { numbers } = this._context;
    const isFolder = this._canOpen(tree, node);
    const isOpen = this._open.has(node);
    // Where there is no room for so many levels, the style shows the number of the level instead.
    const indent = element('span', {
      className: 'jp-Profiler-indent',
      attributes: {
        'aria-hidden': 'true',
        'data-level': `${tree.depth[node] + 1}`
      }
    });
    indent.style.setProperty('--jp-profiler-depth', `${tree.depth[node]}`);
    const name = element('div', {}, [
      indent,
      element('span', {
        className: 'jp-Profiler-disclosure',
        text: isFolder ? (isOpen ? '▾' : '▸') : '',
        attributes: { 'aria-hidden': 'true' }
      }),
      element('span', {
        className: 'jp-Profiler-name',
        text: this._names.nameOf(node)
      })
    ]);
    const row = element(
      'tr',
      {
        attributes: {
          id: `${this._id}-${position}`,
          'aria-rowindex': `${position + 2}`,
          'aria-level': `${tree.depth[node] + 1}`,
          ...(isFolder ? { 'aria-expanded': `${isOpen}` } : {})
        }
      },
      [
        this._value(tree.total[node], 'total', tree),
        element('td', {
          className: 'jp-Profiler-percent',
          text: numbers.percent(whole > 0 ? tree.total[node] / whole : NaN)
        }),
        this._value(tree.self[node], 'self', tree),
        element('td', {
          className: 'jp-Profiler-calls',
          text: tree.calls ? numbers.count(tree.calls[node]) : ''
        }),
        element(
          'td',
          {
            className: 'jp-Profiler-place',
            title: this._names.titleOf(node)
          },
          [name]
        )
      ]
    );
    row.dataset.position = `${position}`;
    row.classList.toggle('jp-mod-estimated', !!tree.estimated?.[node]);
    row.classList.toggle('jp-mod-hovered', this._isHovered(node));
    return row;
  }

  private _value(
    value: number,
    name: string,
    { metric }: ICallTree
  ): HTMLTableCellElement {
    const { numbers } = this._context;
    const className = `jp-Profiler-${name}`;
    return this._options.isPercent?.()
      ? element('td', {
          className,
          text: numbers.percent(value / (this._part?.whole ?? NaN))
        })
      : quantityCell(className, numbers.quantity(value, metric.unit));
  }

  private _isHovered(node: TreeIndex): boolean {
    return (
      this._hovered !== NONE && this._part?.tree.func[node] === this._hovered
    );
  }

  private _markActive(): void {
    let found: string | null = null;
    for (const row of this._body.rows) {
      const isActive =
        this._rows[Number(row.dataset.position)] === this._active &&
        row.dataset.position !== undefined;
      row.classList.toggle('jp-mod-active', isActive);
      if (row.dataset.position !== undefined) {
        row.setAttribute('aria-selected', `${isActive}`);
      }
      found = isActive ? row.id : found;
    }
    if (found) {
      this._table.setAttribute('aria-activedescendant', found);
    } else {
      this._table.removeAttribute('aria-activedescendant');
    }
  }

  private _openHeaviest(): void {
    const tree = this._part?.tree;
    if (!tree || tree.length === 0) {
      return;
    }
    const from = this._active === NONE ? (0 as TreeIndex) : this._active;
    const way = heaviestWay(tree, from);
    this._open.openWay(way);
    this._list(false);
    this._choose(way[way.length - 1]);
  }

  private _closeAll(): void {
    const tree = this._part?.tree;
    if (!tree) {
      return;
    }
    this._open.clear();
    this._list(true);
    if (this._active !== NONE) {
      this._choose(wayTo(tree, this._active)[0]);
    }
  }

  /** Whether there are rows below one, made or not. */
  private _canOpen(tree: ICallTree, node: TreeIndex): boolean {
    return hasChildren(tree, node) || !!this._part?.growing?.canExpand(node);
  }

  private _toggle(node: TreeIndex): void {
    if (this._open.toggle(node) && this._part?.growing?.canExpand(node)) {
      // Shows the tree anew.
      this._options.onGrow(node);
      return;
    }
    this._list(false);
  }

  private _choose(node: TreeIndex | typeof NONE | undefined): void {
    if (node !== undefined && node !== NONE) {
      this._active = node;
      this._reveal();
      this._markActive();
      this._options.onActive(node);
    }
  }

  private _reveal(): void {
    this._isUnseen = this._scroll.clientHeight === 0;
    const position = this._position();
    if (position >= 0) {
      this._window.reveal(position, this._heads.offsetHeight);
    }
  }

  private _position(): number {
    return this._active === NONE ? NONE : rowOfNode(this._rows, this._active);
  }

  private readonly _onClick = (event: MouseEvent): void => {
    const node = this._nodeOf(event);
    const tree = this._part?.tree;
    if (node === undefined || !tree) {
      return;
    }
    const target = event.target;
    if (
      target instanceof Element &&
      target.closest('.jp-Profiler-disclosure') &&
      this._canOpen(tree, node)
    ) {
      this._active = node;
      this._toggle(node);
      this._choose(this._active);
      return;
    }
    this._choose(node);
  };

  private readonly _onDoubleClick = (event: MouseEvent): void => {
    const node = this._nodeOf(event);
    const target = event.target;
    if (
      node !== undefined &&
      !(target instanceof Element && target.closest('.jp-Profiler-disclosure'))
    ) {
      document.getSelection()?.removeAllRanges();
      this._options.onOpen(node);
    }
  };

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    const tree = this._part?.tree;
    if (event.target !== this._table || !tree || tree.length === 0) {
      return;
    }
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (
      (isPlain && this._onPlain(event, tree)) ||
      this._options.onKey(event, this._active)
    ) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  private _onPlain(event: KeyboardEvent, tree: ICallTree): boolean {
    const rows = this._rows;
    const at = this._position();
    const node = at < 0 ? NONE : rows[at];
    const to = (position: number) => {
      this._choose(rows[Math.max(0, Math.min(position, rows.length - 1))]);
      return true;
    };
    switch (event.key) {
      case 'ArrowDown':
        return to(at + 1);
      case 'ArrowUp':
        return to(at - 1);
      case 'PageDown':
        return to(at + this._window.page);
      case 'PageUp':
        return to(at - this._window.page);
      case 'Home':
        return to(0);
      case 'End':
        return to(rows.length - 1);
      case 'ArrowRight':
        if (node !== NONE && this._canOpen(tree, node)) {
          if (this._open.has(node)) {
            return to(at + 1);
          }
          this._toggle(node);
        }
        return true;
      case 'ArrowLeft':
        if (node === NONE) {
          return true;
        }
        if (this._open.has(node) && this._canOpen(tree, node)) {
          this._toggle(node);
        } else if (tree.parent[node] !== NONE) {
          this._choose(tree.parent[node]);
        }
        return true;
      case '*':
        this._openHeaviest();
        return true;
      case 'Enter':
        if (node === NONE || event.shiftKey) {
          return false;
        }
        this._options.onOpen(node);
        return true;
      default:
        return false;
    }
  }

  private _nodeOf({ target }: MouseEvent): TreeIndex | undefined {
    const row = target instanceof Element ? target.closest('tr') : null;
    return this._rows[Number(row?.dataset.position ?? NaN)];
  }

  private readonly _id: string;
  private readonly _heads: HTMLTableSectionElement;
  private readonly _body: HTMLTableSectionElement;
  private readonly _table: HTMLTableElement;
  private readonly _scroll: HTMLElement;
  private readonly _window: WindowedRows;
  private readonly _open: OpenNodes;
  private _part: ITabled | null = null;
  private _rows = indexColumn<TreeIndex>(new Int32Array(0));
  private _active: TreeIndex | typeof NONE = NONE;
  private _hovered: FuncIndex | typeof NONE = NONE;
  private _isUnseen = false;
}
