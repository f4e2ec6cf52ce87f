import { element } from './dom';

/**
 * Put a text on the system's clipboard.
 *
 * @returns whether it is there. Pages that are not served securely have no clipboard of their own; there the selection
 * is copied
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = element('textarea', {
    className: 'jp-Profiler-copy',
    attributes: { 'aria-hidden': 'true' }
  });
  area.value = text;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) {
    focused.focus({ preventScroll: true });
  }
  return isDone;
}
