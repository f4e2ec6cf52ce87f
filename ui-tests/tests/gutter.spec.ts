import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator, Page } from '@playwright/test';

import {
  cell,
  displays,
  execute,
  open,
  output,
  sample,
  shown,
  windowing,
  WINDOWING_MODES
} from './helpers';
import { linesPayload, type ILinesSpec } from './linePayload';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const DEFINED = `def smooth(image, k):
    out = list(image)
    for y in range(k, len(image) - k):
        out[y] = sum(image[i] for i in range(y - k, y + k))
    if not out:
        raise ValueError(image)
    return out`;

const PROFILED = `

%%lprun
image = range(10_000)
smooth(image, 2)`;

/** What a run of the second cell has of both. */
const RUN: ILinesSpec = {
  wall: 912_500_000,
  cell: 'c1',
  sources: [
    { path: '/tmp/ipykernel_1/1.py', cell: 'c0', text: `${DEFINED}\n` },
    { path: '/tmp/ipykernel_1/2.py', cell: 'c1', text: PROFILED.trim() }
  ],
  lines: [
    [1, 2, '<module>', 1, 1_500_000],
    [1, 3, '<module>', 1, 905_000_000],
    [0, 1, '<module>', 1, 300],
    [0, 2, 'smooth', 1, 40_000_000],
    [0, 3, 'smooth', 9_997, 120_000_000],
    [0, 4, 'smooth', 9_996, 740_000_000],
    [0, 4, '<genexpr>', 49_980, 600_000_000],
    [0, 5, 'smooth', 1, 100],
    [0, 6, 'smooth', 0, 0],
    [0, 7, 'smooth', 1, 80]
  ]
};

/** The margins of both cells, a text a line. */
const MARGIN = ['<0.1%', '4.4%', '13%', '81%', '<0.1%', '○', '<0.1%'];
const OWN = ['0.2%', '99%'];

const profiled = (source = PROFILED, spec: ILinesSpec = RUN) =>
  cell('c1', source, [output(linesPayload(spec))]);

/** A cell by its place in the notebook in front. */
function cellAt(page: Page, index: number): Locator {
  return page.locator(
    `.jp-Notebook:visible .jp-Cell[data-windowed-list-index="${index}"]`
  );
}

/** The markers of a cell or a file editor. */
function markers(host: Locator): Locator {
  return host.locator('.jp-Profiler-heat .jp-Profiler-cost[role=button]');
}

/** Each marker's text with that of the line that it stands beside. */
function beside(host: Locator): Promise<[string, string][]> {
  return host.evaluate(node => {
    const lines = [...node.querySelectorAll('.cm-line')];
    return [...node.querySelectorAll('.jp-Profiler-heat [role=button]')].map(
      marker => {
        const { top, bottom } = marker.getBoundingClientRect();
        const line = lines.find(one => {
          const box = one.getBoundingClientRect();
          return box.top < bottom - 3 && box.bottom > top + 3;
        });
        return [marker.textContent ?? '', line?.textContent?.trim() ?? ''];
      }
    );
  });
}

/** Give a cell another text. */
function setSource(page: Page, index: number, text: string): Promise<void> {
  return page.evaluate(
    ([at, source]) => {
      const panel = window.jupyterapp.shell.currentWidget as object;
      const { widgets } = Reflect.get(panel, 'content');
      widgets[at].model.sharedModel.setSource(source);
    },
    [index, text] as const
  );
}

/** Type at the end of a line of a cell, counted from 1. */
async function typeAt(
  page: IJupyterLabPageFixture,
  index: number,
  line: number,
  keys: string[]
): Promise<void> {
  await page.notebook.enterCellEditingMode(index);
  await page.keyboard.press('Control+Home');
  for (let i = 1; i < line; i++) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('End');
  for (const key of keys) {
    await page.keyboard.press(key);
  }
}

let pageErrors: string[] = [];

test.beforeEach(({ page }) => {
  pageErrors = [];
  page.on('pageerror', error => pageErrors.push(error.message));
});

test.afterEach(() => {
  expect(pageErrors).toEqual([]);
});

for (const mode of WINDOWING_MODES) {
  test.describe(`windowing mode ${mode}`, () => {
    test.use({ mockSettings: windowing(mode) });

    test('cells are marked when they come into sight, and when they come back', async ({
      page,
      tmpPath
    }) => {
      const filler = (name: string) =>
        Array.from({ length: 15 }, (_, i) =>
          cell(`${name}${i}`, `${name} = ${i}\n${'# text\n'.repeat(12)}`)
        );
      const result = await open(page, `${tmpPath}/modes.ipynb`, [
        ...filler('a'),
        profiled(),
        ...filler('b'),
        cell('c0', DEFINED)
      ]);
      const [own, far] = [15, 31];
      const goTo = (index: number) =>
        page.evaluate(at => {
          const panel = window.jupyterapp.shell.currentWidget as object;
          const content = Reflect.get(panel, 'content');
          return Reflect.get(content, 'scrollToItem').call(
            content,
            at,
            'start'
          );
        }, index);
      await goTo(own);
      await shown(result);
      await expect(markers(cellAt(page, own))).toHaveText(OWN);
      for (let i = 0; i < 2; i++) {
        await goTo(far);
        await expect(markers(cellAt(page, far))).toHaveText(MARGIN);
        await goTo(0);
        await expect(markers(cellAt(page, 0))).toHaveCount(0);
        await goTo(own);
        await expect(markers(cellAt(page, own))).toHaveText(OWN);
      }
    });
  });
}

test('light and dark: numbers and bars beside the lines, and all that is known of one', async ({
  page,
  tmpPath
}, info) => {
  const result = await open(page, `${tmpPath}/look.ipynb`, [
    cell('c0', DEFINED),
    profiled()
  ]);
  await shown(result);
  const [defined, own] = [cellAt(page, 0), cellAt(page, 1)];
  await expect(markers(defined)).toHaveText(MARGIN);
  expect(await beside(defined)).toEqual(
    DEFINED.split('\n').map((line, i) => [MARGIN[i], line.trim()])
  );
  // Lines count from the first that holds something.
  expect(await beside(own)).toEqual([
    ['0.2%', 'image = range(10_000)'],
    ['99%', 'smooth(image, 2)']
  ]);
  const length = await markers(defined)
    .nth(3)
    .evaluate(node => getComputedStyle(node).backgroundSize);
  expect(length).toBe('81% 100%');
  await markers(defined).nth(3).hover();
  const tip = page.locator('.jp-Profiler-heatTip');
  await expect(tip.locator('div')).toHaveText([
    '81% of 913 ms: 740 ms with what it calls',
    '9,996 hits, 74.0 µs per hit',
    'in smooth',
    'also <genexpr>: 600 ms, 49,980 hits, 12.0 µs per hit'
  ]);
  await page.screenshot({ path: info.outputPath('light.png') });
  await markers(defined).nth(5).hover();
  await expect(tip).toHaveText('Not run');
  await page.mouse.move(0, 0);
  await expect(tip).toHaveCount(0);
  await page.theme.setDarkTheme();
  await execute(page, 'viewmenu:line-numbering');
  await execute(page, 'notebook:toggle-all-cell-line-numbers');
  await markers(defined).nth(3).hover();
  await expect(tip).toBeVisible();
  await page.screenshot({ path: info.outputPath('dark.png') });
  expect(await beside(defined)).toEqual(
    DEFINED.split('\n').map((line, i) => [MARGIN[i], line.trim()])
  );
});

test('markers follow edits, undo, a move, a deletion and a reload', async ({
  page,
  tmpPath
}) => {
  test.slow();
  const path = `${tmpPath}/edits.ipynb`;
  const result = await open(page, path, [cell('c0', DEFINED), profiled()]);
  await shown(result);
  const defined = cellAt(page, 0);
  await expect(markers(defined)).toHaveText(MARGIN);
  const without = (...lines: number[]) =>
    MARGIN.filter((_, i) => !lines.includes(i + 1));

  await test.step('a changed line has none, and only that', async () => {
    await typeAt(page, 0, 3, ['#']);
    await expect(markers(defined)).toHaveText(without(3));
    await page.keyboard.press('Control+z');
    await expect(markers(defined)).toHaveText(MARGIN);
  });
  await test.step('lines above and between move the others', async () => {
    await typeAt(page, 0, 1, ['Enter', '#', 'Enter']);
    await typeAt(page, 0, 6, ['Enter']);
    await expect(markers(defined)).toHaveText(MARGIN);
    expect((await beside(defined)).map(([, line]) => line)).toEqual(
      DEFINED.split('\n').map(line => line.trim())
    );
  });
  await test.step('saved and loaded anew, it is as it was', async () => {
    await typeAt(page, 0, 5, ['#']);
    await expect(markers(defined)).toHaveText(without(3));
    const before = await beside(defined);
    await page.notebook.save();
    await page.notebook.close();
    // Galata would wait for the launcher, which a restored layout does not show.
    const options = {
      waitUntil: 'domcontentloaded',
      waitForIsReady: false
    } as const;
    await page.reload(options);
    await page.waitForFunction(() => window.jupyterapp);
    await execute(page, 'docmanager:open', { path });
    await page.locator('.jp-Notebook .jp-Cell').nth(1).waitFor();
    await shown(result);
    await expect(markers(defined)).toHaveText(without(3));
    expect(await beside(defined)).toEqual(before);
    await expect(markers(cellAt(page, 1))).toHaveText(OWN);
  });
  await test.step('moved cells keep them', async () => {
    await page.notebook.selectCells(0);
    await execute(page, 'notebook:move-cell-down');
    await expect(markers(cellAt(page, 1))).toHaveText(without(3));
    await expect(markers(cellAt(page, 0))).toHaveText(OWN);
    await page.notebook.selectCells(0);
    await execute(page, 'notebook:move-cell-down');
    await shown(result);
    await expect(markers(cellAt(page, 0))).toHaveText(without(3));
    await expect(markers(cellAt(page, 1))).toHaveText(OWN);
  });
  await test.step('a deleted result takes all, and brings all back', async () => {
    // JupyterLab undoes what was done within half a second at once.
    await page.waitForTimeout(600);
    await page.notebook.selectCells(1);
    await execute(page, 'notebook:delete-cell');
    await expect(markers(page.locator('.jp-Notebook'))).toHaveCount(0);
    await expect(page.locator('.jp-Profiler-heat')).toHaveCount(0);
    await execute(page, 'notebook:undo-cell-action');
    await shown(result);
    await expect(markers(cellAt(page, 0))).toHaveText(without(3));
    await expect(markers(cellAt(page, 1))).toHaveText(OWN);
  });
});

test('what is shown is what the outputs hold: run, cleared, run again, another result', async ({
  page,
  tmpPath
}) => {
  const code = displays(linesPayload({ ...RUN, sources: RUN.sources }));
  const other = displays(sample('functions'));
  await open(page, `${tmpPath}/outputs.ipynb`, [
    cell('c0', DEFINED),
    cell('c1', code),
    cell('c2', other)
  ]);
  const margin = markers(cellAt(page, 0));
  await page.notebook.runCell(1, true);
  await expect(margin).toHaveText(MARGIN);
  await page.notebook.selectCells(1);
  await execute(page, 'notebook:clear-cell-output');
  await expect(margin).toHaveCount(0);
  await page.notebook.runCell(1, true);
  await expect(margin).toHaveText(MARGIN);
  await setSource(page, 1, other);
  await page.notebook.runCell(1, true);
  await expect(page.locator('.jp-Profiler')).toHaveAttribute(
    'data-state',
    'ready'
  );
  await expect(margin).toHaveCount(0);
  await setSource(page, 1, code);
  await page.notebook.runCell(1, true);
  await expect(margin).toHaveText(MARGIN);
  await execute(page, 'notebook:clear-all-cell-outputs');
  await expect(margin).toHaveCount(0);
  await expect(page.locator('.jp-Profiler-heat')).toHaveCount(0);
});

test('of several results the one that ran last counts, and then the one before', async ({
  page,
  tmpPath
}) => {
  const later = { ...RUN, later: 5, wall: 1_480_000_000, cell: 'c2' };
  const result = await open(page, `${tmpPath}/several.ipynb`, [
    cell('c0', DEFINED),
    cell('c2', '%%lprun\n1', [output(linesPayload(later))]),
    profiled()
  ]);
  await shown(result.nth(1));
  await shown(result.nth(0));
  const hottest = markers(cellAt(page, 0)).nth(3);
  await expect(hottest).toHaveText('50%');
  await page.notebook.selectCells(1);
  await execute(page, 'notebook:clear-cell-output');
  await expect(hottest).toHaveText('81%');
});

test('two views of a notebook are marked both, another notebook is not', async ({
  page,
  tmpPath
}) => {
  await open(page, `${tmpPath}/plain.ipynb`, [cell('c0', DEFINED)]);
  const result = await open(page, `${tmpPath}/views.ipynb`, [
    cell('c0', DEFINED),
    profiled()
  ]);
  await shown(result.first());
  await execute(page, 'docmanager:clone');
  const panels = page.locator('.jp-NotebookPanel:visible');
  await expect(panels).toHaveCount(2);
  for (const panel of await panels.all()) {
    await expect(markers(panel.locator('.jp-Cell').first())).toHaveText(MARGIN);
  }
  // An edit in one is one in both.
  await setSource(page, 0, `# ${DEFINED}`);
  for (const panel of await panels.all()) {
    await expect(markers(panel.locator('.jp-Cell').first())).toHaveText(
      MARGIN.slice(1)
    );
  }
  await page.notebook.activate('plain.ipynb');
  const inFront = await page.evaluate(() => {
    const { node } = window.jupyterapp.shell.currentWidget as {
      node: HTMLElement;
    };
    return [
      node.querySelectorAll('.cm-content').length,
      node.querySelectorAll('.jp-Profiler-heat').length
    ];
  });
  expect(inFront).toEqual([1, 0]);
});

test('by keyboard: from marker to marker, to the result, and to the text', async ({
  page,
  tmpPath
}) => {
  const result = await open(page, `${tmpPath}/keys.ipynb`, [
    cell('c0', DEFINED),
    profiled()
  ]);
  await shown(result);
  await expect(markers(cellAt(page, 0))).toHaveText(MARGIN);
  const told = await recordLines(page);
  await page.notebook.selectCells(0);
  const here = page.locator('.jp-Profiler-cost:focus');
  // The hottest line is where the Tab key comes to.
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('Tab');
    if ((await here.count()) > 0) {
      break;
    }
  }
  await expect(here).toHaveText('81%');
  await expect(page.locator('.jp-Profiler-heatTip')).toContainText('740 ms');
  await expect(page.locator('.jp-Notebook')).toHaveClass(/jp-mod-commandMode/);
  await page.keyboard.press('ArrowUp');
  await expect(here).toHaveText('13%');
  await page.keyboard.press('Home');
  await expect(here).toHaveAttribute('aria-label', /def smooth\(image, k\):$/);
  await page.keyboard.press('End');
  await expect(here).toHaveAttribute('aria-label', /return out$/);
  await page.keyboard.press('ArrowUp');
  await expect(here).toHaveAttribute('aria-label', /^Not run; raise/);
  await page.keyboard.press('ArrowUp');
  await expect(here).toHaveAttribute('aria-label', /if not out:$/);
  await page.keyboard.press('ArrowUp');
  await expect(here).toHaveText('81%');
  await page.keyboard.press('Enter');
  await page.keyboard.press(' ');
  expect(await told()).toEqual([
    ['/tmp/ipykernel_1/1.py', 4],
    ['/tmp/ipykernel_1/1.py', 4]
  ]);
  // Nothing holds the focus: the Tab key goes on.
  await page.keyboard.press('Tab');
  await expect(here).toHaveText('99%');
  await expect(page.locator('.jp-Cell').nth(1)).toHaveClass(/jp-mod-active/);
  // The text did not change.
  await expect(markers(cellAt(page, 0))).toHaveText(MARGIN);
});

/** Let the result in the page tell which lines it is asked for. */
async function recordLines(page: Page): Promise<() => Promise<unknown>> {
  await page.evaluate(() => {
    const walk = (widget: object): object | undefined => {
      const node = Reflect.get(widget, 'node') as HTMLElement;
      if (node.classList.contains('jp-Profiler')) {
        return widget;
      }
      const children = Reflect.get(widget, 'children') as
        (() => Iterable<object>) | undefined;
      for (const child of children?.call(widget) ?? []) {
        const found = walk(child);
        if (found) {
          return found;
        }
      }
      return undefined;
    };
    const panel = window.jupyterapp.shell.currentWidget as object;
    const { widgets } = Reflect.get(panel, 'content');
    const renderer = widgets
      .map((one: { outputArea: object }) => walk(one.outputArea))
      .find((one: object | undefined) => one);
    const told: unknown[] = [];
    Reflect.set(window, 'toldLines', told);
    Reflect.set(renderer, 'showLine', (path: string, line: number) => {
      told.push([path, line]);
      return true;
    });
  });
  return () => page.evaluate(() => Reflect.get(window, 'toldLines'));
}

test('a click leads to the line in the result, also from a cell far away', async ({
  page,
  tmpPath
}) => {
  const filler = Array.from({ length: 20 }, (_, i) =>
    cell(`f${i}`, `filler = ${i}\n${'# text\n'.repeat(12)}`)
  );
  const result = await open(page, `${tmpPath}/click.ipynb`, [
    profiled(),
    ...filler,
    cell('c0', DEFINED)
  ]);
  await shown(result);
  await expect(markers(cellAt(page, 0))).toHaveText(OWN);
  const told = await recordLines(page);
  await markers(cellAt(page, 0)).nth(1).click();
  expect(await told()).toEqual([['/tmp/ipykernel_1/2.py', 3]]);
  await cellAt(page, 21).scrollIntoViewIfNeeded();
  await markers(cellAt(page, 21)).nth(2).click();
  expect(await told()).toEqual([
    ['/tmp/ipykernel_1/2.py', 3],
    ['/tmp/ipykernel_1/1.py', 3]
  ]);
});

test('costs are turned off and on in a cell’s menu, in the palette and in the settings', async ({
  page,
  tmpPath
}) => {
  const result = await open(page, `${tmpPath}/toggle.ipynb`, [
    cell('c0', DEFINED),
    profiled()
  ]);
  await shown(result);
  const margin = markers(cellAt(page, 0));
  const ID = 'jupyterlab-profiler:show-line-costs';
  await expect(margin).toHaveText(MARGIN);

  await test.step('menu', async () => {
    const item = page.locator(`.lm-Menu-item[data-command="${ID}"]`);
    for (const isOn of [true, false]) {
      await cellAt(page, 0)
        .locator('.jp-InputPrompt')
        .click({ button: 'right' });
      await expect(item).toHaveText(/Show Line Costs in the Margin/);
      await expect(item).toHaveClass(
        isOn ? /lm-mod-toggled/ : /^(?!.*toggled)/
      );
      await item.click();
      await expect(margin).toHaveCount(isOn ? 0 : MARGIN.length);
    }
  });
  await test.step('palette', async () => {
    for (const count of [0, MARGIN.length]) {
      await page.keyboard.press('Control+Shift+c');
      await page.locator('.lm-CommandPalette-input').fill('Line Costs');
      await page
        .locator(`.lm-CommandPalette-item[data-command="${ID}"]`)
        .click();
      await expect(margin).toHaveCount(count);
    }
  });
  await test.step('settings', async () => {
    for (const isOn of [false, true]) {
      await page.evaluate(async value => {
        const registry = await Reflect.apply(
          window.galata.getPlugin,
          window.galata,
          ['@jupyterlab/apputils-extension:settings']
        );
        await Reflect.get(registry ?? {}, 'set').call(
          registry,
          'jupyterlab-profiler:output',
          'gutterHeat',
          value
        );
      }, isOn);
      await expect(margin).toHaveCount(isOn ? MARGIN.length : 0);
    }
  });
});

test.describe('files', () => {
  const MODULE = `import math


def area(r):
    return math.pi * r ** 2


def volume(r, h):
    return area(r) * h
`;

  /** A path as Python names it. */
  const inKernel = (path: string) =>
    join(process.env.JUPYTERLAB_GALATA_ROOT_DIR ?? '', path);

  test('a file is marked when it is open, when it is opened, and where it is as it ran', async ({
    page,
    tmpPath
  }, info) => {
    const path = `${tmpPath}/module.py`;
    await page.contents.uploadContent(MODULE, 'text', path);
    await page.contents.uploadContent(MODULE, 'text', `${tmpPath}/other.py`);
    const payload = linesPayload({
      wall: 1000,
      cell: 'c0',
      sources: [{ path: inKernel(path), text: MODULE }],
      lines: [
        [0, 4, 'area', 7, 300],
        [0, 5, 'area', 7, 250],
        [0, 9, 'volume', 3, 900]
      ]
    });
    const expected = [
      ['30%', 'def area(r):'],
      ['25%', 'return math.pi * r ** 2'],
      ['90%', 'return area(r) * h']
    ];
    const editor = page.locator('.jp-FileEditor:visible');
    const openFile = (name: string) =>
      execute(page, 'docmanager:open', {
        path: `${tmpPath}/${name}`,
        factory: 'Editor'
      });
    await openFile('module.py');
    await openFile('other.py');
    const result = await open(page, `${tmpPath}/files.ipynb`, [
      cell('c0', '%%lprun -f area\narea(1)', [output(payload)])
    ]);
    await expect(
      page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    ).toBeVisible({ timeout: 60000 });
    await shown(result);
    await openFile('module.py');
    await expect(markers(editor)).toHaveCount(3);
    expect(await beside(editor)).toEqual(expected);
    await page.screenshot({ path: info.outputPath('file.png') });

    await openFile('other.py');
    await expect(editor.locator('.cm-content')).toContainText('def area');
    await expect(markers(editor)).toHaveCount(0);

    await openFile('module.py');
    await editor.locator('.cm-line').nth(4).click();
    await page.keyboard.press('End');
    await page.keyboard.type('.0');
    await expect(markers(editor)).toHaveText(['30%', '90%']);
    await page.keyboard.press('Control+z');
    await expect(markers(editor)).toHaveCount(3);
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# new\n');
    await expect(markers(editor)).toHaveCount(3);
    expect(await beside(editor)).toEqual(expected);

    await execute(page, 'application:close');
    await page
      .locator('.jp-Dialog')
      .getByRole('button', { name: 'Discard' })
      .click();
    await page.notebook.activate('files.ipynb');
    await openFile('module.py');
    await expect(markers(editor)).toHaveCount(3);
    expect(await beside(editor)).toEqual(expected);

    // Closed, the notebook takes its costs along.
    await page.notebook.activate('files.ipynb');
    await page.notebook.close(true);
    await openFile('module.py');
    await expect(editor.locator('.cm-content')).toContainText('def area');
    await expect(markers(editor)).toHaveCount(0);
  });
});

/** Count, by cell, the transactions that show costs or take them away, from now on. */
function countTransactions(page: Page): Promise<void> {
  return page.evaluate(() => {
    interface ITransaction {
      readonly reconfigured: boolean;
      readonly effects: readonly { readonly value: unknown }[];
    }
    const counts: number[] = [];
    Reflect.set(window, 'transactions', counts);
    const panel = window.jupyterapp.shell.currentWidget as object;
    Reflect.get(Reflect.get(panel, 'content'), 'widgets').forEach(
      (one: { editor: { editor: object } }, i: number) => {
        const view = one.editor.editor;
        const update = Reflect.get(view, 'update').bind(view);
        counts[i] = 0;
        Reflect.set(view, 'update', (all: readonly ITransaction[]) => {
          // JupyterLab has effects of its own when a cell runs, which change no configuration.
          counts[i] += all.filter(
            ({ reconfigured, effects }) =>
              reconfigured ||
              effects.some(
                ({ value }) =>
                  typeof value === 'object' &&
                  value !== null &&
                  'markersIn' in value
              )
          ).length;
          update(all);
        });
      }
    );
  });
}

const transactions = (page: Page) =>
  page.evaluate(() => Reflect.get(window, 'transactions') as number[]);

test('500 lines take one transaction, and cells that no result knows none', async ({
  page,
  tmpPath
}) => {
  const lines = Array.from({ length: 500 }, (_, i) => `x_${i} = ${i}`);
  const payload = linesPayload({
    wall: 600_000,
    cell: 'c1',
    sources: [
      { path: '/tmp/ipykernel_1/1.py', cell: 'c0', text: lines.join('\n') }
    ],
    lines: lines.map((_, i) => [0, i + 1, '<module>', 1, i])
  });
  await open(page, `${tmpPath}/large.ipynb`, [
    cell('c1', displays(payload)),
    cell('c2', 'other = 1'),
    cell('c0', lines.join('\n'))
  ]);
  await cellAt(page, 2).scrollIntoViewIfNeeded();
  await expect(cellAt(page, 2).locator('.cm-content')).toBeVisible();
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
  ).toBeVisible({ timeout: 60000 });
  await countTransactions(page);
  await page.notebook.runCell(0, true);
  await shown(page.locator('.jp-Profiler'));
  await expect(markers(cellAt(page, 2)).first()).toBeVisible();
  expect(await transactions(page)).toEqual([0, 0, 1]);
});

test('a notebook without lines loads nothing of it, and has no transaction', async ({
  page,
  tmpPath
}) => {
  const loaded: string[] = [];
  page.on('request', request => loaded.push(request.url()));
  await open(page, `${tmpPath}/none.ipynb`, [
    cell('c0', 'x = 1'),
    cell('c1', displays(sample('functions')))
  ]);
  await expect(
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
  ).toBeVisible({ timeout: 60000 });
  await countTransactions(page);
  await page.notebook.runCell(1, true);
  await expect(page.locator('.jp-Profiler')).toHaveAttribute(
    'data-state',
    'ready'
  );
  await page.waitForTimeout(500);
  expect(await transactions(page)).toEqual([0, 0]);
  const chunks = loaded.filter(url => url.includes('jupyterlab-profiler'));
  expect(chunks.some(url => url.includes('/views.'))).toBe(true);
  expect(chunks.filter(url => url.includes('/gutter.'))).toEqual([]);
});

for (const theme of [
  'JupyterLab Light',
  'JupyterLab Dark',
  'JupyterLab Dark High Contrast'
]) {
  test(`margins have no serious fault of accessibility in ${theme}`, async ({
    page,
    tmpPath
  }, info) => {
    await execute(page, 'apputils:change-theme', { theme });
    const result = await open(page, `${tmpPath}/axe.ipynb`, [
      cell('c0', DEFINED),
      profiled()
    ]);
    await shown(result);
    await expect(markers(cellAt(page, 0))).toHaveText(MARGIN);
    await markers(cellAt(page, 0)).nth(3).hover();
    await page.screenshot({ path: info.outputPath('theme.png') });
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const axe = Reflect.get(window, 'axe');
      const { violations: found } = await axe.run('.cm-gutters', {
        resultTypes: ['violations']
      });
      return found as {
        id: string;
        impact: string;
        nodes: { html: string }[];
      }[];
    });
    expect(
      violations
        .filter(({ impact }) => ['serious', 'critical'].includes(impact))
        .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])
    ).toEqual([]);
  });
}

test('fits into 320 px', async ({ page, tmpPath }) => {
  const result = await open(page, `${tmpPath}/narrow.ipynb`, [
    cell('c0', DEFINED),
    profiled()
  ]);
  await shown(result);
  await page.sidebar.close('left');
  await page.setViewportSize({ width: 320, height: 700 });
  await expect(markers(cellAt(page, 0)).first()).toBeVisible();
  const tip = page.locator('.jp-Profiler-heatTip');
  // Until the page is laid out anew, the pointer may miss.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await markers(cellAt(page, 0)).nth(3).hover();
    await expect(tip).toBeVisible({ timeout: 1000 });
  }).toPass();
  const { left, right } = await tip.evaluate(node =>
    node.getBoundingClientRect()
  );
  expect(left).toBeGreaterThanOrEqual(0);
  expect(right).toBeLessThanOrEqual(320);
});
