import type { ICallTree } from '../../profile/tree/callTree';
import { collapsedStacks } from '../../profile/tree/collapsed';
import type { FuncIndex } from '../../profile/indices';
import { copyText } from '../clipboard';
import type { IContext } from '../context';
import { element } from '../dom';
import { savePictures, saveVectors } from '../pictures/savePictures';
import type { IPainting } from '../pictures/svgPicture';
import type { Result } from '../result';
import { fileName } from '../saveFile';
import type { BoxWords } from './words';

/** What is exported. */
export interface ITreeExportsOptions {
  tree(): ICallTree | null;
  canvases(): readonly HTMLCanvasElement[];
  paintings(): readonly IPainting[];
}

/**
 * How large a tree is, and buttons that take it elsewhere.
 */
export class TreeExports {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _words: BoxWords,
    private readonly _options: ITreeExportsOptions
  ) {
    const { trans } = _context;
    this._text = element('span', { attributes: { role: 'status' } });
    const button = (text: string, title: string, onClick: () => void) => {
      const node = element('button', {
        className: 'jp-Profiler-button',
        text,
        title,
        attributes: { type: 'button' }
      });
      node.addEventListener('click', onClick);
      return node;
    };
    this.node = element('div', { className: 'jp-Profiler-bar' }, [
      this._text,
      element('span', { className: 'jp-Profiler-exports' }, [
        button(
          trans.__('Copy as text'),
          trans.__('Copy as collapsed stacks, which flame graph tools read'),
          () => void this._copy()
        ),
        button(
          trans.__('Save as PNG'),
          trans.__('Save the picture as it is seen'),
          () => savePictures(_options.canvases(), this._name)
        ),
        button(
          trans.__('Save as SVG'),
          trans.__('Save the picture as it is seen, to be drawn at any size'),
          () => void this._saveVectors()
        )
      ])
    ]);
  }

  readonly node: HTMLElement;

  /**
   * Say something in the place of how large the tree is.
   */
  say(text: string): void {
    this._text.textContent = text;
  }

  /**
   * Say how large the tree is.
   */
  showSize(tree: ICallTree): void {
    const { trans, numbers } = this._context;
    let deepest = -1;
    for (let node = 0; node < tree.length; node++) {
      deepest = Math.max(deepest, tree.depth[node]);
    }
    this._text.textContent = [
      this._words.value(tree, tree.whole),
      trans._n('%2 box', '%2 boxes', tree.length, numbers.count(tree.length)),
      trans._n('%2 level', '%2 levels', deepest + 1, numbers.count(deepest + 1))
    ].join(' · ');
  }

  private async _copy(): Promise<void> {
    const { trans } = this._context;
    const tree = this._options.tree();
    const text =
      tree &&
      collapsedStacks(tree, (func: FuncIndex) => this._words.whole(func));
    this._text.textContent =
      text === null
        ? trans.__('The tree is too large to be copied')
        : (await copyText(text))
          ? trans.__('The tree is copied')
          : trans.__('The browser does not allow to copy');
  }

  private async _saveVectors(): Promise<void> {
    this._text.textContent = await saveVectors(
      this._options.paintings(),
      this._context.trans.__('Call tree'),
      this._name,
      this._context
    );
  }

  /** Of a file with the picture. */
  private get _name(): string {
    const { profile, state } = this._result;
    return `${fileName(profile.meta.label)}-${state.tree}`;
  }

  private readonly _text: HTMLElement;
}
