import { element } from '../dom';

/** A colour and what it stands for. */
export interface ILegendEntry {
  readonly text: string;
  /** As CSS has it. */
  readonly colour: string;
}

/**
 * What the colours of boxes stand for.
 *
 * @param label - what the list is called
 */
export function legend(
  entries: readonly ILegendEntry[],
  label: string
): HTMLElement {
  return element(
    'ul',
    {
      className: 'jp-Profiler-legend',
      attributes: { 'aria-label': label }
    },
    entries.map(({ text, colour }) => {
      const swatch = element('span', { className: 'jp-Profiler-swatch' });
      swatch.style.background = colour;
      return element('li', {}, [swatch, text]);
    })
  );
}
