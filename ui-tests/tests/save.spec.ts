import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { cell, open as openNotebook, output, rowOf, sample } from './helpers';
import { DATA, openFile, upload } from './files';

const ROOT = join(__dirname, '../..');
const PYTHON = join(
  ROOT,
  '.venv',
  process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'
);

const python = (...args: readonly string[]) =>
  execFileSync(PYTHON, args, { encoding: 'utf8' });

/** What pstats of Python prints of a file, without the date and the name of the file. */
const pstats = (path: string) =>
  python(
    '-c',
    'import pstats, sys; pstats.Stats(sys.argv[1]).sort_stats("time", "stdname").print_stats().print_callers().print_callees()',
    path
  )
    .split('\n')
    .slice(1)
    .join('\n');

/** The dialog that asks what to save a result as. */
async function ask(
  page: IJupyterLabPageFixture,
  result: Locator
): Promise<Locator> {
  await result.getByRole('button', { name: 'Save as…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save the profile as' });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Save a result, and say where the file is. */
async function save(
  page: IJupyterLabPageFixture,
  result: Locator,
  kind: string
): Promise<{ name: string; path: string }> {
  const dialog = await ask(page, result);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: kind, exact: true }).click()
  ]);
  await expect(dialog).toBeHidden();
  const name = download.suggestedFilename();
  const path = test.info().outputPath(name);
  await download.saveAs(path);
  return { name, path };
}

test('a pstats file that is saved has the numbers, callers and callees of the one that was opened', async ({
  page,
  tmpPath
}) => {
  const file = 'pstats/py3.13.prof';
  await upload(page, tmpPath, { 'run.prof': file });
  const shown = await openFile(page, 'run.prof');
  const { name, path } = await save(page, shown, 'pstats');
  expect(name).toBe('run.prof');
  expect(pstats(path)).toBe(pstats(join(DATA, file)));
});

test('what cannot be saved says why, by mouse and keys', async ({
  page,
  tmpPath
}) => {
  await upload(page, tmpPath, { 'run.prof': 'pstats/py3.13.prof' });
  const shown = await openFile(page, 'run.prof');
  const dialog = await ask(page, shown);
  const choice = (name: string) =>
    dialog.getByRole('listitem').filter({
      has: page.getByRole('button', { name, exact: true })
    });
  for (const [name, reason] of [
    ['line_profiler', 'lines'],
    ['speedscope', 'call paths'],
    ['Collapsed stacks', 'call paths']
  ]) {
    await expect(choice(name).getByRole('button')).toBeDisabled();
    await expect(choice(name)).toContainText(reason);
  }
  await expect(
    dialog.getByRole('button', { name: 'pstats', exact: true })
  ).toBeFocused();
  await dialog.screenshot({ path: test.info().outputPath('dialog.png') });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(shown.getByRole('button', { name: 'Save as…' })).toBeFocused();
});

test('lines that are saved print as those of the file that was opened', async ({
  page,
  tmpPath
}) => {
  const file = 'lprof/v5.0.2-py3.13.lprof';
  await upload(page, tmpPath, { 'run.lprof': file });
  const shown = await openFile(page, 'run.lprof');
  const { path } = await save(page, shown, 'line_profiler');
  const print = (one: string) => python('-m', 'line_profiler', one);
  expect(print(path)).toBe(print(join(DATA, file)));
});

test('call paths, and all that a result holds, come back as they were', async ({
  page,
  tmpPath
}) => {
  const result = await openNotebook(page, `${tmpPath}/paths.ipynb`, [
    cell('c0', '', [output(sample('paths'))])
  ]);
  const header = await result.locator('.jp-Profiler-figures').textContent();
  const whole = await save(page, result, 'JSON');
  const stacks = await save(page, result, 'speedscope');
  const folded = await save(page, result, 'Collapsed stacks');
  const printed = (path: string) =>
    python(
      '-m',
      'jupyterlab_profiler',
      'convert',
      path,
      '-',
      '--to',
      'collapsed'
    );
  const inOrder = (text: string) => text.split('\n').sort();
  const told = inOrder(readFileSync(folded.path, 'utf8'));
  expect(inOrder(printed(whole.path))).toEqual(told);
  expect(inOrder(printed(stacks.path))).toEqual(told);
  await upload(page, tmpPath, {
    'whole.json': readFileSync(whole.path),
    'stacks.speedscope.json': readFileSync(stacks.path)
  });
  const again = await openFile(page, 'stacks.speedscope.json');
  await expect(again).toHaveAttribute('data-state', 'ready');
  await page.filebrowser.open('whole.json', 'Profile');
  const opened = page.locator('.jp-Profiler-page:visible');
  await expect(opened).toHaveAttribute('data-state', 'ready');
  expect(await opened.locator('.jp-Profiler-figures').textContent()).toBe(
    header
  );
});

test('a web page that is saved shows the result from the disk, with no request', async ({
  page,
  tmpPath,
  browser
}) => {
  const result = await openNotebook(page, `${tmpPath}/page.ipynb`, [
    cell('c0', '', [output(sample('guide'))])
  ]);
  // The notebook's own keys, as the one that adds a cell, wait until the question is answered.
  const dialog = await ask(page, result);
  const cells = page.locator('.jp-Notebook .jp-Cell');
  await page.keyboard.press('b');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(cells).toHaveCount(1);
  for (const [kind, tab] of [
    ['Web page', 'Functions'],
    ['Web page with charts', 'Charts']
  ]) {
    const { path } = await save(page, result, kind);
    const alone = await browser.newPage();
    const requests: string[] = [];
    alone.on('request', request => requests.push(request.url()));
    await alone.goto(pathToFileURL(path).href);
    await expect(alone.locator('.jp-Profiler')).toHaveAttribute(
      'data-state',
      'ready'
    );
    await expect(alone.getByRole('tab', { name: tab })).toHaveAttribute(
      'aria-selected',
      'true'
    );
    await alone.getByRole('tab', { name: 'Functions' }).click();
    await expect(
      rowOf(alone.locator('.jp-Profiler'), 'readCatalog').first()
    ).toBeVisible();
    // What has no page to put a profile into does not offer it.
    await alone.getByRole('button', { name: 'Save as…' }).click();
    await expect(
      alone.getByRole('button', { name: 'JSON', exact: true })
    ).toBeVisible();
    await expect(alone.getByRole('button', { name: 'Web page' })).toHaveCount(
      0
    );
    expect(requests).toHaveLength(1);
    await alone.close();
  }
});
