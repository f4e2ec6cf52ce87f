import { callsChart, shareOf, type ICallsChart } from '../../profile/charts';
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
import { placeNames } from './placeNames';
import { cutMiddle, plotText } from './plotText';
import { mix } from '../pictures/theme';
import { logTicks } from './ticks';
import type { ChartWords } from './words';

/** In px. */
const HEIGHT = 400;
/** What ticks and titles take from it, about, in px. */
const MARGIN = 80;
/** Functions whose names are written beside their circles. */
const MOST_NAMES = 5;
/** Characters of such a name. */
const MOST_NAME = 18;

/**
 * Functions by how often they were called and what one call took, both on scales of powers. A circle's area is the own
 * value.
 */
export class CallsPicture implements IPicture {
  constructor(
    profile: IProfile,
    rows: IFunctionRows,
    private readonly _words: ChartWords,
    private readonly _context: IContext
  ) {
    const { trans } = _context;
    this.chart = callsChart(profile, rows);
    const [first] = this.chart.markers;
    this.extent = _words.extent(this.chart);
    this.hint = first
      ? trans.__('The larger a circle, the more %1.', _words.own())
      : '';
    this.facts = first
      ? trans._n(
          'The most is in %2: %3 in %4 call.',
          'The most is in %2: %3 in %4 calls, %5 a call.',
          first.calls,
          clipped(_words.func(first.func)),
          this._own(0),
          _words.count(first.calls),
          _words.value(first.selfPerCall)
        )
      : '';
  }

  readonly chart: ICallsChart;
  readonly extent: string;
  readonly hint: string;
  readonly facts: string;
  readonly legend = [];
  readonly toggle = '';

  func(mark: number): FuncIndex | null {
    return this.chart.markers[mark]?.func ?? null;
  }

  next(): null {
    return null;
  }

  tip(mark: number): readonly string[] {
    const { trans } = this._context;
    const { func, calls, selfPerCall } = this.chart.markers[mark];
    return [
      this._words.func(func),
      this._words.place(func),
      trans.__('own: %1', this._own(mark)),
      trans.__('calls: %1', this._words.count(calls)),
      trans.__('own, a call: %1', this._words.value(selfPerCall))
    ].filter(line => line);
  }

  figure({ theme, width, selected }: IFigureOptions): IFigure {
    const { trans } = this._context;
    const { markers } = this.chart;
    const isSelected = markers.map(({ func }) => func === selected);
    const x = markers.map(({ calls }) => calls);
    const y = markers.map(({ selfPerCall }) => selfPerCall);
    const diameter = Math.max(18, Math.min(44, width / 18));
    const most = Math.max(...markers.map(({ self }) => self));
    // The edges have room for a name above a circle, and for half of one beside it.
    const inside = [width - MARGIN, HEIGHT - MARGIN] as const;
    const xRange = rangeOf(x, inside[0], diameter / 2 + 24);
    const yRange = rangeOf(y, inside[1], diameter / 2 + 16);
    const xTicks = logTicks(
      ...ends(xRange),
      Math.max(2, Math.floor(width / 100))
    );
    const yTicks = logTicks(...ends(yRange), 7);
    const wanted = markers.map(({ func }, i) =>
      i < MOST_NAMES || isSelected[i]
        ? cutMiddle(this._words.func(func), MOST_NAME)
        : ''
    );
    const at = (value: number, [low, high]: [number, number], length: number) =>
      ((Math.log10(value) - low) / (high - low)) * length;
    const positions = placeNames(
      wanted,
      markers.map(({ calls, selfPerCall, self }) => ({
        x: at(calls, xRange, inside[0]),
        y: inside[1] - at(selfPerCall, yRange, inside[1]),
        radius: (Math.sqrt(self / most) * diameter) / 2
      })),
      inside
    );
    const title = (text: string) => ({
      text,
      font: { color: theme.muted, size: theme.fontSize }
    });
    return {
      data: [
        {
          type: 'scatter',
          mode: 'text+markers',
          x,
          y,
          hoverinfo: 'none',
          cliponaxis: false,
          text: wanted.map((name, i) =>
            positions[i] || isSelected[i] ? plotText(name) : ''
          ),
          textposition: positions.map(position => position ?? 'top center'),
          textfont: { color: theme.text, size: theme.fontSize - 1 },
          marker: {
            symbol: 'circle',
            color: mix(theme.own, theme.background, 0.6),
            opacity: 0.8,
            size: markers.map(({ self }) => self),
            sizemode: 'area',
            sizeref: (2 * most) / diameter ** 2,
            sizemin: 2,
            line: {
              color: isSelected.map(is => (is ? theme.selected : theme.own)),
              width: isSelected.map(is => (is ? 3 : 1))
            }
          }
        }
      ],
      layout: {
        ...baseLayout(theme, width, HEIGHT),
        margin: { l: 8, r: 12, t: 12, b: 8, pad: 2 },
        xaxis: {
          ...baseAxis(theme),
          type: 'log',
          automargin: true,
          range: xRange,
          tickvals: xTicks,
          ticktext: xTicks.map(value => this._words.count(value)),
          title: title(trans.__('calls'))
        },
        yaxis: {
          ...baseAxis(theme),
          type: 'log',
          automargin: true,
          range: yRange,
          tickvals: yTicks,
          ticktext: yTicks.map(value => this._words.value(value)),
          title: title(trans.__('%1 a call', this._words.own()))
        }
      }
    };
  }

  table(): IPictureTable {
    const { trans } = this._context;
    const { markers, whole } = this.chart;
    const hasShares = Number.isFinite(whole);
    return {
      heads: [
        trans.__('Function'),
        trans.__('Calls'),
        trans.__('Own, a call'),
        trans.__('Own'),
        ...(hasShares ? [trans.__('Own of the whole')] : [])
      ],
      rows: markers.map(({ func, calls, self, selfPerCall }) => ({
        name: this._words.func(func),
        title: `${this._words.func(func)}\n${this._words.place(func)}`.trim(),
        func,
        depth: 0,
        cells: [
          this._words.count(calls),
          this._words.value(selfPerCall),
          this._words.value(self),
          ...(hasShares ? [this._words.share(shareOf(self, whole))] : [])
        ]
      }))
    };
  }

  private _own(mark: number): string {
    const { self } = this.chart.markers[mark];
    return this._words.valueAndShare(self, shareOf(self, this.chart.whole));
  }
}

/** The values between which an axis has ticks. */
function ends([low, high]: [number, number]): [number, number] {
  return [10 ** low, 10 ** high];
}

/** Least length of an axis, in powers of ten. */
const LEAST_SPAN = 0.6;

/**
 * Ends of a logarithmic axis, as powers of ten.
 *
 * @param length - of the axis in px
 * @param edge - room for the circles at its ends, in px
 */
function rangeOf(
  values: readonly number[],
  length: number,
  edge: number
): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(
    Math.log10
  );
  const span = Math.max(high - low, LEAST_SPAN);
  const padding =
    (span * edge) / Math.max(length - 2 * edge, edge) + (span - high + low) / 2;
  return [low - padding, high + padding];
}
