/**
 * Where places of a profile are. Pure: no JupyterLab.
 */

import type { Shown } from '../tokens';

const LINE_END = /\r\n|\r|\n/;

/** Longest path that a server is asked about. Systems end at 4096 or before. */
const MOST_CHARACTERS = 4096;

/**
 * The line of a cell's text, from 0, for a line of a profile.
 *
 * IPython drops the empty lines at a cell's top before it compiles the cell: a profile's line 1 is the first line that
 * holds something.
 *
 * @param line - as the profile has it: from 1, or 0 if not known
 */
export function lineInCell(text: string, line: number): number {
  const lines = text.split(LINE_END);
  const first = lines.findIndex(one => one.trim() !== '');
  return lineInText(lines.length, Math.max(first, 0) + Math.max(line, 1));
}

/**
 * A line from 0 that is there, for one that is counted from 1.
 *
 * @param count - lines that there are
 */
export function lineInText(count: number, line: number): number {
  return Math.max(0, Math.min(line, count) - 1);
}

/** Whether a path can be one of a file, and not a name that Python gives to code without any, as `<string>`. */
export function isFilePath(path: string): boolean {
  return (
    path !== '' &&
    path.length <= MOST_CHARACTERS &&
    !path.includes('\0') &&
    !/^<.*>$/.test(path)
  );
}

/** Where a line is now. */
export interface ILineNow {
  /** From 0. */
  readonly line: number;
  readonly shown: Shown;
}

/**
 * Where a line is now: where it ran, or, after lines above it came or went, at the only other place that has its text.
 *
 * @param text - of the cell or file, as it is now
 * @param line - where it ran, from 0
 * @param ran - the line as it ran, where that is known
 */
export function lineNow(text: string, line: number, ran = ''): ILineNow {
  const wanted = ran.trimEnd();
  const lines = text.split(LINE_END).map(one => one.trimEnd());
  if (wanted === '' || lines[line] === wanted) {
    return { line, shown: true };
  }
  const place = lines.indexOf(wanted);
  return place >= 0 && place === lines.lastIndexOf(wanted)
    ? { line: place, shown: true }
    : { line, shown: 'changed' };
}

/**
 * The server's path of a file that is named from the folder of a document; null if the name is absolute, or leads out of
 * what the server offers.
 *
 * ```
 * pathBeside('../lib/util.py', 'work/runs/fit.prof')  // 'work/lib/util.py'
 * ```
 */
export function pathBeside(path: string, document: string): string | null {
  if (document === '' || /^(?:[\\/~]|[^\\/]*:)/.test(path)) {
    return null;
  }
  const [drive] = /^(?:[^/]*:)?/.exec(document) ?? [''];
  const parts = document.slice(drive.length).split('/').slice(0, -1);
  for (const part of path.split(/[\\/]/)) {
    if (part === '..') {
      if (parts.pop() === undefined) {
        return null;
      }
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return drive + parts.join('/');
}
