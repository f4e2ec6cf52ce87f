import { expect, test } from '@playwright/test';

import { cell, displays, notebook, sample } from './helpers';

// Notebook 7 does not give its app object to the page, so Galata's helpers cannot be used here.
test('Notebook 7 draws a result', async ({ page, baseURL }, info) => {
  const errors: string[] = [];
  // Notebook has complaints of its own about commands that it does not register.
  page.on('pageerror', error => {
    if (error.stack?.includes('jupyterlab-profiler')) {
      errors.push(error.message);
    }
  });
  const put = await page.request.put(`${baseURL}/api/contents/n7.ipynb`, {
    data: {
      type: 'notebook',
      format: 'json',
      content: notebook([cell('c0', displays(sample('functions')))])
    }
  });
  expect(put.ok()).toBe(true);
  await page.goto(`${baseURL}/notebooks/n7.ipynb`);
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .waitFor({ timeout: 60000 });
  await page.locator('[data-jp-item-name="run"]').click();
  const result = page.locator('.jp-Profiler');
  await expect(result).toHaveAttribute('data-state', 'ready', {
    timeout: 30000
  });
  await expect(result.locator('.jp-Profiler-scroll tbody tr')).toHaveCount(12);
  await result.screenshot({ path: info.outputPath('notebook7.png') });
  expect(errors).toEqual([]);
});
