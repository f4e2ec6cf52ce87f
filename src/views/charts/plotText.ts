/** Stands for a character that may not be drawn. */
const REPLACEMENT = '\u{FFFD}';

/** Control characters and halves of pairs, which no SVG file may hold, and what turns the direction of text around. */
const UNFIT =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;'
};

/**
 * A text that plotly shows as it is. plotly reads tags and entities in every text that it draws, links among them.
 *
 * ```
 * plotText('<a href="x">')  // '&lt;a href="x"&gt;'
 * ```
 */
export function plotText(text: string): string {
  return text
    .replace(UNFIT, REPLACEMENT)
    .replace(/[&<>]/g, character => ENTITIES[character]);
}

/**
 * A text cut in its middle, because names differ at their ends.
 *
 * ```
 * cutMiddle('abcdefghij', 5)  // 'ab…ij'
 * ```
 *
 * @param most - characters that are left, at least 3
 */
export function cutMiddle(text: string, most: number): string {
  // A name may be a million characters long. Of each end no more is read than can be left of it, pairs counted twice.
  const head = [...text.slice(0, 2 * most)];
  if (text.length <= 2 * most && head.length <= most) {
    return text;
  }
  const tail = [...text.slice(-2 * most)];
  const before = Math.ceil((most - 1) / 2);
  const after = most - 1 - before;
  return `${head.slice(0, before).join('')}…${tail.slice(tail.length - after).join('')}`;
}
