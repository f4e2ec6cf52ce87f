import type { ThreadIndex } from '../../profile/indices';
import { findThread, threadKeys } from '../../profile/threadKeys';
import { threadShares, type IThreadShare } from '../../profile/tree/treeOf';
import type { IContext } from '../context';
import { clipped } from '../dom';
import type { Result } from '../result';
import { choice, labelled } from './choice';

/** Stands for all threads in the list. */
const ALL = '';

/**
 * The threads and tasks of a result that have call paths.
 */
export class Threads {
  constructor({ profile, rows }: Result) {
    this._keys = threadKeys(profile.threads);
    this.shares = rows.metric ? threadShares(profile, rows.metric) : [];
  }

  /** By falling value. */
  readonly shares: readonly IThreadShare[];

  /** Names a thread in the view state. */
  keyOf({ thread }: IThreadShare): string {
    return this._keys[thread];
  }

  /** The thread of a view state; `null`: all of them. */
  find(key: string | null): ThreadIndex | null {
    return findThread(this._keys, key);
  }

  private readonly _keys: readonly string[];
}

/**
 * Chooses one of several threads and tasks, or all of them. All pictures of a result show the same.
 */
export class ThreadChoice {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    threads: Threads
  ) {
    const { trans } = _context;
    const { shares } = threads;
    this._thread =
      shares.length > 1
        ? choice(
            [
              [ALL, trans.__('all')],
              ...shares.map(
                one => [threads.keyOf(one), this._name(one)] as const
              )
            ],
            value => _result.update({ thread: value || null, zoom: [] })
          )
        : null;
    this.nodes = this._thread
      ? [labelled(trans.__('Thread or task'), this._thread)]
      : [];
  }

  /** None where there is nothing to choose. */
  readonly nodes: readonly HTMLElement[];

  /**
   * Show the state as it is now.
   */
  refresh(): void {
    if (this._thread) {
      this._thread.value = this._result.state.thread ?? ALL;
      // A thread of an earlier run.
      if (this._thread.selectedIndex < 0) {
        this._thread.value = ALL;
      }
    }
  }

  private _name({ thread, value, share }: IThreadShare): string {
    const { trans, numbers } = this._context;
    const { threads } = this._result.profile;
    const name = clipped(
      threads.name[thread] || trans.__('Thread %1', `${thread + 1}`)
    );
    return Number.isFinite(share)
      ? trans.__('%1, %2', name, numbers.percent(share))
      : trans.__(
          '%1, %2',
          name,
          numbers.text(value, this._result.rows.metric?.unit ?? '')
        );
  }

  private readonly _thread: HTMLSelectElement | null;
}
