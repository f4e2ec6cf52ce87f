import type { FuncIndex } from '../profile/indices';
import type { IContext } from './context';
import { LazyPanel } from './lazyPanel';
import type { Result } from './result';
import type { TreeView } from './tree';

/**
 * The call tree of a profile. What draws it is loaded when it is first looked at.
 */
export class TreePanel extends LazyPanel<TreeView> {
  /**
   * @param _onOpen - the reader wants to see the code of a function
   */
  constructor(
    private readonly _result: Result,
    context: IContext,
    private readonly _onOpen: (func: FuncIndex) => void
  ) {
    super('jp-Profiler-treePanel', context);
    _result.onChange(before => this.view?.onChange(before));
  }

  protected async load(): Promise<() => TreeView> {
    const { TreeView } = await import(/* webpackChunkName: "tree" */ './tree');
    return () => new TreeView(this._result, this.context, this._onOpen);
  }

  protected loading(): string {
    return this.context.trans.__('Loading the call tree …');
  }

  protected failed(reason: string): string {
    return this.context.trans.__('The call tree cannot be shown: %1', reason);
  }
}
