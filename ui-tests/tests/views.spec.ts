import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import {
  cell,
  displays,
  execute,
  open,
  output,
  rowOf,
  sample,
  whole
} from './helpers';

// Room for table and account side by side.
test.use({ viewport: { width: 1600, height: 1000 } });

const account = (result: Locator) => result.locator('.jp-Profiler-account');

/** A line of the account, by the name at its start. */
function line(result: Locator, name: string): Locator {
  return account(result)
    .locator('.jp-Profiler-part tr')
    .filter({ hasText: name })
    .first();
}

const status = (result: Locator) =>
  result.locator('.jp-Profiler-bar').getByRole('status');

// A guide to profiling prints 30 rows and explains what is in them. Its reader had to subtract by hand.
test('the worked example of a guide: each finding in one look or one click', async ({
  page,
  tmpPath
}, info) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const result = await open(page, `${tmpPath}/guide.ipynb`, [
    cell('c0', '%%cprofile', [output(sample('guide'))])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  const readCatalog = rowOf(result, 'readCatalog');
  const getAllForCcd = rowOf(result, 'getAllForCcd');

  await test.step('shares beside the times, as bars of two parts', async () => {
    const bar = readCatalog.locator('.jp-Profiler-shareBar');
    await expect(bar).toHaveText('70%');
    const [own, , all] = await bar.evaluate(node =>
      getComputedStyle(node)
        .backgroundSize.split(', ')
        .map(size => parseFloat(size))
    );
    // 2.404 of 25.686 s are its own.
    expect(own / all).toBeCloseTo(2.404 / 25.686, 1);
  });
  await test.step('what these rows hold of the whole', async () => {
    await expect(status(result)).toContainText(
      '30 rows · own 26.9 s of 36.5 s'
    );
  });
  await test.step('the spine is one row', async () => {
    const first = result.locator('.jp-Profiler-scroll tbody tr').first();
    await expect(first).toContainText('7 frames, 253 ms own');
    await expect(first.locator('.jp-Profiler-shareBar')).toHaveText('100%');
  });
  await test.step('C++ is told apart, and its share is a lower bound', async () => {
    await expect(result.locator('.jp-Profiler-figures')).toContainText(
      'at least 60% in C'
    );
    await expect(
      rowOf(result, '_mosaicLib.kdtreeSource').locator('.jp-Profiler-badge')
    ).toHaveText('C');
  });
  await test.step('many small calls are marked, their time in µs', async () => {
    const init = rowOf(result, '__init__');
    await expect(init.locator('.jp-Profiler-badge')).toHaveText('many calls');
    await expect(init.locator('.jp-Profiler-percall').last()).toHaveText(
      /12\.4\sµs/
    );
    await expect(result.getByText('many calls')).toHaveCount(1);
  });
  await test.step('paths are short, and whole on hover', async () => {
    await expect(readCatalog.locator('.jp-Profiler-file')).toHaveText(
      'mosaicTask.py'
    );
    await expect(
      readCatalog.locator('.jp-Profiler-place > div')
    ).toHaveAttribute(
      'title',
      '/home/price/hsc/meas_mosaic/python/lsst/meas/mosaic/mosaicTask.py:268 (readCatalog)'
    );
  });
  await test.step('the account of mosaic is there at once', async () => {
    await expect(account(result).locator('h3')).toHaveText('mosaic');
    await expect(line(result, 'readCatalog')).toContainText('25.7 s');
    await expect(line(result, 'mergeCatalog')).toContainText('7.34 s');
  });
  await test.step('the account of readCatalog, and why it does not add up', async () => {
    await readCatalog.click();
    await expect(line(result, 'own code')).toContainText('2.40 s');
    await expect(line(result, 'getAllForCcd')).toContainText('20.3 s');
    await expect(line(result, 'other')).toContainText('2.99 s');
    await expect(account(result)).toContainText(
      'this profile does not hold all that it called'
    );
    await expect(line(result, 'mosaic')).toContainText('100%');
  });
  await test.step('wrappers lead to the frame that does the work', async () => {
    await getAllForCcd.click();
    const get = line(result, '_tableLib.SourceCatalog_readFits');
    await expect(get).toContainText('13.6 s');
    await expect(get).toContainText('via 5 frames, 59.0 ms own');
    await get
      .getByRole('button', { name: '_tableLib.SourceCatalog_readFits' })
      .click();
    await expect(account(result).locator('h3')).toHaveText(
      '_tableLib.SourceCatalog_readFits'
    );
  });
  await test.step('what if two functions’ own code were free', async () => {
    await readCatalog.click();
    await getAllForCcd.click({ modifiers: ['Control'] });
    await account(result).locator('select').selectOption('free');
    await expect(account(result)).toContainText(
      '2 functions selected: 3.14 s own, 8.6% of the whole'
    );
    await expect(account(result)).toContainText('saves 3.14 s (8.6%)');
  });
  await test.step('what if readFits were twice as fast', async () => {
    await rowOf(result, 'readFits').first().click();
    await account(result).locator('select').selectOption('2 times faster');
    await expect(account(result)).toContainText('saves 5.19 s (14%)');
  });
  await test.step('by package, what they own', async () => {
    await result.getByLabel('Group by').selectOption('package');
    await expect(
      result
        .locator('.jp-Profiler-scroll tbody tr')
        .filter({ hasText: 'mosaic' })
    ).toContainText('10 rows');
    await result.getByLabel('Group by').selectOption('none');
  });
  await test.step('copied as pstats prints it', async () => {
    await result.getByRole('button', { name: 'Copy as text' }).click();
    await expect(status(result)).toHaveText('30 rows copied');
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain(
      '     360    0.740    0.002   20.289    0.056 /home/price/hsc/meas_mosaic/python/lsst/meas/mosaic/mosaicTask.py:205(getAllForCcd)\n'
    );
  });
  await result.screenshot({ path: info.outputPath('guide.png') });
});

test('a profile of cProfile adds up, and says so', async ({
  page,
  tmpPath
}) => {
  const result = await open(page, `${tmpPath}/mosaic.ipynb`, [
    cell('c0', '%%cprofile', [output(sample('mosaic'))])
  ]);
  await rowOf(result, 'readCatalog').click();
  await expect(account(result)).toContainText('✓ adds up to 1.85 s');
  await expect(line(result, 'getAllForCcd')).toContainText('1.73 s');
});

test('everything by keyboard', async ({ page, tmpPath }) => {
  const result = await open(page, `${tmpPath}/keys.ipynb`, [
    cell('c0', '%%cprofile', [output(sample('guide'))]),
    cell('c1', 'second = 1')
  ]);
  await result.getByRole('tab', { name: 'Functions' }).focus();
  await page.keyboard.press('Tab');
  await expect(result.getByRole('button', { name: 'Save as…' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('read');
  await expect(result.getByRole('searchbox')).toHaveValue('read');
  await expect(status(result)).toContainText('8 of 30 rows');
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await expect(status(result)).toHaveText(/^30 rows/);

  const grid = result.getByRole('treegrid');
  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(rowOf(result, 'parseAndRun')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(rowOf(result, 'parseAndRun')).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(rowOf(result, 'readCatalog')).toHaveAttribute(
    'aria-selected',
    'true'
  );
  await page.keyboard.press('Shift+ArrowDown');
  await expect(account(result)).toContainText('2 functions selected');
  await page.keyboard.press('End');
  await expect(result.locator('tr.jp-mod-active')).toBeInViewport();
  // The notebook did not take these keys: its first cell is still the active one, in command mode.
  await expect(page.locator('.jp-Cell.jp-mod-active')).toContainText(
    '%%cprofile'
  );
  await expect(grid).toBeFocused();
});

test('search, patterns and chips narrow the list and say so', async ({
  page,
  tmpPath
}) => {
  const result = await open(page, `${tmpPath}/search.ipynb`, [
    cell('c0', '', [output(whole('functions'))])
  ]);
  const search = result.getByRole('searchbox');
  await search.fill('STATISTICS');
  await expect(status(result)).toContainText(/^\d+ of 27 rows/);
  await result
    .getByRole('button', { name: 'Search for a regular expression' })
    .click();
  await search.fill('^fib$|\\(fib\\)$');
  await expect(status(result)).toContainText('1 of 27 rows');
  await search.fill('(a+');
  await expect(status(result)).toContainText(
    'the search is not applied: it is no regular expression'
  );
  await search.fill('');
  await result
    .locator('.jp-Profiler-chips')
    .getByRole('button', { name: /^C/ })
    .click({ modifiers: ['Alt'] });
  await expect(
    result.locator('.jp-Profiler-badge', { hasText: 'C' })
  ).toHaveCount(await result.locator('.jp-Profiler-scroll tbody tr').count());
});

test('a table is saved with exact numbers', async ({ page, tmpPath }) => {
  const result = await open(page, `${tmpPath}/csv.ipynb`, [
    cell('c0', '', [output(sample('guide'))])
  ]);
  await result.getByRole('button', { name: 'Save as…' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV', exact: true }).click()
  ]);
  expect(download.suggestedFilename()).toBe('mosaic.py.csv');
  const stream = await download.createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
  }
  const lines = Buffer.concat(chunks).toString('utf8').split('\r\n');
  expect(lines).toHaveLength(32);
  expect(lines.find(one => one.endsWith(',readCatalog'))).toBe(
    '1,1,2.404,2.404,25.686,25.686,python,/home/price/hsc/meas_mosaic/python/lsst/meas/mosaic/mosaicTask.py,268,readCatalog'
  );
});

test('what the reader chose survives a re-run, a move, undo and a reload', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/state.ipynb`;
  const result = await open(page, path, [
    cell('c0', displays(whole('functions'))),
    cell('c1', 'x = 1')
  ]);
  await page.notebook.runCell(0, true);
  await rowOf(result, 'simulate').click();
  await result.getByRole('button', { name: 'ncalls' }).click();
  await result
    .getByRole('button', { name: 'Times as shares of the whole' })
    .click();
  const expectChosen = async () => {
    await expect(result).toHaveAttribute('data-state', 'ready');
    await expect(rowOf(result, 'simulate')).toHaveAttribute(
      'aria-selected',
      'true'
    );
    await expect(account(result).locator('h3')).toHaveText('simulate');
    await expect(
      result.locator('th').filter({ hasText: 'ncalls' })
    ).toHaveAttribute('aria-sort', 'descending');
    await expect(
      result.getByRole('button', { name: 'Times as shares of the whole' })
    ).toHaveAttribute('aria-pressed', 'true');
  };
  await expectChosen();

  await page.notebook.runCell(0, true);
  await expectChosen();

  await page.notebook.selectCells(0);
  await execute(page, 'notebook:move-cell-down');
  await expect(page.locator('.jp-CodeCell').nth(1)).toContainText('display(');
  await expectChosen();

  await execute(page, 'notebook:delete-cell');
  await expect(result).toHaveCount(0);
  await execute(page, 'notebook:undo-cell-action');
  await expectChosen();

  await page.notebook.save();
  // Galata would wait for the launcher, which a restored layout does not show.
  const options = {
    waitUntil: 'domcontentloaded',
    waitForIsReady: false
  } as const;
  await page.reload(options);
  await execute(page, 'docmanager:open', { path });
  await expectChosen();
});
