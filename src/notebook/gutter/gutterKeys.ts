import { EditorView } from '@codemirror/view';

import { markersIn } from './heatState';

/**
 * Keys on a marker: arrows, Home and End go to another one, Enter and Space to the result, Escape to the text.
 *
 * @param from - offset of the marker's line
 * @returns whether the key was taken
 */
export function gutterKeys(
  view: EditorView,
  from: number,
  event: KeyboardEvent
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) {
    return false;
  }
  const offsets = offsetsOf(view);
  const at = offsets.indexOf(from);
  if (at < 0) {
    return false;
  }
  switch (event.key) {
    case 'ArrowDown':
      focusLine(view, offsets[Math.min(at + 1, offsets.length - 1)]);
      break;
    case 'ArrowUp':
      focusLine(view, offsets[Math.max(at - 1, 0)]);
      break;
    case 'Home':
      focusLine(view, offsets[0]);
      break;
    case 'End':
      focusLine(view, offsets[offsets.length - 1]);
      break;
    case 'Enter':
    case ' ':
      (event.target as HTMLElement).click();
      break;
    case 'Escape':
      view.focus();
      break;
    default:
      return false;
  }
  return true;
}

function offsetsOf({ state }: EditorView): number[] {
  const offsets: number[] = [];
  for (const cursor = markersIn(state).iter(); cursor.value; cursor.next()) {
    offsets.push(cursor.from);
  }
  return offsets;
}

/**
 * Focus the marker of a line. Lines that are far out of sight have none in the page: it is scrolled to first.
 */
function focusLine(view: EditorView, offset: number): void {
  view.dispatch({ effects: EditorView.scrollIntoView(offset) });
  view.requestMeasure({
    read: () => {
      const top = view.lineBlockAt(offset).top + view.documentTop;
      const nodes = view.dom.querySelectorAll<HTMLElement>(
        '.jp-Profiler-heat [role]'
      );
      return [...nodes].find(({ parentElement }) => {
        const found = parentElement?.getBoundingClientRect().top ?? NaN;
        return Math.abs(found - top) < 3;
      });
    },
    // Who hears of it reads the layout, which is not allowed while this is written.
    write: node => queueMicrotask(() => node?.focus())
  });
}
