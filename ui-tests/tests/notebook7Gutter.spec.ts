import { expect, test } from '@playwright/test';

import { cell, displays, notebook } from './helpers';
import { linesPayload } from './linePayload';

test('Notebook 7 marks the cells that a result knows', async ({
  page,
  baseURL
}, info) => {
  const source = 'def double(n):\n    return 2 * n';
  const payload = linesPayload({
    wall: 1000,
    cell: 'c1',
    sources: [{ path: '/tmp/ipykernel_1/1.py', cell: 'c0', text: source }],
    lines: [
      [0, 1, '<module>', 1, 20],
      [0, 2, 'double', 7, 700]
    ]
  });
  const put = await page.request.put(`${baseURL}/api/contents/n7lines.ipynb`, {
    data: {
      type: 'notebook',
      format: 'json',
      content: notebook([cell('c0', source), cell('c1', displays(payload))])
    }
  });
  expect(put.ok()).toBe(true);
  await page.goto(`${baseURL}/notebooks/n7lines.ipynb`);
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .waitFor({ timeout: 60000 });
  for (let i = 0; i < 2; i++) {
    await page.locator('[data-jp-item-name="run"]').click();
  }
  await expect(page.locator('.jp-Profiler')).toHaveAttribute(
    'data-state',
    'ready',
    { timeout: 30000 }
  );
  const markers = page.locator('.jp-Profiler-heat .jp-Profiler-cost[role]');
  await expect(markers).toHaveText(['2.0%', '70%']);
  await markers.nth(1).hover();
  await expect(page.locator('.jp-Profiler-heatTip')).toContainText('7 hits');
  await page.screenshot({ path: info.outputPath('margin.png') });

  // The command is in the cell's menu here, too.
  await page.locator('.jp-CodeCell .jp-InputPrompt').first().click({
    button: 'right'
  });
  await page
    .locator('.lm-Menu-item')
    .filter({ hasText: 'Show Line Costs in the Margin' })
    .click();
  await expect(page.locator('.jp-Profiler-heat')).toHaveCount(0);
});
