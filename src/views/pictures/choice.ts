import { element } from '../dom';

/**
 * A list of which one is chosen.
 *
 * @param onChoose - the reader chose another one
 */
export function choice<V extends string>(
  options: readonly (readonly [value: V, text: string])[],
  onChoose: (value: V) => void
): HTMLSelectElement {
  const select = element(
    'select',
    {},
    options.map(([value, text]) =>
      element('option', { text, attributes: { value } })
    )
  );
  select.addEventListener('change', () =>
    onChoose(options[select.selectedIndex][0])
  );
  return select;
}

/**
 * A control with its name before it.
 */
export function labelled(text: string, control: HTMLElement): HTMLElement {
  return element('label', { className: 'jp-Profiler-choice' }, [
    element('span', { text }),
    control
  ]);
}
