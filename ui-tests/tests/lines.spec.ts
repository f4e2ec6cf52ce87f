import { readFileSync } from 'node:fs';

import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';

import { cell, execute, open, output, type Json } from './helpers';
import { CLUSTER, clusterPayload, longPayload } from './linePayloads';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Show a result with lines in a notebook of its own. */
async function openLines(
  page: IJupyterLabPageFixture,
  folder: string,
  payload: Json
): Promise<Locator> {
  const result = await open(page, `${folder}/lines.ipynb`, [
    cell('c0', CLUSTER, [output(payload)])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  return result;
}

const grid = (result: Locator) =>
  result.getByRole('treegrid', { name: 'Lines' });

/** The row that the keyboard is on. */
const active = (result: Locator) => grid(result).locator('.jp-mod-active');

/** The row of a line, by the start of its source. */
const line = (result: Locator, source: string) =>
  grid(result)
    .locator('tbody tr')
    .filter({ has: result.page().locator('code', { hasText: source }) });

/** Line of the cursor in the active cell, from 0. */
const cursor = (page: Page) =>
  page.evaluate(() => {
    const panel: unknown = window.jupyterapp.shell.currentWidget;
    const content = Reflect.get(Object(panel), 'content');
    return content.activeCell?.editor?.getCursorPosition().line as number;
  });

const cells = (page: Page) => page.locator('.jp-Notebook .jp-Cell');

let pageErrors: string[] = [];

test.beforeEach(({ page }) => {
  pageErrors = [];
  page.on('pageerror', error => pageErrors.push(error.message));
});

test.afterEach(() => {
  expect(pageErrors).toEqual([]);
});

for (const theme of [
  'JupyterLab Light',
  'JupyterLab Dark',
  'JupyterLab Dark High Contrast'
]) {
  test(`which line costs is seen at one glance in ${theme}`, async ({
    page,
    tmpPath
  }, info) => {
    await execute(page, 'apputils:change-theme', { theme });
    await page.setViewportSize({ width: 1500, height: 1300 });
    const result = await openLines(page, tmpPath, clusterPayload());
    await test.step('there is nothing but lines, so they are shown first', async () => {
      await expect(grid(result)).toBeVisible();
      await expect(result.getByRole('tab')).toHaveText(['Lines']);
    });
    const hottest = line(result, 'groups[nearest(point, centres)]');
    await test.step('the longest bar, and the most heat', async () => {
      await expect(hottest.locator('.jp-Profiler-shareBar')).toHaveText('94%');
      const heat = (row: Locator) =>
        row
          .locator('.jp-Profiler-time')
          .evaluate(node => getComputedStyle(node).backgroundColor);
      const cool = await heat(line(result, 'groups = [[]'));
      expect(await heat(hottest)).not.toBe(cool);
      const widths = await hottest
        .locator('.jp-Profiler-shareBar')
        .evaluate(node =>
          getComputedStyle(node)
            .backgroundSize.split(', ')
            .map(size => parseFloat(size))
        );
      // 62 of its 861 ms are its own: filled; the rest in outline.
      expect(widths[0] / widths[2]).toBeCloseTo(62 / 861, 1);
    });
    await test.step('the source is coloured as in the cell', async () => {
      const colourOf = (of: Locator) =>
        of.evaluate(node => getComputedStyle(node).color);
      const editor = page.locator('.jp-CodeCell .cm-content');
      for (const word of [
        'def',
        '"inf"',
        '"""How far two points are apart."""'
      ]) {
        const ours = grid(result)
          .locator('code span', { hasText: word })
          .first();
        await expect(ours).toBeVisible();
        expect(await colourOf(ours)).toBe(
          await colourOf(editor.locator('span', { hasText: word }).last())
        );
      }
    });
    await test.step('no serious fault of accessibility', async () => {
      await page.evaluate(AXE);
      const faults = await page.evaluate(async () => {
        const axe = Reflect.get(window, 'axe');
        const { violations } = await axe.run('.jp-Profiler', {
          resultTypes: ['violations']
        });
        return (
          violations as {
            id: string;
            impact: string;
            nodes: { html: string }[];
          }[]
        )
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => [id, nodes.slice(0, 4).map(one => one.html)]);
      });
      expect(faults).toEqual([]);
    });
    await page.mouse.move(0, 0);
    await result.screenshot({ path: info.outputPath('lines.png') });
  });
}

test('keys walk the lines, go to the hot ones and to the code, and are not the notebook’s', async ({
  page,
  tmpPath
}) => {
  const result = await openLines(page, tmpPath, clusterPayload());
  await grid(result).focus();
  await page.keyboard.press('n');
  await expect(active(result)).toContainText('centres = cluster(points, 8)');
  await page.keyboard.press('n');
  await expect(active(result)).toContainText('groups[nearest(point, centres)]');
  await page.keyboard.press('p');
  await expect(active(result)).toContainText('centres = cluster(points, 8)');
  // In the notebook this makes a cell above.
  await page.keyboard.press('a');
  await expect(cells(page)).toHaveCount(1);
  await page.keyboard.press('ArrowLeft');
  await expect(active(result)).toContainText('<module>');
  await page.keyboard.press('ArrowLeft');
  await expect(active(result)).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('n');
  await page.keyboard.press('Enter');
  await expect.poll(() => cursor(page)).toBe(37);
});

test('screen readers are told what a row is', async ({ page, tmpPath }) => {
  // Room for all columns.
  await page.setViewportSize({ width: 1500, height: 1000 });
  const result = await openLines(page, tmpPath, clusterPayload());
  const row = (name: RegExp) => grid(result).getByRole('row', { name });
  await expect(
    row(/^line hits time per hit % func % all source$/)
  ).toBeVisible();
  await expect(
    row(/^23 40,000 861\sms\s* 21\.5\sµs\s* 95% 94% groups\[nearest/)
  ).toHaveAttribute('aria-level', '2');
  await expect(row(/not run: +continue/)).toHaveAttribute('aria-level', '2');
  await expect(row(/^plot .*never ran/)).toHaveAttribute(
    'aria-expanded',
    'false'
  );
  const id = await active(result).getAttribute('id');
  await expect(grid(result)).toHaveAttribute('aria-activedescendant', id ?? '');
});

test('from a function to its lines and back', async ({ page, tmpPath }) => {
  const result = await openLines(page, tmpPath, clusterPayload(true));
  await expect(result.getByRole('tab')).toHaveText([
    'Functions',
    'Callers and callees',
    'Lines',
    'Call tree',
    'Square map',
    'Charts'
  ]);
  await result
    .locator('.jp-Profiler-functions tbody tr', { hasText: 'distance' })
    .first()
    .click();
  await result.getByRole('button', { name: 'Show its lines' }).click();
  await expect(active(result)).toContainText('distance');
  await expect(active(result)).toContainText('320,000 calls');
  await line(result, 'd = distance(point, centre)').click();
  await page.keyboard.press('a');
  await expect(
    result.locator('.jp-Profiler-functions .jp-Profiler-account h3')
  ).toHaveText('nearest');
});

test('the search leads from match to match', async ({ page, tmpPath }) => {
  const result = await openLines(page, tmpPath, clusterPayload());
  const search = result.getByRole('searchbox');
  await search.fill('PLOT');
  await expect(result.locator('.jp-Profiler-found')).toHaveText('2 matches');
  await search.press('Enter');
  await expect(result.locator('.jp-Profiler-found')).toHaveText('1 of 2');
  await expect(active(result).locator('mark')).toHaveText('plot');
  await search.press('Enter');
  await expect(active(result)).toContainText('def plot(centres)');
});

test('what the reader chose survives a reload', async ({ page, tmpPath }) => {
  const result = await openLines(page, tmpPath, clusterPayload());
  await result.getByRole('button', { name: 'Hide lines without time' }).click();
  await result.getByLabel('Unit').selectOption('µs');
  await grid(result)
    .locator('tbody tr', { hasText: '<module>' })
    .first()
    .click();
  await page.notebook.save();
  // The state is written after a pause.
  await page.waitForTimeout(1000);
  // Galata would wait for the launcher, which a restored layout does not show.
  const options = {
    waitUntil: 'domcontentloaded',
    waitForIsReady: false
  } as const;
  await page.reload(options);
  await execute(page, 'docmanager:open', { path: `${tmpPath}/lines.ipynb` });
  await expect(grid(result).locator('tbody tr').first()).toHaveAttribute(
    'aria-expanded',
    'false',
    { timeout: 60_000 }
  );
  await expect(
    result.getByRole('button', { name: 'Hide lines without time' })
  ).toHaveAttribute('aria-pressed', 'true');
  await expect(
    line(result, 'groups[nearest').locator('.jp-Profiler-time')
  ).toHaveText(/861,000\sµs/);
});

test('lines fit into 320 pixels: share and source stay, and nothing moves for who wants no motion', async ({
  page,
  tmpPath
}, info) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const result = await openLines(page, tmpPath, clusterPayload());
  await page.sidebar.close('left');
  const width = () =>
    result.locator('.jp-Profiler-lines').evaluate(node => node.clientWidth);
  await page.setViewportSize({ width: 600, height: 900 });
  await page.waitForTimeout(300);
  await page.setViewportSize({
    width: 600 + 320 - (await width()),
    height: 900
  });
  await expect.poll(width).toBe(320);
  expect(
    await result
      .locator('.jp-Profiler-lines')
      .evaluate(node => node.scrollWidth)
  ).toBe(320);
  const hottest = line(result, 'centres = cluster(points, 8)');
  await expect(hottest.locator('.jp-Profiler-share')).toBeVisible();
  const inSight = await hottest.locator('code').evaluate(node => {
    const scroll = node.closest('.jp-Profiler-scroll') as HTMLElement;
    return (
      scroll.getBoundingClientRect().right - node.getBoundingClientRect().left
    );
  });
  expect(inSight).toBeGreaterThan(100);
  await result.locator('.jp-Profiler-lines').screenshot({
    path: info.outputPath('lines-320.png')
  });
});

test('5 000 lines: few are drawn, each is reached', async ({
  page,
  tmpPath
}) => {
  const count = 5_000;
  const result = await openLines(page, tmpPath, longPayload(count));
  const rows = grid(result).locator('tbody tr:not([aria-hidden])');
  await expect(grid(result)).toHaveAttribute('aria-rowcount', `${count + 3}`);
  await grid(result).focus();
  await page.keyboard.press('End');
  await expect(active(result)).toContainText(`${count + 1}`);
  await expect(active(result)).toBeInViewport();
  await page.keyboard.press('Home');
  for (let i = 0; i < 5; i++) {
    await page.keyboard.press('n');
  }
  await expect(active(result)).toHaveClass(/jp-mod-hot/);
  await result.getByRole('searchbox').fill('part 4321"');
  await result.getByRole('searchbox').press('Enter');
  await expect(active(result)).toContainText('x[4321]');
  await expect(active(result).locator('code span').first()).toBeVisible();
  expect(await rows.count()).toBeLessThan(130);
});
