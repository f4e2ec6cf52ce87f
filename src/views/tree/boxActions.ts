import { focusPath } from '../../profile/tree/focusPath';
import {
  MOST_TRANSFORMS,
  readTransforms,
  type Transform
} from '../../profile/tree/transforms';
import { pathOf } from '../../profile/tree/walk';
import type { IContext } from '../context';
import type { Result } from '../result';
import type { IMenuItem } from './boxMenu';
import type { TransformWords } from './transformWords';
import type { BoxWords, IBox } from './words';

/** What is done elsewhere. */
export interface IBoxHost {
  zoom(box: IBox): void;
  open(box: IBox): void;
  account(box: IBox): void;
  /** Tell the reader why nothing was done. */
  say(text: string): void;
}

/**
 * What can be done with a box: by a menu, or by a key.
 */
export class BoxActions {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _words: BoxWords,
    private readonly _transforms: TransformWords,
    private readonly _host: IBoxHost
  ) {}

  /**
   * All of it, in groups.
   */
  of(box: IBox): readonly (readonly IMenuItem[])[] {
    const { trans } = this._context;
    const { tree, node } = box;
    const { keys } = this._result;
    const func = tree.func[node];
    const key = keys.keyOf(func);
    const name = this._words.name(func);
    const group = this._transforms.packageOf(func);
    const change = (
      label: string,
      shortcut: string,
      transform: Transform
    ): IMenuItem => {
      const refusal = this._refusal(transform);
      return {
        label,
        key: shortcut,
        refusal,
        run: () => (refusal ? this._host.say(refusal) : this._add(transform))
      };
    };
    return [
      [
        {
          label: trans.__('Zoom to it'),
          key: trans.__('Space'),
          run: () => this._host.zoom(box)
        },
        {
          label: trans.__('Go to the code'),
          key: trans.__('Enter'),
          run: () => this._host.open(box)
        },
        {
          label: trans.__('Show its account'),
          key: '',
          run: () => this._host.account(box)
        },
        {
          label: trans.__('Its callers and callees'),
          key: 'v',
          run: () =>
            this._result.update({ tree: 'sandwich', centre: key, zoom: [] })
        }
      ],
      [
        // A way of callers is none from a root.
        ...(box.direction === 'callees'
          ? [
              change(
                trans.__('Only this way to it'),
                'f',
                focusPath(pathOf(tree, node, keys))
              )
            ]
          : []),
        change(trans.__('Only %1', name), 'g', {
          kind: 'focus-function',
          func: key
        }),
        change(trans.__('Merge %1 into its callers', name), 'm', {
          kind: 'merge-function',
          func: key
        }),
        change(trans.__('Leave %1 out', name), 'x', {
          kind: 'drop-function',
          func: key
        }),
        change(trans.__('Collapse its recursion'), 'r', {
          kind: 'collapse-recursion',
          func: key
        }),
        change(trans.__('Collapse %1', group.name), 'p', {
          kind: 'collapse-package',
          group: group.key
        })
      ]
    ];
  }

  /**
   * Do what a letter stands for.
   */
  byKey(key: string, box: IBox): void {
    this.of(box)
      .flat()
      .find(one => one.key === key)
      ?.run();
  }

  /** Why a change cannot be kept among the others, in a sentence; "" where it can. */
  private _refusal(transform: Transform): string {
    const { trans, numbers } = this._context;
    const { transforms } = this._result.state;
    return readTransforms([transform]).length === 0
      ? transform.kind === 'focus-path'
        ? trans.__('This way is too long to be kept.')
        : trans.__('This name is too long to be kept.')
      : readTransforms(transforms).length >= MOST_TRANSFORMS
        ? trans.__(
            'There are %1 changes of the tree, which is the most.',
            numbers.count(MOST_TRANSFORMS)
          )
        : '';
  }

  private _add(transform: Transform): void {
    const transforms = readTransforms(this._result.state.transforms);
    this._result.update({ transforms: [...transforms, transform], zoom: [] });
  }
}
