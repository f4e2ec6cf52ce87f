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

/**
 * Let the browser save a text as a file. Nothing leaves the machine.
 */
export function saveText(text: string, name: string, type: string): void {
  saveBlob(new Blob([text], { type }), name);
}

function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = element('a', { attributes: { href: url, download: name } });
  document.body.append(link);
  link.click();
  link.remove();
  // After the browser has taken it.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Characters that file names have on every system. */
const UNSAFE = /[^\p{L}\p{N}._-]+/gu;

/**
 * A name for a file that holds something of a profile.
 *
 * @param label - of the profile, "" if it has none
 * @param extension - as `csv`
 */
export function fileName(label: string, extension: string): string {
  const stem = label.replace(UNSAFE, '-').replace(/^[-.]+|-+$/g, '');
  return `${stem.slice(0, 60) || 'profile'}.${extension}`;
}
