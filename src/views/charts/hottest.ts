import {
  hottestChart,
  shareOf,
  type IHottestChart
} from '../../profile/charts';
import type { FuncIndex } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import type { IFunctionRows } from '../../profile/rows';
import type { IContext } from '../context';
import { clipped } from '../dom';
import {
  baseAxis,
  baseLayout,
  type IFigure,
  type IFigureOptions,
  type IPicture,
  type IPictureTable
} from './picture';
import { cutMiddle, plotText } from './plotText';
import { mix } from '../pictures/theme';
import { linearTicks } from './ticks';
import type { ChartWords } from './words';

/** Height of a bar and the gap below it, in px. */
const MOST_PITCH = 20;
const LEAST_PITCH = 14;
/** Height that bars take together, as long as they are not too thin, in px. */
const MOST_HEIGHT = 420;
/** Room for the legend and for the axis, in px. */
const TOP = 28;
const BOTTOM = 32;

/**
 * Bars of the hottest functions: own value, and hatched behind it what their callees took.
 */
export class HottestPicture implements IPicture {
  constructor(
    profile: IProfile,
    rows: IFunctionRows,
    private readonly _words: ChartWords,
    private readonly _context: IContext
  ) {
    const { trans } = _context;
    this.chart = hottestChart(profile, rows);
    const [hottest] = this.chart.bars;
    this.extent = _words.extent(this.chart);
    this.hint = this.chart.bars.some(({ callees }) => Number.isNaN(callees))
      ? this.chart.hasCallees
        ? trans.__('Where nothing is hatched, what callees took is not known.')
        : ''
      : '';
    this.toggle = this.chart.hasCallees ? trans.__('With callees') : '';
    this.facts = hottest
      ? trans.__(
          'The most is in %1: %2.',
          clipped(_words.func(hottest.func)),
          this._own(0)
        )
      : '';
  }

  readonly chart: IHottestChart;
  readonly extent: string;
  readonly hint: string;
  readonly facts: string;
  readonly legend = [];
  readonly toggle: string;

  func(mark: number): FuncIndex | null {
    return this.chart.bars[mark]?.func ?? null;
  }

  next(): null {
    return null;
  }

  tip(mark: number): readonly string[] {
    const { trans } = this._context;
    const { func, callees } = this.chart.bars[mark];
    const lines = [
      this._words.func(func),
      this._words.place(func),
      trans.__('own: %1', this._own(mark))
    ];
    if (this.chart.hasCallees) {
      lines.push(trans.__('callees: %1', this._words.value(callees)));
    }
    return lines.filter(line => line);
  }

  figure({ theme, width, selected, isToggled }: IFigureOptions): IFigure {
    const { trans } = this._context;
    const { bars } = this.chart;
    const hasCallees = this.chart.hasCallees && !isToggled;
    const pitch = Math.min(
      MOST_PITCH,
      Math.max(LEAST_PITCH, Math.floor(MOST_HEIGHT / bars.length))
    );
    const most = Math.max(10, Math.min(44, Math.floor(width / 18)));
    const isSelected = bars.map(({ func }) => func === selected);
    const names = bars.map(({ func }, i) => {
      const name = plotText(cutMiddle(this._words.func(func), most));
      return isSelected[i] ? `<b>${name}</b>` : name;
    });
    const edges = bars.flatMap(({ self, callees }) => {
      const rest = hasCallees && !Number.isNaN(callees) ? callees : 0;
      return self < 0 === rest < 0 ? [self, self + rest] : [self, rest];
    });
    const [low, high] = [Math.min(0, ...edges), Math.max(0, ...edges)];
    const ticks = linearTicks(low, high, Math.max(2, Math.floor(width / 140)));
    const line = {
      color: theme.selected,
      width: isSelected.map(is => (is ? 2 : 0))
    };
    const shared = {
      type: 'bar',
      orientation: 'h',
      y: bars.map((_, i) => i),
      hoverinfo: 'none'
    } as const;
    return {
      data: [
        {
          ...shared,
          name: trans.__('own'),
          x: bars.map(({ self }) => self),
          marker: { color: theme.own, line }
        },
        ...(hasCallees
          ? [
              {
                ...shared,
                name: trans.__('callees'),
                x: bars.map(({ callees }) =>
                  Number.isNaN(callees) ? null : callees
                ),
                marker: {
                  color: mix(theme.own, theme.background, 0.2),
                  line,
                  pattern: {
                    shape: '/' as const,
                    fillmode: 'overlay' as const,
                    fgcolor: theme.own,
                    fgopacity: 1,
                    size: 6,
                    solidity: 0.25
                  }
                }
              }
            ]
          : [])
      ],
      layout: {
        ...baseLayout(theme, width, TOP + BOTTOM + bars.length * pitch),
        // Anywhere in its line: most bars are too short to be hit.
        hovermode: 'y',
        barmode: 'relative',
        bargap: 0.2,
        margin: { l: 8, r: 28, t: TOP, b: BOTTOM, pad: 4 },
        showlegend: hasCallees,
        legend: {
          orientation: 'h',
          x: 0,
          y: 1,
          yanchor: 'bottom',
          traceorder: 'normal',
          itemclick: false,
          itemdoubleclick: false
        },
        xaxis: {
          ...baseAxis(theme),
          range: [low * 1.02, high * 1.02],
          zeroline: low < 0,
          zerolinecolor: theme.muted,
          tickvals: ticks,
          ticktext: ticks.map(value => this._words.value(value))
        },
        yaxis: {
          ...baseAxis(theme),
          automargin: true,
          showgrid: false,
          range: [bars.length - 0.5, -0.5],
          tickvals: bars.map((_, i) => i),
          ticktext: names,
          tickfont: {
            color: theme.text,
            size: Math.min(theme.fontSize, pitch - 3)
          }
        }
      }
    };
  }

  table(): IPictureTable {
    const { trans } = this._context;
    const { bars, whole, hasCallees } = this.chart;
    const hasShares = Number.isFinite(whole);
    return {
      heads: [
        trans.__('Function'),
        trans.__('Own'),
        ...(hasCallees ? [trans.__('Callees')] : []),
        ...(hasShares ? [trans.__('Own of the whole')] : [])
      ],
      rows: bars.map(({ func, self, callees }) => ({
        name: this._words.func(func),
        title: `${this._words.func(func)}\n${this._words.place(func)}`.trim(),
        func,
        depth: 0,
        cells: [
          this._words.value(self),
          ...(hasCallees ? [this._words.value(callees)] : []),
          ...(hasShares ? [this._words.share(shareOf(self, whole))] : [])
        ]
      }))
    };
  }

  private _own(mark: number): string {
    const { self } = this.chart.bars[mark];
    return this._words.valueAndShare(self, shareOf(self, this.chart.whole));
  }
}
