/**
 * Profiles with compiled frames, and of several metrics, in JupyterLab.
 *
 * `mosaic.mixed.folded`: 192 samples of Python and C, of which 16 end in Python frames, 174 in C below Python, and 2 in
 * C alone. `hot.mp.gz`: igprof's counters of memory; igprof-analyse prints their sums in `hot.mp.MEM_*.txt`.
 */
import { readFileSync } from 'node:fs';

import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { program } from './callPaths';
import { openFile, upload } from './files';
import { cell, execute, open, output, rowOf, shown as ready } from './helpers';
import { linesPayload } from './linePayload';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const MIXED = { 'mixed.folded': 'collapsed/mosaic.mixed.folded' };

/** Show a file of `tests/data` in a tab of its own. */
async function show(
  page: IJupyterLabPageFixture,
  folder: string,
  files: Readonly<Record<string, string>>
): Promise<Locator> {
  await upload(page, folder, files);
  const shown = await openFile(page, Object.keys(files)[0]);
  await expect(shown).toHaveAttribute('data-state', 'ready');
  return shown;
}

const changes = (shown: Locator) =>
  shown.getByRole('list', { name: 'Changes of the profile' });

const summary = (shown: Locator) =>
  shown.locator('.jp-Profiler-functions > .jp-Profiler-bar [role=status]');

const switchOf = (shown: Locator, name: string) =>
  shown
    .getByRole('group', { name: 'Frames that are shown' })
    .getByRole('button', { name, exact: true });

const callsTab = (shown: Locator) =>
  shown.getByRole('tab', { name: 'Callers and callees' });

const head = (shown: Locator) => shown.locator('.jp-Profiler-called h3');

test('frames are hidden, counted elsewhere, and brought back; the whole stays', async ({
  page,
  tmpPath
}) => {
  let shown = await show(page, tmpPath, MIXED);
  await expect(switchOf(shown, 'Hide interpreter and glue')).toHaveAttribute(
    'aria-pressed',
    'true'
  );
  await expect(changes(shown)).toHaveText(
    /^Interpreter and glue hidden\d+ frames, [\d.]+% folded into their callers×$/
  );
  await expect(rowOf(shown, '_PyEval_EvalFrameDefault')).toHaveCount(0);
  await expect(summary(shown)).toContainText('of 192 samples');

  await changes(shown).getByRole('button').click();
  await expect(changes(shown)).toBeHidden();
  await expect(summary(shown)).toContainText('own 192 samples of 192 samples');

  await switchOf(shown, 'Python only').click();
  await expect(changes(shown)).toContainText(
    'compiled frames, 92% given to their Python callers, or (native)'
  );
  await expect(summary(shown)).toContainText('own 192 samples of 192 samples');
  await expect(rowOf(shown, 'cmp')).toHaveCount(0);
  // What a reader has chosen is there in the call tree, and when the file is opened again.
  await shown.getByRole('tab', { name: 'Call tree' }).click();
  await expect(shown.locator('.jp-Profiler-tree')).toContainText('192 samples');
  await page.activity.closeAll();
  shown = await openFile(page, 'mixed.folded');
  await expect(switchOf(shown, 'Python only')).toHaveAttribute(
    'aria-pressed',
    'true'
  );
  await shown.getByRole('tab', { name: 'Functions' }).click();
  await switchOf(shown, 'Native only').click();
  await expect(changes(shown)).toContainText('8.3% kept as (Python)');
  await expect(rowOf(shown, 'cmp').locator('.jp-Profiler-language')).toHaveText(
    'C'
  );
  await shown.getByRole('button', { name: 'Undo' }).click();
  await expect(changes(shown)).toBeHidden();
});

test('functions are renamed and stacks filtered, by keyboard', async ({
  page,
  tmpPath
}) => {
  const shown = await show(page, tmpPath, MIXED);
  await switchOf(shown, 'Hide interpreter and glue').press('Enter');
  await expect(switchOf(shown, 'Hide interpreter and glue')).toBeFocused();
  await shown.getByRole('button', { name: 'Rename or filter…' }).press('Enter');
  const form = shown.getByRole('form', { name: 'Rename or filter' });
  await expect(form.locator('select').first()).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('s/^(cmp|msort_with_tmp)$/sorting/');
  await page.keyboard.press('Enter');
  await expect(changes(shown)).toContainText('under another name');
  // 40 samples of cmp, 25 of msort_with_tmp.
  await expect(rowOf(shown, 'sorting').locator('.jp-Profiler-self')).toHaveText(
    /^65\s/
  );
  await expect(form.locator('input').first()).toBeFocused();
  await page.keyboard.type('s/(/x/');
  await page.keyboard.press('Enter');
  await expect(changes(shown)).toContainText('not applied: ');
  await page.keyboard.press('Escape');
  await expect(
    shown.getByRole('button', { name: 'Rename or filter…' })
  ).toBeFocused();
});

test('counters of memory are shown one at a time, in bytes', async ({
  page,
  tmpPath
}) => {
  const shown = await show(page, tmpPath, { 'hot.mp.gz': 'igprof/hot.mp.gz' });
  const figures = shown.locator('.jp-Profiler-figures');
  await expect(figures).toContainText('allocated in all');
  await expect(figures).toContainText('not freed');
  await expect(figures).not.toContainText('wall');
  await shown.getByLabel('Counter').selectOption('live_bytes');
  // As igprof-analyse: leak(int) owns 39'900 bytes.
  await expect(
    rowOf(shown, 'leak(int)').locator('.jp-Profiler-self')
  ).toHaveText(/39\.9\skB/);
});

test('one function between callers and callees, by mouse and by keyboard', async ({
  page,
  tmpPath
}) => {
  const shown = await show(page, tmpPath, MIXED);
  await rowOf(shown, 'cmp').click();
  await callsTab(shown).click();
  await expect(head(shown)).toContainText('cmp');
  const callers = shown.getByRole('region', { name: 'Callers' });
  await callers.getByRole('link', { name: 'msort_with_tmp' }).click();
  await expect(head(shown)).toContainText('msort_with_tmp');
  // One selection: the table has it, too.
  await shown.getByRole('tab', { name: 'Functions' }).click();
  await expect(rowOf(shown, 'msort_with_tmp')).toHaveAttribute(
    'aria-selected',
    'true'
  );
  await callsTab(shown).click();
  await shown
    .getByRole('region', { name: 'Callees' })
    .getByRole('link', { name: 'cmp' })
    .press('Enter');
  await expect(head(shown)).toContainText('cmp');
  await expect(head(shown)).toBeFocused();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(head(shown)).toContainText('msort_with_tmp');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(head(shown)).toContainText('cmp');
  await shown.getByRole('button', { name: 'Back' }).click();
  await expect(head(shown)).toContainText('msort_with_tmp');
});

test('the address of a function opens the file there, in a new page', async ({
  page,
  context,
  tmpPath
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  // By its name, JupyterLab would show this file as JSON.
  const shown = await show(page, tmpPath, {
    'mixed.speedscope.json': 'speedscope/mosaic.mixed.speedscope.json'
  });
  await rowOf(shown, 'msort_with_tmp').click();
  await callsTab(shown).click();
  await shown.getByRole('button', { name: 'Copy link' }).click();
  await expect(shown.getByText('Copied: it opens')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toContain('/lab/tree/');
  const other = await context.newPage();
  await other.goto(address);
  const there = other.locator('.jp-Profiler-page:visible');
  await expect(there).toHaveAttribute('data-state', 'ready', {
    timeout: 60_000
  });
  await expect(head(there)).toContainText('msort_with_tmp');
  await other.close();
});

test('the address of a function of a result opens the notebook there, at the cell that has it', async ({
  page,
  context,
  tmpPath
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const long = Array.from({ length: 120 }, (_, i) => `line_${i} = ${i}`);
  const result = await open(page, `${tmpPath}/linked.ipynb`, [
    cell('c0', long.join('\n')),
    cell('c1', long.join('\n')),
    cell('c2', long.join('\n'), [output(program(200, 'c2'))]),
    cell('c3', long.join('\n'))
  ]);
  await page.notebook.save();
  await result.scrollIntoViewIfNeeded();
  await ready(result);
  await result.getByRole('tab', { name: 'Functions' }).click();
  await rowOf(result, '_read').click();
  await callsTab(result).click();
  await result.getByRole('button', { name: 'Copy link' }).click();
  await expect(result.getByText('Copied: it opens')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toContain('linked.ipynb?profile-cell=c2&');
  const other = await context.newPage();
  await other.goto(address);
  const there = other.locator('.jp-Notebook:visible .jp-Profiler');
  await expect(head(there)).toContainText('_read', { timeout: 60_000 });
  await expect(head(there)).toBeInViewport();
  await other.close();
});

test('lines of C++ are shown and coloured like those of Python', async ({
  page,
  tmpPath
}) => {
  const payload = linesPayload({
    sources: [
      {
        path: '/src/leaf.cpp',
        text: 'double leaf(int n) {\n  return n * 0.5;\n}\n'
      }
    ],
    lines: [[0, 2, 'leaf', 0, 2_500_000_000]],
    wall: 3_000_000_000
  });
  // Samples know of no hits.
  Reflect.deleteProperty(
    (payload.tables as { lines: { columns: object } }).lines.columns,
    'self.hits'
  );
  const result = await open(page, `${tmpPath}/cpp.ipynb`, [
    cell('c0', '%%native', [output(payload)])
  ]);
  const lines = result.locator('.jp-Profiler-lines');
  await expect(lines).toContainText('return n * 0.5;');
  await expect(lines.locator('td span[class*="ͼ"]').first()).toBeVisible();
});

test('a builtin of an exact profile is profiled natively by a run that is asked for', async ({
  page,
  tmpPath
}) => {
  let sent = '';
  page.on('websocket', socket =>
    socket.on('framesent', ({ payload }) => {
      sent += payload.toString();
    })
  );
  await open(page, `${tmpPath}/builtin.ipynb`, [
    cell('c0', '%load_ext jupyterlab_profiler'),
    cell('c1', '%%cprofile\nx = sorted(range(100_000), key=lambda n: -n)')
  ]);
  for (const index of [0, 1]) {
    await page.notebook.runCell(index);
  }
  const result = page.locator('.jp-Profiler').first();
  await rowOf(result, 'sorted').click();
  await result.getByRole('button', { name: 'Profile natively' }).click();
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog).toContainText('profile it natively');
  await expect(dialog.locator('pre')).toContainText('sorted(range(100_000)');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  expect(sent).not.toContain('%%native');
  await result.getByRole('button', { name: 'Profile natively' }).click();
  await dialog.getByRole('button', { name: 'Run Again' }).click();
  await expect.poll(() => sent).toContain('%%native');
});

test('the menu has a cell profiled for its memory, and natively', async ({
  page,
  tmpPath
}) => {
  const text = 'kept = bytearray(999_999)\nx = sum(range(20_000_000))';
  await open(page, `${tmpPath}/menu.ipynb`, [cell('c0', text)]);
  await page.notebook.selectCells(0);
  await page.menu.clickMenuItem('Run>Profile Memory of Cell');
  const result = page.locator('.jp-Profiler').first();
  await expect(result).toContainText('Bytes', { timeout: 30000 });
  await page.notebook.selectCells(0);
  await page.menu.clickMenuItem('Run>Profile Cell Natively');
  // Where no sampler may attach, calls are measured, and that is said.
  await expect(result).toContainText(/samples|exact calls/i, {
    timeout: 30000
  });
  await expect(result).not.toContainText('Bytes');
  expect(await page.notebook.getCellTextInput(0)).toBe(text);
});

for (const theme of ['JupyterLab Light', 'JupyterLab Dark']) {
  test(`no serious fault of accessibility, in ${theme}`, async ({
    page,
    tmpPath
  }) => {
    await execute(page, 'apputils:change-theme', { theme });
    const shown = await show(page, tmpPath, MIXED);
    await shown.getByRole('button', { name: 'Rename or filter…' }).click();
    await page.evaluate(AXE);
    const faults = () =>
      page.evaluate(async () => {
        const { violations } = await Reflect.get(window, 'axe').run(
          '.jp-Profiler-page',
          { resultTypes: ['violations'] }
        );
        return (
          violations as {
            id: string;
            impact: string;
            nodes: { html: string }[];
          }[]
        )
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
      });
    expect(await faults()).toEqual([]);
    await callsTab(shown).click();
    await expect(head(shown)).toBeVisible();
    expect(await faults()).toEqual([]);
    await shown.getByRole('tab', { name: 'Call tree' }).click();
    await expect(
      shown.locator('.jp-Profiler-tree canvas').first()
    ).toBeVisible();
    // In the legend a colour has a word.
    await expect(
      shown.locator('.jp-Profiler-legend').filter({ hasText: 'C' }).first()
    ).toBeVisible();
    expect(await faults()).toEqual([]);
  });
}

test('all of it is there at a width of 320 px', async ({ page, tmpPath }) => {
  const shown = await show(page, tmpPath, MIXED);
  await shown.evaluate(node => {
    node.style.maxWidth = '320px';
  });
  await shown.getByRole('button', { name: 'Rename or filter…' }).click();
  const overflow = () =>
    shown.evaluate(node => node.scrollWidth - node.clientWidth);
  expect(await overflow()).toBeLessThanOrEqual(1);
  await callsTab(shown).click();
  await expect(head(shown)).toBeVisible();
  expect(await overflow()).toBeLessThanOrEqual(1);
});
