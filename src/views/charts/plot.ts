import bar from 'plotly.js/lib/bar';
import Plotly, {
  type Config,
  type PlotlyHTMLElement
} from 'plotly.js/lib/core';
import sunburst from 'plotly.js/lib/sunburst';

import { element } from '../dom';
import type { IFigure } from './picture';

// Of all of plotly only what is drawn here; dots and lines are in its core.
Plotly.register([bar, sunburst]);

/** Formats that pictures are saved in. */
export type ImageFormat = 'png' | 'svg';

/** Pixels of a saved picture for one on the screen: to be read in print. */
const PNG_SCALE = 2;

const CONFIG: Partial<Config> = {
  // Nothing of a profile leaves the machine; by default plotly offers to send charts to its cloud.
  showSendToCloud: false,
  plotlyServerURL: '',
  displaylogo: false,
  displayModeBar: false,
  // Sizes are measured here: whoever holds the view knows when they change.
  responsive: false,
  // Names from a profile are no formulas.
  typesetMath: false,
  scrollZoom: false,
  doubleClick: false,
  showTips: false,
  logging: 0
};

/** What a plot tells of its marks. */
export interface IPlotEvents {
  onClick(mark: number): void;
  /** `null`: the pointer has left. */
  onHover(mark: number | null, event: MouseEvent): void;
}

/**
 * One drawing of plotly's, from its first figure to its end.
 */
export class Plot {
  constructor(private readonly _events: IPlotEvents) {
    // What it shows is told by the picture's label, and by the table.
    this.node = element('div', {
      className: 'jp-Profiler-plot',
      attributes: { 'aria-hidden': 'true' }
    });
  }

  readonly node: HTMLElement;

  /**
   * Draw a figure, in place of the one before. What comes too late, after the end, is dropped.
   */
  async draw({ data, layout }: IFigure): Promise<void> {
    if (this._isDisposed) {
      return;
    }
    try {
      const graph = await Plotly.react(this.node, data, layout, CONFIG);
      if (!this._isDisposed && !this._graph) {
        this._graph = graph;
        this._listen(graph);
      }
    } catch (reason) {
      // plotly goes on for a moment with a node that was taken from it.
      if (!this._isDisposed) {
        throw reason;
      }
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Plotly.purge(this.node);
    this.node.remove();
  }

  private _listen(graph: PlotlyHTMLElement): void {
    graph.on('plotly_click', ({ points }) => {
      this._events.onClick(points[0].pointNumber);
    });
    graph.on('plotly_sunburstclick', ({ points }) => {
      this._events.onClick(points[0].pointNumber);
      // plotly would zoom by an animation.
      return false;
    });
    graph.on('plotly_hover', ({ points, event }) => {
      this._events.onHover(points[0].pointNumber, event);
    });
    graph.on('plotly_unhover', ({ event }) => {
      this._events.onHover(null, event);
    });
  }

  private _graph: PlotlyHTMLElement | null = null;
  private _isDisposed = false;
}

/**
 * Save a figure as a file of the browser's. Nothing is sent anywhere.
 *
 * @param name - of the file, without its ending
 */
export async function saveFigure(
  { data, layout }: IFigure,
  format: ImageFormat,
  name: string
): Promise<void> {
  const options = {
    format,
    filename: name,
    width: layout.width,
    height: layout.height,
    scale: format === 'png' ? PNG_SCALE : 1
  };
  await Plotly.downloadImage({ data, layout, config: CONFIG }, options);
}
