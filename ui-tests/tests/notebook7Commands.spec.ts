import { expect, test } from '@playwright/test';

import { cell, notebook } from './helpers';

test('Notebook 7 profiles a cell by the button and by the shortcut', async ({
  page,
  baseURL
}, info) => {
  const errors: string[] = [];
  // Notebook has complaints of its own about commands that it does not register.
  page.on('pageerror', error => {
    if (error.stack?.includes('jupyterlab-profiler')) {
      errors.push(error.message);
    }
  });
  const put = await page.request.put(
    `${baseURL}/api/contents/n7commands.ipynb`,
    {
      data: {
        type: 'notebook',
        format: 'json',
        content: notebook([
          cell('c0', 'sum(abs(i) for i in range(10))'),
          cell('c1', 'sorted([3, 1, 2])')
        ])
      }
    }
  );
  expect(put.ok()).toBe(true);
  await page.goto(`${baseURL}/notebooks/n7commands.ipynb`);
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .waitFor({ timeout: 60000 });
  const cellAt = (index: number) =>
    page.locator(`.jp-Cell[data-windowed-list-index="${index}"]`);

  await cellAt(0).locator('.jp-InputPrompt').click();
  await page
    .locator('[data-jp-item-name="profile-cell"]')
    .getByRole('button')
    .click();
  const result = cellAt(0).locator('.jp-Profiler');
  await expect(result).toHaveAttribute('data-state', 'ready', {
    timeout: 30000
  });
  await expect(
    result
      .locator('tbody tr')
      .filter({ has: page.locator('.jp-Profiler-name:text-is("abs")') })
      .locator('.jp-Profiler-calls')
  ).toHaveText('10');
  await expect(
    page.locator('.Toastify__toast').filter({ hasText: '%%cprofile work' })
  ).toHaveCount(1);
  await page.screenshot({ path: info.outputPath('notebook7.png') });

  await cellAt(1).locator('.cm-content').click();
  await page.keyboard.press('Control+Shift+Enter');
  await expect(cellAt(1).locator('.jp-Profiler')).toContainText('sorted', {
    timeout: 30000
  });
  expect(errors).toEqual([]);
});
