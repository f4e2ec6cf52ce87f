import type { MapMode } from '../../profile/map/mapState';
import { TREE_COLOURS } from '../../profile/viewState';
import type { IContext } from '../context';
import { button, element } from '../dom';
import { choice, labelled } from '../pictures/choice';
import { ChoiceSwitch } from '../pictures/choiceSwitch';
import { SearchTools } from '../pictures/searchTools';
import { ThreadChoice, type Threads } from '../pictures/threads';
import { colourName } from '../pictures/treeColours';
import type { Result } from '../result';

/** What the tools do. */
export interface IMapToolsOptions {
  onMode(mode: MapMode): void;
  onHome(): void;
  onBack(): void;
  onUp(): void;
  /** One level more (1) or less (-1). */
  onDepth(step: 1 | -1): void;
  onSave(format: 'png' | 'svg'): void;
}

/** What can be done now. */
export interface IMapAbilities {
  readonly mode: MapMode;
  readonly hasRoot: boolean;
  readonly hasBack: boolean;
  /** Levels that are drawn; and whether there are more, and fewer. */
  readonly levels: number;
  readonly canDeepen: boolean;
  readonly canFlatten: boolean;
}

/**
 * What chooses what a map shows, and leads through it.
 */
export class MapTools {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    threads: Threads,
    options: IMapToolsOptions
  ) {
    const { trans } = _context;
    this._search = new SearchTools(_result, _context);
    this._threads = new ThreadChoice(_result, _context, threads);
    this._said = status();
    this._modes = new ChoiceSwitch<MapMode>(
      [
        { name: 'calls', label: trans.__('By calls') },
        { name: 'location', label: trans.__('By location') }
      ],
      trans.__('What the map is of'),
      options.onMode
    );
    const tool = (text: string, title: string, onClick: () => void) =>
      button(text, onClick, { title });
    this._home = tool(
      trans.__('Home'),
      trans.__('Show all (Escape)'),
      options.onHome
    );
    this._back = tool(
      trans.__('Back'),
      trans.__('Go back to what filled the map before (Backspace)'),
      options.onBack
    );
    this._up = tool(
      trans.__('Up'),
      trans.__(
        'Go to what is around: the caller that it gave most of its time to, or the location (Alt+Up)'
      ),
      options.onUp
    );
    this._flatter = tool(
      trans.__('Shallower'),
      trans.__('One level less (-)'),
      () => options.onDepth(-1)
    );
    this._deeper = tool(
      trans.__('Deeper'),
      trans.__('One level more (+)'),
      () => options.onDepth(1)
    );
    this._levels = status();
    this._percent = tool('%', trans.__('Times as shares of the map'), () =>
      _result.update({ percent: !_result.state.percent })
    );
    this._percent.setAttribute('aria-label', trans.__('Times as shares'));
    this._colours = choice(
      TREE_COLOURS.map(name => [name, colourName(name, _context)] as const),
      treeColour => _result.update({ treeColour })
    );
    this.node = element(
      'div',
      {
        className: 'jp-Profiler-tools',
        attributes: {
          role: 'toolbar',
          'aria-label': trans.__('What the map shows')
        }
      },
      [
        this._modes.node,
        this._home,
        this._back,
        this._up,
        this._flatter,
        this._levels,
        this._deeper,
        ...this._search.nodes,
        ...this._threads.nodes,
        this._percent,
        labelled(trans.__('Colors'), this._colours),
        tool(
          trans.__('Save as PNG'),
          trans.__('Save the picture as it is seen'),
          () => options.onSave('png')
        ),
        tool(
          trans.__('Save as SVG'),
          trans.__('Save the picture as it is seen, to be drawn at any size'),
          () => options.onSave('svg')
        ),
        this._said
      ]
    );
  }

  readonly node: HTMLElement;

  /**
   * Show what can be done now.
   */
  show(can: IMapAbilities): void {
    const { trans, numbers } = this._context;
    this._modes.choose(can.mode);
    // Not `disabled`, which would take the focus from who has just pressed it.
    const able = (node: HTMLElement, isAble: boolean) =>
      node.setAttribute('aria-disabled', `${!isAble}`);
    able(this._home, can.hasRoot);
    able(this._up, can.hasRoot);
    able(this._back, can.hasBack);
    able(this._flatter, can.canFlatten);
    able(this._deeper, can.canDeepen);
    tell(
      this._levels,
      trans._n('%2 level', '%2 levels', can.levels, numbers.count(can.levels))
    );
    this._search.refresh();
    this._threads.refresh();
    const { percent, treeColour } = this._result.state;
    this._percent.setAttribute('aria-pressed', `${percent}`);
    this._colours.value = treeColour;
  }

  /**
   * Say what the search found.
   */
  found(text: string): void {
    this._search.found(text);
  }

  /**
   * Say what came of something that was asked for.
   */
  say(text: string): void {
    tell(this._said, text);
  }

  dispose(): void {
    this._search.dispose();
  }

  private readonly _modes: ChoiceSwitch<MapMode>;
  private readonly _search: SearchTools;
  private readonly _threads: ThreadChoice;
  private readonly _said: HTMLElement;
  private readonly _home: HTMLButtonElement;
  private readonly _back: HTMLButtonElement;
  private readonly _up: HTMLButtonElement;
  private readonly _flatter: HTMLButtonElement;
  private readonly _deeper: HTMLButtonElement;
  private readonly _levels: HTMLElement;
  private readonly _percent: HTMLButtonElement;
  private readonly _colours: HTMLSelectElement;
}

/** What says something when it changes. */
function status(): HTMLElement {
  return element('span', {
    className: 'jp-Profiler-said',
    attributes: { role: 'status' }
  });
}

function tell(node: HTMLElement, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
