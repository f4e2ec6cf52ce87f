import { expect, test } from '@playwright/test';

import { cell, notebook, rowOf } from './helpers';

test('Notebook 7 leads from a row to the cell and its line, and to the file', async ({
  page,
  baseURL
}, info) => {
  const put = async (path: string, data: object) => {
    const url = `${baseURL}/api/contents/${path}`;
    expect((await page.request.put(url, { data })).ok()).toBe(true);
  };
  await put('n7helping.py', {
    type: 'file',
    format: 'text',
    content: 'def helped(n):\n    return sorted(range(n))\n'
  });
  const filler = Array.from({ length: 12 }, (_, i) =>
    cell(`f${i}`, `filler = ${i}\n${'# text\n'.repeat(8)}`)
  );
  await put('n7code.ipynb', {
    type: 'notebook',
    format: 'json',
    content: notebook([
      cell('c0', '%load_ext jupyterlab_profiler\nimport n7helping'),
      cell('c1', '\ndef defined(n):\n    return n'),
      cell(
        'c2',
        '%%cprofile\ndefined(1), n7helping.helped(9), eval("len([])")'
      ),
      ...filler
    ])
  });
  await page.goto(`${baseURL}/notebooks/n7code.ipynb`);
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .waitFor({ timeout: 60000 });
  for (let i = 0; i < 3; i++) {
    await page.locator('[data-jp-item-name="run"]').click();
  }
  const result = page.locator('.jp-Profiler');
  await expect(result).toHaveAttribute('data-state', 'ready', {
    timeout: 30000
  });
  const toCode = async (name: string) => {
    await rowOf(result, name).click();
    await result.getByRole('button', { name: 'Go to the code' }).click();
  };

  await toCode('defined');
  await expect(page.locator('.jp-Profiler-flash')).toHaveText(
    'def defined(n):'
  );
  await expect(page.locator('.jp-Cell.jp-mod-active')).toContainText(
    'def defined(n)'
  );
  await page.screenshot({ path: info.outputPath('cell.png') });

  // Notebook 7 gives each document a tab of the browser.
  const opened = page.waitForEvent('popup');
  await toCode('helped');
  const file = await opened;
  await expect(file.locator('.cm-content')).toContainText('def helped(n):', {
    timeout: 60000
  });
  expect(new URL(file.url()).pathname).toContain('/edit/n7helping.py');
  await file.screenshot({ path: info.outputPath('file.png') });

  // What has no file is shown as it ran, or said to be out of reach.
  await rowOf(result, '<module>').filter({ hasText: '<string>' }).click();
  await result.getByRole('treegrid').press('Enter');
  await expect(result.locator('.jp-Profiler-source')).toContainText(
    'cannot be opened here'
  );
});
