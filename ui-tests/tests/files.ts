/**
 * Profile files in JupyterLab's file browser, and the pages that show them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

/** Where the files are that tests share. */
export const DATA = join(__dirname, '../../tests/data');

/** Put files into the server's folder, under names of their own. */
export async function upload(
  page: IJupyterLabPageFixture,
  folder: string,
  files: Readonly<Record<string, string | Buffer>>
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const bytes =
      typeof content === 'string' ? readFileSync(join(DATA, content)) : content;
    await page.contents.uploadContent(
      bytes.toString('base64'),
      'base64',
      `${folder}/${name}`
    );
  }
  await page.filebrowser.openDirectory(folder);
  await page.filebrowser.refresh();
}

/** A file in the file browser. */
export const item = (page: IJupyterLabPageFixture, name: string) =>
  page.locator(`.jp-DirListing-item .jp-DirListing-itemText`, {
    hasText: new RegExp(`^${name.replaceAll('.', '\\.')}$`)
  });

/** The page in front. */
export const front = (page: IJupyterLabPageFixture): Locator =>
  page.locator('.jp-Profiler-page:visible');

/** Open a file as its name has it, by a double click. */
export async function openFile(
  page: IJupyterLabPageFixture,
  name: string
): Promise<Locator> {
  await item(page, name).dblclick();
  const shown = front(page);
  await expect(shown).not.toHaveAttribute('data-state', 'loading', {
    timeout: 20_000
  });
  return shown;
}
