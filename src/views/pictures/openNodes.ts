import { NONE, type TreeIndex } from '../../profile/indices';
import type { FunctionKeys } from '../../profile/keys';
import { hasChildren, type ICallTree } from '../../profile/tree/callTree';
import { nodeAtPath, pathOf, wayTo } from '../../profile/tree/walk';

/** The nodes of a tree whose children are shown. */
export class OpenNodes {
  constructor(private readonly _keys: FunctionKeys) {}

  get all(): ReadonlySet<TreeIndex> {
    return this._open;
  }

  has(node: TreeIndex): boolean {
    return this._open.has(node);
  }

  /**
   * Another tree.
   *
   * @param areRootsOpen - whether it begins with the children of its roots
   */
  begin(tree: ICallTree, areRootsOpen: boolean): void {
    this._tree = tree;
    this._open.clear();
    for (
      let root = 0;
      areRootsOpen && root < tree.length;
      root = tree.end[root]
    ) {
      this._open.add(root as TreeIndex);
    }
  }

  /**
   * The tree that was there, with more nodes: those that were open are.
   */
  grow(tree: ICallTree): void {
    const before = this._tree;
    const ways = before
      ? [...this._open].map(node => pathOf(before, node, this._keys))
      : [];
    this.begin(tree, false);
    for (const way of ways) {
      const { node, isWhole } = nodeAtPath(tree, way, this._keys);
      if (isWhole && node !== NONE) {
        this._open.add(node);
      }
    }
  }

  /** Open the nodes above one; whether one was closed. */
  openTo(node: TreeIndex | typeof NONE): boolean {
    if (!this._tree || node === NONE) {
      return false;
    }
    const before = this._open.size;
    wayTo(this._tree, node)
      .slice(0, -1)
      .forEach(one => this._open.add(one));
    return this._open.size > before;
  }

  /** Open the nodes of a way that have children. */
  openWay(way: readonly TreeIndex[]): void {
    for (const node of way) {
      if (this._tree && hasChildren(this._tree, node)) {
        this._open.add(node);
      }
    }
  }

  /** Close a node, or open it; whether it is open now. */
  toggle(node: TreeIndex): boolean {
    const wasOpen = this._open.delete(node);
    if (!wasOpen) {
      this._open.add(node);
    }
    return !wasOpen;
  }

  clear(): void {
    this._open.clear();
  }

  private readonly _open = new Set<TreeIndex>();
  private _tree: ICallTree | null = null;
}
