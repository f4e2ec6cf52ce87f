import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';

import { cell, notebook } from './helpers';

const DEFINED = `import time

def slow(n):
    total = 0
    for i in range(n):
        total += i
    time.sleep(0.05)
    return total`;

const LINED = `%%lprun
for k in range(3):
    slow(100)`;

const PLAIN = `print('it ran')
slow(10)`;

/** Marks of lines; the editor keeps one more, unseen, for its width. */
const HEAT = '.jp-Profiler-cost[role=button]';

async function open(page: IJupyterLabPageFixture, path: string): Promise<void> {
  const content = notebook(
    ['%load_ext jupyterlab_profiler', DEFINED, LINED, PLAIN].map((source, i) =>
      cell(`c${i}`, source)
    )
  );
  await page.contents.uploadContent(JSON.stringify(content), 'text', path);
  await page.notebook.openByPath(path);
  await page.notebook.activate(path.split('/').pop() ?? path);
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
  ).toBeVisible({ timeout: 60000 });
}

function cellAt(page: Page, index: number): Locator {
  return page.locator(
    `.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`
  );
}

function resultOf(page: Page, index: number): Locator {
  return cellAt(page, index).locator('.jp-Profiler[data-state="ready"]');
}

/** The row of a line, by its source. */
function row(result: Locator, source: string): Locator {
  return result.locator('.jp-Profiler-lines tbody tr', { hasText: source });
}

test('lines of a cell and of what it calls, in the result and in the margins', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/lprun.ipynb`);
  for (const index of [0, 1, 2]) {
    await page.notebook.runCell(index);
  }
  const result = resultOf(page, 2);
  await expect(row(result, 'slow(100)')).toContainText('3');
  await expect(row(result, 'for i in range(n)')).toContainText('303');
  await expect(row(result, 'total += i')).toContainText('300');
  // All three lines of the loop and its call have a mark, and so has the body of the function.
  await expect(cellAt(page, 2).locator(HEAT)).toHaveCount(2);
  await expect(cellAt(page, 1).locator(HEAT)).toHaveCount(5);
  const hot = cellAt(page, 1).locator(HEAT).nth(3);
  await expect(hot).toHaveAttribute('aria-label', /time\.sleep\(0\.05\)/);
  // From the margin to the result …
  await hot.click();
  const active = result.locator('.jp-Profiler-lines tr.jp-mod-active');
  await expect(active).toContainText('time.sleep(0.05)');
  await expect(active).toBeInViewport();
  // … and back.
  await result.locator('.jp-Profiler-lines table').focus();
  await page.keyboard.press('Enter');
  await expect(cellAt(page, 1)).toHaveClass(/jp-mod-active/);
  // A line that has changed has no mark, and the result says so.
  await page.evaluate(
    text => {
      const panel = window.jupyterapp.shell.currentWidget as object;
      const { widgets } = Reflect.get(panel, 'content');
      widgets[1].model.sharedModel.setSource(text);
    },
    DEFINED.replace('0.05', '0.06')
  );
  await expect(cellAt(page, 1).locator(HEAT)).toHaveCount(4);
  await result.locator('.jp-Profiler-lines table').focus();
  await page.keyboard.press('Enter');
  await expect(
    result.getByText(
      'Line 7 has changed since it ran. Here it is shown as it ran.'
    )
  ).toBeVisible();
});

test('a cell is profiled by lines without a magic', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/command.ipynb`);
  for (const index of [0, 1]) {
    await page.notebook.runCell(index);
  }
  await page.notebook.selectCells(3);
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyterlab-profiler:profile-cell', {
      kind: 'lines'
    })
  );
  await expect(row(resultOf(page, 3), 'slow(10)')).toBeVisible({
    timeout: 30000
  });
  expect(await page.notebook.getCellTextInput(3)).toBe(PLAIN);
});

test('the lines of a function are measured by a run that is asked for', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/again.ipynb`);
  for (const index of [0, 1]) {
    await page.notebook.runCell(index);
  }
  await page.notebook.selectCells(3);
  const profile = () =>
    page.evaluate(() =>
      window.jupyterapp.commands.execute('jupyterlab-profiler:profile-cell')
    );
  await profile();
  const result = resultOf(page, 3);
  const ask = async () => {
    await result
      .locator('.jp-Profiler-functions tbody tr', { hasText: '(slow)' })
      .last()
      .click();
    await result.getByRole('button', { name: 'Profile its lines' }).click();
  };
  await ask();
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog.locator('pre')).toHaveText(PLAIN);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  // Nothing ran, and the reader is where he was.
  await expect(cellAt(page, 3).locator('.jp-InputPrompt')).toHaveText('[3]:');
  await expect(
    result.getByRole('tab', { name: 'Functions', selected: true })
  ).toBeVisible();
  await ask();
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Run Again' }).click();
  await expect(cellAt(page, 3).locator('.jp-InputPrompt')).toHaveText('[4]:', {
    timeout: 30000
  });
  // The new result opens at the lines of that function.
  const active = result.locator('.jp-Profiler-lines tr.jp-mod-active');
  await expect(active).toContainText('slow');
  await expect(row(result, 'for i in range(n)')).toContainText('11');
  await active.getByRole('button', { name: 'Show its account' }).click();
  await expect(
    result.locator('.jp-Profiler-functions .jp-Profiler-account h3')
  ).toHaveText('slow');
  // Who has agreed for good is not asked again.
  await profile();
  await expect(cellAt(page, 3).locator('.jp-InputPrompt')).toHaveText('[5]:', {
    timeout: 30000
  });
  await result.getByRole('tab', { name: 'Functions' }).click();
  await ask();
  await expect(cellAt(page, 3).locator('.jp-InputPrompt')).toHaveText('[6]:', {
    timeout: 30000
  });
  await expect(dialog).toBeHidden();
});
