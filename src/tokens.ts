/**
 * Ids, names and interfaces that several parts share. Importing this loads nothing.
 */
import { Token } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';

import type { Links } from './notebook/links';
import type { Preferences } from './notebook/preferences';
import type { IProfile } from './profile/model';
import type { ViewStates } from './views/viewStates';

/** MIME type of a profile in a cell's output. */
export const PROFILE_MIME =
  'application/vnd.jupyterlab-profiler.profile.v1+json';

/** Id of the plugin that shows results in outputs, and of its settings. */
export const OUTPUT_PLUGIN_ID = 'jupyterlab-profiler:output';

/** Id of the plugin that leads from a result to the code. */
export const NAVIGATION_PLUGIN_ID = 'jupyterlab-profiler:navigation';

/** Id of the plugin that profiles cells by command, and of its settings. */
export const COMMANDS_PLUGIN_ID = 'jupyterlab-profiler:commands';

/** Profiles the selected cells without changing them. */
export const PROFILE_CELL_COMMAND = 'jupyterlab-profiler:profile-cell';

/** Id of the plugin that shows what lines cost beside the code. */
export const LINE_COSTS_PLUGIN_ID = 'jupyterlab-profiler:line-costs';

/** Shows what lines cost beside the code, or does not. */
export const LINE_COSTS_COMMAND = 'jupyterlab-profiler:show-line-costs';

/** Domain of the translations. */
export const TRANSLATION_DOMAIN = 'jupyterlab_profiler';

/** Id of the plugin that opens profile files. */
export const DOCUMENTS_PLUGIN_ID = 'jupyterlab-profiler:documents';

/** Opens several files as one profile. */
export const OPEN_TOGETHER_COMMAND = 'jupyterlab-profiler:open-together';

/** Opens a file less another one. */
export const COMPARE_COMMAND = 'jupyterlab-profiler:compare';

/** CSS custom property for the number of rows from which a table scrolls. */
export const ROWS_PROPERTY = '--jp-profiler-rows';

/** A place in code, as a profile names it. */
export interface ICodePlace {
  /** Path of the file as the kernel has it, or the name that stands for a cell. */
  readonly path: string;
  /** The cell's id, "" where the place is not in a cell. */
  readonly cell: string;
  /** From 1; 0 if not known. */
  readonly line: number;
  /** The line as it ran, where it is to be told whether it has changed. */
  readonly text?: string;
  /** The server's path of what shows the profile: paths that are not absolute are looked for beside it. */
  readonly document?: string;
}

/** Whether a place is shown; `changed` where another text stands there now. */
export type Shown = boolean | 'changed';

/** Leads from a result to the code. */
export interface ICodeNavigator {
  /**
   * Show a place: scroll to the cell and line, or open the file at the line.
   *
   * @param place - where to
   * @param from - node that the reader came from; a cell is looked for in the notebook that holds it first
   * @returns whether the place is shown. It never rejects
   */
  open(place: ICodePlace, from: HTMLElement): Promise<Shown>;

  /**
   * The text of the file that a place is in, as it is now.
   *
   * @param from - node that the reader came from
   * @returns `null` or `false` where the server offers no such file, or a very large one. It never rejects
   */
  textOf(place: ICodePlace, from: HTMLElement): Promise<string | null | false>;

  /**
   * The path of the notebook that has a cell: of the one that holds a node, if there are several.
   *
   * @returns "" if none is open
   */
  notebookOf(cell: string, from: HTMLElement): string;

  /**
   * Run a cell again, after the reader has agreed, and measure lines as well as functions, or sample compiled code.
   *
   * @param cell - id of the cell
   * @param place - where the function begins whose lines are wanted; `null`: compiled code is wanted
   * @param from - node that the reader came from
   * @returns whether the cell was run. It never rejects
   */
  profileAgain(
    cell: string,
    place: ICodePlace | null,
    from: HTMLElement
  ): Promise<boolean>;
}

/** Leads from a result to the code. */
export const ICodeNavigator = new Token<ICodeNavigator>(
  'jupyterlab-profiler:ICodeNavigator',
  'Leads to code.'
);

/** A result under a cell, which can lead to a line of it. */
export interface ILineResult extends Widget {
  /**
   * Show what the result has of a line.
   *
   * @param path - of the file, as the profile has it
   * @param line - from 1
   * @returns whether the result has something of it
   */
  showLine(path: string, line: number): boolean;
}

/** Shows what lines cost beside the code. */
export interface ILineCosts {
  /**
   * Show the lines of a result's profile for as long as the result is there, in place of those that it had before.
   *
   * @param profile - undefined where the result shows none
   */
  show(result: ILineResult, profile: IProfile | undefined): void;
}

/** Shows what lines cost beside the code. */
export const ILineCosts = new Token<ILineCosts>(
  'jupyterlab-profiler:ILineCosts',
  'Shows line costs.'
);

/** What all results share: the reader's settings, and what readers chose. */
export interface IResultSettings {
  /** The reader's settings. */
  readonly preferences: Preferences;
  /** Addresses of functions. */
  readonly links: Links;
  /** What readers chose; made with the first result. */
  states?: ViewStates;
}

/** What all results share. */
export const IResultSettings = new Token<IResultSettings>(
  'jupyterlab-profiler:IResultSettings',
  'Settings of results.'
);
