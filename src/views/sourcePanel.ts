import { NONE, type FileIndex, type FuncIndex } from '../profile/indices';
import { lastOfFunction } from '../profile/lineSource';
import type { IProfile } from '../profile/model';
import type { IContext } from './context';
import { clipped, cut, element } from './dom';
import { shortPlace } from './functionName';
import type { Result } from './result';

/** Lines above a function that are shown with it. */
const BEFORE = 3;

/** Lines that are shown at most; the rest is in the file. */
const MOST_LINES = 400;

/** A part of a file as it was when it ran. */
export interface IExcerpt {
  /** Number of the first line, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

/**
 * The source around a line, as the profile holds it; null if it does not.
 */
export function excerptAt(
  { sources }: IProfile,
  file: FileIndex,
  line: number
): IExcerpt | null {
  for (let i = 0; i < sources.length; i++) {
    const lines = sources.text[i].split(/\r\n|\r|\n/);
    const start = sources.line[i];
    if (
      sources.file[i] === file &&
      line >= start &&
      line < start + lines.length
    ) {
      const first = Math.max(start, line - BEFORE);
      const rest = lines.slice(first - start, first - start + MOST_LINES);
      // A block ends with a line feed: what follows it is no line.
      return {
        first,
        lines: rest.at(-1) === '' ? rest.slice(0, -1) : rest
      };
    }
  }
  return null;
}

/**
 * The source of a function in the text of its file, to where it ends, as far as that can be seen by how far lines are set
 * in; null if the file has no such line.
 *
 * @param line - where the function begins
 * @param name - of the function
 */
export function excerptOf(
  text: string,
  line: number,
  name: string
): IExcerpt | null {
  const lines = text.split(/\r\n|\r|\n/);
  if (line > lines.length) {
    return null;
  }
  const from = Math.max(line, 1);
  const first = Math.max(1, from - BEFORE);
  const last =
    name === '<module>'
      ? lines.length
      : lastOfFunction({ first: 1, lines }, from, from);
  return {
    first,
    lines: lines.slice(first - 1, Math.min(last, first - 1 + MOST_LINES))
  };
}

/**
 * Lines of source, one of them marked.
 *
 * @param line - the marked one
 * @param label - what they are called
 */
export function sourceLines(
  { first, lines }: IExcerpt,
  line: number,
  label: string
): HTMLElement {
  return element(
    'ol',
    {
      attributes: { start: `${first}`, tabindex: '0', 'aria-label': label }
    },
    lines.map((text, i) =>
      element('li', {
        className: first + i === line ? 'jp-mod-here' : '',
        text: cut(text) || '\u200b',
        attributes: { value: `${first + i}` }
      })
    )
  );
}

/**
 * The source of a function as it ran, for when its file cannot be opened, or has another text there; or the sentence
 * that it is not there.
 *
 * @param isChanged - whether its line has another text now
 * @param onClose - the reader has seen it
 */
export function sourcePanel(
  { profile, labels }: Result,
  func: FuncIndex,
  isChanged: boolean,
  { trans }: IContext,
  onClose: () => void
): HTMLElement {
  const file = profile.functions.file[func];
  const line = profile.functions.line[func];
  const place =
    clipped(shortPlace(profile, func, labels)) || trans.__('This function');
  const close = element('button', {
    className: 'jp-Profiler-button',
    text: trans.__('Close'),
    attributes: { type: 'button' }
  });
  close.addEventListener('click', onClose);
  const excerpt = file === NONE ? null : excerptAt(profile, file, line);
  const said = !excerpt
    ? trans.__(
        '%1 cannot be opened here, and its source is not in the profile.',
        place
      )
    : isChanged
      ? trans.__(
          'Line %1 has changed since it ran. Here it is shown as it ran.',
          `${line}`
        )
      : trans.__('%1, as it ran', place);
  return element(
    'section',
    {
      className: 'jp-Profiler-source',
      attributes: { 'aria-label': trans.__('Source of %1', place) }
    },
    [
      element('div', { className: 'jp-Profiler-bar' }, [
        element('span', {
          text: said,
          title: file === NONE ? '' : clipped(profile.files.path[file]),
          attributes: { role: 'status' }
        }),
        close
      ]),
      ...(excerpt
        ? [sourceLines(excerpt, line, trans.__('Source of %1', place))]
        : [])
    ]
  );
}
