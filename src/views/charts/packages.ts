import { CATEGORIES, type Category } from '../../profile/categories';
import { shareOf } from '../../profile/charts';
import { NONE, type FuncIndex } from '../../profile/indices';
import type { IProfile } from '../../profile/model';
import {
  packageChart,
  type IPackageChart,
  type ISector
} from '../../profile/packageChart';
import type { IFunctionRows } from '../../profile/rows';
import type { IContext } from '../context';
import { clipped } from '../dom';
import {
  baseLayout,
  type IFigure,
  type IFigureOptions,
  type IPicture,
  type IPictureTable
} from './picture';
import { cutMiddle, plotText } from './plotText';
import { inkOn } from '../pictures/contrast';
import { mix, type IChartTheme } from '../pictures/theme';
import type { ChartWords } from './words';

/** Sizes in px. */
const LEAST_SIZE = 260;
const MOST_SIZE = 460;
/** Share of the picture below which no name fits into a sector. To try costs more than to draw. */
const LEAST_NAMED = 0.012;
/** Characters of a name in a sector. */
const MOST_NAME = 22;
/** How much of its category's colour a kind of sector has. */
const TINTS: Readonly<Record<ISector['kind'], number>> = {
  whole: 0,
  package: 1,
  file: 0.75,
  function: 0.5,
  rest: 0.25
};
/** What names are written with: one of them can be read on any colour. */
const INKS = ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'];
/** Packages that the description names. */
const MOST_FACTS = 3;

/**
 * A sunburst of own values: packages in the middle, files and functions around them.
 */
export class PackagesPicture implements IPicture {
  constructor(
    profile: IProfile,
    rows: IFunctionRows,
    labels: readonly string[],
    private readonly _words: ChartWords,
    private readonly _context: IContext
  ) {
    const { trans } = _context;
    this.chart = packageChart(profile, rows, labels);
    const { sectors } = this.chart;
    this.extent = _words.extent(this.chart);
    this.hint =
      sectors.length > 0
        ? trans.__(
            'A click on a package or a file shows it alone, a click on the middle goes back.'
          )
        : '';
    const packages = [...sectors.keys()].filter(i => sectors[i].parent === 0);
    this.facts = packages
      .slice(0, MOST_FACTS)
      .map(i => trans.__('%1: %2.', clipped(this._name(i)), this._value(i)))
      .join(' ');
    const used = new Set(sectors.map(({ group }) => group?.category));
    this.legend = CATEGORIES.filter(category => used.has(category));
  }

  readonly chart: IPackageChart;
  readonly extent: string;
  readonly hint: string;
  readonly facts: string;
  readonly legend: readonly Category[];
  readonly toggle = '';

  func(mark: number): FuncIndex | null {
    return this.chart.sectors[mark]?.func ?? null;
  }

  next(mark: number, level: number): number | null {
    const { sectors } = this.chart;
    const { kind, parent } = sectors[mark];
    if (mark === level) {
      return parent === NONE ? null : parent;
    }
    // What is not divided here has nothing more to show.
    return (kind === 'package' || kind === 'file') &&
      sectors.some(sector => sector.parent === mark)
      ? mark
      : null;
  }

  tip(mark: number): readonly string[] {
    const { func, group, file } = this.chart.sectors[mark];
    const place =
      func === null ? (file ?? group)?.path : this._words.place(func);
    return [
      this._name(mark),
      place ?? '',
      group ? this._words.category(group.category) : '',
      this._value(mark)
    ].filter((line, i, lines) => line && lines.indexOf(line) === i);
  }

  figure({ theme, width, selected, level }: IFigureOptions): IFigure {
    const { sectors } = this.chart;
    const size = Math.max(LEAST_SIZE, Math.min(MOST_SIZE, width));
    const isSelected = sectors.map(
      ({ func }) => func !== null && func === selected
    );
    const fills = sectors.map((sector, i) =>
      isSelected[i] ? theme.selected : colourOf(sector, theme)
    );
    return {
      data: [
        {
          type: 'sunburst',
          ids: sectors.map((_, i) => `${i}`),
          parents: sectors.map(({ parent }) =>
            parent === NONE ? '' : `${parent}`
          ),
          values: sectors.map(({ value }) => value),
          labels: sectors.map((_, i) => `${i}`),
          text: sectors.map((_, i) => this._label(i, level)),
          textinfo: 'text',
          insidetextorientation: 'auto',
          branchvalues: 'total',
          // They are in order already, with the rests last.
          sort: false,
          level: `${level}`,
          hoverinfo: 'none',
          leaf: { opacity: 1 },
          root: { color: theme.background },
          outsidetextfont: { color: theme.text },
          insidetextfont: {
            color: fills.map(fill => inkOn(fill, INKS) ?? theme.text)
          },
          marker: {
            colors: fills,
            line: { color: theme.background, width: 1 }
          }
        }
      ],
      layout: {
        ...baseLayout(theme, width, size),
        margin: { l: 2, r: 2, t: 2, b: 2 },
        // A name that cannot be read at that size is not written.
        uniformtext: { mode: 'hide', minsize: Math.round(theme.fontSize * 0.8) }
      }
    };
  }

  table(): IPictureTable {
    const { trans } = this._context;
    const { sectors, whole } = this.chart;
    const hasShares = Number.isFinite(whole);
    const depths: number[] = [];
    return {
      heads: [
        trans.__('Part'),
        trans.__('Code'),
        trans.__('Own'),
        ...(hasShares ? [trans.__('Own of the whole')] : [])
      ],
      rows: sectors.map(({ parent, value, group }, mark) => {
        depths[mark] = parent === NONE ? 0 : depths[parent] + 1;
        return {
          name: this._name(mark),
          title: this.tip(mark).join('\n'),
          func: this.func(mark),
          depth: depths[mark],
          cells: [
            group ? this._words.category(group.category) : '',
            this._words.value(value),
            ...(hasShares ? [this._words.share(shareOf(value, whole))] : [])
          ]
        };
      })
    };
  }

  /** What is written into a sector; "" where there is no room. */
  private _label(mark: number, level: number): string {
    const { sectors } = this.chart;
    const { kind, value } = sectors[mark];
    if (value < LEAST_NAMED * sectors[level].value) {
      return '';
    }
    const name = plotText(cutMiddle(this._name(mark), MOST_NAME));
    return kind === 'whole' || mark === level
      ? `${name}<br>${plotText(this._words.value(value))}`
      : name;
  }

  private _name(mark: number): string {
    return this._words.sector(this.chart.sectors[mark]);
  }

  private _value(mark: number): string {
    const { value } = this.chart.sectors[mark];
    return this._words.valueAndShare(value, shareOf(value, this.chart.whole));
  }
}

function colourOf({ kind, group }: ISector, theme: IChartTheme): string {
  return mix(
    theme.categories[group?.category ?? 'other'],
    theme.background,
    TINTS[kind]
  );
}
