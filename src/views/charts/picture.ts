import type { Data, Layout, LayoutAxis } from 'plotly.js/lib/core';

import type { Category } from '../../profile/categories';
import type { IChart } from '../../profile/charts';
import type { FuncIndex } from '../../profile/indices';
import type { IChartTheme } from '../pictures/theme';

/** What a figure is drawn for. */
export interface IFigureOptions {
  readonly theme: IChartTheme;
  /** In px. */
  readonly width: number;
  /** The function that is marked, null for none. */
  readonly selected: FuncIndex | null;
  /** The mark that fills the picture; 0 for all of it. */
  readonly level: number;
  /** Whether the reader has switched off what `IPicture.toggle` names. */
  readonly isToggled: boolean;
}

/** What plotly draws, with its size in px. */
export interface IFigure {
  readonly data: Data[];
  readonly layout: Partial<Layout> & {
    readonly width: number;
    readonly height: number;
  };
}

/** A row of the table beside a picture. */
export interface IPictureRow {
  readonly name: string;
  /** The whole name and where it is. */
  readonly title: string;
  /** What can be selected by it. */
  readonly func: FuncIndex | null;
  /** How deep it is nested, from 0. */
  readonly depth: number;
  readonly cells: readonly string[];
}

/** The numbers of a picture. */
export interface IPictureTable {
  /** The first one is of the names. */
  readonly heads: readonly string[];
  readonly rows: readonly IPictureRow[];
}

/** One chart of one profile. A mark is numbered by its place in the chart's data. */
export interface IPicture {
  readonly chart: IChart;
  /** What is drawn of how much. */
  readonly extent: string;
  /** How it is to be read, where that needs words. */
  readonly hint: string;
  /** The main facts in sentences, for who does not see it. */
  readonly facts: string;
  /** Colours that stand for categories. */
  readonly legend: readonly Category[];
  /** A part that can be switched off; "" if there is none. */
  readonly toggle: string;
  figure(options: IFigureOptions): IFigure;
  /** The function of a mark; null where it is none. */
  func(mark: number): FuncIndex | null;
  /** What fills the picture after a click on a mark; null where that changes nothing. */
  next(mark: number, level: number): number | null;
  /** What is said of a mark, line by line. The first line is its name. */
  tip(mark: number): readonly string[];
  table(): IPictureTable;
}

/** What all figures have in common. */
export function baseLayout(
  { fontFamily, fontSize, text }: IChartTheme,
  width: number,
  height: number
): IFigure['layout'] {
  return {
    width,
    height,
    // The page shows through; pictures that are saved get the theme's background.
    paper_bgcolor: 'rgba(0, 0, 0, 0)',
    plot_bgcolor: 'rgba(0, 0, 0, 0)',
    font: { family: fontFamily, size: fontSize, color: text },
    dragmode: false,
    hovermode: 'closest',
    showlegend: false
  };
}

/** An axis that stays as it is. */
export function baseAxis(theme: IChartTheme): Partial<LayoutAxis> {
  return {
    fixedrange: true,
    zeroline: false,
    gridcolor: theme.grid,
    linecolor: theme.grid,
    tickfont: { color: theme.muted, size: theme.fontSize - 1 }
  };
}
