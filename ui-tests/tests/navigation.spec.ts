import { join } from 'node:path';

import { expect, galata, test } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';

import { cell, open, type Json } from './helpers';

/** A place as a profile has it, without what is not known. */
interface IPlace {
  path?: string;
  cell?: string;
  line?: number;
}

/** What came of it: whether the place is shown, and the line that is marked, if it is in view. */
interface IOutcome {
  shown: boolean;
  line: string | null;
}

/**
 * Ask the navigator, and look at the mark in the page itself: it does not stay.
 *
 * @param from - selector of the node that the reader came from
 */
function go(
  page: Page,
  { path = '', cell: id = '', line = 1 }: IPlace,
  from = 'body'
): Promise<IOutcome> {
  return page.evaluate(
    async ([place, selector]) => {
      const navigator = await Reflect.apply(
        window.galata.getPlugin,
        window.galata,
        ['jupyterlab-profiler:navigation']
      );
      const shown: boolean = await Reflect.get(navigator, 'open')(
        place,
        document.querySelector(selector)
      );
      const inView = (): string | null => {
        const mark = document.querySelector('.jp-Profiler-flash');
        if (!mark) {
          return null;
        }
        const { left, top, bottom } = mark.getBoundingClientRect();
        const holds = (y: number) =>
          mark.contains(document.elementFromPoint(left + 5, y));
        return holds(top + 2) && holds(bottom - 2) ? mark.textContent : null;
      };
      let marked = inView();
      for (let frame = 0; shown && !marked && frame < 30; frame++) {
        await new Promise(requestAnimationFrame);
        marked = inView();
      }
      return { shown, line: marked };
    },
    [{ path, cell: id, line }, from] as const
  );
}

const NOT_SHOWN: IOutcome = { shown: false, line: null };

/** Where the notebook in front is: its file, active cell, mode, and the cursor in the cell. */
function whereabouts(page: Page): Promise<Json> {
  return page.evaluate(() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const { activeCell, mode } = Reflect.get(panel ?? {}, 'content');
    return {
      name: Reflect.get(panel ?? {}, 'context')
        .path.split('/')
        .pop(),
      cell: activeCell.model.id,
      mode,
      line: activeCell.editor.getCursorPosition().line
    };
  });
}

/** A cell of ten lines that name themselves. */
function lines(id: string, before = ''): Json {
  const text = Array.from({ length: 10 }, (_, i) => `${id} = ${i + 1}`);
  return cell(id, before + text.join('\n'));
}

function flash(page: Page) {
  return page.locator('.jp-Profiler-flash');
}

let pageErrors: string[] = [];

test.beforeEach(({ page }) => {
  pageErrors = [];
  page.on('pageerror', error => pageErrors.push(error.message));
});

test.afterEach(() => {
  expect(pageErrors).toEqual([]);
});

for (const windowingMode of ['contentVisibility', 'full', 'defer']) {
  test.describe(`windowing mode ${windowingMode}`, () => {
    test.use({
      mockSettings: {
        ...galata.DEFAULT_SETTINGS,
        '@jupyterlab/notebook-extension:tracker': {
          ...galata.DEFAULT_SETTINGS['@jupyterlab/notebook-extension:tracker'],
          windowingMode
        }
      }
    });

    test('a line of a far cell comes into view, with the cursor and a mark', async ({
      page,
      tmpPath
    }) => {
      await open(
        page,
        `${tmpPath}/far.ipynb`,
        Array.from({ length: 60 }, (_, i) => lines(`c${i}`))
      );
      for (const [id, line] of [
        ['c55', 10],
        ['c3', 1],
        ['c30', 6]
      ] as const) {
        expect(await go(page, { cell: id, line })).toEqual({
          shown: true,
          line: `${id} = ${line}`
        });
        expect(await whereabouts(page)).toEqual({
          name: 'far.ipynb',
          cell: id,
          mode: 'command',
          line: line - 1
        });
        await expect(flash(page)).toHaveCount(0);
      }
    });
  });
}

test('lines count from the first that is not empty, and end with the cell', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/empty.ipynb`, [
    lines('first'),
    lines('c', '\n  \n\n')
  ]);
  for (const [line, text] of [
    [4, 'c = 4'],
    [1, 'c = 1'],
    [0, 'c = 1'],
    [99, 'c = 10']
  ] as const) {
    expect(await go(page, { cell: 'c', line })).toEqual({
      shown: true,
      line: text
    });
  }
});

test('hidden code is shown, and nobody is put into edit mode', async ({
  page,
  tmpPath
}) => {
  const hidden = lines('c1');
  hidden.metadata = { jupyter: { source_hidden: true } };
  await open(page, `${tmpPath}/hidden.ipynb`, [
    lines('c0'),
    {
      id: 'm0',
      cell_type: 'markdown',
      source: '# Heading',
      metadata: { 'jp-MarkdownHeadingCollapsed': true }
    },
    hidden
  ]);
  await expect(page.locator('.jp-Cell').nth(2)).toBeHidden();
  await page.notebook.enterCellEditingMode(0);
  expect(await go(page, { cell: 'c1', line: 3 })).toEqual({
    shown: true,
    line: 'c1 = 3'
  });
  expect(await whereabouts(page)).toMatchObject({ mode: 'command', line: 2 });
});

test('the cell is looked for where the reader is first, then in other notebooks', async ({
  page,
  tmpPath
}) => {
  // A copy of a notebook has the same ids.
  await open(page, `${tmpPath}/one.ipynb`, [lines('both'), lines('only')]);
  await open(page, `${tmpPath}/two.ipynb`, [lines('both')]);
  expect(await go(page, { cell: 'both', line: 2 })).toEqual({
    shown: true,
    line: 'both = 2'
  });
  expect(await whereabouts(page)).toMatchObject({ name: 'two.ipynb', line: 1 });

  expect(await go(page, { cell: 'only', line: 3 })).toEqual({
    shown: true,
    line: 'only = 3'
  });
  expect(await whereabouts(page)).toMatchObject({ name: 'one.ipynb', line: 2 });

  await page.notebook.activate('two.ipynb');
  await page.evaluate(() => {
    const [one] = [...window.jupyterapp.shell.widgets('main')].filter(widget =>
      Reflect.get(widget, 'context')?.path.endsWith('one.ipynb')
    );
    one.node.id = 'one';
  });
  expect(await go(page, { cell: 'both', line: 5 }, '#one .jp-Cell')).toEqual({
    shown: true,
    line: 'both = 5'
  });
  expect(await whereabouts(page)).toMatchObject({ name: 'one.ipynb', line: 4 });
});

test('a cell that is not there is not shown', async ({ page, tmpPath }) => {
  await open(page, `${tmpPath}/gone.ipynb`, [lines('c0')]);
  expect(await go(page, { cell: 'deleted', line: 1 })).toEqual(NOT_SHOWN);
  await expect(flash(page)).toHaveCount(0);
});

test('without motion the mark just stands for a while', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/still.ipynb`, [lines('c0')]);
  // Its style comes with it.
  await go(page, { cell: 'c0', line: 3 });
  // The mark itself does not wait for a test.
  const style = () =>
    page.evaluate(() => {
      const node = document.createElement('div');
      node.className = 'jp-Profiler-flash';
      document.querySelector('.jp-Editor')?.append(node);
      const { animationName, boxShadow } = getComputedStyle(node);
      node.remove();
      return { animationName, marked: boxShadow.includes('inset') };
    });
  expect(await style()).toEqual({
    animationName: 'jp-profiler-flash',
    marked: true
  });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await style()).toEqual({ animationName: 'none', marked: true });
  expect(await go(page, { cell: 'c0', line: 3 })).toEqual({
    shown: true,
    line: 'c0 = 3'
  });
  await expect(flash(page)).toHaveCount(0);
});

test.describe('files', () => {
  const text = Array.from({ length: 300 }, (_, i) => `line_${i + 1} = 0`);

  /** Where the file editor in front has its cursor. */
  const cursor = (page: Page) =>
    page.evaluate(() => {
      const panel = window.jupyterapp.shell.currentWidget;
      const { editor } = Reflect.get(panel ?? {}, 'content');
      return {
        path: Reflect.get(panel ?? {}, 'context').path,
        line: editor.getCursorPosition().line + 1
      };
    });

  test.beforeEach(async ({ page, tmpPath }) => {
    await page.contents.uploadContent(
      text.join('\n'),
      'text',
      `${tmpPath}/module.py`
    );
    await open(page, `${tmpPath}/a.ipynb`, [lines('c0')]);
    await expect(
      page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    ).toBeVisible({ timeout: 60000 });
  });

  /** A path as Python names it. */
  const inKernel = (path: string) =>
    join(process.env.JUPYTERLAB_GALATA_ROOT_DIR ?? '', path);

  test('a file below the root opens at the line, also when it is open', async ({
    page,
    tmpPath
  }) => {
    const path = `${tmpPath}/module.py`;
    for (const line of [200, 20]) {
      expect(await go(page, { path: inKernel(path), line })).toEqual({
        shown: true,
        line: `line_${line} = 0`
      });
      expect(await cursor(page)).toEqual({ path, line });
      await expect(page.locator('.jp-FileEditor')).toHaveCount(1);
      await page.notebook.activate('a.ipynb');
    }
    // Past the end, and unknown.
    expect(await go(page, { path: inKernel(path), line: 9999 })).toEqual({
      shown: true,
      line: 'line_300 = 0'
    });
    expect(await cursor(page)).toEqual({ path, line: 300 });
    expect(await go(page, { path: inKernel(path), line: 0 })).toEqual({
      shown: true,
      line: 'line_1 = 0'
    });
    expect(await cursor(page)).toEqual({ path, line: 1 });
  });

  test('a file is found without any notebook, too', async ({
    page,
    tmpPath
  }) => {
    await page.evaluate(() => {
      for (const widget of [...window.jupyterapp.shell.widgets('main')]) {
        widget.dispose();
      }
    });
    const path = `${tmpPath}/module.py`;
    expect(await go(page, { path: inKernel(path), line: 7 })).toEqual({
      shown: true,
      line: 'line_7 = 0'
    });
    expect(await cursor(page)).toEqual({ path, line: 7 });
  });

  test('what the server does not offer is not shown, without a dialog', async ({
    page,
    tmpPath
  }) => {
    for (const path of [
      join(__dirname, 'navigation.spec.ts'),
      inKernel(`${tmpPath}/missing.py`),
      inKernel(tmpPath),
      '/',
      '<string>',
      '../../etc/passwd',
      '%zz',
      '\0',
      ''
    ]) {
      expect(await go(page, { path }), path).toEqual(NOT_SHOWN);
    }
    await expect(page.locator('.jp-Dialog')).toHaveCount(0);
    await expect(page.locator('.jp-FileEditor')).toHaveCount(0);
  });

  test('a server that does not answer is not waited for', async ({
    page,
    tmpPath
  }) => {
    await page.route('**/api/resolvePath*', () => undefined);
    const path = inKernel(`${tmpPath}/module.py`);
    expect(await go(page, { path })).toEqual(NOT_SHOWN);
  });
});
