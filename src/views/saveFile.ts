import { element } from './dom';

/**
 * Let the browser save a text as a file. Nothing leaves the machine.
 */
export function saveText(text: string, name: string, type: string): void {
  saveBlob(new Blob([text], { type }), name);
}

/**
 * Let the browser save data as a file.
 */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = element('a', { attributes: { href: url, download: name } });
  document.body.append(link);
  link.click();
  link.remove();
  // After the browser has taken it.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Characters of a file's name, without what its end tells. */
const MOST_FILE_NAME = 60;

/**
 * A name that files can have everywhere, from any text; `profile` where nothing is left of it.
 */
export function fileName(text: string): string {
  const name = text
    .slice(0, 10 * MOST_FILE_NAME)
    .replace(/[^\p{L}\p{N}\p{M}_.-]+/gu, '-')
    .replace(/^[-.]+/, '');
  return (
    [...name]
      .slice(0, MOST_FILE_NAME)
      .join('')
      .replace(/[-.]+$/, '') || 'profile'
  );
}
