import { NONE } from '../../profile/indices';
import type { IContext } from '../context';
import { button, element } from '../dom';
import type { Result } from '../result';
import type { IMapShown } from './mapModel';
import type { MapWords } from './mapWords';

/**
 * What fills a map, with what is around it.
 */
export class MapCrumbs {
  /**
   * @param _onGo - the reader wants something else to fill the map; `null`: all
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _words: MapWords,
    private readonly _onGo: (root: string | null) => void
  ) {
    this.node = element('nav', {
      className: 'jp-Profiler-crumbs',
      attributes: { 'aria-label': _context.trans.__('Fills the map') }
    });
  }

  readonly node: HTMLElement;

  show(shown: IMapShown): void {
    const { root } = shown;
    this.node.hidden = root === null;
    this.node.replaceChildren(
      element(
        'ol',
        {},
        this._steps(shown).map(([text, key]) =>
          element('li', {}, [
            button(text, () => this._onGo(key), {
              className: 'jp-Profiler-link',
              attributes: key === root ? { 'aria-current': 'location' } : {}
            })
          ])
        )
      )
    );
  }

  /** Names, and what fills the map there. */
  private _steps({
    root,
    way,
    mode,
    tree
  }: IMapShown): (readonly [string, string | null])[] {
    const { keys } = this._result;
    const steps: (readonly [string, string | null])[] = [
      [this._context.trans.__('All'), null],
      ...way.map(
        (place, i) =>
          [
            place.kind === 'function'
              ? this._words.func(tree.func[0])
              : this._words.location(place),
            i === way.length - 1 ? root : place.key
          ] as const
      )
    ];
    const func = mode === 'calls' && root !== null ? keys.find(root) : NONE;
    if (func !== NONE) {
      steps.push([this._words.func(func), root]);
    }
    return steps;
  }
}
