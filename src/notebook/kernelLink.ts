import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { PromiseDelegate } from '@lumino/coreutils';

import {
  EXPRESSION,
  orderExpression,
  readAnswer,
  type Answer,
  type Order
} from './arming';

/** The kernel restarted, died, or could not be heard while something was waited for. */
export class KernelGoneError extends Error {
  constructor() {
    super('The kernel restarted, ended, or the connection to it broke.');
    this.name = 'KernelGoneError';
  }
}

/** States in which what is sent would be lost. */
const LEAVING = new Set<Kernel.Status>([
  'restarting',
  'autorestarting',
  'terminating',
  'dead'
]);

/**
 * Gives orders to the kernel part behind one connection, and knows whether it has taken one before.
 *
 * Orders are expressions of an empty silent request: nothing is shown, counted or kept in the history, and the kernel
 * takes them in turn with cells, so an order that is sent before a cell is done before the cell.
 */
export class KernelLink {
  /**
   * The link of a connection.
   */
  static of(kernel: Kernel.IKernelConnection): KernelLink {
    let link = links.get(kernel);
    if (!link) {
      link = new KernelLink(kernel);
      links.set(kernel, link);
    }
    return link;
  }

  private constructor(kernel: Kernel.IKernelConnection) {
    this._kernel = kernel;
    this._wasReachable = this._isReachable;
    kernel.statusChanged.connect(this._onChange, this);
    kernel.connectionStatusChanged.connect(this._onChange, this);
    kernel.disposed.connect(this._onChange, this);
  }

  /**
   * Whether this kernel, since it started, has done an order. Then there is no need to wait for the next answer.
   */
  get isKnown(): boolean {
    return this._isKnown;
  }

  /**
   * Do one thing at a time, in the order of the calls: a cell that is armed must be sent before the same cell is armed
   * for the next run. As with cells that wait, a restart drops what has not begun.
   *
   * @throws KernelGoneError
   */
  inTurn<T>(job: () => Promise<T>): Promise<T> {
    const gone = this._gone;
    const result = this._last.then(() => {
      if (gone !== this._gone) {
        throw new KernelGoneError();
      }
      return job();
    });
    this._last = result.catch(() => undefined);
    return result;
  }

  /**
   * The name of the kernel's language, "" if it does not tell.
   *
   * @throws KernelGoneError
   */
  async language(): Promise<string> {
    await this._reachable();
    const info = await this._unlessGone(this._kernel.info);
    return info.status === 'ok' ? (info.language_info?.name ?? '') : '';
  }

  /**
   * Send the order that arms cells for their next run.
   *
   * @param line - as `magicLine` makes it
   * @param isAgain - whether it passes over lines that the cells have themselves
   * @returns what became of it, when the kernel comes to it
   * @throws KernelGoneError
   */
  async arm(
    run: object,
    ids: readonly string[],
    line?: string,
    isAgain = false
  ): Promise<Answer> {
    ids.forEach(id => this._runs.set(id, run));
    const order = isAgain ? 'again' : 'arm';
    const answer = readAnswer(
      (await this._unlessGone(this._request(order, ids, line).done)).content
    );
    this._isKnown = answer.kind === 'done';
    return answer;
  }

  /**
   * Take back what a run has armed. What a later run armed stays.
   */
  disarm(run: object, ids: readonly string[]): void {
    const own = ids.filter(id => this._runs.get(id) === run);
    own.forEach(id => this._runs.delete(id));
    if (own.length > 0 && !this._kernel.isDisposed) {
      this._request('disarm', own).done.catch(() => {
        // A kernel that is gone has nothing armed.
      });
    }
  }

  private _request(
    order: Order,
    ids: readonly string[],
    line?: string
  ): Kernel.IShellFuture<
    KernelMessage.IExecuteRequestMsg,
    KernelMessage.IExecuteReplyMsg
  > {
    return this._kernel.requestExecute(
      {
        code: '',
        silent: true,
        store_history: false,
        allow_stdin: false,
        stop_on_error: false,
        user_expressions: { [EXPRESSION]: orderExpression(order, ids, line) }
      },
      true
    );
  }

  /** Whether the kernel takes messages: what is sent while it restarts is thrown away. */
  private get _isReachable(): boolean {
    return (
      !this._kernel.isDisposed &&
      this._kernel.connectionStatus === 'connected' &&
      !LEAVING.has(this._kernel.status)
    );
  }

  private async _reachable(): Promise<void> {
    while (!this._isReachable) {
      if (this._kernel.isDisposed) {
        throw new KernelGoneError();
      }
      await this._change.promise;
    }
  }

  /**
   * JupyterLab rejects what it knows to be lost. An answer that was on its way when the connection broke may never come.
   */
  private async _unlessGone<T>(promise: Promise<T>): Promise<T> {
    const gone = this._gone;
    try {
      return await Promise.race([promise, gone.promise]);
    } catch (reason) {
      throw gone === this._gone && !this._kernel.isDisposed
        ? reason
        : new KernelGoneError();
    }
  }

  private _onChange(): void {
    const { status, isDisposed } = this._kernel;
    if (isDisposed || LEAVING.has(status)) {
      this._runs.clear();
    }
    const wasReachable = this._wasReachable;
    this._wasReachable = this._isReachable;
    if (isDisposed || (wasReachable && !this._wasReachable)) {
      this._doubt();
    }
    const change = this._change;
    this._change = new PromiseDelegate();
    change.resolve();
  }

  /**
   * It may be another kernel from now on. Who waits learns it.
   */
  private _doubt(): void {
    this._isKnown = false;
    const gone = this._gone;
    this._gone = silent();
    gone.reject(new KernelGoneError());
  }

  private readonly _kernel: Kernel.IKernelConnection;
  /** By cell id, the run that armed it last. */
  private readonly _runs = new Map<string, object>();
  private _isKnown = false;
  private _wasReachable: boolean;
  private _last: Promise<unknown> = Promise.resolve();
  private _gone = silent();
  private _change = new PromiseDelegate<void>();
}

/** One for each connection, as long as the connection is there. */
const links = new WeakMap<Kernel.IKernelConnection, KernelLink>();

/** A promise that may be rejected while nobody waits for it. */
function silent(): PromiseDelegate<never> {
  const delegate = new PromiseDelegate<never>();
  delegate.promise.catch(() => undefined);
  return delegate;
}
