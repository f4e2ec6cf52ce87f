import type { FuncIndex } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import type { IFunctionRows } from '../../profile/rows';
import { CHARTS, type ChartName } from '../../profile/viewState';
import type { IContext } from '../context';
import { element } from '../dom';
import { fileName } from '../saveFile';
import { CallsPicture } from './calls';
import { ChoiceSwitch } from '../pictures/choiceSwitch';
import { HottestPicture } from './hottest';
import { PackagesPicture } from './packages';
import type { IFigure, IPicture } from './picture';
import { Plot, saveFigure, type ImageFormat } from './plot';
import { plotText } from './plotText';
import { pictureTable } from './table';
import { readTheme } from '../pictures/theme';
import { Tip } from '../pictures/tip';
import { ChartWords } from './words';

/** What the charts of a result need. */
export interface IChartsOptions {
  readonly profile: IProfile;
  readonly rows: IFunctionRows;
  /** What files are called on screen. */
  readonly labels: readonly string[];
  readonly context: IContext;
  /** Which chart is shown. */
  readonly chart: ChartName;
  /** The reader chose another chart. It is shown already. */
  onChart(chart: ChartName): void;
  /** The reader chose a function. */
  onSelect(func: FuncIndex): void;
}

/** Changes of the width that follow each other faster are drawn once, in ms. */
const SETTLED = 120;

/** Room for the title of a saved picture, in px. */
const TITLE = 34;

/**
 * One of three charts: a sentence, a picture, and the table of its numbers.
 *
 * It is drawn by `layout`, when it has a width, and again when that, the theme, the chart or the selection changes.
 */
export class ChartsView {
  constructor(private readonly _options: IChartsOptions) {
    const { profile, labels, rows, context, chart } = _options;
    const { trans } = context;
    this._words = new ChartWords(profile, labels, rows.metric, context);
    this._chart = chart;
    this._switch = new ChoiceSwitch(
      CHARTS.map(name => ({ name, label: this._words.button(name) })),
      trans.__('Chart'),
      name => {
        this.show(name);
        _options.onChart(name);
      }
    );
    this._save = element(
      'div',
      {
        className: 'jp-Profiler-chartSave',
        attributes: {
          role: 'group',
          'aria-label': trans.__('Save the picture')
        }
      },
      [
        this._saveButton('png', trans.__('PNG'), trans.__('Save as PNG')),
        this._saveButton('svg', trans.__('SVG'), trans.__('Save as SVG'))
      ]
    );
    this._body = element('div', { className: 'jp-Profiler-chartBody' });
    this.node = element('div', { className: 'jp-Profiler-charts' }, [
      element('div', { className: 'jp-Profiler-chartBar' }, [
        this._switch.node,
        this._save
      ]),
      this._body
    ]);
    this._fill();
  }

  readonly node: HTMLElement;

  /**
   * Fit to the width that the node has now. Does nothing where there is nothing to do.
   */
  layout(): void {
    const width = Math.floor(this._stage?.clientWidth ?? 0);
    if (this._isDisposed || width <= 0 || width === this._width) {
      return;
    }
    const isFirst = this._width === 0;
    this._width = width;
    clearTimeout(this._timer);
    if (isFirst) {
      this._draw();
    } else {
      this._timer = setTimeout(() => this._draw(), SETTLED);
    }
  }

  /**
   * Mark a function, where it is in the picture; `null` marks none.
   */
  select(func: FuncIndex | null): void {
    if (func !== this._selected) {
      this._selected = func;
      this._markRow();
      this._draw();
    }
  }

  /**
   * Show another chart.
   */
  show(chart: ChartName): void {
    if (chart !== this._chart) {
      this._chart = chart;
      this._fill();
      this.layout();
    }
  }

  /**
   * Draw again with the colours that the page has now.
   */
  refreshTheme(): void {
    this._draw();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    clearTimeout(this._timer);
    this._plot?.dispose();
    this._plot = null;
    this.node.remove();
  }

  /**
   * Put the sentence, the place of the picture, and the table of the chart that is chosen.
   */
  private _fill(): void {
    const { trans } = this._options.context;
    const words = this._words;
    const picture = this._picture();
    const { chart } = picture;
    clearTimeout(this._timer);
    this._plot?.dispose();
    this._plot = null;
    this._stage = null;
    this._level = 0;
    this._width = 0;
    this._switch.choose(this._chart);
    this._save.hidden = chart.obstacle !== null;
    if (chart.obstacle !== null) {
      this._body.replaceChildren(
        note(words.obstacle(this._chart, chart)),
        ...words.leftOut(this._chart, chart.leftOut).map(note)
      );
      return;
    }
    const title = words.title(this._chart);
    this._plot = new Plot({
      onClick: mark => this._onClick(picture, mark),
      onHover: (mark, event) =>
        mark === null ? tip.hide() : tip.show(picture.tip(mark), event)
    });
    const image = element(
      'div',
      {
        attributes: {
          role: 'img',
          'aria-label': words.description(
            this._chart,
            picture.extent,
            picture.facts
          )
        }
      },
      [this._plot.node]
    );
    this._stage = element('div', { className: 'jp-Profiler-chartStage' }, [
      image
    ]);
    const tip = new Tip(this._stage);
    this._body.replaceChildren(
      element('p', { className: 'jp-Profiler-chartTitle' }, [
        element('strong', { text: title }),
        element('span', { text: picture.extent })
      ]),
      this._stage,
      ...this._toggle(picture),
      ...this._legend(picture),
      ...[picture.hint, ...words.leftOut(this._chart, chart.leftOut)]
        .filter(text => text)
        .map(note),
      element('details', { className: 'jp-Profiler-chartNumbers' }, [
        element('summary', { text: trans.__('Table of these numbers') }),
        element(
          'div',
          {
            className: 'jp-Profiler-scroll',
            attributes: { tabindex: '0', role: 'region', 'aria-label': title }
          },
          [pictureTable(picture.table(), title, this._options.onSelect)]
        )
      ])
    );
    this._markRow();
  }

  /** The chart that is chosen, counted once. */
  private _picture(): IPicture {
    const known = this._pictures.get(this._chart);
    if (known) {
      return known;
    }
    const { profile, rows, labels, context } = this._options;
    const words = this._words;
    const make = (): IPicture => {
      switch (this._chart) {
        case 'hottest':
          return new HottestPicture(profile, rows, words, context);
        case 'packages':
          return new PackagesPicture(profile, rows, labels, words, context);
        case 'calls':
          return new CallsPicture(profile, rows, words, context);
      }
    };
    const picture = make();
    this._pictures.set(this._chart, picture);
    return picture;
  }

  /** Switches a part of the picture on and off. */
  private _toggle({ toggle }: IPicture): Node[] {
    if (!toggle) {
      return [];
    }
    const box = element('input', { attributes: { type: 'checkbox' } });
    box.checked = !this._isToggled;
    box.addEventListener('change', () => {
      this._isToggled = !box.checked;
      this._draw();
    });
    return [
      element('label', { className: 'jp-Profiler-chartToggle' }, [box, toggle])
    ];
  }

  /** The names of the colours. The colours themselves come with the theme. */
  private _legend({ legend }: IPicture): Node[] {
    if (legend.length === 0) {
      return [];
    }
    return [
      element(
        'ul',
        {
          className: 'jp-Profiler-legend',
          attributes: { 'aria-label': this._options.context.trans.__('Colors') }
        },
        legend.map(category =>
          element('li', {}, [
            element('span', {
              className: `jp-Profiler-swatch jp-mod-${category}`
            }),
            this._words.category(category)
          ])
        )
      )
    ];
  }

  private _figure(): IFigure {
    return this._picture().figure({
      theme: readTheme(this.node),
      width: this._width,
      selected: this._selected,
      level: this._level,
      isToggled: this._isToggled
    });
  }

  private _draw(): void {
    if (!this._isDisposed && this._plot && this._width > 0) {
      this._plot.draw(this._figure()).catch(this._onError);
    }
  }

  private _onClick(picture: IPicture, mark: number): void {
    const func = picture.func(mark);
    if (func !== null) {
      this._options.onSelect(func);
      return;
    }
    const next = picture.next(mark, this._level);
    if (next !== null) {
      this._level = next;
      this._draw();
    }
  }

  /** Mark the selected function in the table, too. */
  private _markRow(): void {
    for (const button of this._body.querySelectorAll<HTMLElement>(
      'button.jp-Profiler-chartName'
    )) {
      const isSelected = button.dataset.func === `${this._selected}`;
      button.setAttribute('aria-pressed', `${isSelected}`);
    }
  }

  private _saveButton(
    format: ImageFormat,
    text: string,
    title: string
  ): HTMLButtonElement {
    const button = element('button', {
      className: 'jp-Profiler-button',
      text,
      title,
      attributes: { type: 'button', 'aria-label': title }
    });
    button.addEventListener('click', () => {
      this._saveAs(format).catch(this._onError);
    });
    return button;
  }

  /**
   * Save the picture with a title, on the theme's background.
   */
  private async _saveAs(format: ImageFormat): Promise<void> {
    if (this._width === 0 || !this._plot) {
      return;
    }
    const { data, layout } = this._figure();
    const { background, text } = readTheme(this.node);
    const { label } = this._options.profile.meta;
    const height = layout.height + TITLE;
    const titled = {
      ...layout,
      height,
      paper_bgcolor: background,
      margin: { ...layout.margin, t: (layout.margin?.t ?? 0) + TITLE },
      title: {
        text: plotText(this._words.title(this._chart)),
        font: { color: text },
        x: 0.01,
        xanchor: 'left' as const,
        y: 1 - TITLE / 2 / height,
        yanchor: 'middle' as const
      }
    };
    await saveFigure(
      { data, layout: titled },
      format,
      `${fileName(label)}-${this._chart}`
    );
  }

  /** A mistake of ours: the table has the numbers all the same. */
  private readonly _onError = (reason: unknown): void => {
    console.error(reason);
    if (!this._isDisposed) {
      this._stage?.append(
        note(
          this._options.context.trans.__(
            'The picture cannot be drawn: %1',
            String(reason)
          )
        )
      );
    }
  };

  private readonly _words: ChartWords;
  private readonly _switch: ChoiceSwitch<ChartName>;
  private readonly _save: HTMLElement;
  private readonly _body: HTMLElement;
  private readonly _pictures = new Map<ChartName, IPicture>();
  private _stage: HTMLElement | null = null;
  private _plot: Plot | null = null;
  private _chart: ChartName;
  private _selected: FuncIndex | null = null;
  private _level = 0;
  private _isToggled = false;
  private _width = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
}

function note(text: string): HTMLElement {
  return element('p', { className: 'jp-Profiler-note', text });
}
