import { expect, test } from '@jupyterlab/galata';

import {
  cell,
  displays,
  execute,
  open,
  whole,
  windowing,
  WINDOWING_MODES
} from './helpers';

let pageErrors: string[] = [];

test.beforeEach(({ page }) => {
  pageErrors = [];
  page.on('pageerror', error => pageErrors.push(error.message));
});

for (const mode of WINDOWING_MODES) {
  test.describe(`windowing mode ${mode}`, () => {
    test.use({ mockSettings: windowing(mode) });

    test('the life of a result: run, hide, resize, move, undo, run again, clear, close', async ({
      page,
      tmpPath
    }) => {
      const result = await open(page, `${tmpPath}/life.ipynb`, [
        cell('c0', displays(whole('functions'))),
        cell('c1', 'second = 1'),
        cell('c2', 'third = 1')
      ]);
      const rows = result.locator('.jp-Profiler-scroll tbody tr');
      const expectDrawn = async () => {
        await expect(result).toHaveCount(1);
        // What is not in sight waits.
        await result.scrollIntoViewIfNeeded();
        await expect(result).toHaveAttribute('data-state', 'ready');
        await expect(rows).toHaveCount(27);
        await expect(rows.first()).toBeVisible();
        // It fits: nothing is wider than the output.
        const overflow = await result.evaluate(
          node => node.scrollWidth - node.clientWidth
        );
        expect(overflow).toBe(0);
      };

      /** Run a cell, and wait until it has run for this time: its old result looks like the new one. */
      const run = async (index: number, times: number) => {
        await page.notebook.runCell(index, true);
        const prompt = page.locator('.jp-CodeCell .jp-InputPrompt').nth(index);
        await expect(prompt).toHaveText(`[${times}]:`);
        await expectDrawn();
      };

      await test.step('attached', async () => {
        await run(0, 1);
      });
      await test.step('outputs hidden and shown', async () => {
        await page.notebook.selectCells(0);
        await execute(page, 'notebook:hide-cell-outputs');
        await expect(rows).toHaveCount(0);
        await execute(page, 'notebook:show-cell-outputs');
        await expectDrawn();
      });
      await test.step('another tab in front, and back', async () => {
        await execute(page, 'launcher:create');
        await expect(result).toBeHidden();
        await page.notebook.activate('life.ipynb');
        await expectDrawn();
      });
      await test.step('resized', async () => {
        await page.setViewportSize({ width: 700, height: 700 });
        await expectDrawn();
        await page.setViewportSize({ width: 1700, height: 900 });
        await expectDrawn();
      });
      await test.step('moved', async () => {
        await page.notebook.selectCells(0);
        await execute(page, 'notebook:move-cell-down');
        await expectDrawn();
      });
      await test.step('deleted, and undone', async () => {
        await execute(page, 'notebook:delete-cell');
        await expect(result).toHaveCount(0);
        await execute(page, 'notebook:undo-cell-action');
        await expectDrawn();
      });
      // JupyterLab undoes what was done within half a second at once: the cell may be back where it was before the move.
      const place = await page
        .locator('.jp-CodeCell')
        .evaluateAll(cells =>
          cells.findIndex(one => one.querySelector('.jp-Profiler'))
        );
      await test.step('run again', async () => {
        await run(place, 2);
      });
      await test.step('cleared', async () => {
        await page.notebook.selectCells(place);
        await execute(page, 'notebook:clear-cell-output');
        await expect(result).toHaveCount(0);
      });
      await test.step('closed', async () => {
        await run(place, 3);
        await page.notebook.close(true);
        await expect(result).toHaveCount(0);
      });
      expect(pageErrors).toEqual([]);
    });
  });
}
