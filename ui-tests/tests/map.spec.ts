import { readFileSync } from 'node:fs';

import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { pathsPayload, program } from './callPaths';
import { cell, execute, open, output, sample, type Json } from './helpers';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A program of three levels. */
const SMALL = pathsPayload({
  functions: [
    ['main', 'cell_1', 1],
    ['load', 'cell_1', 5],
    ['fit', '/home/ada/model.py', 9],
    ['parse', '/v/lib/site-packages/pandas/io.py', 3]
  ],
  // main 1000 ms: load 500 (parse 300), fit 250
  frames: [
    [0, 0, 250e6, 1],
    [1, 1, 200e6, 2],
    [2, 3, 300e6, 4],
    [1, 2, 250e6, 3]
  ]
});

/** Show the square map of a result in a notebook of its own. */
async function openMap(
  page: IJupyterLabPageFixture,
  folder: string,
  payload: Json
): Promise<Locator> {
  const result = await open(page, `${folder}/map.ipynb`, [
    cell('c0', '%%cprofile', [output(payload)])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  await result.getByRole('tab', { name: 'Square map' }).click();
  await expect(result.locator('.jp-Profiler-map')).toBeVisible();
  return result.locator('.jp-Profiler-map');
}

function stage(map: Locator): Locator {
  return map.locator('.jp-Profiler-mapStage');
}

function line(map: Locator): Locator {
  return map.locator('.jp-Profiler-boxLine').getByRole('status');
}

function crumbs(map: Locator): Locator {
  return map
    .getByRole('navigation', { name: 'Fills the map' })
    .getByRole('button');
}

/** A place in parts of the picture. */
async function place(map: Locator, x: number, y: number) {
  const [width, height] = await stage(map).evaluate(node => [
    node.clientWidth,
    node.clientHeight
  ]);
  return { position: { x: x * width, y: y * height } };
}

/** How many colours there are in the picture. */
function colours(map: Locator): Promise<number> {
  return stage(map)
    .locator('canvas')
    .first()
    .evaluate(node => {
      const canvas = node as HTMLCanvasElement;
      const { data } = canvas
        .getContext('2d')
        ?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const found = new Set<number>();
      for (let i = 0; i < data.length; i += 4) {
        found.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      }
      return found.size;
    });
}

let pageErrors: string[] = [];

test.beforeEach(({ page }) => {
  pageErrors = [];
  page.on('pageerror', error => pageErrors.push(error.message));
});

test.afterEach(() => {
  expect(pageErrors).toEqual([]);
});

test('what is pointed at is marked in map, table and list', async ({
  page,
  tmpPath
}, info) => {
  const map = await openMap(page, tmpPath, SMALL);
  expect(await colours(map)).toBeGreaterThan(5);
  // The largest callee is at the left, what it called at its lower edge.
  await stage(map).click(await place(map, 0.1, 0.95));
  await expect(line(map)).toContainText('parse');
  await stage(map).hover(await place(map, 0.5, 0.05));
  await expect(map.locator('.jp-Profiler-tip')).toContainText(
    'total 1.00\u00a0s, 100% of the map'
  );
  await map.getByRole('tab', { name: 'All callers' }).click();
  await stage(map).hover(await place(map, 0.5, 0.06));
  await expect(map.locator('tr.jp-mod-hovered')).toHaveCount(2);
  await map.screenshot({ path: info.outputPath('hover.png') });
  await map
    .locator('.jp-Profiler-relatives tbody tr', { hasText: 'load' })
    .click();
  await expect(line(map)).toContainText('load');
});

test('a box fills the map; back, up and home lead through it', async ({
  page,
  tmpPath
}) => {
  const map = await openMap(page, tmpPath, SMALL);
  await stage(map).dblclick(await place(map, 0.1, 0.95));
  await expect(crumbs(map)).toHaveText(['All', 'parse']);
  await map.getByRole('button', { name: 'Up' }).click();
  await expect(crumbs(map)).toHaveText(['All', 'load']);
  await stage(map).focus();
  await page.keyboard.press('Backspace');
  await expect(crumbs(map)).toHaveText(['All', 'parse']);
  await map.getByRole('button', { name: 'Home' }).click();
  await expect(crumbs(map)).toHaveCount(0);
  await stage(map).focus();
  for (const key of ['Home', 'ArrowDown']) {
    await page.keyboard.press(key);
  }
  await expect(line(map)).toContainText('load');
  await page.keyboard.press('ArrowRight');
  await expect(line(map)).toContainText('fit');
  await page.keyboard.press('Enter');
  await expect(crumbs(map)).toHaveText(['All', 'fit']);
  await page.keyboard.press('Escape');
  await page.keyboard.press('-');
  await expect(map.getByText('2 levels')).toBeVisible();
  await page.keyboard.press('+');
  await expect(map.getByText('3 levels')).toBeVisible();
  await expect(page.locator('.jp-Cell')).toHaveCount(1);
});

test('of sums the map is by location; by calls it is an estimate', async ({
  page,
  tmpPath
}, info) => {
  const map = await openMap(page, tmpPath, sample('guide'));
  await expect(map.getByRole('radio', { name: 'By location' })).toBeChecked();
  await expect(map).not.toContainText('An estimate');
  await map.screenshot({ path: info.outputPath('location.png') });
  await map.getByRole('radio', { name: 'By calls' }).click();
  await expect(map).toContainText('An estimate, made of sums');
  await map.screenshot({ path: info.outputPath('estimate.png') });
});

test('what is searched for is marked, with totals in words', async ({
  page,
  tmpPath
}, info) => {
  const map = await openMap(page, tmpPath, program(3000));
  const all = await colours(map);
  await map
    .getByRole('searchbox', { name: 'Search functions and files' })
    .fill('deepcopy');
  const found = map.locator('.jp-Profiler-found');
  await expect(found).toHaveText(/^\d+ matches, \d+(\.\d+)?%$/);
  const told = await found.textContent();
  // What is not searched for is pale.
  expect(await colours(map)).not.toBe(all);
  await map.screenshot({ path: info.outputPath('search.png') });
  await page.theme.setDarkTheme();
  await expect(map).toBeVisible();
  await map.screenshot({ path: info.outputPath('search-dark.png') });
  await page.theme.setLightTheme();
  // All views search for the same.
  const result = page.locator('.jp-Profiler').first();
  await result.getByRole('tab', { name: 'Call tree' }).click();
  await expect(
    result.locator('.jp-Profiler-tree .jp-Profiler-found')
  ).toHaveText(told ?? '');
});

test('threads and tasks are shown alone, with their shares', async ({
  page,
  tmpPath
}, info) => {
  const map = await openMap(
    page,
    tmpPath,
    pathsPayload({
      functions: [
        ['main', 'cell_1', 1],
        ['wait', 'cell_1', 5],
        ['work', '/home/ada/lib/model.py', 9]
      ],
      frames: [
        [0, 0, 100e6, 1],
        [1, 1, 200e6, 2],
        [0, 2, 700e6, 3, 1]
      ],
      threads: ['MainThread', 'Task-1']
    })
  );
  const rows = map
    .getByRole('treegrid', { name: 'Square map' })
    .locator('tbody .jp-Profiler-name');
  await expect(rows).toHaveText(['work', 'main', 'wait']);
  await map.getByLabel('Thread or task').selectOption('MainThread, 30%');
  await expect(rows).toHaveText(['main', 'wait']);
  await stage(map).focus();
  await page.keyboard.press('Home');
  await expect(line(map)).toContainText('total 300\u00a0ms, 100% of the map');
  await map.screenshot({ path: info.outputPath('thread.png') });
});

test('the picture is saved as PNG and as SVG with the same boxes', async ({
  page,
  tmpPath
}, info) => {
  const map = await openMap(page, tmpPath, SMALL);
  await stage(map).click(await place(map, 0.1, 0.95));
  const save = async (format: 'PNG' | 'SVG'): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      map.getByRole('button', { name: `Save as ${format}` }).click()
    ]);
    const name = `profile-map.${format.toLowerCase()}`;
    expect(download.suggestedFilename()).toBe(name);
    const path = info.outputPath(name);
    await download.saveAs(path);
    return readFileSync(path);
  };
  const png = (await save('PNG')).toString('base64');
  const svg = (await save('SVG')).toString('utf8');
  await expect(map).toContainText('The picture is saved');
  const found = await page.evaluate(
    async ([bitmap, text]) => {
      const pixels = async (url: string) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [800, 480];
        const context = canvas.getContext('2d');
        context?.drawImage(image, 0, 0, 800, 480);
        return context?.getImageData(0, 0, 800, 480).data ?? [];
      };
      const one = await pixels(`data:image/png;base64,${bitmap}`);
      const other = await pixels(
        `data:image/svg+xml,${encodeURIComponent(text)}`
      );
      let different = 0;
      for (let i = 0; i < one.length; i += 4) {
        different += Math.abs(one[i] - other[i]) > 40 ? 1 : 0;
      }
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      return {
        names: [...parsed.querySelectorAll('text')].map(
          node => node.textContent
        ),
        active: parsed.querySelectorAll('script, a, image, foreignObject')
          .length,
        different: different / (one.length / 4)
      };
    },
    [png, svg] as const
  );
  expect(found.names.map(name => name?.split('@')[0])).toEqual([
    'main',
    'load',
    'fit',
    'parse'
  ]);
  expect(found.active).toBe(0);
  // Edges and letters are smoothed otherwise.
  expect(found.different).toBeLessThan(0.03);
});

for (const theme of [
  'JupyterLab Light',
  'JupyterLab Dark',
  'JupyterLab Dark High Contrast'
]) {
  test(`the map has no serious fault of accessibility in ${theme}`, async ({
    page,
    tmpPath
  }, info) => {
    await execute(page, 'apputils:change-theme', { theme });
    const map = await openMap(page, tmpPath, program(3000));
    await stage(map).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const axe = Reflect.get(window, 'axe');
      const { violations: found } = await axe.run('.jp-Profiler', {
        resultTypes: ['violations']
      });
      return (
        found as { id: string; impact: string; nodes: { html: string }[] }[]
      )
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(one => one.html)]);
    });
    expect(violations).toEqual([]);
    await map.screenshot({ path: info.outputPath('map.png') });
  });
}

test('the map fits into 320 pixels', async ({ page, tmpPath }, info) => {
  const map = await openMap(page, tmpPath, program(3000));
  await page.sidebar.close('left');
  const width = () => map.evaluate(node => node.clientWidth);
  await page.setViewportSize({ width: 600, height: 900 });
  await page.waitForTimeout(300);
  await page.setViewportSize({
    width: 600 + 320 - (await width()),
    height: 900
  });
  await expect.poll(width).toBe(320);
  await expect
    .poll(() =>
      stage(map)
        .locator('canvas')
        .first()
        .evaluate(node => node.clientWidth)
    )
    .toBe(320);
  expect(await map.evaluate(node => node.scrollWidth)).toBe(320);
  await map.screenshot({ path: info.outputPath('map-320.png') });
});
