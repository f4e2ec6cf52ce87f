import { expect, test } from '@jupyterlab/galata';
import type { CDPSession } from '@playwright/test';

import { program } from './callPaths';
import { cell, notebook, output, shown, whole } from './helpers';
import { linesPayload } from './linePayload';

/** How often the notebook is opened and closed. */
const TIMES = 5;

test('opening and closing a notebook five times leaves no renderer, view, cell or listener', async ({
  page,
  tmpPath
}) => {
  // Ten notebooks are opened, and three views of each looked at.
  test.slow();
  const path = `${tmpPath}/leaks.ipynb`;
  const lines = linesPayload({
    wall: 1000,
    cell: 'c2',
    sources: [
      { path: '/tmp/ipykernel_1/1.py', cell: 'c2', text: 'work(1)\nwork(2)' }
    ],
    lines: [
      [0, 1, '<module>', 1, 400],
      [0, 2, '<module>', 1, 600]
    ]
  });
  await page.contents.uploadContent(
    JSON.stringify(
      notebook([
        cell('c0', '%%cprofile', [output(whole('functions'))]),
        cell('c1', '%%cprofile', [output(program(2000))]),
        cell('c2', 'work(1)\nwork(2)', [output(lines)])
      ])
    ),
    'text',
    path
  );
  // Galata's page is not Playwright's own.
  const [tab] = page.context().pages();
  const plain = `${tmpPath}/plain.ipynb`;
  const text = {
    output_type: 'display_data',
    metadata: {},
    data: { 'text/plain': 'text' }
  };
  await page.contents.uploadContent(
    JSON.stringify(
      notebook(['c0', 'c1', 'c2'].map(id => cell(id, '', [text])))
    ),
    'text',
    plain
  );
  const client = await page.context().newCDPSession(tab);
  const result = page.locator('.jp-Profiler');
  const use = async () => {
    await page.notebook.openByPath(path);
    await page.notebook.activate('leaks.ipynb');
    await expect(result).toHaveCount(3);
    await shown(result.nth(2));
    await expect(
      page.locator('.jp-Profiler-heat .jp-Profiler-cost[role]')
    ).toHaveText(['40%', '60%']);
    await shown(result.nth(1));
    await shown(result.nth(0));
    // What a reader does makes listeners, too.
    await result.nth(0).getByRole('treegrid').focus();
    await page.keyboard.press('ArrowDown');
    await result.nth(0).getByRole('tab', { name: 'Charts' }).click();
    await expect(result.nth(0).locator('.js-plotly-plot')).toBeVisible();
    await result.nth(0).getByRole('tab', { name: 'Functions' }).click();
    const tree = result.nth(1).locator('.jp-Profiler-tree');
    await result.nth(1).getByRole('tab', { name: 'Call tree' }).click();
    await tree.locator('.jp-Profiler-flame').click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+F10');
    await tree.getByRole('menuitem', { name: 'Zoom to it' }).click();
    await tree.getByRole('radio', { name: 'Sandwich' }).click();
    await expect(tree.locator('.jp-Profiler-flame')).toHaveCount(2);
    await tree.getByRole('radio', { name: 'Icicle' }).click();
    await expect(tree.locator('.jp-Profiler-flame')).toHaveCount(1);
  };
  const close = async () => {
    await page.notebook.close(true);
    await expect(result).toHaveCount(0);
    // JupyterLab keeps the keys that were pressed in a notebook, and with each the element that it was pressed on, until
    // the next shortcut is executed (CommandRegistry.holdKeyBindingExecution). This one shows and hides the sidebar.
    for (const isVisible of [false, true]) {
      await page.keyboard.press('Control+B');
      await expect(page.locator('#jp-left-stack')).toBeVisible({
        visible: isVisible
      });
    }
  };

  await use();
  await page.evaluate(() => {
    const panel = window.jupyterapp.shell.currentWidget as object;
    const [first] = Reflect.get(Reflect.get(panel, 'content'), 'widgets');
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
    const renderer = walk(first.outputArea) as object;
    // Prototypes hold on to no instance.
    Reflect.set(window, 'prototypes', {
      renderer: Object.getPrototypeOf(renderer),
      view: Object.getPrototypeOf(Reflect.get(renderer, '_drawn')),
      cell: Object.getPrototypeOf(first)
    });
  });
  const alive = async () => ({
    renderer: await count(client, 'renderer'),
    view: await count(client, 'view'),
    cell: await count(client, 'cell')
  });
  // The probe sees what is there: without this it could not fail.
  expect(await alive()).toMatchObject({ renderer: 3, view: 3 });
  await close();
  const cells = (await alive()).cell;
  const ours = await growth(client, async () => {
    await use();
    await close();
  });
  expect(await alive()).toMatchObject({ renderer: 0, view: 0 });
  expect((await alive()).cell).toBeLessThanOrEqual(cells);

  // Some listeners of each notebook stay, with texts as well. With three results 24 more a round were counted while nothing
  // of theirs was alive; one view that stayed would keep more than a hundred.
  const theirs = await growth(client, async () => {
    await page.notebook.openByPath(plain);
    await page.notebook.activate('plain.ipynb');
    await expect(page.locator('.jp-RenderedText')).toHaveCount(3);
    await close();
  });
  expect(ours - theirs).toBeLessThan(40);
});

/** Event listeners that a round leaves, after one that may make what stays. */
async function growth(
  client: CDPSession,
  round: () => Promise<void>
): Promise<number> {
  await round();
  const before = await listeners(client);
  for (let i = 1; i < TIMES; i++) {
    await round();
  }
  return ((await listeners(client)) - before) / (TIMES - 1);
}

/** How many objects have one of the prototypes that the page keeps. */
async function count(client: CDPSession, name: string): Promise<number> {
  await client.send('HeapProfiler.collectGarbage');
  const { result } = await client.send('Runtime.evaluate', {
    expression: `window.prototypes.${name}`
  });
  const { objects } = await client.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId as string
  });
  const { result: length } = await client.send('Runtime.callFunctionOn', {
    objectId: objects.objectId as string,
    functionDeclaration: 'function () { return this.length; }',
    returnByValue: true
  });
  await client.send('Runtime.releaseObject', {
    objectId: objects.objectId as string
  });
  return length.value as number;
}

/** Event listeners in the page. */
async function listeners(client: CDPSession): Promise<number> {
  await client.send('HeapProfiler.collectGarbage');
  await client.send('Performance.enable');
  const { metrics } = await client.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? NaN;
}
