import { printable } from '../profile/printable';

/** What an element may be given when it is made. */
export interface IElementOptions {
  readonly className?: string;
  /** Shown as it is, never read as HTML. */
  readonly text?: string;
  readonly title?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Make an element. All views make theirs here, by `textContent` alone.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: IElementOptions = {},
  children: readonly (Node | string)[] = []
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (options.className) {
    node.className = options.className;
  }
  if (options.title) {
    node.title = options.title;
  }
  for (const [name, value] of Object.entries(options.attributes ?? {})) {
    node.setAttribute(name, value);
  }
  if (options.text !== undefined) {
    node.textContent = options.text;
  }
  node.append(...children);
  return node;
}

/**
 * Make a button.
 *
 * @param onClick - what it does
 */
export function button(
  text: string,
  onClick: (event: MouseEvent) => void,
  {
    className = 'jp-Profiler-button',
    title,
    attributes
  }: Omit<IElementOptions, 'text'> = {}
): HTMLButtonElement {
  const node = element('button', {
    className,
    text,
    title,
    attributes: { type: 'button', ...attributes }
  });
  node.addEventListener('click', onClick);
  return node;
}

/** Characters that units are given room for. */
const UNIT_WIDTH = 2;

/**
 * A cell of a table with a number and its unit. Units have one width, so that numbers end below each other.
 *
 * One text: an element for each unit is a quarter of the time that the browser takes for a table.
 */
export function quantityCell(
  className: string,
  { number, unit }: { readonly number: string; readonly unit: string }
): HTMLTableCellElement {
  return element('td', {
    className,
    text: `${number}\u00a0${unit.padEnd(UNIT_WIDTH, '\u00a0')}`
  });
}

/** Stands for the emphasised part in a translated sentence; no text has it. */
export const MARK = '\u{F0000}';

/**
 * A sentence with one part emphasised. Translations put the part where their language wants it.
 *
 * @param sentence - has `MARK` for the part
 */
export function emphasised(
  sentence: string,
  part: string,
  options: IElementOptions = {}
): Node[] {
  const [before, after = ''] = sentence.split(MARK, 2);
  return [
    document.createTextNode(before),
    element('strong', { ...options, text: part }),
    document.createTextNode(after)
  ];
}

/** Characters of a name or a path that are shown. */
const MOST_CHARACTERS = 400;

/**
 * A text from the payload, as a reader can take it in: cut, and what would be invisible, or turn text round, written as
 * Python does. All names, paths and labels go through this; what is searched for and remembered are the real ones.
 */
export function clipped(text: string): string {
  return printable(cut(text));
}

/**
 * A text cut to what a reader can take in: source, which has tabs, and sentences whose names are `clipped` already.
 */
export function cut(text: string): string {
  return text.length > MOST_CHARACTERS
    ? // Not through the middle of a character that is a pair.
      `${text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, '')}…`
    : text;
}
