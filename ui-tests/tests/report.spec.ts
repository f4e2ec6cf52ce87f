import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, test, type Browser, type Page } from '@playwright/test';

const ROOT = join(__dirname, '../..');
const PYTHON = join(
  ROOT,
  '.venv',
  process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'
);

/** Write a page of a file by the command line, and open it from the disk. */
async function open(
  browser: Browser,
  file: string,
  ...options: readonly string[]
): Promise<{ page: Page; requests: string[]; errors: string[] }> {
  const path = test.info().outputPath('page.html');
  execFileSync(PYTHON, [
    '-m',
    'jupyterlab_profiler',
    'html',
    ...options,
    join(ROOT, 'tests/data', file),
    path
  ]);
  const page = await browser.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', request => requests.push(request.url()));
  page.on('pageerror', error => errors.push(error.message));
  await page.goto(pathToFileURL(path).href);
  await expect(page.locator('.jp-Profiler')).toHaveAttribute(
    'data-state',
    'ready'
  );
  return { page, requests, errors };
}

test('a page of a profile shows its views from the disk, with no request', async ({
  browser
}) => {
  const { page, requests, errors } = await open(
    browser,
    'pstats/mosaic.py3.13.prof'
  );
  await expect(page).toHaveTitle('mosaic.py3.13.prof');
  await expect(page.locator('.jp-Profiler-header')).toContainText('1,503,504');
  await page.getByText('getAllForCcd', { exact: true }).last().click();
  await expect(page.locator('.jp-Profiler-account h3')).toHaveText(
    'getAllForCcd'
  );
  await page.getByRole('tab', { name: 'Square map' }).click();
  await expect(page.locator('canvas').first()).toBeVisible();
  await page.getByRole('tab', { name: 'Charts' }).click();
  await expect(page.getByText('made without charts')).toBeVisible();
  expect(requests).toHaveLength(1);
  expect(errors).toEqual([]);
  await page.close();
});

test('a page with charts begins with them, and has the call tree of an igprof dump', async ({
  browser
}) => {
  const { page, requests, errors } = await open(
    browser,
    'igprof/hot.pp.gz',
    '--charts'
  );
  await expect(page.getByRole('tab', { name: 'Charts' })).toHaveAttribute(
    'aria-selected',
    'true'
  );
  await expect(
    page.locator('.js-plotly-plot .bars path').first()
  ).toBeVisible();
  await page.getByRole('tab', { name: 'Call tree' }).click();
  await expect(page.locator('canvas:visible').first()).toBeVisible();
  expect(requests).toHaveLength(1);
  expect(errors).toEqual([]);
  await page.close();
});

test('a page of lines shows them, and fits into 320 pixels', async ({
  browser
}) => {
  const { page, requests, errors } = await open(
    browser,
    'lprof/v5.0.2-py3.13.lprof'
  );
  await page.setViewportSize({ width: 320, height: 700 });
  await expect(
    page.locator('.jp-Profiler-lineHead', { hasText: 'Reader.read' })
  ).toBeVisible();
  const fits = await page.evaluate(
    () => document.documentElement.scrollWidth <= window.innerWidth
  );
  expect(fits).toBe(true);
  expect(requests).toHaveLength(1);
  expect(errors).toEqual([]);
  await page.close();
});
