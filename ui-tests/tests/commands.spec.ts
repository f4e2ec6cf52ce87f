import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';

import { cell, notebook, shown, type Json } from './helpers';

const COMMAND = 'jupyterlab-profiler:profile-cell';

const FIB = `def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

fib(10)`;

/** Calls of fib(10): 2 * fibonacci(11) - 1, one of them from outside. */
const FIB_CALLS = '177/1';

/** What the kernel has armed, as text. */
const ARMED = `from jupyterlab_profiler import remote
print('armed:', remote.disarm(['c0', 'c1', 'c2', 'c3']))`;

let pageErrors: string[] = [];

test.beforeEach(({ page }) => {
  pageErrors = [];
  page.on('pageerror', error => pageErrors.push(error.message));
});

test.afterEach(() => {
  expect(pageErrors).toEqual([]);
});

async function open(
  page: IJupyterLabPageFixture,
  path: string,
  cells: Json[],
  kernel?: Json
): Promise<void> {
  const content = notebook(cells);
  if (kernel) {
    content.metadata = { kernelspec: kernel };
  }
  await page.contents.uploadContent(JSON.stringify(content), 'text', path);
  await page.notebook.openByPath(path);
  await page.notebook.activate(path.split('/').pop() ?? path);
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
  ).toBeVisible({ timeout: 60000 });
}

/** The cell at a place of the notebook in front. */
function cellAt(page: Page, index: number): Locator {
  return page.locator(
    `.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`
  );
}

/** The result under a cell. */
function resultOf(page: Page, index: number): Locator {
  return cellAt(page, index).locator('.jp-Profiler');
}

function callsOf(result: Locator, name: string): Locator {
  return result
    .locator('tbody tr')
    .filter({
      has: result.page().locator(`.jp-Profiler-name:text-is("${name}")`)
    })
    .locator('.jp-Profiler-calls');
}

function toast(page: Page, text: string): Locator {
  return page.locator('.Toastify__toast').filter({ hasText: text });
}

/** Texts of the notebook's cells. */
function sources(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const { widgets } = Reflect.get(panel ?? {}, 'content');
    return widgets.map(
      (one: { model: { sharedModel: { getSource(): string } } }) =>
        one.model.sharedModel.getSource()
    );
  });
}

async function focusCell(page: Page, index: number): Promise<void> {
  await cellAt(page, index).locator('.jp-InputPrompt').click();
}

/** Run a cell without waiting for its end. */
async function begin(page: Page, index: number): Promise<void> {
  await focusCell(page, index);
  await page.keyboard.press('Control+Enter');
  await expect(cellAt(page, index).locator('.jp-InputPrompt')).toHaveText(
    '[*]:'
  );
}

test('the button profiles a cell whose text stays as it is', async ({
  page,
  tmpPath
}, info) => {
  await open(page, `${tmpPath}/button.ipynb`, [
    cell('c0', FIB),
    cell('c1', ARMED)
  ]);
  const item = page.locator('[data-jp-item-name="profile-cell"]');
  const button = item.getByRole('button');
  await expect(item.locator('jp-button')).toHaveAttribute(
    'title',
    /Profile the selected cells/
  );
  await expect(item).toHaveText('');
  await expect(item.locator('svg')).toBeVisible();
  await focusCell(page, 0);
  await button.click();

  const result = resultOf(page, 0);
  await expect(result).toHaveAttribute('data-state', 'ready');
  await expect(callsOf(result, 'fib')).toHaveText(FIB_CALLS);
  await expect(
    cellAt(page, 0).locator('.jp-OutputArea-executeResult')
  ).toContainText('55');
  expect(await sources(page)).toEqual([FIB, ARMED]);
  // The first use says what else there is now.
  await expect(toast(page, '%%cprofile work in this notebook')).toHaveCount(1);
  await page.screenshot({ path: info.outputPath('light.png') });

  // It was for one run, of one cell.
  await page.notebook.runCell(0, true);
  await expect(result).toHaveCount(0);
  await page.notebook.runCell(1, true);
  await expect(cellAt(page, 1).locator('.jp-OutputArea')).toContainText(
    'armed: 0'
  );

  // Again, without a word about the first use.
  await expect(toast(page, 'work in this notebook')).toHaveCount(0, {
    timeout: 30000
  });
  await focusCell(page, 0);
  await button.click();
  await expect(callsOf(resultOf(page, 0), 'fib')).toHaveText(FIB_CALLS);
  await expect(toast(page, 'work in this notebook')).toHaveCount(0);

  await page.theme.setDarkTheme();
  await page.screenshot({ path: info.outputPath('dark.png') });
});

test('the shortcut works in command mode and while a cell is edited', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/keys.ipynb`, [
    cell('c0', FIB),
    cell('c1', FIB.replace('10', '5'))
  ]);
  await focusCell(page, 0);
  await page.keyboard.press('Control+Shift+Enter');
  await expect(callsOf(resultOf(page, 0), 'fib')).toHaveText(FIB_CALLS);

  await page.notebook.enterCellEditingMode(1);
  await page.keyboard.press('Control+Shift+Enter');
  // 2 * fibonacci(6) - 1
  await expect(callsOf(resultOf(page, 1), 'fib')).toHaveText('15/1');
  expect(await sources(page)).toEqual([FIB, FIB.replace('10', '5')]);
});

test('menus and the palette offer the command, for code cells only', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/menus.ipynb`, [
    cell('c0', FIB),
    { id: 'm0', cell_type: 'markdown', source: 'text', metadata: {} },
    { id: 'r0', cell_type: 'raw', source: 'raw', metadata: {} }
  ]);
  await cellAt(page, 0).locator('.jp-InputPrompt').click({ button: 'right' });
  const context = page.locator('.lm-Menu').getByText('Profile Cell');
  await context.click();
  const result = resultOf(page, 0);
  await expect(callsOf(result, 'fib')).toHaveText(FIB_CALLS);

  await page.notebook.runCell(0, true);
  await expect(result).toHaveCount(0);
  await focusCell(page, 0);
  await page.menu.clickMenuItem('Run>Profile Cell');
  await expect(callsOf(result, 'fib')).toHaveText(FIB_CALLS);

  await page.notebook.runCell(0, true);
  await expect(result).toHaveCount(0);
  await focusCell(page, 0);
  await page.keyboard.press('Control+Shift+c');
  await page.locator('.lm-CommandPalette-input').fill('Profile Cell');
  await page
    .locator(`.lm-CommandPalette-item[data-command="${COMMAND}"]`)
    .filter({ hasText: 'Profile Cell', hasNotText: 'Natively' })
    .click();
  await expect(callsOf(result, 'fib')).toHaveText(FIB_CALLS);

  const button = page
    .locator('[data-jp-item-name="profile-cell"]')
    .getByRole('button');
  await expect(button).toBeEnabled();
  for (const index of [1, 2]) {
    await page.notebook.selectCells(index);
    await expect(button).toBeDisabled();
    await cellAt(page, index).click({ button: 'right' });
    await expect(page.locator('.lm-Menu')).toBeVisible();
    await expect(context).toHaveCount(0);
    await page.keyboard.press('Escape');
  }
});

test('several selected cells each get their result', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/several.ipynb`, [
    cell('c0', FIB),
    { id: 'm0', cell_type: 'markdown', source: '*text*', metadata: {} },
    cell('c1', 'fib(5)'),
    cell('c2', 'fib(3)')
  ]);
  await page.notebook.selectCells(0, 2);
  await page.evaluate(id => window.jupyterapp.commands.execute(id), COMMAND);
  await expect(callsOf(resultOf(page, 0), 'fib')).toHaveText(FIB_CALLS);
  await shown(resultOf(page, 2));
  await expect(callsOf(resultOf(page, 2), 'fib')).toHaveText('15/1');
  await expect(resultOf(page, 3)).toHaveCount(0);
});

test('quick presses are all served, also of one cell', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/quick.ipynb`, [
    cell('c0', 'runs = globals().get("runs", 0) + 1\nruns'),
    cell('c1', FIB)
  ]);
  await focusCell(page, 0);
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('Control+Shift+Enter');
  }
  await focusCell(page, 1);
  await page.keyboard.press('Control+Shift+Enter');
  await shown(resultOf(page, 1));
  await expect(callsOf(resultOf(page, 1), 'fib')).toHaveText(FIB_CALLS);
  await expect(
    cellAt(page, 0).locator('.jp-OutputArea-executeResult')
  ).toContainText('3');
  // The last run was profiled, too: a second order of a cell does not fall together with the first.
  await shown(resultOf(page, 0));
  await expect(toast(page, 'work in this notebook')).toHaveCount(1);
});

test('a magic %%cprofile of somebody else stays theirs', async ({
  page,
  tmpPath
}) => {
  const theirs = `from IPython.core.magic import register_cell_magic
@register_cell_magic
def cprofile(line, cell):
    print('theirs', len(cell))`;
  await open(page, `${tmpPath}/theirs.ipynb`, [
    cell('c0', theirs),
    cell('c1', FIB),
    cell('c2', '%%cprofile\n1234')
  ]);
  await page.notebook.runCell(0, true);
  await focusCell(page, 1);
  await page.keyboard.press('Control+Shift+Enter');
  await expect(callsOf(resultOf(page, 1), 'fib')).toHaveText(FIB_CALLS);
  await page.notebook.runCell(2, true);
  await expect(cellAt(page, 2).locator('.jp-OutputArea')).toContainText(
    'theirs 5'
  );
});

test('a kernel without the package: what to install, and the cell is not run', async ({
  page,
  tmpPath,
  context
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, `${tmpPath}/missing.ipynb`, [
    cell(
      'c0',
      'import sys\nfor name in [n for n in sys.modules if n.startswith("jupyterlab_profiler")]:\n    del sys.modules[name]\nsys.path[:] = []\nsys.meta_path[:] = [m for m in sys.meta_path if "editable" not in repr(m).lower()]\nran = False'
    ),
    cell('c1', 'ran = True'),
    cell('c2', 'print("ran:", ran)')
  ]);
  await page.notebook.runCell(0, true);
  await focusCell(page, 1);
  await page.keyboard.press('Control+Shift+Enter');
  const message = toast(page, '%pip install jupyterlab-profiler');
  await expect(message).toHaveCount(1);
  // Told anew: the message that was there goes while the new one comes.
  await message.evaluate(node => node.setAttribute('data-old', ''));
  await page.keyboard.press('Control+Shift+Enter');
  await expect(message.and(page.locator('[data-old]'))).toHaveCount(0);
  await expect(message).toHaveCount(1);
  await message.getByText('Copy the command').click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    '%pip install jupyterlab-profiler'
  );
  await page.notebook.runCell(2, true);
  await expect(cellAt(page, 2).locator('.jp-OutputArea')).toContainText(
    'ran: False'
  );
});

test('a kernel of another language is told apart', async ({
  page,
  tmpPath
}) => {
  // A kernel that says that it runs R, and does nothing else differently.
  const folder = join(process.env.JUPYTER_DATA_DIR ?? '', 'kernels', 'like-r');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'kernel.py'),
    `from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp


class LikeR(IPythonKernel):
    language_info = {"name": "R", "mimetype": "text/x-r-source", "file_extension": ".r"}


IPKernelApp.launch_instance(kernel_class=LikeR)
`
  );
  writeFileSync(
    join(folder, 'kernel.json'),
    JSON.stringify({
      argv: ['python', join(folder, 'kernel.py'), '-f', '{connection_file}'],
      display_name: 'Like R',
      language: 'R'
    })
  );
  await page.evaluate(() =>
    window.jupyterapp.serviceManager.kernelspecs.refreshSpecs()
  );
  await open(page, `${tmpPath}/r.ipynb`, [cell('c0', 'print("ran")')], {
    name: 'like-r',
    display_name: 'Like R',
    language: 'R'
  });
  await focusCell(page, 0);
  await page.keyboard.press('Control+Shift+Enter');
  await expect(
    toast(page, "Profiling needs a Python kernel; this notebook's is R.")
  ).toHaveCount(1);
  await expect(cellAt(page, 0).locator('.jp-OutputArea-output')).toHaveCount(0);
});

test('a notebook without a kernel says so and runs nothing', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/none.ipynb`;
  await open(page, path, [cell('c0', FIB)]);
  await page.evaluate(() => {
    const panel = window.jupyterapp.shell.currentWidget;
    return Reflect.get(panel ?? {}, 'sessionContext').shutdown();
  });
  await focusCell(page, 0);
  await page.evaluate(id => window.jupyterapp.commands.execute(id), COMMAND);
  await expect(toast(page, 'This notebook has no kernel')).toHaveCount(1);
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
});

test('a run that is aborted leaves nothing armed', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/aborted.ipynb`, [
    cell('c0', 'import time\ntime.sleep(2)\n1 / 0'),
    cell('c1', FIB),
    cell('c2', 'warm = 1'),
    cell('c3', ARMED)
  ]);
  // Known to the kernel, so that orders and cells go out together.
  await focusCell(page, 2);
  await page.keyboard.press('Control+Shift+Enter');
  await expect(resultOf(page, 2)).toHaveAttribute('data-state', 'ready');

  await page.notebook.selectCells(0, 1);
  await page.evaluate(id => window.jupyterapp.commands.execute(id), COMMAND);
  await expect(cellAt(page, 0).locator('.jp-OutputArea')).toContainText(
    'ZeroDivisionError'
  );
  await shown(resultOf(page, 0));
  await expect(resultOf(page, 1)).toHaveCount(0);
  await page.notebook.runCell(3, true);
  await expect(cellAt(page, 3).locator('.jp-OutputArea')).toContainText(
    'armed: 0'
  );
});

test('a busy kernel: the reader is told, and the cell runs when it is its turn', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/busy.ipynb`, [
    cell('c0', 'import time\ntime.sleep(5)'),
    cell('c1', FIB),
    cell('c2', 'x = 1')
  ]);
  await begin(page, 0);
  await focusCell(page, 1);
  await page.keyboard.press('Control+Shift+Enter');
  const waiting = toast(page, 'Waiting for the kernel');
  await expect(waiting).toHaveCount(1);
  // What is selected when the kernel is free is not what was asked for.
  await focusCell(page, 2);
  await expect(callsOf(resultOf(page, 1), 'fib')).toHaveText(FIB_CALLS);
  await expect(waiting).toHaveCount(0);
  await expect(cellAt(page, 2).locator('.jp-InputPrompt')).toHaveText('[ ]:');
});

test.describe('a restart', () => {
  // Galata's watch on kernels takes a restart for a start, and fails it.
  test.use({ kernels: null });

  test('ends the waiting, and then all is as at first', async ({
    page,
    tmpPath
  }) => {
    await open(page, `${tmpPath}/restart.ipynb`, [
      cell('c0', 'import time\ntime.sleep(600)'),
      cell('c1', FIB)
    ]);
    await begin(page, 0);
    await focusCell(page, 1);
    await page.keyboard.press('Control+Shift+Enter');
    await page.keyboard.press('Control+Shift+Enter');
    await expect(toast(page, 'Waiting for the kernel')).toHaveCount(1);
    const restart = () =>
      page.evaluate(() => {
        const panel = window.jupyterapp.shell.currentWidget;
        return Reflect.get(panel ?? {}, 'sessionContext').restartKernel();
      });
    await restart();
    await expect(toast(page, 'Waiting for the kernel')).toHaveCount(0);
    await expect(toast(page, 'Not profiled: the kernel restarted')).toHaveCount(
      1
    );
    await expect(resultOf(page, 1)).toHaveCount(0);

    const profiled = async () => {
      await focusCell(page, 1);
      await page.keyboard.press('Control+Shift+Enter');
      // A new kernel takes its time to start.
      await expect(callsOf(resultOf(page, 1), 'fib')).toHaveText(FIB_CALLS, {
        timeout: 60000
      });
      await expect(toast(page, 'work in this notebook')).toHaveCount(1);
    };
    await profiled();
    await restart();
    await profiled();
  });
});

test('a kernel that dies while it is waited for is told once', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/dies.ipynb`, [
    cell('c0', 'import os, time\ntime.sleep(4)\nos._exit(1)'),
    cell('c1', FIB)
  ]);
  await begin(page, 0);
  await focusCell(page, 1);
  await page.keyboard.press('Control+Shift+Enter');
  await expect(toast(page, 'Waiting for the kernel')).toHaveCount(1);
  await expect(toast(page, 'Not profiled: the kernel restarted')).toHaveCount(
    1,
    { timeout: 30000 }
  );
  await expect(toast(page, 'Waiting for the kernel')).toHaveCount(0);
  // JupyterLab has its own word for it.
  await page.locator('.jp-Dialog').getByRole('button').last().click();
  await focusCell(page, 1);
  await page.keyboard.press('Control+Shift+Enter');
  await expect(callsOf(resultOf(page, 1), 'fib')).toHaveText(FIB_CALLS);
});
