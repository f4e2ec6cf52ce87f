import { Groups } from '../../profile/groups';
import { NONE, type FuncIndex } from '../../profile/indices';
import { wayOf } from '../../profile/tree/focusPath';
import type { Transform } from '../../profile/tree/transforms';
import { categoryName } from '../categories';
import type { IContext } from '../context';
import { clipped } from '../dom';
import type { Result } from '../result';
import type { BoxWords } from './words';

/** Names of a way that are shown at most; a tooltip is cut before that. */
const MOST_NAMES = 200;

/** What a transform is called. */
export interface ITransformWords {
  readonly text: string;
  /** All of it, for a tooltip. */
  readonly title: string;
  /** Whether what it is about is in this profile. */
  readonly isKnown: boolean;
}

/**
 * Says what was done to a tree.
 */
export class TransformWords {
  constructor(
    private readonly _result: Result,
    private readonly _words: BoxWords,
    private readonly _context: IContext
  ) {
    this._groups = new Groups(_result.profile, _result.labels);
  }

  /**
   * What a transform is called.
   */
  of(transform: Transform): ITransformWords {
    const { trans } = this._context;
    switch (transform.kind) {
      case 'focus-path': {
        const way = wayOf(transform);
        const last = way[way.length - 1];
        const name = this._name(last);
        // No more of a deep way is shown.
        const names = way.slice(0, MOST_NAMES).map(key => this._name(key));
        return {
          text: trans.__('only this way to %1', name),
          title: trans.__('only the way %1', clipped(names.join(' › '))),
          isKnown: this._isKnown(last)
        };
      }
      case 'collapse-package': {
        const name = this._packageName(transform.group);
        const text = trans.__('%1 collapsed', name ?? transform.group);
        return { text, title: text, isKnown: name !== null };
      }
      case 'my-code':
        return {
          text: trans.__('my code only'),
          title: trans.__(
            'only my notebook and my files; what others own is their caller’s'
          ),
          isKnown: true
        };
      case 'fold-spine':
        return {
          text: trans.__('spine folded'),
          title: trans.__('without the frames that only lead to the work'),
          isKnown: true
        };
      default: {
        const name = this._name(transform.func);
        return {
          text: this._ofFunction(transform.kind, name),
          title: this._ofFunction(transform.kind, name),
          isKnown: this._isKnown(transform.func)
        };
      }
    }
  }

  /** The package of a function, as the transform names it, and what it is called. */
  packageOf(func: FuncIndex): { readonly key: string; readonly name: string } {
    const { key, name, category } = this._groups.of(func, 'package');
    return {
      key,
      name: clipped(name || categoryName(category, this._context.trans))
    };
  }

  private _ofFunction(
    kind: Extract<Transform, { func: string }>['kind'],
    name: string
  ): string {
    const { trans } = this._context;
    switch (kind) {
      case 'focus-function':
        return trans.__('only %1', name);
      case 'merge-function':
        return trans.__('%1 merged', name);
      case 'drop-function':
        return trans.__('without %1', name);
      case 'collapse-recursion':
        return trans.__('recursion of %1 collapsed', name);
      case 'collapse-direct-recursion':
        return trans.__('direct recursion of %1 collapsed', name);
    }
  }

  /** A function of another run has no more than its key, which ends in its name. */
  private _name(key: string): string {
    const func = this._result.keys.find(key);
    return func === NONE
      ? clipped(key.slice(key.indexOf('|') + 1))
      : this._words.name(func);
  }

  private _isKnown(key: string): boolean {
    return this._result.keys.find(key) !== NONE;
  }

  private _packageName(group: string): string | null {
    const { length } = this._result.profile.functions;
    for (let func = 0; func < length; func++) {
      const { key, name } = this.packageOf(func as FuncIndex);
      if (key === group) {
        return name;
      }
    }
    return null;
  }

  private readonly _groups: Groups;
}
