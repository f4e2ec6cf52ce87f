import { readFileSync } from 'node:fs';

import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { cell, notebook, output, sample, type Json } from './helpers';

/** What no chart has more of. */
const MOST_MARKS = 300;

/** What plotly draws a mark as. A bar has two: its own part, and its callees'. */
const MARKS = {
  Hottest: '.bars .point',
  Packages: '.sunburstlayer .slice',
  Calls: '.scatterlayer .point'
} as const;

type Chart = keyof typeof MARKS;

const CHARTS = Object.keys(MARKS) as Chart[];

/** Show the charts of a result in a notebook of its own. */
async function openCharts(
  page: IJupyterLabPageFixture,
  folder: string,
  payload: Json
): Promise<Locator> {
  const path = `${folder}/charts.ipynb`;
  await page.contents.uploadContent(
    JSON.stringify(notebook([cell('c0', '%%cprofile', [output(payload)])])),
    'text',
    path
  );
  await page.notebook.openByPath(path);
  await page.notebook.activate('charts.ipynb');
  const result = page.locator('.jp-Profiler');
  await expect(result).toHaveAttribute('data-state', 'ready');
  await result.getByRole('tab', { name: 'Charts' }).click();
  const charts = result.locator('.jp-Profiler-charts');
  await expect(marks(charts, 'Hottest').first()).toBeAttached();
  return charts;
}

function marks(charts: Locator, chart: Chart): Locator {
  return charts.locator(`.jp-Profiler-plot ${MARKS[chart]}`);
}

async function choose(charts: Locator, chart: Chart): Promise<void> {
  await charts.getByRole('radio', { name: chart }).click();
  await expect(marks(charts, chart).first()).toBeAttached();
}

/** The middle of a mark that lies under plotly's layer for the pointer. */
async function middle(mark: Locator): Promise<[number, number]> {
  await mark.scrollIntoViewIfNeeded();
  const box = await mark.boundingBox();
  expect(box).not.toBeNull();
  return [
    (box?.x ?? 0) + (box?.width ?? 0) / 2,
    (box?.y ?? 0) + (box?.height ?? 0) / 2
  ];
}

let pageErrors: string[] = [];
let elsewhere: string[] = [];

test.beforeEach(({ page, baseURL }) => {
  pageErrors = [];
  elsewhere = [];
  const home = new URL(baseURL ?? '').host;
  page.on('pageerror', error => pageErrors.push(error.message));
  page.on('request', request => {
    const { host, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && host !== home) {
      elsewhere.push(request.url());
    }
  });
});

test.afterEach(() => {
  expect(pageErrors).toEqual([]);
  // Nothing of a profile leaves the machine.
  expect(elsewhere).toEqual([]);
});

test('three charts of many functions have at most 300 marks, and tables of the same numbers', async ({
  page,
  tmpPath
}, info) => {
  const charts = await openCharts(page, tmpPath, sample('large'));
  for (const chart of CHARTS) {
    await choose(charts, chart);
    const count = await marks(charts, chart).count();
    const rows = charts.locator('.jp-Profiler-chartTable tbody tr');
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(MOST_MARKS);
    expect(await rows.count()).toBe(chart === 'Hottest' ? count / 2 : count);
    await expect(charts.getByRole('img')).toHaveAttribute(
      'aria-label',
      /own time.*The table below has the numbers\./
    );
    await charts.screenshot({ path: info.outputPath(`${chart}.png`) });
  }
});

test('the table has the numbers of the picture, and its names select functions', async ({
  page,
  tmpPath
}) => {
  const charts = await openCharts(page, tmpPath, sample('functions'));
  await charts.getByText('Table of these numbers').click();
  const rows = charts.locator('.jp-Profiler-chartTable tbody tr');
  const first = rows.first();
  // From wire/samples/functions.json: svd has 3,144,571 ns of its own, the most of all functions.
  await expect(first.getByRole('button')).toHaveText('svd');
  await expect(first.locator('td').first()).toHaveText('3.14\u00a0ms');
  const names = await charts.locator('.ytick text').allTextContents();
  expect(names[0]).toBe('svd');
  expect(await rows.locator('th').allTextContents()).toEqual(names);
  await first.getByRole('button').click();
  await expect(first.getByRole('button')).toHaveAttribute(
    'aria-pressed',
    'true'
  );
});

test('plotly offers no tools, no cloud and no logo', async ({
  page,
  tmpPath
}) => {
  const charts = await openCharts(page, tmpPath, sample('functions'));
  for (const chart of CHARTS) {
    await choose(charts, chart);
    const [x, y] = await middle(marks(charts, chart).first());
    await page.mouse.move(x, y);
    await expect(
      charts.locator('.modebar-btn, .plotlyjsicon, [data-title]')
    ).toHaveCount(0);
    await expect(
      charts.getByText(/cloud|chart studio|share chart/i)
    ).toHaveCount(0);
  }
});

test('a theme change colours the charts anew', async ({ page, tmpPath }) => {
  const charts = await openCharts(page, tmpPath, sample('functions'));
  const colour = () =>
    charts
      .locator('.ytick text')
      .first()
      .evaluate(node => getComputedStyle(node).fill);
  const light = await colour();
  await page.theme.setDarkTheme();
  await expect.poll(colour).not.toBe(light);
  await page.theme.setLightTheme();
  await expect.poll(colour).toBe(light);
});

test('a picture is saved as PNG and as SVG', async ({
  page,
  tmpPath
}, info) => {
  const charts = await openCharts(page, tmpPath, sample('functions'));
  const save = async (format: 'PNG' | 'SVG'): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      charts.getByRole('button', { name: `Save as ${format}` }).click()
    ]);
    const name = `first-model-hottest.${format.toLowerCase()}`;
    expect(download.suggestedFilename()).toBe(name);
    const path = info.outputPath(name);
    await download.saveAs(path);
    return readFileSync(path);
  };
  const png = await save('PNG');
  const size = await page.evaluate(async data => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  }, png.toString('base64'));
  const stage = await charts.locator('.jp-Profiler-chartStage').boundingBox();
  expect(size[0]).toBe(2 * Math.floor(stage?.width ?? 0));

  const svg = (await save('SVG')).toString('utf8');
  const found = await page.evaluate(text => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {
      root: parsed.documentElement.tagName,
      bars: parsed.querySelectorAll('.bars .point').length,
      active: parsed.querySelectorAll('script, a, image, foreignObject').length
    };
  }, svg);
  expect(found).toEqual({
    root: 'svg',
    bars: await marks(charts, 'Hottest').count(),
    active: 0
  });
});

test('a click on a bar selects its function in the table of functions', async ({
  page,
  tmpPath
}) => {
  const charts = await openCharts(page, tmpPath, {
    ...sample('functions'),
    view: { sort: [], limits: [] }
  });
  const name = await charts.locator('.ytick text').nth(1).textContent();
  const [x, y] = await middle(marks(charts, 'Hottest').nth(1));
  // As a hand does it: plotly sees the pointer come.
  await page.mouse.move(x + 20, y);
  await page.mouse.move(x + 10, y);
  await expect(charts.locator('.jp-Profiler-tip')).toContainText(name ?? '');
  await page.mouse.click(x + 10, y);
  // Marked in the picture, too: its name is bold.
  await expect(charts.locator('.ytick tspan[style*="bold"]')).toHaveText(
    name ?? ''
  );
  const result = page.locator('.jp-Profiler');
  await result.getByRole('tab', { name: 'Functions' }).click();
  await expect(
    result.locator('tr[aria-selected="true"] .jp-Profiler-name')
  ).toHaveText(name ?? '');
});

test('charts are chosen by keys, and the notebook does not take them', async ({
  page,
  tmpPath
}) => {
  const charts = await openCharts(page, tmpPath, sample('functions'));
  await charts.getByRole('radio', { name: 'Hottest' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(charts.getByRole('radio', { name: 'Packages' })).toBeFocused();
  await expect(charts.getByRole('radio', { name: 'Packages' })).toBeChecked();
  await expect(marks(charts, 'Packages').first()).toBeAttached();
  await page.keyboard.press('ArrowLeft');
  await expect(charts.getByRole('radio', { name: 'Hottest' })).toBeFocused();
});

test('a package is shown alone after a click, and all of them after another', async ({
  page,
  tmpPath
}) => {
  const charts = await openCharts(page, tmpPath, sample('functions'));
  await choose(charts, 'Packages');
  const all = await marks(charts, 'Packages').count();
  const label = (text: string) =>
    charts.locator('.slicetext', { hasText: text }).first();
  await page.mouse.click(...(await middle(label('numpy'))));
  // numpy, its one file, and the function in it.
  await expect(marks(charts, 'Packages')).toHaveCount(3);
  await page.mouse.click(...(await middle(label('numpy'))));
  await expect(marks(charts, 'Packages')).toHaveCount(all);
});

test('charts fit into 320 pixels', async ({ page, tmpPath }, info) => {
  const charts = await openCharts(page, tmpPath, sample('large'));
  await page.sidebar.close('left');
  const width = () => charts.evaluate(node => node.clientWidth);
  await page.setViewportSize({ width: 600, height: 900 });
  await page.waitForTimeout(300);
  await page.setViewportSize({
    width: 600 + 320 - (await width()),
    height: 900
  });
  await expect.poll(width).toBe(320);
  for (const chart of CHARTS) {
    await choose(charts, chart);
    const svg = charts.locator('.jp-Profiler-plot .main-svg').first();
    await expect(svg).toHaveAttribute('width', '320');
    expect(await charts.evaluate(node => node.scrollWidth)).toBe(320);
    await charts.screenshot({ path: info.outputPath(`${chart}-320.png`) });
  }
});

test('names of a payload are text in every chart', async ({
  page,
  tmpPath
}) => {
  const payload = sample('functions');
  const hostile = [
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '%{x}<br>&lt;b&gt;'
  ];
  // Names that are drawn: the hottest function's, its package's and its file's.
  const renamed: Readonly<Record<string, string>> = {
    svd: hostile[0],
    numpy: hostile[1],
    'numpy/linalg/_linalg.py': hostile[2],
    simulate: hostile[1],
    iterencode: hostile[2],
    'JSONEncoder.iterencode': hostile[2]
  };
  const strings = (payload.strings as string[]).map(
    text => renamed[text] ?? text
  );
  const charts = await openCharts(page, tmpPath, { ...payload, strings });
  const texts: string[] = [];
  for (const chart of CHARTS) {
    await choose(charts, chart);
    await expect(charts.locator('a, img, image')).toHaveCount(0);
    texts.push(
      ...(await charts.locator('.jp-Profiler-plot text').allTextContents())
    );
  }
  expect(texts).toContain(hostile[0]);
  expect(texts).toContain(hostile[2]);
});
