// Figures as tables in Markdown.
import { number, spread } from './figures.mjs';

/** A table in Markdown. `head` and each of `rows` are lists of texts. */
export function table(head, rows) {
  const line = cells =>
    `| ${cells.map(cell => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `|---|${head
    .slice(1)
    .map(() => '---:|')
    .join('')}`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

export const ratio = values => spread(values, { unit: 'x', digits: 2 });
export const ms = (values, digits = 1) =>
  spread(values, { unit: ' ms', digits });
export const bytes = value => `${number(value)} B`;
