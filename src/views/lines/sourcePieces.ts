import { element } from '../dom';
import type { IColoured } from './sourceColours';

/** A text as nodes: coloured parts, and what is found in it marked. */
export function pieces(
  text: string,
  coloured: readonly IColoured[],
  search: string
): (Node | string)[] {
  const found = search === '' ? [] : occurrences(text.toLowerCase(), search);
  const nodes: (Node | string)[] = [];
  const add = (from: number, to: number, className: string) => {
    let at = from;
    for (const [start, end] of found) {
      const [first, last] = [Math.max(start, at), Math.min(end, to)];
      if (first < last) {
        nodes.push(
          ...plain(text.slice(at, first), className),
          element('mark', { className, text: text.slice(first, last) })
        );
        at = last;
      }
    }
    nodes.push(...plain(text.slice(at, to), className));
  };
  let at = 0;
  for (const { from, to, className } of coloured) {
    add(at, from, '');
    add(Math.max(at, from), to, className);
    at = Math.max(at, to);
  }
  add(at, text.length, '');
  return nodes;
}

function plain(text: string, className: string): (Node | string)[] {
  return text === ''
    ? []
    : [className ? element('span', { className, text }) : text];
}

function occurrences(text: string, search: string): [number, number][] {
  const found: [number, number][] = [];
  let at = text.indexOf(search);
  while (at >= 0) {
    found.push([at, at + search.length]);
    at = text.indexOf(search, at + search.length);
  }
  return found;
}
